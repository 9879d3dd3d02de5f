import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, stranger, type Person, type TestFirm } from '../../support/factories.js';
import { bearer, expectProblem, granted, raw, refused } from '../support/check.js';
import { changeRole, clientWith, deactivate, newKey, rowsOf, statusOf, trail } from '../support/fixtures.js';

const refresh = async (person: Person) => (await stranger()).POST('/v1/auth/refresh', { body: { refreshToken: person.refreshToken } });

test('a deactivated person’s access token, refresh token and API keys stop with the next request', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const key = await newKey(person);
  expect([await statusOf(person.token), await statusOf(key.key)]).toEqual([200, 200]); // both are known to the process now
  await deactivate(firm, person);
  expect([await statusOf(person.token), await statusOf(key.key)]).toEqual([401, 401]);
  refused(await refresh(person), 401, 'refresh_refused');
  const [session] = granted(await firm.admin.api.GET('/v1/sessions', { params: { query: { userId: person.id } } })).data;
  expect(session).toMatchObject({ endReason: 'deactivated', endedAt: expect.any(String) });
});

test('a change in the name of a person shut out meanwhile is not made', async () => {
  const firm = await newFirm();
  const other = await firm.person('admin');
  await deactivate(firm, other);
  refused(await other.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { name: 'Mine now' } }), 401, 'credential_revoked');
  expect(granted(await firm.admin.api.GET('/v1/firm')).name).not.toBe('Mine now');
});

test('a person let in again starts anew: old sessions stay ended, old keys revoked', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const key = await newKey(person);
  await deactivate(firm, person);
  const back = granted(await firm.admin.api.POST('/v1/users/{id}/reactivate', { params: { path: { id: person.id }, header: { 'If-Match': '*' } } }));
  expect(back.status).toBe('active');
  expect([await statusOf(person.token), await statusOf(key.key)]).toEqual([401, 401]);
  refused(await refresh(person), 401, 'refresh_refused');
});

test('another role takes effect at once: the old token is refused, a refresh brings the new permissions', async () => {
  const firm = await newFirm();
  const person = await firm.person('admin');
  granted(await person.api.GET('/v1/jobs'));
  await changeRole(firm, person, 'associate');
  refused(await person.api.GET('/v1/jobs'), 401, 'credential_revoked');
  refused(await person.api.GET('/v1/me'), 401, 'credential_revoked');
  const tokens = granted(await refresh(person));
  const api = await clientWith(tokens.accessToken);
  expect(granted(await api.GET('/v1/me')).role).toBe('associate');
  const problem = refused(await api.GET('/v1/jobs'), 403, 'forbidden');
  expect(problem['permission']).toBe('jobs.manage');
});

test('a role that falls takes the permissions of the person’s keys with it, and they come back with it', async () => {
  const firm = await newFirm();
  const person = await firm.person('admin');
  const { api } = await newKey(person);
  granted(await api.GET('/v1/jobs'));
  await changeRole(firm, person, 'associate');
  const statuses = async () => [(await api.GET('/v1/jobs')).response.status, (await api.GET('/v1/firm')).response.status];
  await statuses(); // the process may have to learn of it with one refusal
  expect(await statuses()).toEqual([403, 200]);
  await changeRole(firm, person, 'admin');
  await statuses();
  expect(await statuses()).toEqual([200, 200]);
});

interface Forgery {
  sub?: string;
  claims?: Record<string, string>;
  header?: { alg: string; typ: string };
  issuer?: string;
  lasts?: string;
  secret?: string;
}

/** A token as the process itself would sign it, but for what is said otherwise: with the key one can make tokens, not sessions. */
async function signed(firm: TestFirm, forgery: Forgery = {}): Promise<string> {
  const { engine, environment } = await testApp();
  const secret = forgery.secret ?? environment.JWT_SECRET ?? engine.folder.secret('access-token-signing-key', 48);
  const [session] = await rowsOf<{ id: string }>(firm, 'select id from sessions where user_id = $1 and ended_at is null limit 1', [firm.admin.id]);
  return new SignJWT({ fid: firm.id, sid: session!.id, role: 'admin', ...forgery.claims })
    .setProtectedHeader(forgery.header ?? { alg: 'HS256', typ: 'at+jwt' })
    .setSubject(forgery.sub ?? firm.admin.id)
    .setIssuer(forgery.issuer ?? 'lexiflow')
    .setIssuedAt()
    .setExpirationTime(forgery.lasts ?? '5m')
    .sign(new TextEncoder().encode(secret));
}

test('a token is worth what its signature, issuer, kind and time say', async () => {
  const firm = await newFirm();
  expect(await statusOf(await signed(firm))).toBe(200); // so the others fail for what was changed
  const http = await raw();
  const me = (token: string) => http.get('/v1/me').set('authorization', `Bearer ${token}`);
  expectProblem(await me(await signed(firm, { lasts: '-1s' })), 401, 'token_expired');
  const [, payload] = firm.admin.token.split('.');
  const forgeries = [
    await signed(firm, { secret: 'another key of at least 32 characters' }),
    await signed(firm, { issuer: 'somebody else' }),
    await signed(firm, { header: { alg: 'HS256', typ: 'JWT' } }),
    await signed(firm, { header: { alg: 'HS512', typ: 'at+jwt' } }),
    `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')}.${payload}.`,
    firm.admin.token.replace(/\.[^.]+$/, '.'),
    'nonsense', `lfk_${'0'.repeat(32)}_${'0'.repeat(32)}_${'a'.repeat(43)}`, 'lfk_',
  ];
  for (const forgery of forgeries) expectProblem(await me(forgery), 401, 'unauthenticated');
});

test('a rightly signed token whose parts do not belong together opens nothing', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const reader = await firm.person('readonly');
  const forgeries: Forgery[] = [
    { sub: reader.id }, { sub: reader.id, claims: { role: 'readonly' } }, // another person’s session
    { claims: { role: 'partner' } },
    { claims: { fid: other.id } },
    { sub: other.admin.id, claims: { fid: other.id } },
    { claims: { sid: firm.id } },
  ];
  for (const forgery of forgeries) expect(await statusOf(await signed(firm, forgery)), JSON.stringify(forgery)).toBe(401);
});

test('a credential that ended is told so, not what it may not do, and its refusal is nobody’s', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const key = await newKey(person);
  expect(await statusOf(key.key)).toBe(200); // the process knows it now
  refused(await key.api.PATCH('/v1/me', { body: { phone: '1' }, params: { header: { 'If-Match': '*' } } }), 403, 'forbidden');
  refused(await key.api.GET('/v1/jobs'), 403, 'forbidden');
  await deactivate(firm, person);
  refused(await person.api.GET('/v1/jobs'), 401, 'credential_revoked');
  refused(await key.api.PATCH('/v1/me', { body: { phone: '1' }, params: { header: { 'If-Match': '*' } } }), 401, 'credential_revoked');
  refused(await key.api.GET('/v1/jobs'), 401, 'unauthenticated'); // forgotten with the answer before
  expect(await trail(firm, { action: 'access.refused' })).toHaveLength(2);
});

test('a refusal names the way to sign in, and a refused action of a known person is on record', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const http = await raw();
  expect((await http.get('/v1/me')).headers['www-authenticate']).toBe('Bearer');
  expectProblem(await http.get('/v1/me').set('authorization', `Basic ${Buffer.from('a:b').toString('base64')}`), 401, 'unauthenticated');
  const refusedAnswer = await http.get('/v1/jobs').set(bearer(person));
  const problem = expectProblem(refusedAnswer, 403, 'forbidden');
  const [event] = await trail(firm, { action: 'access.refused' });
  expect(event).toMatchObject({
    userId: person.id, requestId: problem.requestId, address: '127.0.0.1',
    after: { method: 'GET', route: '/v1/jobs', code: 'forbidden', permission: 'jobs.manage' },
  });
});
