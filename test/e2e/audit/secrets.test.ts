import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { newFirm, PASSWORD, stranger } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';
import { linkTo, newKey, rowsOf } from '../support/fixtures.js';

const NEW = 'a password nobody else has';

/** A secret in every form in which it could have been written down. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const digest = createHash('sha256').update(secret).digest();
  return [secret, bytes.toString('hex'), bytes.toString('base64'), digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')];
}

test('no password, token, key, link or hash of one ever enters the trail, whatever happens to an account', async () => {
  const firm = await newFirm();
  const api = await stranger();
  const secrets: string[] = [PASSWORD, NEW];
  const opaque = (token: string) => secrets.push(token, token.slice(-43));

  const user = granted(await firm.admin.api.POST('/v1/users', { body: { email: `ines@${firm.slug}.example`, givenName: 'Ines', familyName: 'Vitado', role: 'admin' } }));
  const invitation = await linkTo(firm, user.email);
  opaque(invitation);
  const accepted = granted(await api.POST('/v1/auth/invitation/accept', { body: { token: invitation, password: PASSWORD } }));
  secrets.push(accepted.accessToken);
  opaque(accepted.refreshToken);
  const login = granted(await api.POST('/v1/auth/login', { body: { email: user.email, password: PASSWORD } }));
  opaque(login.refreshToken);
  opaque(granted(await api.POST('/v1/auth/refresh', { body: { refreshToken: login.refreshToken } })).refreshToken);
  const key = await newKey(firm.admin);
  opaque(key.key);
  await firm.admin.api.DELETE('/v1/api-keys/{id}', { params: { path: { id: key.id } } });
  refused(await api.POST('/v1/auth/login', { body: { email: user.email, password: 'wrong, and typed in error' } }), 401, 'login_failed');
  secrets.push('wrong, and typed in error');
  await api.POST('/v1/auth/password/forgot', { body: { email: user.email } });
  const reset = await linkTo(firm, user.email, 2);
  opaque(reset);
  granted(await api.POST('/v1/auth/password/reset', { body: { token: reset, password: NEW } }));
  const hashes = await rowsOf<{ hash: string }>(firm, 'select hash from user_passwords');
  secrets.push(...hashes.flatMap(({ hash }) => [hash, ...hash.split('$').filter((part) => part.length > 15)]));

  const events = await rowsOf<{ table: string; whole: string }>(firm, `select table_name as "table", to_jsonb(e)::text as whole from audit_events e`);
  // the trail does speak of all of it
  expect([...new Set(events.map(({ table }) => table))].sort()).toEqual(expect.arrayContaining(['api_keys', 'sessions', 'user_links', 'user_passwords', 'users']));
  expect(secrets.length).toBeGreaterThan(15);
  const leaks = secrets.flatMap(forms).filter((form) => events.some(({ whole }) => whole.includes(form)));
  expect(leaks).toEqual([]);
  // and no column that holds one is named by a value of its own
  expect(events.filter(({ whole }) => /"(key_hash|token_hash|bytes)":/.test(whole))).toEqual([]);
  expect(events.filter(({ whole }) => /"hash": "(?!\*\*\*")/.test(whole))).toEqual([]);
});

test('an account’s password is on record as changed, but not what it was or is', async () => {
  const firm = await newFirm();
  await firm.admin.api.POST('/v1/auth/password', { body: { currentPassword: PASSWORD, newPassword: NEW } });
  const { data } = granted(await firm.admin.api.GET('/v1/audit-events', { params: { query: { table: 'user_passwords', rowId: firm.admin.id } } }));
  expect(data.map(({ action, before, after }) => ({ action, before, after }))).toEqual([
    { action: 'update', before: { hash: '***' }, after: { hash: '***' } },
    { action: 'insert', before: null, after: { hash: '***', user_id: firm.admin.id } },
  ]);
});
