import { expect, test } from 'vitest';
import { newFirm, stranger, PASSWORD, type TestFirm } from '../../support/factories.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { deactivate, trail } from '../support/fixtures.js';

const NEW = { givenName: 'Dana', familyName: 'Reyes', role: 'associate' as const };
const create = (firm: TestFirm, body: object = {}) =>
  firm.admin.api.POST('/v1/users', { body: { ...NEW, email: `dana@${firm.slug}.example`, ...body } });

test('an administrator invites a person with all there is to say of him', async () => {
  const firm = await newFirm();
  const all = { initials: 'DR', title: 'Senior Associate', phone: '+1 212 555 0142', timeZone: 'America/Argentina/Buenos_Aires', language: 'es' };
  const made = await create(firm, all);
  const user = granted(made);
  expect(user).toMatchObject({ ...NEW, ...all, email: `dana@${firm.slug}.example`, name: 'Dana Reyes', status: 'invited', version: 1, lastLoginAt: null });
  expect(made.response.headers.get('location')).toBe(`/v1/users/${user.id}`);
  const read = await firm.admin.api.GET('/v1/users/{id}', { params: { path: { id: user.id } } });
  expect(granted(read)).toEqual(user);
  expect(etagOf(read)).toBe(etagOf(made));
});

test('an address belongs to one person of a firm, however it is written, and to anybody in another firm', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  granted(await create(firm));
  const problem = refused(await create(firm, { email: `  DANA@${firm.slug}.example` }), 409, 'email_taken');
  expect(faults(problem)).toEqual(['/email: email_taken']);
  granted(await create(other, { email: `dana@${firm.slug}.example` }));
});

test.each([
  [{ email: 'no address' }, 400, 'validation_failed', '/email: is_email'],
  [{ email: '"a b"@example.com' }, 422, 'invalid_email', '/email: invalid_email'],
  [{ email: `${'x'.repeat(250)}@a.example` }, 400, 'validation_failed', '/email: max_length'],
  [{ givenName: '' }, 400, 'validation_failed', '/givenName: min_length'],
  [{ familyName: undefined }, 400, 'validation_failed', '/familyName: is_string'],
  [{ role: 'emperor' }, 400, 'validation_failed', '/role: is_in'],
  [{ role: null }, 400, 'validation_failed', '/role: is_in'],
  [{ timeZone: 'Mars/Olympus' }, 422, 'unknown_time_zone', '/timeZone: unknown_time_zone'],
  [{ language: 'EN' }, 400, 'validation_failed', '/language: matches'],
  [{ status: 'active' }, 400, 'validation_failed', '/status: unknown_field'],
  [{ password: PASSWORD }, 400, 'validation_failed', '/password: unknown_field'],
])('a person who cannot be invited as %j is refused at the right place', async (body, status, code, fault) => {
  const firm = await newFirm();
  expect(faults(refused(await create(firm, body), status, code))).toContain(fault);
  expect(granted(await firm.admin.api.GET('/v1/users', { params: { query: { count: true } } })).total).toBe(1);
});

test('an administrator changes a person; the versions follow each other and the trail has before and after', async () => {
  const firm = await newFirm();
  const made = await create(firm);
  const { id } = granted(made);
  const change = (etag: string, body: object) => firm.admin.api.PATCH('/v1/users/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body });
  const first = await change(etagOf(made), { familyName: 'Reyes-Okafor', role: 'partner' });
  expect(granted(first)).toMatchObject({ name: 'Dana Reyes-Okafor', role: 'partner', version: 2 });
  refused(await change(etagOf(made), { title: 'Late' }), 412, 'precondition_failed');
  expect(granted(await change(etagOf(first), { email: `new-${firm.slug}@mail.example` })).version).toBe(3);
  const [, event] = await trail(firm, { table: 'users', rowId: id, action: 'update' });
  expect(event).toMatchObject({ userId: firm.admin.id, before: { family_name: 'Reyes', role: 'associate' }, after: { family_name: 'Reyes-Okafor', role: 'partner' } });
});

test('another’s address cannot be taken over by a change', async () => {
  const firm = await newFirm();
  const { id } = granted(await create(firm));
  const answer = await firm.admin.api.PATCH('/v1/users/{id}', { params: { path: { id }, header: { 'If-Match': '*' } }, body: { email: firm.admin.email } });
  expect(faults(refused(answer, 409, 'email_taken'))).toEqual(['/email: email_taken']);
});

test('a person signs in under a changed address and no more under the old one', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const email = `moved-${firm.slug}@mail.example`;
  granted(await firm.admin.api.PATCH('/v1/users/{id}', { params: { path: { id: person.id }, header: { 'If-Match': '*' } }, body: { email } }));
  const login = async (address: string) => (await stranger()).POST('/v1/auth/login', { body: { email: address, password: PASSWORD } });
  expect(granted(await login(email)).user.id).toBe(person.id);
  refused(await login(person.email), 401, 'login_failed');
  expect((await person.api.GET('/v1/me')).data?.email).toBe(email);
});

test('a person is shut out and let in again, each once', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const params = { path: { id: person.id }, header: { 'If-Match': '*' } };
  const out = granted(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params }));
  expect(out).toMatchObject({ id: person.id, status: 'deactivated', version: 2 });
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params }), 409, 'already_deactivated');
  expect(granted(await firm.admin.api.POST('/v1/users/{id}/reactivate', { params })).status).toBe('active');
  refused(await firm.admin.api.POST('/v1/users/{id}/reactivate', { params }), 409, 'not_deactivated');
});

test('only who manages people changes them; all others see them', async () => {
  const firm = await newFirm();
  const [partner, reader] = [await firm.person('partner'), await firm.person('readonly')];
  expect(granted(await reader.api.GET('/v1/users/{id}', { params: { path: { id: partner.id } } })).email).toBe(partner.email);
  const params = { path: { id: reader.id }, header: { 'If-Match': '*' } };
  for (const answer of [
    await partner.api.PATCH('/v1/users/{id}', { params, body: { title: 'x' } }),
    await partner.api.POST('/v1/users/{id}/deactivate', { params }),
    await partner.api.POST('/v1/users/{id}/reactivate', { params }),
    await partner.api.POST('/v1/users/{id}/invitation', { params: { path: params.path } }),
    await partner.api.POST('/v1/users', { body: { ...NEW, email: 'x@mail.example' } }),
  ]) expect(refused(answer, 403, 'forbidden')['permission']).toBe('users.manage');
});

test('people of another firm do not exist', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const params = { path: { id: other.admin.id }, header: { 'If-Match': '*' } };
  refused(await firm.admin.api.GET('/v1/users/{id}', { params: { path: params.path } }), 404, 'not_found');
  refused(await firm.admin.api.PATCH('/v1/users/{id}', { params, body: { title: 'x' } }), 404, 'not_found');
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params }), 404, 'not_found');
  refused(await firm.admin.api.POST('/v1/users/{id}/reactivate', { params }), 404, 'not_found');
  refused(await firm.admin.api.POST('/v1/users/{id}/invitation', { params: { path: params.path } }), 404, 'not_found');
  expect(granted(await firm.admin.api.GET('/v1/users')).data.map(({ id }) => id)).toEqual([firm.admin.id]);
});

test('people are found by part of name or address, role and state, and signs that mean something to SQL mean themselves', async () => {
  const firm = await newFirm();
  granted(await create(firm, { familyName: '100%_sure\\' }));
  const partner = await firm.person('partner');
  await deactivate(firm, partner);
  const found = async (query: object) => granted(await firm.admin.api.GET('/v1/users', { params: { query } })).data.map(({ familyName }) => familyName);
  expect(await found({ q: 'DANA' })).toEqual(['100%_sure\\']);
  expect(await found({ q: '100%_' })).toEqual(['100%_sure\\']);
  expect(await found({ q: 'sure\\' })).toEqual(['100%_sure\\']);
  expect(await found({ q: '%' })).toEqual(['100%_sure\\']);
  expect(await found({ q: 'a_a' })).toEqual([]);
  expect(await found({ q: "' or 1=1 --" })).toEqual([]);
  expect(await found({ role: 'partner' })).toEqual(['Person1']);
  expect(await found({ status: 'deactivated', role: 'partner' })).toEqual(['Person1']);
  expect(await found({ status: 'active' })).toEqual(['Min']);
});
