import { expect, test } from 'vitest';
import { newFirm, PASSWORD, signIn, stranger, type TestFirm } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';
import { asFirm, clientWith, deactivate, rowsOf, statusOf, trail } from '../support/fixtures.js';

const refresh = async (refreshToken: string) => (await stranger()).POST('/v1/auth/refresh', { body: { refreshToken } });
const openSessions = async (firm: TestFirm, userId: string) =>
  (await rowsOf<{ id: string }>(firm, 'select id from sessions where user_id = $1 and ended_at is null', [userId])).length;

test('a refresh token is exchanged for new tokens of the same session', async () => {
  const firm = await newFirm();
  const tokens = granted(await refresh(firm.admin.refreshToken));
  expect(tokens.refreshToken).not.toBe(firm.admin.refreshToken);
  expect(tokens.user.id).toBe(firm.admin.id);
  const again = granted(await refresh(tokens.refreshToken));
  expect([await statusOf(firm.admin.token), await statusOf(tokens.accessToken), await statusOf(again.accessToken)]).toEqual([200, 200, 200]);
  expect(await openSessions(firm, firm.admin.id)).toBe(1);
});

test('using a refresh token twice ends the whole family, the thief’s and the victim’s tokens alike, and is on record', async () => {
  const firm = await newFirm();
  const victim = await firm.person('associate');
  const elsewhere = await signIn(victim.email, 'associate');
  const stolen = granted(await refresh(victim.refreshToken));
  refused(await refresh(victim.refreshToken), 401, 'refresh_refused');
  refused(await refresh(stolen.refreshToken), 401, 'refresh_refused');
  expect([await statusOf(victim.token), await statusOf(stolen.accessToken)]).toEqual([401, 401]);
  expect(await statusOf(elsewhere.token)).toBe(200); // another device has nothing to do with it
  const [event] = await trail(firm, { action: 'token.reused' });
  expect(event).toMatchObject({ userId: victim.id, address: '127.0.0.1' });
  expect(event!.after).toMatchObject({ sessionId: expect.any(String) });
});

test('of several who come with one refresh token at the same time, at most one wins, and the family ends', async () => {
  const firm = await newFirm();
  const results = await Promise.all(Array.from({ length: 4 }, () => refresh(firm.admin.refreshToken)));
  const won = results.filter(({ response }) => response.status === 200);
  expect(won.length).toBeLessThanOrEqual(1);
  for (const result of results) if (!result.data) refused(result, 401, 'refresh_refused');
  expect(await openSessions(firm, firm.admin.id)).toBe(0);
  for (const { data } of won) refused(await refresh(data!.refreshToken), 401, 'refresh_refused');
});

test('what only resembles a refresh token is refused and harms nobody', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const real = firm.admin.refreshToken;
  const flipped = real.slice(0, -1) + (real.endsWith('A') ? 'B' : 'A');
  const elsewhere = real.replace(firm.id.replaceAll('-', ''), other.id.replaceAll('-', ''));
  for (const fake of [flipped, elsewhere, real.replace('lfr_', 'lfk_'), firm.admin.token.slice(0, 300), 'lfr_', '\u0000']) {
    const { response } = await refresh(fake);
    expect([400, 401], fake).toContain(response.status);
  }
  expect(granted(await refresh(real)).user.id).toBe(firm.admin.id);
});

test('a refresh token opens nothing by itself', async () => {
  const firm = await newFirm();
  expect(await statusOf(firm.admin.refreshToken)).toBe(401);
});

test('signing out ends access token and refresh token at once, and leaves other devices alone', async () => {
  const firm = await newFirm();
  const other = await signIn(firm.admin.email, 'admin');
  expect((await firm.admin.api.POST('/v1/auth/logout')).response.status).toBe(204);
  refused(await firm.admin.api.GET('/v1/me'), 401, 'credential_revoked');
  refused(await refresh(firm.admin.refreshToken), 401, 'refresh_refused');
  refused(await firm.admin.api.POST('/v1/auth/logout'), 401, 'credential_revoked');
  expect(await statusOf(other.token)).toBe(200);
  expect(await trail({ ...firm, admin: other }, { action: 'token.reused' })).toEqual([]); // an ended session is no theft
});

test('a session that has outlived its days ends for access and refresh tokens', async () => {
  const firm = await newFirm();
  const person = await firm.person('billing');
  expect(await asFirm(firm, `update sessions set expires_at = now() - interval '1 second' where user_id = $1`, [person.id])).toBe(1);
  expect(await statusOf(person.token)).toBe(401);
  refused(await refresh(person.refreshToken), 401, 'refresh_refused');
});

test('how long a session lasts is a setting of the firm', async () => {
  const firm = await newFirm();
  granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { sessionDays: 2 } }));
  const { api } = await signIn(firm.admin.email, 'admin');
  const current = granted(await api.GET('/v1/sessions')).data.find((session) => session.current)!;
  const hours = (Date.parse(current.expiresAt) - Date.parse(current.createdAt)) / 3_600_000;
  expect(hours).toBeCloseTo(48, 1);
});

test('a refresh takes the role as it is now, and nobody who was shut out', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  granted(await firm.admin.api.PATCH('/v1/users/{id}', { params: { path: { id: person.id }, header: { 'If-Match': '*' } }, body: { role: 'partner' } }));
  const tokens = granted(await refresh(person.refreshToken));
  expect(granted(await (await clientWith(tokens.accessToken)).GET('/v1/me'))).toMatchObject({ role: 'partner', permissions: expect.arrayContaining(['audit.read']) });
  await deactivate(firm, person);
  refused(await refresh(tokens.refreshToken), 401, 'refresh_refused');
  refused(await (await stranger()).POST('/v1/auth/login', { body: { email: person.email, password: PASSWORD } }), 401, 'login_failed');
});
