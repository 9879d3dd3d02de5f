import { expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { asFirm, rowsOf, trail } from '../support/fixtures.js';

const FORBIDDEN = { code: '42501' };

test.each([
  `insert into audit_events (firm_id, xid, actor_kind, action, table_name) values ($1, 1, 'system', 'insert', 'users')`,
  `update audit_events set action = 'nothing' where firm_id = $1`,
  `delete from audit_events where firm_id = $1`,
  `insert into audit_seals (firm_id, number, from_xid, to_xid, row_ids, row_times, row_hashes, previous_hash, hash) values ($1, 1, 0, 9, '{}', '{}', '', '', '')`,
  `update audit_seals set hash = previous_hash where firm_id = $1`,
  `delete from audit_seals where firm_id = $1`,
  `update audit_events_default set action = 'nothing' where firm_id = $1`,
])('not even the firm itself writes history: %s', async (sql) => {
  const firm = await newFirm();
  const before = await trail(firm);
  await expect(asFirm(firm, sql, [firm.id])).rejects.toMatchObject(FORBIDDEN);
  expect(await trail(firm)).toEqual(before);
});

test.each([
  'truncate audit_events', 'truncate audit_seals', 'drop table audit_events', 'alter table audit_events disable trigger all',
  'drop trigger users_audit on users', 'alter table users disable trigger users_audit', `select setval('audit_events_id_seq', 1)`,
  'set local session_replication_role = replica',
])('nor does it get rid of what writes it: %s', async (sql) => {
  const firm = await newFirm();
  await expect(asFirm(firm, sql)).rejects.toMatchObject(FORBIDDEN);
});

test('a partition read directly would not be guarded by the policies of the whole, so nobody may', async () => {
  const firm = await newFirm();
  const [{ name } = { name: '' }] = await rowsOf<{ name: string }>(firm,
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit_events'::regclass and c.relname ~ '\\d{4}_\\d\\d$' limit 1`);
  expect(name).toMatch(/^audit_events_\d{4}_\d{2}$/);
  await expect(rowsOf(firm, `select id from ${name}`)).rejects.toMatchObject(FORBIDDEN);
});

test('events that no row tells of are the few it knows, and nothing can be told in the guise of one', async () => {
  const firm = await newFirm();
  const { database } = await testApp();
  const record = (event: string) => database.write({ kind: 'guest' }, () =>
    database.execute('select doors.record_event($1, $2, $3, $4, $5, $6)', [firm.id, firm.admin.id, event, 'r', 'a', '{}']));
  await expect(record('update')).rejects.toMatchObject({ code: '22023' });
  await expect(record('insert')).rejects.toMatchObject({ code: '22023' });
});

test('whoever changes rows past the routes is on record all the same', async () => {
  const firm: TestFirm = await newFirm();
  await asFirm(firm, `update firms set city = 'Oslo'`);
  const [event] = await trail(firm, { table: 'firms', action: 'update' });
  expect(event).toMatchObject({ actorKind: 'system', userId: null, requestId: null, after: { city: 'Oslo' } });
});
