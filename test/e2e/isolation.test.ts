import { randomInt } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { onServer, testApp, type TestApp } from '../support/app.js';
import { newFirm, type Person, type TestFirm } from '../support/factories.js';
import { asLogin, asSuperuser, raw, SETTINGS, settingsEverywhere, superuserUrl, withClient } from '../support/wire.js';

// Two firms ask everything at once over a handful of connections: nobody may ever see, change or be taken for another.

const ROUNDS = 4;
const AT_ONCE = 200;

interface Side {
  firm: TestFirm;
  people: Person[];
  /** A notification of each person's own. */
  notes: Map<Person, string>;
}
interface Exchange {
  side: Side;
  what: string;
  reads: boolean;
  expected: number;
  status: number;
  type: string;
  text: string;
  /** What is wrong with the answer, beyond its status. */
  wrong: string[];
}

let app: TestApp;
let sides: [Side, Side];
beforeAll(async () => {
  app = await testApp();
  sides = [await newSide(), await newSide()];
});

async function newSide(): Promise<Side> {
  const firm = await newFirm();
  const people = [firm.admin, await firm.person('partner'), await firm.person('associate'), await firm.person('readonly')];
  const notes = new Map(people.map((person) => [person, newId()]));
  await app.database.write({ kind: 'system', firmId: firm.id }, async () => {
    for (const [person, id] of notes) {
      await app.database.execute(`insert into notifications (firm_id, id, user_id, kind, title) values ($1, $2, $3, 'system', $4)`, [firm.id, id, person.id, `for ${person.email}`]);
    }
  });
  return { firm, people, notes };
}

type Check = (body: Record<string, unknown>, wrong: (why: string) => void) => void;
interface Request {
  what: string;
  method?: string;
  path: string;
  as?: Person;
  headers?: Record<string, string>;
  body?: unknown;
  expected: number;
  check?: Check;
}

/** One of the things people ask; `own` and `other` are the caller's side and the one he must not see. */
function anyRequest(own: Side, other: Side): Request {
  const one = <T>(list: readonly T[]): T => list[randomInt(list.length)]!;
  const [as, colleague, stranger] = [one(own.people), one(own.people), one(other.people)];
  const admin = own.firm.admin;
  const serial = newId();
  const is = (key: string, value: unknown): Check => (body, wrong) => void (body[key] === value || wrong(`${key} is ${String(body[key])} instead of ${String(value)}`));
  const create = (email: string, expected: number, extra: object = {}): Request => ({
    what: `create ${expected}`, method: 'POST', path: '/v1/users', as: admin, expected,
    body: { email, givenName: 'New', familyName: `of ${own.firm.slug}`, role: 'paralegal', ...extra },
  });
  return one<() => Request>([
    () => ({ what: 'me', path: '/v1/me', as, expected: 200, check: is('email', as.email) }),
    () => ({ what: 'a colleague', path: `/v1/users/${colleague.id}`, as, expected: 200, check: is('email', colleague.email) }),
    () => ({ what: 'the firm', path: '/v1/firm', as, expected: 200, check: is('slug', own.firm.slug) }),
    () => ({ what: 'the people', path: '/v1/users?limit=200', as, expected: 200, check: everybodyIsOf(own) }),
    () => ({ what: 'a search', path: '/v1/users?limit=200&q=firm', as, expected: 200, check: everybodyIsOf(own) }),
    () => ({ what: 'the trail', path: '/v1/audit-events?limit=30', as: admin, expected: 200 }),
    () => ({ what: 'my notifications', path: '/v1/notifications', as, expected: 200, check: (body, wrong) => {
      for (const { title } of body['data'] as { title: string }[]) if (title !== `for ${as.email}`) wrong(`a notification ${title}`);
    } }),
    () => ({ what: 'a stranger', path: `/v1/users/${stranger.id}`, as, expected: 404 }),
    () => ({ what: 'a stranger\'s notification', path: `/v1/notifications/${other.notes.get(stranger)!}`, as, expected: 404 }),
    () => ({ what: 'nobody', path: '/v1/me', expected: 401 }),
    () => ({ what: 'not permitted', path: '/v1/audit-events', as: own.people[3]!, expected: 403 }),
    () => ({ what: 'no number', path: '/v1/users?limit=many', as, expected: 400 }),
    () => ({ what: 'change me', method: 'PATCH', path: '/v1/me', as, headers: { 'if-match': '*' }, body: { title: serial }, expected: 200, check: (body, wrong) => {
      is('email', as.email)(body, wrong);
      is('title', serial)(body, wrong);
    } }),
    () => ({ what: 'change what I saw long ago', method: 'PATCH', path: '/v1/me', as, headers: { 'if-match': '"0"' }, body: { title: serial }, expected: 412 }),
    () => ({ what: 'change a stranger', method: 'PATCH', path: `/v1/users/${stranger.id}`, as: admin, headers: { 'if-match': '*' }, body: { title: 'mine' }, expected: 404 }),
    () => ({ what: 'read mine', method: 'POST', path: `/v1/notifications/${own.notes.get(as)!}/read`, as, expected: 200, check: is('title', `for ${as.email}`) }),
    () => create(`${serial}@${own.firm.slug}.example`, 201),
    () => create(as.email, 409),
    () => create(`${serial}@${own.firm.slug}.example`, 422, { timeZone: 'Mars/Olympus' }),
  ])();
}

const everybodyIsOf = (side: Side): Check => (body, wrong) => {
  const people = body['data'] as { email: string }[];
  if (people.length < side.people.length && people.length < 200) wrong(`only ${people.length} people`);
  for (const { email } of people) if (!email.endsWith(`@${side.firm.slug}.example`)) wrong(`somebody called ${email}`);
};

async function exchange(own: Side, other: Side): Promise<Exchange> {
  const request = anyRequest(own, other);
  const answer = await fetch(`${app.url}${request.path}`, {
    method: request.method ?? 'GET',
    headers: { ...(request.as && { authorization: `Bearer ${request.as.token}` }), ...(request.body !== undefined && { 'content-type': 'application/json' }), ...request.headers },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  const text = await answer.text();
  const wrong: string[] = [];
  const found: Exchange = {
    side: own, what: request.what, reads: request.method === undefined, expected: request.expected, status: answer.status,
    type: answer.headers.get('content-type') ?? '', text, wrong,
  };
  if (answer.status === request.expected) request.check?.(JSON.parse(text) as never, (why) => wrong.push(why));
  // a problem repeats the path it is about, and with it what the caller has asked for himself
  const said = text.replace(request.path, '');
  for (const needle of [other.firm.id, other.firm.slug, ...other.people.map(({ id }) => id), ...other.notes.values()]) {
    if (said.includes(needle)) wrong.push(`the other firm's ${needle}`);
  }
  return found;
}

const round = (size: number) => Promise.all(Array.from({ length: size }, (_, i) => exchange(sides[i % 2]!, sides[(i + 1) % 2]!)));
const faults = (all: Exchange[]) => all.filter((one) => one.status !== one.expected || one.wrong.length > 0)
  .map(({ what, expected, status, wrong, text }) => ({ what, expected, status, wrong, text: text.slice(0, 300) }));
const isProblem = (one: Exchange) => one.type.startsWith('application/problem+json') && (JSON.parse(one.text) as { status: number }).status === one.status;

/** Nothing of any request is left on any connection, at either end of a pooler. */
async function expectNoTraces(): Promise<void> {
  const clean = { role: app.engine.roles.app, firm: '', user: '', kind: '', origin: '', read_only: 'off' };
  for (let i = 0; i < 5; i++) for (const settings of await settingsEverywhere()) expect(settings).toMatchObject(clean);
  expect(app.database.poolState()).toMatchObject({ inUse: 0, waiting: 0 });
}

test('two firms with 200 requests at a time each get their own answers and nothing else', async () => {
  const [bare] = await withClient((client) => raw(client, SETTINGS));
  const all: Exchange[] = [];
  for (let i = 0; i < ROUNDS; i++) all.push(...(await round(AT_ONCE)));
  expect(faults(all)).toEqual([]);
  expect(all.filter((one) => one.status >= 400 && !isProblem(one))).toEqual([]);
  expect(new Set(all.map(({ what }) => what)).size).toBeGreaterThan(15); // all kinds took part
  await expectNoTraces();
  expect(await settingsEverywhere()).toEqual((await settingsEverywhere()).map(() => bare));
}, 60_000);

test.skipIf(!onServer)('all connections dropped in the middle: reads do not notice, writes say so, then all is as before', async () => {
  const drop = `select count(pg_terminate_backend(pid))::int as dropped from pg_stat_activity where usename = $1 and pid <> pg_backend_pid() and datname = current_database()`;
  let dropped = 0;
  const all: Exchange[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const going = round(AT_ONCE);
    for (let times = 0; times < 3; times++) {
      await new Promise((resolve) => setTimeout(resolve, 30 + randomInt(60)));
      // a role may end its own connections; with a superuser, none is left at all
      dropped += await (superuserUrl ? asSuperuser : asLogin)(async (client) => (await client.query<{ dropped: number }>(drop, [app.engine.serving.user])).rows[0]!.dropped);
    }
    all.push(...(await going));
  }
  expect(dropped).toBeGreaterThan(0);
  const interrupted = all.filter((one) => one.status === 503);
  console.log(`dropped ${dropped} connections under ${all.length} requests: ${interrupted.length} writes answered 503`);
  expect(interrupted.filter((one) => one.reads || !isProblem(one))).toEqual([]);
  expect(faults(all.filter((one) => one.status !== 503))).toEqual([]);
  expect(faults(await round(AT_ONCE))).toEqual([]);
  await expectNoTraces();
}, 60_000);

test('connections that died while nobody looked cost nobody an answer', async () => {
  await settingsEverywhere(); // the pool is full of idle connections
  if (onServer) {
    await (superuserUrl ? asSuperuser : asLogin)((client) =>
      client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and pid <> pg_backend_pid()`, [app.engine.serving.user]));
  } else {
    await withClient(async (client) => void (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy());
  }
  expect(faults(await round(50))).toEqual([]);
});
