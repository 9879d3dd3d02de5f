import { expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { trail } from '../support/fixtures.js';

test.each([
  ['admin', ['audit.read', 'firm.manage', 'jobs.manage', 'users.manage']],
  ['partner', ['api_keys.own', 'audit.read', 'firm.read']],
  ['associate', ['api_keys.own', 'firm.read', 'tasks.own']],
  ['paralegal', ['api_keys.own', 'firm.read', 'tasks.own']],
  ['billing', ['api_keys.own', 'firm.read', 'tasks.own']],
  ['readonly', ['firm.read', 'notifications.own', 'users.read']],
] as const)('the role %s is told what it may do, and the list of roles says the same', async (role, some) => {
  const firm = await newFirm();
  const { api } = role === 'admin' ? firm.admin : await firm.person(role);
  const { permissions } = granted(await api.GET('/v1/me'));
  expect(permissions).toEqual(expect.arrayContaining([...some]));
  const roles = granted(await api.GET('/v1/reference/roles'));
  expect([...roles.data.find(({ id }) => id === role)!.permissions].sort()).toEqual(permissions);
  const described = roles.permissions.map(({ id, description }) => [id, description.length > 5] as const);
  expect(described).toEqual(expect.arrayContaining(permissions.map((permission) => [permission, true])));
});

test('everybody changes his own details, and takes them back', async () => {
  const firm = await newFirm();
  const { api } = await firm.person('readonly');
  const read = await api.GET('/v1/me');
  const details = { givenName: 'Harold', familyName: 'Whitcombe', initials: 'HW', title: 'Of Counsel', phone: '+1 212 555 0146', timeZone: 'Europe/Kyiv', language: 'en-US' };
  const changed = await api.PATCH('/v1/me', { params: { header: { 'If-Match': etagOf(read) } }, body: details });
  expect(granted(changed)).toMatchObject({ ...details, name: 'Harold Whitcombe', version: 2, firm: { id: firm.id } });
  expect(etagOf(changed)).toBe(etagOf(await api.GET('/v1/me')));
  const none = { initials: null, title: null, phone: null, timeZone: null, language: null };
  expect(granted(await api.PATCH('/v1/me', { params: { header: { 'If-Match': etagOf(changed) } }, body: none }))).toMatchObject(none);
});

test('nobody makes himself more than he is', async () => {
  const firm = await newFirm();
  const { api } = await firm.person('associate');
  const change = (body: object) => api.PATCH('/v1/me', { params: { header: { 'If-Match': '*' } }, body });
  for (const [member, value] of [['role', 'admin'], ['email', 'other@mail.example'], ['status', 'active'], ['id', firm.admin.id], ['firmId', firm.id]]) {
    expect(faults(refused(await change({ [member!]: value }), 400, 'validation_failed'))).toEqual([`/${member}: unknown_field`]);
  }
});

test.each([
  [{ givenName: ' ' }, 400, 'validation_failed', '/givenName: min_length'],
  [{ givenName: null }, 400, 'validation_failed', '/givenName: is_string'],
  [{ familyName: 'x'.repeat(101) }, 400, 'validation_failed', '/familyName: max_length'],
  [{ initials: 'x'.repeat(11) }, 400, 'validation_failed', '/initials: max_length'],
  [{ title: 'nul\u0000' }, 400, 'validation_failed', '/title: is_clean_text'],
  [{ phone: 5 }, 400, 'validation_failed', '/phone: is_string'],
  [{ language: 'english' }, 400, 'validation_failed', '/language: matches'],
  [{ timeZone: 'Mars/Olympus' }, 422, 'unknown_time_zone', '/timeZone: unknown_time_zone'],
  [{ timeZone: '+01:00' }, 422, 'unknown_time_zone', '/timeZone: unknown_time_zone'],
])('details that cannot be are refused where they stand: %j', async (body, status, code, fault) => {
  const firm = await newFirm();
  const answer = await firm.admin.api.PATCH('/v1/me', { params: { header: { 'If-Match': '*' } }, body: body as never });
  expect(faults(refused(answer, status, code))).toContain(fault);
});

test('a change of one’s own details is on record as one’s own', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  granted(await person.api.PATCH('/v1/me', { params: { header: { 'If-Match': '*' } }, body: { title: 'Counsel' } }));
  const [event] = await trail(firm, { table: 'users', rowId: person.id, action: 'update' });
  expect(event).toMatchObject({ userId: person.id, actorKind: 'user', before: { title: null }, after: { title: 'Counsel' } });
});

test('a change that changes nothing leaves the version as it is', async () => {
  const firm = await newFirm();
  const before = granted(await firm.admin.api.GET('/v1/me'));
  for (const body of [{}, { givenName: before.givenName }]) {
    const after = granted(await firm.admin.api.PATCH('/v1/me', { params: { header: { 'If-Match': '*' } }, body }));
    expect([after.version, after.updatedAt]).toEqual([before.version, before.updatedAt]);
  }
});
