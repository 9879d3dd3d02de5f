import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { testApp } from '../support/app.js';
import { newFirm, signIn, type Person, type TestFirm } from '../support/factories.js';
import { HOSTILE_BODIES, HOSTILE_HEADERS, HOSTILE_TEXTS, HOSTILE_TYPES, HOSTILE_VALUES, seeded, type Chance } from '../support/fuzz.js';

const REQUESTS = 5_000;
const AT_ONCE = 12;
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
afterAll(() => agent.destroy());

interface Route {
  method: string;
  path: string;
  query: string[];
  body: Record<string, object> | undefined;
}
interface Shot {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}
interface Answer {
  status: number;
  type: string;
  text: string;
}

/** Every route with its parameters and body members, from the contract: a new one joins by itself. */
async function routes(url: string): Promise<Route[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, { properties?: Record<string, object> }> } };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const reference = operation.requestBody?.content['application/json']?.schema.$ref.split('/').pop();
      return {
        method: method.toUpperCase(),
        path,
        query: (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name),
        body: reference ? document.components.schemas[reference]?.properties : undefined,
      };
    }));
}
interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
}

/** One request that is wrong in some way; sometimes in several. */
function aim(route: Route, chance: Chance, ids: string[], token: string): Shot {
  const segment = () => (chance.below(3) === 0 ? chance.pick(HOSTILE_TEXTS) : chance.pick(ids));
  let path = route.path.replace(/\{\w+\}/g, segment);
  const query: string[] = [];
  for (const name of route.query) if (chance.below(4) === 0) query.push(`${name}=${chance.pick(HOSTILE_TEXTS)}`);
  if (chance.below(4) === 0) query.push(`${chance.pick(['bogus', '__proto__', 'limit', 'limit', 'fields', 'sort[]', 'cursor', 'expand', '%00'])}=${chance.pick(HOSTILE_TEXTS)}`);
  if (query.length > 0) path += `?${query.join('&')}`;
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...chance.pick(HOSTILE_HEADERS) };
  let body: string | Buffer | undefined;
  if (route.method !== 'GET' && chance.below(8) > 0) {
    headers['content-type'] = chance.below(5) === 0 ? chance.pick(HOSTILE_TYPES) : 'application/json';
    body = chance.below(4) === 0 ? chance.pick(HOSTILE_BODIES) : JSON.stringify(members(route.body ?? {}, chance));
  }
  const method = chance.below(40) === 0 ? chance.pick(['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE']) : route.method;
  return { method, path, headers, body: method === 'HEAD' || method === 'TRACE' ? undefined : body }; // bodies this client cannot send
}

function members(known: Record<string, object>, chance: Chance): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const name of Object.keys(known)) if (chance.below(4) > 0) body[name] = chance.pick(HOSTILE_VALUES);
  if (chance.below(3) === 0) body[chance.pick(['bogus', 'id', 'firmId', 'version', 'isAdmin', 'toString'])] = chance.pick(HOSTILE_VALUES);
  return body;
}

function fire(url: string, shot: Shot): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = httpRequest({ hostname, port, agent, method: shot.method, path: shot.path.replace(/[^\x21-\x7e]/g, '%20'), headers: { ...clean(shot.headers), ...(shot.body !== undefined && { 'content-length': String(Buffer.byteLength(shot.body)) }) } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode!, type: incoming.headers['content-type'] ?? '', text: Buffer.concat(chunks).toString('utf8') }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(shot.body);
  });
}
const clean = (headers: Record<string, string>) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')]));

/** What is wrong with an answer, or nothing. */
function fault(shot: Shot, answer: Answer): string | undefined {
  if (answer.status === 500) return 'a 500';
  if (answer.status < 400 || shot.method === 'HEAD') return undefined;
  if (!answer.type.startsWith('application/problem+json')) return `${answer.status} is no problem+json but "${answer.type}": ${answer.text.slice(0, 200)}`;
  const problem = JSON.parse(answer.text) as { code?: string; status?: number; requestId?: string; type?: string };
  return problem.code && problem.requestId && problem.type && problem.status === answer.status ? undefined : `an incomplete problem: ${answer.text.slice(0, 200)}`;
}

test(`${REQUESTS} malformed requests: no 500, no crash, always problem+json (FUZZ_SEED=${seed})`, { timeout: 300_000 }, async () => {
  process.stdout.write(`FUZZ_SEED=${seed}\n`);
  const { url } = await testApp();
  const chance = seeded(seed);
  const all = await routes(url);
  let target: { firm: TestFirm; person: Person } = await anew();
  const faults: string[] = [];
  let fired = 0;
  const worker = async () => {
    while (fired < REQUESTS) {
      const route = all[fired++ % all.length]!;
      const shot = aim(route, chance, [target.firm.id, target.firm.admin.id, target.person.id], target.firm.admin.token);
      const answer = await fire(url, shot).catch((error: Error & { code?: string }) => ({ status: 0, type: '', text: `${error.code ?? ''} ${error.message}` }));
      // a body cut off for its size may end in a reset connection before the answer was read
      if (answer.status === 0 && /ECONNRESET|EPIPE/.test(answer.text)) continue;
      const wrong = answer.status === 0 ? `no answer: ${answer.text}` : fault(shot, answer);
      if (wrong) faults.push(`${wrong}\n  ${shot.method} ${shot.path.slice(0, 200)} ${JSON.stringify(shot.headers).slice(0, 300)} ${String(shot.body).slice(0, 300)}`);
      if (answer.status === 401 && shot.headers['authorization'] === `Bearer ${target.firm.admin.token}`) target = await anew();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(faults.slice(0, 10)).toEqual([]);
  // and it is as well as before
  const firm = await newFirm();
  expect((await firm.admin.api.GET('/v1/me')).response.status).toBe(200);
  expect((await signIn(firm.admin.email, 'admin')).id).toBe(firm.admin.id);
});

/** A firm to shoot at; a hit may end its session or deactivate its people, then the next one stands up. */
async function anew(): Promise<{ firm: TestFirm; person: Person }> {
  const firm = await newFirm();
  return { firm, person: await firm.person('associate') };
}

test.each([
  ['garbage', 'GARBAGE\r\n\r\n'],
  ['a request line without version', 'GET /\r\n\r\n'],
  ['a header without colon', 'GET /v1/me HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n'],
  ['two lengths', 'POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ['length and chunks', 'POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['headers of 40 KB', `GET /v1/me HTTP/1.1\r\nhost: x\r\nx-huge: ${'h'.repeat(40_000)}\r\n\r\n`],
])('%s on a bare socket is answered with a problem', async (_, text) => {
  const { url } = await testApp();
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => resolve(received));
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(received) : reject(error)));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer).toContain('application/problem+json');
});
