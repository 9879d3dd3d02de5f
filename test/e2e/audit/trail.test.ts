import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { bearer, granted, raw, refused } from '../support/check.js';
import { changeRole, deactivate, newKey, trail } from '../support/fixtures.js';

test('a change is on record with who made it, when, from where, in which request, why, and what was before', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const requestId = `change-${randomUUID()}`;
  const before = Date.now();
  await (await raw()).patch(`/v1/users/${person.id}`).set(bearer(firm.admin))
    .set({ 'if-match': '*', 'x-request-id': requestId, 'x-reason': 'promoted by the partners' }).send({ role: 'partner', title: 'Partner' }).expect(200);
  const events = await trail(firm, { requestId });
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    actorKind: 'user', userId: firm.admin.id, userName: 'Ada Min', requestId, address: '127.0.0.1', action: 'update', table: 'users', rowId: person.id, caseId: null,
    before: { role: 'associate', title: null }, after: { role: 'partner', title: 'Partner' }, reason: 'promoted by the partners',
  });
  expect(Object.keys(events[0]!.after!).sort()).toEqual(['role', 'title']); // what changed, and nothing else
  const at = Date.parse(events[0]!.occurredAt);
  expect(at).toBeGreaterThan(before - 5_000);
  expect(at).toBeLessThan(Date.now() + 5_000);
});

test('what one request did is found together, although it touched several tables', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const { id: keyId } = await newKey(person);
  const requestId = `out-${randomUUID()}`;
  await (await raw()).post(`/v1/users/${person.id}/deactivate`).set(bearer(firm.admin)).set({ 'if-match': '*', 'x-request-id': requestId }).expect(200);
  const events = await trail(firm, { requestId });
  expect(events.map(({ table, action }) => `${action} ${table}`).sort()).toEqual(['update api_keys', 'update sessions', 'update users']);
  expect(events.find(({ table }) => table === 'api_keys')).toMatchObject({ rowId: keyId, before: { revoked_at: null }, after: { revoked_at: expect.any(String) } });
  expect(events.find(({ table }) => table === 'sessions')!.after).toMatchObject({ end_reason: 'deactivated' });
});

test('making and removing are on record with the whole row', async () => {
  const firm = await newFirm();
  const made = granted(await firm.admin.api.POST('/v1/users', { body: { email: `dana@${firm.slug}.example`, givenName: 'Dana', familyName: 'Reyes', role: 'billing' } }));
  const [event] = await trail(firm, { table: 'users', rowId: made.id });
  expect(event).toMatchObject({ action: 'insert', before: null, after: { id: made.id, email: made.email, given_name: 'Dana', role: 'billing', status: 'invited' } });
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await firm.admin.api.PUT('/v1/firm/logo', { body: { mediaType: 'image/png', data: png } });
  await firm.admin.api.DELETE('/v1/firm/logo');
  const [removed] = await trail(firm, { table: 'firm_logos', action: 'delete' });
  expect(removed).toMatchObject({ before: { media_type: 'image/png' }, after: null, rowId: firm.id });
});

test('signing in and out is on record, though at that moment nobody is signed in', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  await person.api.POST('/v1/auth/logout');
  const [ended, begun] = await trail(firm, { table: 'sessions', rowId: (await trail(firm, { table: 'sessions', userId: person.id }))[0]!.rowId! });
  expect(begun).toMatchObject({ action: 'insert', actorKind: 'credential', userId: null, address: '127.0.0.1', after: { user_id: person.id } });
  expect(ended).toMatchObject({ action: 'update', actorKind: 'user', userId: person.id, after: { end_reason: 'logout' } });
});

test('what did not happen is not on record: a refused change, a read, a change that changed nothing', async () => {
  const firm = await newFirm();
  const before = await trail(firm);
  refused(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '"9.x"' } }, body: { name: 'x' } }), 412, 'precondition_failed');
  granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { country: 'US' } }));
  granted(await firm.admin.api.GET('/v1/users'));
  expect(await trail(firm)).toEqual(before);
});

test('a reason may be long, but not endless', async () => {
  const firm = await newFirm();
  await (await raw()).patch('/v1/firm').set(bearer(firm.admin)).set({ 'if-match': '*', 'x-reason': 'because '.repeat(100) }).send({ city: 'Oslo' }).expect(200);
  const [event] = await trail(firm, { table: 'firms', action: 'update' });
  expect(event!.reason).toHaveLength(500);
});

test('long texts enter the trail as hash and length', async () => {
  const firm = await newFirm();
  const agent = 'x'.repeat(300);
  await (await raw()).post('/v1/auth/login').set('user-agent', agent).send({ email: firm.admin.email, password: 'correct horse battery' }).expect(200);
  const [session] = await trail(firm, { table: 'sessions', action: 'insert' });
  expect(session!.after!['user_agent']).toBe(agent); // not long enough for that
  const permissions = granted(await firm.admin.api.GET('/v1/me')).permissions;
  const many = [...permissions, ...permissions, ...permissions, ...permissions, ...permissions, ...permissions];
  const { id } = await newKey(firm.admin, { permissions: many as never });
  const [key] = await trail(firm, { table: 'api_keys', rowId: id });
  expect(key!.after!['permissions']).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), length: expect.any(Number) });
});

test('the trail is searched by who, what, which row, which request and when', async () => {
  const firm = await newFirm();
  const [one, two] = [await firm.person('admin'), await firm.person('associate')];
  granted(await one.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { city: 'Oslo' } }));
  await changeRole(firm, two, 'partner');
  await deactivate(firm, two);
  expect((await trail(firm, { userId: one.id })).map(({ table, action }) => `${action} ${table}`)).toEqual(['update firms']);
  expect((await trail(firm, { rowId: two.id, action: 'update', table: 'users' })).map(({ after }) => Object.keys(after!).sort())).toEqual([['deactivated_at', 'status'], ['role']]);
  expect((await trail(firm, { table: 'firms' })).map(({ action }) => action)).toEqual(['update', 'insert']);
  expect(await trail(firm, { caseId: randomUUID() })).toEqual([]);
  expect(await trail(firm, { action: 'nonsense' })).toEqual([]);
  const all = await trail(firm);
  const middle = all[Math.floor(all.length / 2)]!.occurredAt;
  const [later, earlier] = [await trail(firm, { from: middle }), await trail(firm, { to: middle })];
  expect([...later, ...earlier].map(({ id }) => id)).toEqual(all.map(({ id }) => id)); // from includes, to excludes
  expect(later.at(-1)!.occurredAt).toBe(middle);
});

test('the trail is turned over page by page, in both directions, each event once', async () => {
  const firm = await newFirm();
  for (let i = 0; i < 7; i++) granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { city: `City ${i}` } }));
  const all = (await trail(firm)).map(({ id }) => id);
  for (const sort of ['-occurredAt', 'occurredAt']) {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { data: { id: string }[]; nextCursor: string | null } =
        granted(await firm.admin.api.GET('/v1/audit-events', { params: { query: { sort, limit: 3, ...(cursor && { cursor }) } } }));
      ids.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(ids).toEqual(sort.startsWith('-') ? all : all.toReversed());
  }
});

test('administrators and partners read the trail of their own firm, nobody else does', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const [partner, associate] = [await firm.person('partner'), await firm.person('associate')];
  expect(granted(await partner.api.GET('/v1/audit-events')).data.length).toBeGreaterThan(0);
  refused(await associate.api.GET('/v1/audit-events'), 403, 'forbidden');
  refused(await associate.api.GET('/v1/audit-events/verify'), 403, 'forbidden');
  refused(await associate.api.POST('/v1/audit-events/verifications'), 403, 'forbidden');
  expect(await trail(other, { userId: firm.admin.id })).toEqual([]);
  expect((await trail(other)).every(({ after }) => !JSON.stringify(after).includes(firm.slug))).toBe(true);
});
