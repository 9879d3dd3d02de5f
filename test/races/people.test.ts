import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { testApp, type TestApp } from '../support/app.js';
import { newFirm, signIn, type Person, type TestFirm } from '../support/factories.js';
import { atOnce, send, tally, type Answer } from '../support/http.js';
import { asLogin } from '../support/wire.js';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});

const system = <T>(firm: TestFirm, work: () => Promise<T>) => app.database.write({ kind: 'system', firmId: firm.id }, work);
const ANY = { 'if-match': '*' };

describe('the last administrator', () => {
  const activeAdmins = async (firm: TestFirm) =>
    (await system(firm, () => app.database.query(`select id from users where role = 'admin' and status = 'active'`))).length;

  /** Lets several requests come to the point where each has changed its row and wants the firm's, and lets them go together. */
  async function together(firm: TestFirm, requests: (() => Promise<Answer<Record<string, string>>>)[]): Promise<Answer<Record<string, string>>[]> {
    let going: Promise<Answer<Record<string, string>>[]> | undefined;
    await system(firm, async () => {
      await app.database.query('select 1 from firms for update');
      going = Promise.all(requests.map((request) => request()));
      const waiting = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and state = 'active' and usename = current_user and datname = current_database()`;
      await asLogin(async (client) => {
        // bounded: where nobody waits for the firm's row, the outcome below tells
        for (let i = 0; i < 100 && (await client.query<{ n: number }>(waiting)).rows[0]!.n < requests.length; i++) await new Promise((resolve) => setTimeout(resolve, 20));
      });
    });
    return going!;
  }

  const demote = (by: Person, whom: Person) => () => send(by, 'PATCH', `/v1/users/${whom.id}`, { role: 'associate' }, ANY);
  const deactivate = (by: Person, whom: Person) => () => send(by, 'POST', `/v1/users/${whom.id}/deactivate`, undefined, ANY);

  test.each([
    ['demote each other', (a: Person, b: Person) => [demote(a, b), demote(b, a)]],
    ['demote themselves', (a: Person, b: Person) => [demote(a, a), demote(b, b)]],
    ['deactivate each other', (a: Person, b: Person) => [deactivate(a, b), deactivate(b, a)]],
    ['one demotes, the other deactivates', (a: Person, b: Person) => [demote(a, b), deactivate(b, a)]],
  ])('stays when two of them %s at the same moment', async (_, requests) => {
    const firm = await newFirm();
    const answers = await together(firm, requests(firm.admin, await firm.person('admin')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'last_admin' });
    expect(await activeAdmins(firm)).toBe(1);
  });

  test('stays when five of them demote each other round and round', async () => {
    const firm = await newFirm();
    const admins = [firm.admin, ...(await atOnce(4, () => firm.person('admin')))];
    const answers = await Promise.all(admins.flatMap((by) => admins.map((whom) => demote(by, whom)())));
    // 401: whoever was demoted first has lost the token's role, and with it the say
    for (const { status } of answers) expect([200, 401, 409]).toContain(status);
    expect(await activeAdmins(firm)).toBe(1);
  });
});

describe('an Idempotency-Key', () => {
  const keysNamed = (firm: TestFirm, name: string) => system(firm, () => app.database.query('select id from api_keys where name = $1', [name]));

  test('sent by 20 clients at once has exactly one effect; the others replay it or are told to wait', async () => {
    const firm = await newFirm();
    for (let round = 0; round < 5; round++) {
      const name = `key-${round}`;
      const answers = await atOnce(20, () => send(firm.admin, 'POST', '/v1/api-keys', { name, permissions: ['firm.read'] }, { 'idempotency-key': name }));
      const made = answers.filter(({ status }) => status === 201);
      const fresh = made.filter(({ headers }) => !headers.has('idempotency-replayed'));
      expect(fresh).toHaveLength(1);
      expect(new Set(made.map(({ body }) => body['id']))).toEqual(new Set([fresh[0]!.body['id']]));
      // the secret is shown once and to one
      expect(made.filter(({ body }) => 'key' in body)).toEqual(fresh);
      const others = answers.filter(({ status }) => status !== 201);
      expect(tally(others.map(({ status, body }) => `${status} ${body['code']}`))).toEqual(others.length > 0 ? { '409 request_in_flight': others.length } : {});
      for (const { headers } of others) expect(headers.get('retry-after')).toBe('1');
      expect(await keysNamed(firm, name)).toHaveLength(1);
      const later = await send(firm.admin, 'POST', '/v1/api-keys', { name, permissions: ['firm.read'] }, { 'idempotency-key': name });
      expect([later.status, later.headers.get('idempotency-replayed'), later.body['id']]).toEqual([201, 'true', fresh[0]!.body['id']]);
    }
  });

  test('with different bodies at once lets one of them through', async () => {
    const firm = await newFirm();
    const answers = await atOnce(20, (i) => send(firm.admin, 'POST', '/v1/api-keys', { name: `body ${i}`, permissions: ['firm.read'] }, { 'idempotency-key': 'one' }));
    const codes = tally(answers.map(({ status, body }) => `${status} ${body['code'] ?? ''}`.trim()));
    expect(codes['201']).toBe(1);
    for (const code of Object.keys(codes)) expect(['201', '409 request_in_flight', '422 idempotency_key_reused']).toContain(code);
    expect(await system(firm, () => app.database.query('select id from api_keys'))).toHaveLength(1);
  });

  test('means something else from another person, and a failed request leaves it free', async () => {
    const firm = await newFirm();
    const partner = await firm.person('partner');
    const answers = await atOnce(10, (i) => send(i % 2 ? firm.admin : partner, 'POST', '/v1/api-keys', { name: 'shared', permissions: ['firm.read'] }, { 'idempotency-key': 'same' }));
    expect(answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed'))).toHaveLength(2);
    expect(await keysNamed(firm, 'shared')).toHaveLength(2);
    const key = { 'idempotency-key': 'again' };
    expect((await send(firm.admin, 'POST', '/v1/api-keys', { name: 'too much', permissions: ['no.such'] }, key)).status).toBe(400);
    expect((await send(firm.admin, 'POST', '/v1/api-keys', { name: 'enough', permissions: ['firm.read'] }, key)).status).toBe(201);
  });
});

describe('If-Match', () => {
  test.each([['a person', (firm: TestFirm) => `/v1/users/${firm.admin.id}`, 'title'], ['the firm', () => '/v1/firm', 'phone']])(
    'the same for %s from ten at once lets exactly one change it', async (_, pathOf, field) => {
      const firm = await newFirm();
      const path = pathOf(firm);
      for (let round = 0; round < 3; round++) {
        const seen = await send<{ version: number }>(firm.admin, 'GET', path);
        const answers = await atOnce(10, (i) => send<Record<string, unknown>>(firm.admin, 'PATCH', path, { [field]: `${round}.${i}` }, { 'if-match': seen.headers.get('etag')! }));
        expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 412: 9 });
        const winner = answers.find(({ status }) => status === 200)!;
        const after = await send<Record<string, unknown>>(firm.admin, 'GET', path);
        expect(after.body).toMatchObject({ [field]: winner.body[field], version: seen.body.version + 1 });
        expect(after.headers.get('etag')).toBe(winner.headers.get('etag'));
      }
    });
});

describe('a refresh token', () => {
  test('used by ten at once works at most once, and the whole session ends', async () => {
    for (let round = 0; round < 3; round++) {
      const firm = await newFirm();
      const victim = await signIn(firm.admin.email, 'admin');
      const answers = await atOnce(10, () => send(undefined, 'POST', '/v1/auth/refresh', { refreshToken: victim.refreshToken }));
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(1);
      expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 401: 9 });
      // one of the ten was a thief, and nobody knows which: neither goes on
      expect((await send({ token: good[0]!.body['accessToken']! }, 'GET', '/v1/me')).status).toBe(401);
      expect((await send(undefined, 'POST', '/v1/auth/refresh', { refreshToken: good[0]!.body['refreshToken'] })).status).toBe(401);
      expect((await send(victim, 'GET', '/v1/me')).status).toBe(401);
      const sessions = await system(firm, () => app.database.query(
        `select s.end_reason, count(t.id)::int as tokens, count(t.used_at)::int as used from sessions s join refresh_tokens t on t.session_id = s.id
         where s.end_reason is not null group by s.id, s.end_reason`));
      expect(sessions).toEqual([{ end_reason: 'token_reused', tokens: 2, used: 1 }]);
      // the other session of the same person has nothing to do with it
      expect((await send(firm.admin, 'GET', '/v1/me')).status).toBe(200);
    }
  });

  test('of ten sessions at once each goes on by itself', async () => {
    const firm = await newFirm();
    const sessions = await atOnce(10, () => signIn(firm.admin.email, 'admin'));
    const answers = await Promise.all(sessions.map(({ refreshToken }) => send(undefined, 'POST', '/v1/auth/refresh', { refreshToken })));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 10 });
    expect(new Set(answers.map(({ body }) => body['refreshToken'])).size).toBe(10);
  });
});

test('twenty people invited with one address at once are one person', async () => {
  const firm = await newFirm();
  const email = `${newId()}@${firm.slug}.example`;
  const answers = await atOnce(20, () => send(firm.admin, 'POST', '/v1/users', { email, givenName: 'Only', familyName: 'One', role: 'associate' }));
  expect(tally(answers.map(({ status, body }) => `${status} ${body['code'] ?? ''}`.trim()))).toEqual({ 201: 1, '409 email_taken': 19 });
  expect(await system(firm, () => app.database.query(`select id from jobs where name = 'auth.invite'`))).toHaveLength(1);
});
