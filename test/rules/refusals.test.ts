import { SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { ALL_PERMISSIONS, ROLE_NAMES, ROLES, type Permission, type Role } from '../../src/common/auth/permissions.js';
import { AccessTokens } from '../../src/modules/auth/access-tokens.js';
import { ApiKeyCache } from '../../src/modules/auth/api-key-cache.js';
import { actorOf, adminOf } from '../support/actors.js';
import { testApp, type TestApp } from '../support/app.js';
import { readableTables, readCatalog } from '../support/catalog.js';
import { newFirm, signIn, type Person, type TestFirm } from '../support/factories.js';
import { allRoutes, call, fillPath, fingerprint, ownedBy, type Answer, type Route } from '../support/routes.js';
import { addRow, fillTables, idBook, newWord, ROWS } from '../support/rows.js';

// Every route of the contract, tried by everybody it is not for. `firm` is the one that has something to hide.

let app: TestApp;
let routes: Route[];
let protectedRoutes: Route[];
let firm: TestFirm;
let other: TestFirm;
/** Each protected route with ids of rows of the firm: one set for all who are refused, since none of them changes a row. */
let targets: Map<Route, { path: string; ids: string[] }>;
/** What an answer to somebody who is refused must not contain. */
let secrets: string[];

beforeAll(async () => {
  [app, routes, firm, other] = [await testApp(), await allRoutes(), await newFirm(), await newFirm()];
  protectedRoutes = routes.filter(({ access }) => access !== 'public');
  const word = newWord();
  const ids = idBook();
  await app.database.write({ kind: 'system', firmId: firm.id }, () => app.database.execute(`update users set given_name = $1, phone = $1`, [word]));
  await fillTables(app.database, adminOf(firm), { ids, word });
  targets = new Map();
  for (const route of protectedRoutes) targets.set(route, await fillPath(route, app.database, adminOf(firm)));
  secrets = [firm.id, firm.slug, firm.admin.id, word, ...Object.keys(ROWS).flatMap((table) => [1, 2, 3].map((n) => ids(table, n)))];
});

/** The sentence that says which request was not refused, or what its refusal gave away; undefined when all is well. */
function fault(who: string, route: Route, answer: Answer, statuses: readonly number[], ids: readonly string[] = []): string | undefined {
  const at = `${route.name} as ${who}`;
  if (!statuses.includes(answer.status)) return `${at} is answered ${answer.status} instead of ${statuses.join(' or ')}: ${answer.text.slice(0, 200)}`;
  if (!answer.type.startsWith('application/problem+json')) return `${at} is refused as ${answer.type}, not as a problem`;
  const { instance: _, ...problem } = JSON.parse(answer.text) as Record<string, unknown>; // the path the caller sent himself
  if (problem['status'] !== answer.status || typeof problem['code'] !== 'string') return `${at} is refused with a broken problem: ${answer.text}`;
  return leak(at, answer.everything.replace(answer.text, JSON.stringify(problem)), ids);
}

function leak(at: string, text: string, ids: readonly string[] = []): string | undefined {
  const told = [...secrets, ...ids].filter((secret) => text.includes(secret));
  return told.length > 0 ? `${at} learns ${told.join(', ')}` : undefined;
}

const none = (faults: (string | undefined)[]) => {
  const found = faults.filter((one) => one !== undefined);
  expect(found, `\n${found.join('\n')}\n`).toEqual([]);
};

async function tryAll(who: string, token: string | undefined, statuses: readonly number[], among = protectedRoutes): Promise<void> {
  const faults: (string | undefined)[] = [];
  for (const route of among) {
    const { path, ids } = targets.get(route)!;
    faults.push(fault(who, route, await call(route, path, token), statuses, ids));
  }
  none(faults);
}

async function newKey(person: Person, permissions?: Permission[]): Promise<{ id: string; key: string }> {
  const { data, error } = await person.api.POST('/v1/api-keys', { body: { name: 'a key', ...(permissions && { permissions }) } });
  if (!data?.key) throw new Error(`no key: ${JSON.stringify(error)}`);
  return { id: data.id, key: data.key };
}

/** The credential works, and the process remembers it: what follows must not rest on a cold cache. */
async function works(token: string): Promise<void> {
  expect((await fetch(`${app.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
}

/** Shuts a person out, as his administrator would. */
async function deactivate(person: Person): Promise<void> {
  const { response } = await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { path: { id: person.id } }, headers: { 'if-match': '*' } });
  expect(response.status).toBe(200);
}

describe('without a good credential every route answers 401', () => {
  test('none', () => tryAll('nobody', undefined, [401]));

  test('none, asking for the head only', async () => {
    const faults: (string | undefined)[] = [];
    for (const route of protectedRoutes.filter(({ method }) => method === 'GET')) {
      const { path } = targets.get(route)!;
      const answer = await call(route, path, undefined, {}, 'HEAD');
      faults.push(answer.status === 401 ? leak(`HEAD ${path}`, answer.everything) : `HEAD ${path} is answered ${answer.status}`);
    }
    none(faults);
  });

  test('garbage', () => tryAll('somebody with garbage', 'garbage', [401]));

  test('expired', async () => {
    const { key } = app.app.get(AccessTokens) as unknown as { key: Uint8Array };
    const { firmId, userId, role, credential } = actorOf(firm.admin);
    const token = (expires: string) => new SignJWT({ fid: firmId, sid: credential.id, role }).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(userId).setIssuer('lexiflow').setIssuedAt().setExpirationTime(expires).sign(key);
    await works(await token('1m')); // so it is the time alone that refuses the other
    await tryAll('somebody whose token has expired', await token('-1s'), [401]);
  });

  test('signed by somebody else', async () => {
    const { firmId, userId, role, credential } = actorOf(firm.admin);
    const token = await new SignJWT({ fid: firmId, sid: credential.id, role }).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(userId).setIssuer('lexiflow').setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode('not the key of this installation, but as long'));
    await tryAll('a forger', token, [401]);
  });

  test('of a session that was ended', async () => {
    const gone = await signIn(firm.admin.email, 'admin');
    await works(gone.token);
    await gone.api.POST('/v1/auth/logout');
    await tryAll('somebody who signed out', gone.token, [401]);
  });

  test('of a user who was deactivated, and his API key', async () => {
    const gone = await firm.person('admin');
    const { key } = await newKey(gone);
    await works(gone.token);
    await works(key);
    await deactivate(gone);
    await tryAll('a deactivated user', gone.token, [401]);
    await tryAll('the key of a deactivated user', key, [401]);
  });

  test('made for a role the user has no more', async () => {
    const demoted = await firm.person('admin');
    await works(demoted.token);
    await app.database.write({ kind: 'system', firmId: firm.id }, () => app.database.execute(`update users set role = 'partner' where id = $1`, [demoted.id]));
    await tryAll('an administrator of yesterday', demoted.token, [401]);
  });

  test('an API key that was revoked', async () => {
    for (const route of protectedRoutes) {
      const { id, key } = await newKey(firm.admin); // one each: with its first refusal the process forgets a key
      await works(key);
      await firm.admin.api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } });
      await tryAll('a revoked key', key, [401, 403], [route]); // 403 where no key at all may go
    }
  });

  test('an API key that has expired', async () => {
    const { id, key } = await newKey(firm.admin);
    await works(key);
    await app.database.write({ kind: 'system', firmId: firm.id }, () => app.database.execute(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id]));
    await tryAll('an expired key', key, [401]);
  });
});

describe('without the permission every route answers 403', () => {
  const asking = (permission: Permission) => protectedRoutes.filter(({ access }) => access === permission);

  test('a role that does not hold it', async () => {
    const people = new Map<Role, Person>();
    for (const role of ROLE_NAMES) people.set(role, await firm.person(role));
    for (const permission of ALL_PERMISSIONS) {
      for (const role of ROLE_NAMES.filter((name) => !(ROLES[name].permissions as readonly Permission[]).includes(permission))) {
        await tryAll(role, people.get(role)!.token, [403], asking(permission));
      }
    }
  });

  test('an API key narrowed to everything else', async () => {
    for (const permission of ALL_PERMISSIONS) {
      if (asking(permission).length === 0) continue;
      const { key } = await newKey(firm.admin, ALL_PERMISSIONS.filter((one) => one !== permission));
      await tryAll(`a key without ${permission}`, key, [403], asking(permission));
    }
  });
});

describe('what belongs to others is not there', () => {
  test('another firm’s administrator finds, changes and learns nothing', async () => {
    const { database } = app;
    await app.app.get(ApiKeyCache).flush(); // the last use of keys is noted in batches: not in the middle of this
    const catalog = await database.read({ kind: 'guest' }, () => readCatalog((sql, values) => database.query(sql, values), app.engine.roles));
    const tables = readableTables(catalog).map(({ name }) => name);
    const before = await fingerprint(database, firm.id, tables);
    const faults: (string | undefined)[] = [];
    for (const [route, { path, ids }] of targets) {
      if (route.params.length > 0) {
        faults.push(fault('another firm’s administrator', route, await call(route, path, other.admin.token), [404], ids));
        continue;
      }
      if (route.method !== 'GET') continue; // names nothing of anybody's
      const filters = route.query.filter(({ schema }) => schema?.format === 'uuid').map(({ name }) => name);
      for (const query of [{}, ...filters.map((name) => ({ [name]: firm.admin.id }))]) {
        const answer = await call(route, path, other.admin.token, query);
        if (answer.status >= 500) faults.push(`${route.name} is answered ${answer.status}`);
        faults.push(leak(`${route.name} ${JSON.stringify(query)} as another firm’s administrator`, answer.everything));
      }
    }
    none(faults);
    expect(await fingerprint(database, firm.id, tables)).toEqual(before);
  });

  test('public routes tell nothing of a firm', async () => {
    const faults: (string | undefined)[] = [];
    for (const route of routes.filter(({ access }) => access === 'public')) {
      const { path, ids } = await fillPath(route, app.database, adminOf(firm));
      for (const token of [undefined, other.admin.token]) {
        const answer = await call(route, path, token);
        faults.push(answer.status >= 500 ? `${route.name} is answered ${answer.status}` : leak(route.name, answer.everything.replaceAll(path, ''), ids));
      }
    }
    none(faults);
  });

  test('a colleague finds nothing of what is a person’s own', async () => {
    const colleague = await firm.person('partner');
    const admin = await firm.person('admin');
    const faults: (string | undefined)[] = [];
    for (const route of protectedRoutes) {
      const { othersNeed } = ownedBy(route) ?? {};
      if (!othersNeed) continue;
      const { path, ids } = targets.get(route)!;
      faults.push(fault('a colleague', route, await call(route, path, colleague.token), [404], ids));
      if (othersNeed === 'nothing') faults.push(fault('another administrator', route, await call(route, path, admin.token), [404], ids));
    }
    none(faults);
  });
});

test('the same requests of the rightful caller are not refused, so the refusals above are refusals', async () => {
  const faults: string[] = [];
  await addRow(app.database, 'firm_logos', adminOf(firm)).catch(() => undefined); // there is one at most
  for (const route of protectedRoutes) {
    // some of them end the session they come with
    const { token } = route.method === 'GET' ? firm.admin : await signIn(firm.admin.email, 'admin');
    const { path } = await fillPath(route, app.database, adminOf(firm));
    const { status, text } = await call(route, path, token);
    // a row that the query has to name, and that nobody made
    if (status === 404 && route.query.some(({ required, schema }) => required && schema?.format === 'uuid')) continue;
    if (status >= 500 || [400, 401, 403, 404, 405, 415].includes(status) || (route.method === 'GET' && status !== 200)) faults.push(`${route.name} is answered ${status}: ${text.slice(0, 300)}`);
  }
  expect(faults, 'the suite does not know how to call these: see test/support/routes.ts').toEqual([]);
});
