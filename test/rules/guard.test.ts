import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type Row } from '../../src/database/database.js';
import { guard, OutsideUnitError, type Actor } from '../../src/database/unit-of-work.js';
import { Firm, models, User } from '../../src/models/index.js';
import { actorOf, adminOf } from '../support/actors.js';
import { onServer, type TestApp } from '../support/app.js';
import { readableTables, readCatalog, tenantTables } from '../support/catalog.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { appWithModels } from '../support/models.js';
import { fillTables, idBook } from '../support/rows.js';
import { raw, withClient } from '../support/wire.js';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
let tables: string[];
/** Those the application may read at all; the rest belong to doors and triggers. */
let readable: string[];
/** Tables a user or the firm itself may insert into; into the rest nobody may but through doors and triggers. */
let insertable: Set<string>;

beforeAll(async () => {
  [app, firm, other] = [await appWithModels(), await newFirm(), await newFirm()];
  const ids = idBook(); // the same ids in both firms: nothing but the firm tells their rows apart
  for (const one of [firm, other]) await fillTables(app.database, adminOf(one), { ids });
  const catalog = await app.database.read({ kind: 'guest' }, () => readCatalog((sql, values) => app.database.query(sql, values), app.engine.roles));
  tables = tenantTables(catalog).map(({ name }) => name);
  readable = readableTables(catalog).map(({ name }) => name);
  insertable = new Set(catalog.privileges.filter(({ role, privilege }) => role === app.engine.roles.app && privilege === 'insert').map(({ relation }) => relation));
});

const rejection = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'went through', (error: unknown) => error);
const codeFrom = async (work: Promise<unknown>): Promise<unknown> => {
  const error = await rejection(work);
  return codeOf(error) ?? error;
};
type Run = (sql: string, values?: unknown[]) => Promise<Row[]>;

/** Somebody past every unit of work: sees no row anywhere, and may write none. Returns what went through. */
async function nothingFor(run: Run): Promise<string[]> {
  const faults: string[] = [];
  for (const table of tables) {
    const rows = await run(`select count(*)::int as n from ${table}`).then(([row]) => row!['n'], (error: unknown) => codeOf(error));
    if (rows !== 0 && rows !== '42501') faults.push(`${String(rows)} rows of ${table} are seen`);
    // the policy's check comes before NOT NULL and the other constraints, so a bare row will do
    for (const sql of [`insert into ${table} (firm_id) values ($1)`, `insert into ${table} (firm_id) select $1 where true`]) {
      const code = await codeFrom(run(sql, [firm.id]));
      if (code !== '42501') faults.push(`an insert into ${table} is answered with ${String(code)} instead of 42501`);
    }
    for (const sql of [`update ${table} set firm_id = firm_id returning 1`, `delete from ${table} returning 1`]) {
      const touched = await run(sql).then((found) => found.length, (error: unknown) => codeOf(error));
      if (touched !== 0 && touched !== '42501') faults.push(`${sql} is answered with ${String(touched)}`);
    }
  }
  return faults;
}

describe('outside a unit of work', () => {
  test('a query is refused', async () => {
    await expect(async () => app.database.query('select 1')).rejects.toThrow(OutsideUnitError);
    await expect(async () => app.database.execute('select 1')).rejects.toThrow(OutsideUnitError);
    await expect(async () => app.database.batch([{ text: 'select 1' }])).rejects.toThrow(OutsideUnitError);
  });

  test.each(models.map((model) => [model.name, model] as const))('%s is refused', async (_, model) => {
    const bare = model as unknown as { findAll(): Promise<unknown>; findOne(): Promise<unknown>; count(): Promise<unknown> };
    for (const work of [() => bare.findAll(), () => bare.findOne(), () => bare.count()]) expect(await rejection(work())).toBeInstanceOf(OutsideUnitError);
  });

  test('Sequelize itself gets no connection and no transaction', async () => {
    const { sequelize } = app.database;
    expect(await rejection(sequelize.query('select 1'))).toBeInstanceOf(OutsideUnitError);
    expect(await rejection(sequelize.transaction())).toBeInstanceOf(Error);
    expect(await rejection(sequelize.authenticate())).toBeInstanceOf(OutsideUnitError);
  });

  test('a unit that has ended takes no more', async () => {
    let late: (() => Promise<unknown>) | undefined;
    await app.database.read(actorOf(firm.admin), async () => {
      let go = () => {};
      const leftBehind = new Promise<void>((resolve) => (go = resolve)).then(() => app.database.query('select 1'));
      late = () => (go(), leftBehind);
    });
    expect(await rejection(late!())).toBeInstanceOf(OutsideUnitError);
  });
});

describe('the database itself', () => {
  test('shows a guest nothing and takes nothing from him', async () => {
    const { database } = app;
    expect(await nothingFor((sql, values) => database.write({ kind: 'guest' }, () => database.query(sql, values)))).toEqual([]);
  });

  test('shows nothing to an actor of an unknown kind, or to one who names a firm only', async () => {
    const { database } = app;
    for (const kind of ['', 'admin', 'guest', 'User']) {
      const seen = await database.write({ kind: 'guest' }, async () => {
        await database.query(`select set_config('app.firm_id', $1, true), set_config('app.actor_kind', $2, true), set_config('app.user_id', $3, true)`, [firm.id, kind, firm.admin.id]);
        return Promise.all(readable.map(async (table) => [table, (await database.query(`select 1 from ${table}`)).length] as const));
      });
      expect(seen.filter(([, rows]) => rows > 0), `as "${kind}"`).toEqual([]);
    }
  });

  test.skipIf(!onServer)('gives the login role no rights of its own, and none to see without an actor', async () => {
    const { serving, roles } = app.engine;
    const client = new pg.Client({ ...serving, ssl: serving.ssl as never });
    await client.connect();
    try {
      const run: Run = async (sql, values) => (await client.query<Row>(sql, values)).rows;
      expect((await run('select current_user::text as role'))[0]).toEqual({ role: roles.app }); // how its sessions begin
      expect(await nothingFor(run)).toEqual([]);
      await run('set role none');
      for (const table of tables) expect(await codeFrom(run(`select 1 from ${table}`)), table).toBe('42501');
      expect(await nothingFor(run)).toEqual([]);
      expect(await codeFrom(run(`set role "${roles.engine}"`))).toBe('42501');
    } finally {
      await client.end();
    }
  });

  test('refuses those inserts for want of an actor, not for another reason', async () => {
    const { database } = app;
    for (const table of tables) {
      const code = await codeFrom(database.write({ kind: 'system', firmId: firm.id }, () => database.query(`insert into ${table} (firm_id) values ($1)`, [firm.id])));
      if (insertable.has(table)) expect(code, table).toMatch(/^23/);
      else expect(code, table).toBe('42501');
    }
  });
});

describe('inside a unit of work', () => {
  const actors = (of: TestFirm): Actor[] => [actorOf(of.admin), { kind: 'job', firmId: of.id, userId: of.admin.id }, { kind: 'system', firmId: of.id }, { kind: 'credential', firmId: of.id }];

  test('the role is the application’s, and its settings are gone afterwards', async () => {
    const { database, engine } = app;
    for (const open of [database.read, database.write]) {
      const inside = await open.call(database, actorOf(firm.admin), () =>
        database.first(`select current_user as role, session_user as login, current_setting('role') as setting, current_setting('is_superuser') as superuser, row_security_active('users') as guarded`));
      expect(inside).toMatchObject({ role: engine.roles.app, setting: engine.roles.app, superuser: 'off', guarded: true });
      if (onServer) expect((inside as Row)['login']).toBe(engine.serving.user);
      const next = await database.read({ kind: 'guest' }, () => database.first(`select coalesce(current_setting('app.firm_id', true), '') || coalesce(current_setting('app.user_id', true), '') as left`));
      expect((next as Row)['left']).toBe('');
    }
  });

  test('a session that does not act as the application is refused, whoever asks', async () => {
    const settings = { appRole: 'another_role', stepDown: false, limits: { statementMs: 5_000, lockMs: 5_000, idleMs: 5_000 }, source: undefined as never };
    await withClient(async (client) => {
      for (const actor of [{ kind: 'guest' } as const, ...actors(firm)]) {
        for (const readOnly of [true, false]) {
          const flight = [...(readOnly ? [] : [{ text: 'BEGIN' }]), ...guard(actor, settings, readOnly, {}), { text: 'select 1 as seen' }];
          expect(await codeFrom(raw(client, ...flight)), `${actor.kind}, ${readOnly ? 'reading' : 'writing'}`).toBe('LX500');
          if (!readOnly) await raw(client, 'ROLLBACK');
        }
      }
    });
  });

  test('an actor sees rows of his firm and of no other', async () => {
    const { database } = app;
    const seen = new Set<string>();
    for (const actor of actors(firm)) {
      for (const table of readable) {
        const firms = await database.read(actor, () => database.query<{ firm_id: string }>(`select distinct firm_id from ${table}`));
        expect(firms.filter((row) => row.firm_id !== firm.id), `${table} as ${actor.kind}`).toEqual([]);
        if (firms.length > 0) seen.add(table);
      }
    }
    expect(readable.filter((table) => !seen.has(table)), 'no row to hide: give these tables a line in ROWS of test/support/rows.ts').toEqual([]);
  });

  test('an actor writes into his firm and into no other, and moves no row there', async () => {
    const { database } = app;
    for (const actor of actors(firm)) {
      for (const table of tables) {
        expect(await codeFrom(database.write(actor, () => database.query(`insert into ${table} (firm_id) values ($1)`, [other.id]))), `insert into ${table} as ${actor.kind}`).toBe('42501');
        const moved = await codeFrom(database.write(actor, () => database.query(`update ${table} set firm_id = $1 returning 1`, [other.id]).then((rows) => rows.length || Promise.reject(new Error('no row')))));
        expect(moved, `${table} as ${actor.kind}`).not.toBe('went through');
      }
    }
  });

  test('a read is READ ONLY, and cannot be talked out of it', async () => {
    const { database } = app;
    const reader = actorOf(firm.admin);
    const write = `update users set phone = '1'`;
    expect(await codeFrom(database.read(reader, () => database.query(write)))).toBe('25006');
    expect(await codeFrom(database.read(reader, () => database.query(`insert into jobs (firm_id, id, name) values ($1, gen_random_uuid(), 'x')`, [firm.id])))).toBe('25006');
    expect(await codeFrom(database.read(reader, () => User.update({ phone: '1' }, { where: {} })))).toBe('25006');
    expect(await codeFrom(database.read(reader, () => Firm.update({ phone: '1' }, { where: {} })))).toBe('25006');
    const off = `select set_config('transaction_read_only', 'off', true)`;
    expect(await codeFrom(database.read(reader, () => database.batch([{ text: 'select 1 from users' }, { text: off }, { text: write }])))).toBe('25001');
    expect(await codeFrom(database.write(reader, () => database.query(write)))).toBe('went through');
  });

  test('work that asks the database nothing is checked all the same', async () => {
    const gone: Actor = { ...actorOf(firm.admin), role: 'partner' };
    expect(await codeFrom(app.database.read(gone, async () => 'done'))).toBe('LX401');
    expect(await codeFrom(app.database.write(gone, async () => 'done'))).toBe('LX401');
  });
});
