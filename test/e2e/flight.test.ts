import { beforeAll, describe, expect, test } from 'vitest';
import { toProblem } from '../../src/common/http/problem.filter.js';
import { newId } from '../../src/common/ids.js';
import { fly, MAX_PARSED, type Statement } from '../../src/database/flight.js';
import { FlightUnit, guard, type ConnectionSource, type SystemActor, type UnitSettings } from '../../src/database/unit-of-work.js';
import { onServer, testApp, throughPooler, type TestApp } from '../support/app.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { asLogin, eventually, raw, SETTINGS, withClient } from '../support/wire.js';

// One flight on one connection: what a failure does to it, and what must be left behind (nothing).

let app: TestApp;
let firm: TestFirm;
let actor: SystemActor;
let settings: UnitSettings;
beforeAll(async () => {
  app = await testApp();
  firm = await newFirm();
  actor = { kind: 'system', firmId: firm.id };
  settings = { appRole: app.engine.roles.app, stepDown: app.engine.kind === 'embedded', limits: { statementMs: 15_000, lockMs: 5_000, idleMs: 30_000 }, source: undefined as never };
});

const guarded = (...statements: Statement[]) => [...guard(actor, settings, false, {}), ...statements];
const notification = (title: string): Statement => ({
  text: `insert into notifications (firm_id, id, user_id, kind, title) values ($1, $2, $3, 'system', $4)`,
  values: [firm.id, newId(), firm.admin.id, title],
});
const titled = (title: string) => app.database.read(actor, () => app.database.query('select id from notifications where title = $1', [title]));
/** Texts nobody has used yet, so that the server has not parsed them. */
let made = 0;
const unused = (sql: string) => `${sql} /* flight ${++made} */`;

describe('a flight that fails', () => {
  test('rejects, and the same connection flies again', async () => {
    await withClient(async (client) => {
      for (const [text, code] of [[unused('select 1/0'), '22012'], [unused('selec 1'), '42601'], [unused('select * from nowhere'), '42P01']] as const) {
        await expect(fly(client, [{ text: 'select 1' }, { text }, { text: 'select 2' }], 5_000)).rejects.toMatchObject({ code });
        expect(await raw(client, 'select 41 + 1 as sum')).toEqual([{ sum: 42 }]);
      }
    });
  });

  test('leaves nothing of the statements before the error', async () => {
    const before = `before ${newId()}`;
    await withClient(async (client) => {
      await expect(fly(client, guarded(notification(before), { text: 'select 1/0' }), 5_000)).rejects.toMatchObject({ code: '22012' });
      await fly(client, guarded(notification(`${before}, again`)), 5_000);
    });
    expect(await titled(before)).toEqual([]);
    expect(await titled(`${before}, again`)).toHaveLength(1);
  });

  test('takes its settings with it, as one that succeeds does', async () => {
    await withClient(async (client) => {
      const [bare] = await raw(client, SETTINGS);
      const [inside] = await raw(client, ...guard(actor, settings, true, {}), SETTINGS);
      expect(inside).toMatchObject({ role: app.engine.roles.app, firm: firm.id, kind: 'system', statement_timeout: '15s', read_only: 'on' });
      expect(await raw(client, SETTINGS)).toEqual([bare]);
      await expect(fly(client, guarded({ text: 'select 1/0' }), 5_000)).rejects.toThrow();
      expect(await raw(client, SETTINGS)).toEqual([bare]);
      expect(bare).toMatchObject({ firm: '', user: '', kind: '', read_only: 'off' });
    });
  });

  test('remembers which statements the server has parsed, whatever stood behind them', async () => {
    const first = unused('select $1::int as one');
    const divide = unused('select 10 / $1::int as ten');
    const last = unused('select $1::text as three');
    const flight = (divisor: number) => [{ text: first, values: [1] }, { text: divide, values: [divisor] }, { text: last, values: ['x'] }];
    await withClient(async (client) => {
      await expect(fly(client, flight(0), 5_000)).rejects.toMatchObject({ code: '22012' });
      // through a pooler the names are off, and asking for them could reach another server connection
      if (app.environment.DATABASE_PREPARED_STATEMENTS) {
        const known = await raw(client, { text: 'select statement from pg_prepared_statements where statement = any ($1)', values: [[first, divide, last]] });
        expect(known.map(({ statement }) => statement).sort()).toEqual([first, divide].sort());
      }
      for (let round = 0; round < 3; round++) {
        const results = await fly(client, flight(5), 5_000);
        expect(results.map(({ rows }) => rows)).toEqual([[{ one: 1 }], [{ ten: 2 }], [{ three: 'x' }]]);
        await expect(fly(client, flight(0), 5_000)).rejects.toMatchObject({ code: '22012' });
      }
    });
  });

  test('a connection keeps a bounded number of statements parsed, and still answers the ones that made room', async () => {
    await withClient(async (client) => {
      const texts = Array.from({ length: MAX_PARSED + 50 }, (_, n) => unused(`select ${n} as n`));
      for (let from = 0; from < texts.length; from += 50) await fly(client, texts.slice(from, from + 50).map((text) => ({ text })), 15_000);
      expect(await raw(client, { text: texts[0]! })).toEqual([{ n: 0 }]);
      if (app.environment.DATABASE_PREPARED_STATEMENTS) {
        const [{ count }] = (await raw(client, { text: `select count(*)::int as count from pg_prepared_statements where name like 'lf\\_%'` })) as [{ count: number }];
        expect(count).toBeLessThanOrEqual(MAX_PARSED);
        expect(count).toBeGreaterThan(MAX_PARSED - 60);
      }
    });
  });

  test('does not take a statement for parsed that was not, when a sentence before it was no SQL', async () => {
    const broken = unused('this is no SQL');
    const behind = unused('select 7 as seven');
    await withClient(async (client) => {
      for (let round = 0; round < 2; round++) await expect(fly(client, [{ text: broken }, { text: behind }], 5_000)).rejects.toMatchObject({ code: '42601' });
      expect(await raw(client, behind)).toEqual([{ seven: 7 }]);
    });
  });

  test('the same text several times in one flight is parsed once and answered each time', async () => {
    const text = unused('select $1::int as n');
    await withClient(async (client) => {
      for (let round = 0; round < 2; round++) {
        const results = await fly(client, [1, 2, 3].map((n) => ({ text, values: [n] })), 5_000);
        expect(results.flatMap(({ rows }) => rows)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      }
    });
  });
});

describe('values', () => {
  const long = 'ß€𝄞'.repeat(300_000);
  const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, i) => i % 251));

  test('of every kind and size arrive as they were sent, the next flight after them too', async () => {
    const text = unused(`select $1::text as empty, $2::text as long, $3::bytea as bytes, $4::text as nothing, $5::jsonb as json, $6::text[] as list,
      $7::timestamptz as at, $8::numeric as money, $9::boolean as yes, $10::bytea as none, $11::uuid[] as ids`);
    const id = newId();
    const values = ['', long, bytes, null, { a: [1, 'ä"\\'] }, ['x', 'y"z', null, ','], new Date('2026-11-21T01:02:03.456Z'), '1250.00', true, Buffer.alloc(0), [id]];
    await withClient(async (client) => {
      for (let round = 0; round < 3; round++) {
        const [{ long: longAgain, bytes: bytesAgain, ...rest } = {}] = await raw(client, 'select 1', { text, values });
        expect([longAgain === long, bytes.equals(bytesAgain as Buffer)]).toEqual([true, true]); // compared by us: a failure need not be shown
        expect(rest).toEqual({
          empty: '', nothing: null, json: { a: [1, 'ä"\\'] }, list: ['x', 'y"z', null, ','], at: '2026-11-21T01:02:03.456Z', money: '1250.00', yes: true,
          none: Buffer.alloc(0), ids: [id],
        });
        expect(await raw(client, 'select 2 as two')).toEqual([{ two: 2 }]);
      }
    });
  });

  test('that cannot be sent leave nothing of their flight for the next one to carry', async () => {
    await withClient(async (client) => {
      const flight = fly(client, [{ text: 'select $1::text', values: [long] }, { text: 'select $1::text', values: [{ toJSON: () => { throw new Error('no'); } }] }], 5_000);
      await expect(flight).rejects.toThrow('no');
      await expect(fly(client, [{ text: `select $1::text`, values: Array.from({ length: 70_000 }, () => 'x') }], 5_000)).rejects.toThrow(/cannot be sent/);
      expect(await raw(client, { text: 'select $1::text as short', values: ['x'] })).toEqual([{ short: 'x' }]);
      await expect(fly(client, [{ text: 'select $1::text', values: ['a\u0000b'] }], 5_000)).rejects.toMatchObject({ code: '22021' });
      expect(await raw(client, { text: 'select $1::text as short', values: ['x'] })).toEqual([{ short: 'x' }]);
    });
  });
});

describe('values that have no form on the wire', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  let calls = 0;
  const cases: [string, unknown, RegExp][] = [
    ['circular JSON', circular, /circular/i],
    ['an object that refuses to become JSON', { toJSON: () => { calls++; throw new Error('not me'); } }, /not me/],
    ['an object whose database form is circular', { toPostgres: () => circularForm }, /circular/i],
    ['a number that JSON does not know', { n: 1n }, /BigInt/],
  ];
  const circularForm = { toPostgres: (): unknown => circularForm };

  test.each(cases)('%s rejects without anything being sent, once, and the connection stays', async (_, value, message) => {
    const text = unused('select $1::text');
    const pid = () => app.database.read(actor, () => app.database.first('select pg_backend_pid() as pid'));
    const [size, before] = [app.database.poolState().size, await pid()];
    calls = 0;
    await expect(app.database.read(actor, () => app.database.query(text, [value]))).rejects.toThrow(message);
    await expect(app.database.write(actor, () => app.database.query(text, [value]))).rejects.toThrow(message);
    expect(calls).toBeLessThanOrEqual(2); // a value that cannot be sent now cannot be sent at another attempt
    expect(app.database.poolState()).toMatchObject({ inUse: 0, waiting: 0 });
    if (!throughPooler) expect(await pid()).toEqual(before);
    expect(app.database.poolState().size).toBeGreaterThanOrEqual(size);
  });

  test('too few values are the code\'s fault: no lost connection, no further attempt', async () => {
    const error = await app.database.read(actor, () => app.database.query('select $1::int + $2::int', [1])).catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: '08P01' });
    expect(toProblem(error).status).toBe(500);
  });
});

describe('a flight that takes too long', () => {
  test('is cut off by the statement time-out', async ({ skip }) => {
    if (!onServer) skip('the embedded engine has no timers');
    await withClient(async (client) => {
      const late = fly(client, [{ text: `select set_config('statement_timeout', '200', true)` }, { text: 'select pg_sleep(20)' }], 30_000);
      await expect(late).rejects.toMatchObject({ code: '57014', severity: 'ERROR' });
      expect(await raw(client, 'select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  test('is given up at its deadline; its connection is replaced, and on a server its statement ends', async () => {
    const mark = `deadline ${newId()}`;
    const seconds = onServer ? 30 : 2; // nobody can interrupt the embedded engine: what follows waits for it
    const limits = { statementMs: 100, lockMs: 100, idleMs: 30_000 };
    const { source, destroyed } = watched();
    const unit = new FlightUnit(actor, { ...settings, limits, source }, {});
    const started = performance.now();
    const late = unit.run([{ text: `select set_config('statement_timeout', '0', true)` }, { text: `select pg_sleep(${seconds}) /* ${mark} */`, prepare: false }]);
    await expect(late).rejects.toMatchObject({ code: '57014' });
    if (onServer) expect(performance.now() - started).toBeLessThan(15_000);
    expect(destroyed).toHaveLength(1);
    expect(toProblem(await late.catch((error: unknown) => error))).toMatchObject({ status: 503, code: 'timed_out' });
    if (onServer) {
      const running = `select pid from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like '%' || $1 || '%'`;
      await asLogin((client) => eventually(async () => (await client.query(running, [mark])).rowCount, (count) => count === 0));
    }
    expect(await app.database.read(actor, () => app.database.first('select 1 as one'))).toEqual({ one: 1 });
    // the replacement may just be on its way into the pool
    await eventually(async () => app.database.poolState(), ({ inUse, waiting }) => inUse === 0 && waiting === 0);
  });
});

describe('a statement whose columns changed under it', () => {
  // The table is a temporary one, so that the schema stays as it is; through a pooler it would not stay ours.
  test.skipIf(throughPooler)('is asked anew, and the flight succeeds', async () => {
    const table = `probe_${++made}`;
    await withClient(async (client) => {
      const own: ConnectionSource = { acquire: async () => client, release: () => {}, destroy: () => Promise.reject(new Error('the connection was sound')) };
      const unit = new FlightUnit(actor, { ...settings, source: own }, {});
      const all = [{ text: `select * from ${table}` }, { text: 'select 2 as two' }];
      await raw(client, `create temporary table ${table} (a int)`, `grant select on ${table} to public`, `insert into ${table} values (1)`);
      expect((await unit.run(all)).map(({ rows }) => rows)).toEqual([[{ a: 1 }], [{ two: 2 }]]);
      await raw(client, `alter table ${table} add column b text default 'new'`);
      expect((await unit.run(all)).map(({ rows }) => rows)).toEqual([[{ a: 1, b: 'new' }], [{ two: 2 }]]);
      expect((await unit.run(all)).map(({ rows }) => rows)).toEqual([[{ a: 1, b: 'new' }], [{ two: 2 }]]);
      await raw(client, `drop table ${table}`);
    });
  });

  test.skipIf(throughPooler)('a name that the server forgot, or has without our knowing, is no obstacle', async () => {
    const text = unused('select 5 as five');
    await withClient(async (client) => {
      const own: ConnectionSource = { acquire: async () => client, release: () => {}, destroy: () => Promise.reject(new Error('the connection was sound')) };
      const unit = new FlightUnit(actor, { ...settings, source: own }, {});
      await unit.run([{ text }]);
      await raw(client, { text: 'deallocate all', prepare: false });
      expect((await unit.run([{ text }]))[0]!.rows).toEqual([{ five: 5 }]);
    });
  });
});

/** The application's own source, with a look at what is thrown away. */
function watched(): { source: ConnectionSource; destroyed: unknown[] } {
  const destroyed: unknown[] = [];
  const own = (app.database as unknown as { settings: UnitSettings }).settings.source;
  return { destroyed, source: { ...own, destroy: (client) => (destroyed.push(client), own.destroy(client)) } };
}
