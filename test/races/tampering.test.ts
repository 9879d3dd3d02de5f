import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { newId } from '../../src/common/ids.js';
import { Scheduler } from '../../src/modules/jobs/scheduler.js';
import { testApp, type TestApp } from '../support/app.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { send } from '../support/http.js';
import { asSuperuser, superuserUrl } from '../support/wire.js';

// Somebody with every right on the database rewrites history: verifying names what he touched.

const SEALS = 5;
const CHANGES_PER_SEAL = 12;

interface Verification {
  intact: boolean;
  firstBroken: { seal: number; eventId?: string; fault: string } | null;
  seals: number;
}
interface Event {
  id: string;
  seal: number;
}

let app: TestApp;
let firm: TestFirm;
let events: Event[];
const verify = async () => (await send<Verification>(firm.admin, 'GET', '/v1/audit-events/verify')).body;

describe.skipIf(!superuserUrl)('a sealed trail', () => {
  beforeAll(async () => {
    app = await testApp();
    firm = await newFirm();
    for (let seal = 0; seal < SEALS; seal++) {
      for (let n = 0; n < CHANGES_PER_SEAL; n++) {
        await app.database.write({ kind: 'system', firmId: firm.id }, () => app.database.execute(
          'update users set title = $2, phone = $3 where id = $1', [firm.admin.id, `${seal}.${n}`, newId()]), { requestId: newId(), address: '192.0.2.1', reason: 'test' });
      }
      await app.app.get(Scheduler).sealAll();
    }
    events = await app.database.read({ kind: 'system', firmId: firm.id }, () => app.database.query<Event & object>(
      `select id::text as id, s.number::int as seal from audit_seals s, unnest(s.row_ids) id order by s.number, id`));
    expect(await verify()).toMatchObject({ intact: true, firstBroken: null, seals: SEALS });
  });

  /** Does harm as superuser with triggers off, sees what verifying says, and undoes it. */
  async function tamper(table: 'audit_events' | 'audit_seals', harm: (client: pg.Client) => Promise<unknown>): Promise<Verification> {
    return asSuperuser(async (client) => {
      await client.query(`set session_replication_role = replica`);
      await client.query(`create temporary table saved as select * from ${table} where firm_id = '${firm.id}'`);
      try {
        await harm(client);
        return await verify();
      } finally {
        await client.query(`delete from ${table} where firm_id = '${firm.id}'`);
        await client.query(`insert into ${table} select * from saved`);
        expect(await verify()).toMatchObject({ intact: true, seals: SEALS });
      }
    });
  }
  const anyEvent = () => events[randomInt(events.length)]!;
  const broken = ({ id, seal }: Event, fault: string) => ({ intact: false, seals: seal - 1, firstBroken: { seal, eventId: id, fault } });
  const one = 'where firm_id = $1 and id = $2';

  test.each([
    ['actor_kind', `'guest'`], ['user_id', 'gen_random_uuid()'], ['request_id', `'another'`], ['address', `'203.0.113.9'`], ['action', `'insert'`],
    ['table_name', `'firms'`], ['row_id', 'gen_random_uuid()'], ['case_id', 'gen_random_uuid()'], ['before', `'{}'::jsonb`],
    ['after', `coalesce(after, '{}') || '{"title":"Partner"}'`], ['after', 'null'], ['reason', 'null'], ['occurred_at', `occurred_at - interval '1 microsecond'`],
  ])('names the event whose %s became %s', async (column, value) => {
    const event = anyEvent();
    const result = await tamper('audit_events', (client) => client.query(`update audit_events set ${column} = ${value} ${one}`, [firm.id, event.id]));
    expect(result).toMatchObject(broken(event, 'row altered'));
  });

  test('names an event that is gone, wherever it was', async () => {
    for (const event of [events[0]!, events.at(-1)!, anyEvent(), anyEvent(), anyEvent()]) {
      const result = await tamper('audit_events', (client) => client.query(`delete from audit_events ${one}`, [firm.id, event.id]));
      expect(result).toMatchObject(broken(event, 'row missing'));
    }
  });

  test('names an event that was slipped in', async () => {
    for (let i = 0; i < 3; i++) {
      const neighbour = anyEvent();
      const result = await tamper('audit_events', (client) => client.query(
        `insert into audit_events (firm_id, occurred_at, id, xid, actor_kind, action, table_name) select firm_id, occurred_at, 7, xid, 'system', 'update', 'users' from audit_events ${one}`,
        [firm.id, neighbour.id]));
      expect(result).toMatchObject(broken({ ...neighbour, id: '7' }, 'row inserted'));
    }
  });

  test('names an event that was moved to another place of the trail, or out of it', async () => {
    const [early, late] = [events.find(({ seal }) => seal === 2)!, events.find(({ seal }) => seal === 4)!];
    const move = (event: Event, xid: string) => tamper('audit_events', (client) => client.query(`update audit_events set xid = (${xid}) ${one}`, [firm.id, event.id]));
    const firstOf = (seal: number) => `select from_xid from audit_seals where firm_id = $1 and number = ${seal}`;
    expect(await move(early, firstOf(4))).toMatchObject(broken(early, 'row missing'));
    expect(await move(early, '9000000000000000')).toMatchObject(broken(early, 'row missing'));
    expect(await move(late, firstOf(2))).toMatchObject(broken({ ...late, seal: 2 }, 'row inserted'));
  });

  test('names the first of several', async () => {
    const [a, b] = [events[10]!, events[40]!];
    const result = await tamper('audit_events', async (client) => {
      await client.query(`delete from audit_events ${one}`, [firm.id, b.id]);
      await client.query(`update audit_events set reason = 'two' ${one}`, [firm.id, a.id]);
    });
    expect(result).toMatchObject(broken(a, 'row altered'));
  });

  test.each([
    ['hash', `sha256('x')`], ['previous_hash', `sha256('x')`], ['row_hashes', `overlay(row_hashes placing '\\x00000000'::bytea from 33)`],
    ['row_ids', 'row_ids[2:] || row_ids[1]'], ['from_xid', 'from_xid + 1'], ['to_xid', 'to_xid + 1'],
    ['row_times', `array(select t + interval '1 day' from unnest(row_times) t)`], ['sealed_at', `sealed_at - interval '1 day'`],
  ])('names the seal whose %s was altered', async (column, value) => {
    const seal = 1 + randomInt(SEALS);
    const result = await tamper('audit_seals', (client) => client.query(`update audit_seals set ${column} = ${value} where firm_id = $1 and number = $2`, [firm.id, seal]));
    expect(result).toMatchObject({ intact: false, seals: seal - 1, firstBroken: { seal, fault: 'seal altered' } });
  });

  test('names a seal that is gone; the last one is missed by whoever kept its hash', async () => {
    const head = (await verify() as Verification & { head: string }).head;
    for (let seal = 1; seal < SEALS; seal++) {
      const result = await tamper('audit_seals', (client) => client.query('delete from audit_seals where firm_id = $1 and number = $2', [firm.id, seal]));
      expect(result).toMatchObject({ intact: false, seals: seal - 1, firstBroken: { seal, fault: 'seal missing' } });
    }
    const cut = await tamper('audit_seals', (client) => client.query('delete from audit_seals where firm_id = $1 and number = $2', [firm.id, SEALS]));
    expect(cut).toMatchObject({ lastSeal: SEALS - 1, unsealedEvents: expect.any(Number) });
    expect((cut as Verification & { head: string }).head).not.toBe(head);
  });

  test('cannot be touched by the app, by the engine or by the owner, not even with their own triggers off', async () => {
    const statements = ['update audit_events set reason = null', 'delete from audit_events', 'update audit_seals set sealed_at = now()', 'delete from audit_seals', 'truncate audit_seals'];
    for (const text of statements) {
      await expect(app.database.write({ kind: 'system', firmId: firm.id }, () => app.database.query(text))).rejects.toMatchObject({ code: '42501' });
      const owner = await app.engine.connectOwner();
      try {
        await expect(owner.query(text)).rejects.toMatchObject({ code: '42501' });
        await expect(owner.query('set session_replication_role = replica')).rejects.toMatchObject({ code: '42501' });
      } finally {
        await owner.end();
      }
    }
    expect(await verify()).toMatchObject({ intact: true, seals: SEALS });
  });
});
