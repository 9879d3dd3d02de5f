import { expect, test } from 'vitest';
import { ApiKeyCache } from '../../../src/modules/auth/api-key-cache.js';
import { sha256 } from '../../../src/common/auth/tokens.js';
import { testApp } from '../../support/app.js';
import { newFirm } from '../../support/factories.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { asFirm, newKey, rowsOf, statusOf } from '../support/fixtures.js';

test('a key is shown once, in the answer that makes it', async () => {
  const firm = await newFirm();
  const made = granted(await firm.admin.api.POST('/v1/api-keys', { body: { name: 'Calendar sync' } }));
  expect(made.key).toMatch(/^lfk_[0-9a-f]{32}_[0-9a-f]{32}_[\w-]{43}$/);
  expect(made).toMatchObject({ name: 'Calendar sync', userId: firm.admin.id, hint: made.key!.slice(-4), expiresAt: null, lastUsedAt: null, revokedAt: null });
  const read = await firm.admin.api.GET('/v1/api-keys/{id}', { params: { path: { id: made.id } } });
  const { key: _, ...rest } = made;
  expect(granted(read)).toEqual(rest);
  expect(JSON.stringify(granted(await firm.admin.api.GET('/v1/api-keys')))).not.toContain(made.key!.slice(-43));
});

test('what is stored of a key is a hash of its secret', async () => {
  const firm = await newFirm();
  const { id, key } = await newKey(firm.admin);
  const secret = key.slice(-43);
  const [row] = await rowsOf<{ hash: Buffer; whole: string }>(firm, 'select key_hash as hash, to_jsonb(k)::text as whole from api_keys k where id = $1', [id]);
  expect(row!.whole).not.toContain(secret);
  expect(Buffer.compare(row!.hash, sha256(secret))).toBe(0);
});

test('a key does what its owner may do, and says of itself that it is a key', async () => {
  const firm = await newFirm();
  const { id, api } = await newKey(firm.admin);
  const [asKey, asPerson] = [granted(await api.GET('/v1/me')), granted(await firm.admin.api.GET('/v1/me'))];
  expect(asKey.permissions).toEqual(asPerson.permissions);
  expect(asKey.credential).toEqual({ kind: 'key', id });
  granted(await api.GET('/v1/users'));
});

test('a key can be made for less, and then does no more', async () => {
  const firm = await newFirm();
  const { api } = await newKey(firm.admin, { permissions: ['firm.read'] });
  expect(granted(await api.GET('/v1/me')).permissions).toEqual(['firm.read']);
  granted(await api.GET('/v1/firm'));
  refused(await api.GET('/v1/users'), 403, 'forbidden');
  refused(await api.POST('/v1/api-keys', { body: { name: 'more' } }), 403, 'forbidden');
  refused(await api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { name: 'No' } }), 403, 'forbidden');
  refused(await api.PATCH('/v1/me', { params: { header: { 'If-Match': '*' } }, body: { givenName: 'No' } }), 403, 'forbidden');
});

test('a key cannot be made for more than its maker may do, whether he is a person or a key', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const problem = refused(await partner.api.POST('/v1/api-keys', { body: { name: 'x', permissions: ['firm.read', 'users.manage'] } }), 422, 'permissions_exceeded');
  expect(faults(problem)).toEqual(['/permissions: permissions_exceeded']);
  expect(problem.detail).toContain('users.manage');
  expect(problem.detail).not.toContain('firm.read');
  const key = await newKey(firm.admin, { permissions: ['api_keys.own', 'firm.read'] });
  refused(await key.api.POST('/v1/api-keys', { body: { name: 'x', permissions: ['users.read'] } }), 422, 'permissions_exceeded');
  expect(granted(await (await newKey(key)).api.GET('/v1/me')).permissions).toEqual(['api_keys.own', 'firm.read']);
});

test('a key with an end makes none that outlives it', async () => {
  const firm = await newFirm();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const key = await newKey(firm.admin, { permissions: ['api_keys.own'], expiresAt });
  const problem = refused(await key.api.POST('/v1/api-keys', { body: { name: 'forever' } }), 422, 'expiry_exceeded');
  expect(faults(problem)).toEqual(['/expiresAt: expiry_exceeded']);
  refused(await key.api.POST('/v1/api-keys', { body: { name: 'longer', expiresAt: new Date(Date.now() + 7_200_000).toISOString() } }), 422, 'expiry_exceeded');
  granted(await key.api.POST('/v1/api-keys', { body: { name: 'shorter', expiresAt: new Date(Date.now() + 1_800_000).toISOString() } }));
});

test.each([
  [{}, ['/name: is_clean_text', '/name: is_string', '/name: max_length', '/name: min_length']],
  [{ name: ' ' }, ['/name: min_length']],
  [{ name: 'x'.repeat(101) }, ['/name: max_length']],
  [{ name: 'x', permissions: [] }, ['/permissions: array_min_size']],
  [{ name: 'x', permissions: ['everything'] }, ['/permissions: is_in']],
  [{ name: 'x', expiresAt: 'tomorrow' }, ['/expiresAt: is_iso8601', '/expiresAt: matches']],
  [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, ['/expiresAt: in_future']],
  [{ name: 'x', scope: 'all' }, ['/scope: unknown_field']],
])('a key that cannot be made as %j is refused at the right place', async (body, expected) => {
  const firm = await newFirm();
  const found = faults(refused(await firm.admin.api.POST('/v1/api-keys', { body: body as never }), 400, 'validation_failed'));
  expect(found.length).toBeGreaterThan(0);
  expect(expected).toEqual(expect.arrayContaining(found));
});

test('who may hold no keys makes none', async () => {
  const firm = await newFirm();
  const reader = await firm.person('readonly');
  expect(refused(await reader.api.POST('/v1/api-keys', { body: { name: 'x' } }), 403, 'forbidden')['permission']).toBe('api_keys.own');
});

test('a key ends at its hour, also for a process that knows it already', async () => {
  const firm = await newFirm();
  const { id, key } = await newKey(firm.admin, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
  expect(await statusOf(key)).toBe(200);
  await asFirm(firm, `update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id]); // the hour has passed
  expect(await statusOf(key)).toBe(401);
  expect(await statusOf(key)).toBe(401); // asked anew, not recalled
});

test('a revoked key stops with the next request and cannot be revoked again', async () => {
  const firm = await newFirm();
  const { id, key, api } = await newKey(firm.admin);
  expect(await statusOf(key)).toBe(200);
  const revoke = () => firm.admin.api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } });
  expect((await revoke()).response.status).toBe(204);
  refused(await api.GET('/v1/me'), 401, 'credential_revoked');
  refused(await api.GET('/v1/me'), 401, 'unauthenticated');
  refused(await revoke(), 409, 'already_revoked');
  expect(granted(await firm.admin.api.GET('/v1/api-keys/{id}', { params: { path: { id } } })).revokedAt).toEqual(expect.any(String));
});

test('a wrong secret behind a known key’s name is refused', async () => {
  const firm = await newFirm();
  const { key } = await newKey(firm.admin);
  expect(await statusOf(key)).toBe(200);
  expect(await statusOf(key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'))).toBe(401);
});

test('when a key was last used is shown, and moves neither its version nor what a front end has open', async () => {
  const firm = await newFirm();
  const { id, key } = await newKey(firm.admin);
  const read = () => firm.admin.api.GET('/v1/api-keys/{id}', { params: { path: { id } } });
  const before = granted(await read());
  expect(before.lastUsedAt).toBeNull();
  await statusOf(key);
  const { app } = await testApp();
  await app.get(ApiKeyCache).flush();
  const after = granted(await read());
  expect(Date.now() - Date.parse(after.lastUsedAt!)).toBeLessThan(60_000);
  expect([after.version, after.updatedAt]).toEqual([before.version, before.updatedAt]);
});

test('a key is renamed under If-Match, and only its name can change', async () => {
  const firm = await newFirm();
  const { id } = await newKey(firm.admin);
  const params = { path: { id } };
  const read = await firm.admin.api.GET('/v1/api-keys/{id}', { params });
  const renamed = await firm.admin.api.PATCH('/v1/api-keys/{id}', { params: { ...params, header: { 'If-Match': etagOf(read) } }, body: { name: 'Another name' } });
  expect(granted(renamed)).toMatchObject({ name: 'Another name', version: 2 });
  refused(await firm.admin.api.PATCH('/v1/api-keys/{id}', { params: { ...params, header: { 'If-Match': etagOf(read) } }, body: { name: 'Late' } }), 412, 'precondition_failed');
  const more = await firm.admin.api.PATCH('/v1/api-keys/{id}', { params: { ...params, header: { 'If-Match': '*' } }, body: { name: 'x', permissions: ['firm.read'] } as never });
  expect(faults(refused(more, 400, 'validation_failed'))).toEqual(['/permissions: unknown_field']);
});

test('everybody sees his own keys; an administrator sees and revokes all of the firm and none of another', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const [one, two] = [await firm.person('associate'), await firm.person('partner')];
  const [mine, theirs] = [await newKey(one), await newKey(two)];
  const ids = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id).sort();
  expect(ids(granted(await one.api.GET('/v1/api-keys')))).toEqual([mine.id]);
  refused(await one.api.GET('/v1/api-keys/{id}', { params: { path: { id: theirs.id } } }), 404, 'not_found');
  refused(await one.api.DELETE('/v1/api-keys/{id}', { params: { path: { id: theirs.id } } }), 404, 'not_found');
  refused(await one.api.GET('/v1/api-keys', { params: { query: { all: true } } }), 403, 'forbidden');
  refused(await one.api.GET('/v1/api-keys', { params: { query: { userId: two.id } } }), 403, 'forbidden');
  expect(ids(granted(await firm.admin.api.GET('/v1/api-keys', { params: { query: { all: true } } })))).toEqual([mine.id, theirs.id].sort());
  expect(ids(granted(await firm.admin.api.GET('/v1/api-keys', { params: { query: { userId: two.id } } })))).toEqual([theirs.id]);
  refused(await other.admin.api.DELETE('/v1/api-keys/{id}', { params: { path: { id: mine.id } } }), 404, 'not_found');
  expect((await firm.admin.api.DELETE('/v1/api-keys/{id}', { params: { path: { id: theirs.id } } })).response.status).toBe(204);
  expect([await statusOf(mine.key), await statusOf(theirs.key)]).toEqual([200, 401]);
});

test('a key whose row is gone is no key', async () => {
  const firm = await newFirm();
  const { id, key } = await newKey(firm.admin);
  expect(await statusOf(key)).toBe(200);
  await asFirm(firm, 'delete from api_keys where id = $1', [id]);
  expect(await statusOf(key)).toBe(401);
});
