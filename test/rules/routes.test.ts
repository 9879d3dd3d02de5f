import { beforeAll, describe, expect, test } from 'vitest';
import { ALL_PERMISSIONS, ROLE_NAMES, ROLES } from '../../src/common/auth/permissions.js';
import { routesOf } from '../../src/common/http/openapi.js';
import { testApp } from '../support/app.js';
import { allRoutes, unknownPathIds, type Route } from '../support/routes.js';

/** Routes that ask for no credential. */
const PUBLIC: Readonly<Record<string, string>> = {
  'GET /health/live': 'asked by whatever keeps the process alive',
  'GET /health/ready': 'asked by load balancers; says up or down, and what is down',
  'GET /metrics': 'Prometheus; wants METRICS_TOKEN where one is set; figures of the whole installation, no firm’s',
  'POST /v1/auth/login': 'is how one gets a credential',
  'POST /v1/auth/refresh': 'the refresh token is the credential',
  'POST /v1/auth/invitation/accept': 'the secret of the link is the credential',
  'POST /v1/auth/password/forgot': 'for those who cannot sign in; the answer tells nothing',
  'POST /v1/auth/password/reset': 'the secret of the link is the credential',
  'GET /v1/downloads/{token}': 'the signed address is the credential; it acts as who made it',
  'POST /v1/firms': 'sign-up, only where ALLOW_SIGNUP says so',
  'GET /v1/tasks/{id}/stream': 'EventSource sends no header: a one-use ticket is the credential',
};

/** Paths that are served and are no operations: the contract and its pages. */
const STATIC = [/^\/docs(\*|\/|$)/, /^\/openapi\.(json|yaml)$/];

let routes: Route[];
beforeAll(async () => {
  routes = await allRoutes();
});

/** What Fastify really serves, read from the tree it prints. */
function served(tree: string): string[] {
  const found: string[] = [];
  const path: string[] = [];
  for (const line of tree.split('\n')) {
    const match = /^((?:[│ ] {3})*)[├└]── (.*?)(?: \((.*)\))?$/.exec(line);
    if (!match) continue;
    path.length = match[1]!.length / 4;
    path.push(match[2]!);
    for (const method of match[3]?.split(', ') ?? []) found.push(`${method} ${path.join('')}`);
  }
  return found;
}

describe('every route', () => {
  test('is there', () => expect(routes.length).toBeGreaterThan(30));

  test('declares a permission that exists, or signed-in, or is public on the list', () => {
    const known = new Set<string | undefined>(['signed-in', ...ALL_PERMISSIONS]);
    const wrong = routes.filter(({ name, access }) => !known.has(access) && !(access === 'public' && name in PUBLIC)).map(({ name, access }) => `${name}: ${access}`);
    expect(wrong, 'let @Op name a permission of common/auth/permissions.ts, or list the route in PUBLIC with the reason').toEqual([]);
  });

  test('on the public list is public', () => {
    const open = new Set(routes.filter(({ access }) => access === 'public').map(({ name }) => name));
    expect(Object.keys(PUBLIC).filter((name) => !open.has(name)), 'take these off PUBLIC').toEqual([]);
  });

  test('of the controllers is in the contract, and the other way round', async () => {
    const { app } = await testApp();
    const coded = routesOf(app).map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(routes.map(({ name }) => name).sort(), 'a controller the contract does not see, or a path built in another way').toEqual(coded.sort());
  });

  test('that Fastify serves is in the contract', async () => {
    const { app } = await testApp();
    const listed = new Set(routes.map(({ name }) => name));
    const tree = served(app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false })).map((route) => route.replace(/:(\w+)/g, '{$1}'));
    expect(routes.map(({ name }) => name).filter((name) => !tree.includes(name)), 'in the contract and not served; or the tree that Fastify prints was not understood').toEqual([]);
    const beside = tree.filter((route) => {
      const [method, path] = route.split(' ') as [string, string];
      if (method === 'OPTIONS' || STATIC.some((pattern) => pattern.test(path))) return false;
      return !listed.has(`${method === 'HEAD' ? 'GET' : method} ${path}`);
    });
    expect(beside, 'served past the controllers, so past guard and pipeline: make it a controller with @Op').toEqual([]);
  });

  test('has path parameters whose ids the suite can make', () => {
    const unknown = [...new Set(routes.flatMap(unknownPathIds))];
    expect(unknown, 'register how a row comes into being in PATH_IDS of test/support/routes.ts: the refusals are tried with real ids').toEqual([]);
  });
});

test('every permission is held by a role, and every role holds permissions that exist', () => {
  const held = new Set(ROLE_NAMES.flatMap((role) => ROLES[role].permissions as readonly string[]));
  expect([...held].sort()).toEqual([...ALL_PERMISSIONS].sort());
});

test('every permission opens a route or is named by one that shows more to its holders', () => {
  const WITHIN = { 'api_keys.manage': 'other people’s keys in /v1/api-keys', 'sessions.manage': 'other people’s sessions in /v1/sessions' };
  const used = new Set<string | undefined>([...routes.map(({ access }) => access), ...Object.keys(WITHIN)]);
  expect(ALL_PERMISSIONS.filter((permission) => !used.has(permission)), 'a permission that permits nothing: remove it, or declare it on a route').toEqual([]);
});
