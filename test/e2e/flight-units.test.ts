import { beforeAll, describe, expect, test } from 'vitest';
import { toProblem } from '../../src/common/http/problem.filter.js';
import { newId } from '../../src/common/ids.js';
import type { SystemActor, UserActor } from '../../src/database/unit-of-work.js';
import { onServer, testApp, throughPooler, type TestApp } from '../support/app.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { asLogin, pool, raw, withClient } from '../support/wire.js';

// Whole units of work: what is lost, repeated, stored and given back when something fails in them.

let app: TestApp;
let firm: TestFirm;
let actor: SystemActor;
beforeAll(async () => {
  app = await testApp();
  firm = await newFirm();
  actor = { kind: 'system', firmId: firm.id };
});

const INSERT = `insert into notifications (firm_id, id, user_id, kind, title) values ($1, $2, $3, 'system', $4)`;
const notify = (title: string) => app.database.execute(INSERT, [firm.id, newId(), firm.admin.id, title]);
const count = async (title: string) =>
  (await app.database.read(actor, () => app.database.first<{ n: number }>('select count(*)::int as n from notifications where title = $1', [title])))!.n;
const raises = (code: string) => `do $$ begin raise exception 'on purpose' using errcode = '${code}'; end $$`;
const sqlFails = (code: string) => app.database.execute(raises(code));
const allWorks = async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => app.database.read(actor, () => app.database.first('select $1::int as i', [i]))));
  expect(answers).toEqual(answers.map((_, i) => ({ i })));
  expect(app.database.poolState()).toMatchObject({ inUse: 0, waiting: 0 });
};

/** Cuts the line on which this statement is answered, from our side; works on both engines. */
async function cutLineDuring(mark: string): Promise<void> {
  const connections = () => (inUse() as { resource: { connection: { stream: { destroy(): void } }; _activeQuery?: { statements?: { text: string }[] } } }[]);
  for (let i = 0; i < 400; i++) {
    const found = connections().find(({ resource }) => resource._activeQuery?.statements?.some(({ text }) => text.includes(mark)));
    if (found) return found.resource.connection.stream.destroy();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`nobody flies ${mark}`);
}
const inUse = () => (app.database.sequelize.connectionManager as unknown as { pool: { _inUseObjects: unknown[] } }).pool._inUseObjects;

describe('a line that is cut', () => {
  test('during a read: the read flies again', async () => {
    const mark = `/* ${newId()} */`;
    const read = app.database.read(actor, () => app.database.first(`select pg_sleep(0.3)::text is not null as done ${mark}`));
    await cutLineDuring(mark);
    expect(await read).toEqual({ done: true });
    await allWorks();
  });

  test('during a write, before anybody relied on it: it begins anew and is done once', async () => {
    const title = newId();
    const write = app.database.write(actor, async () => {
      await app.database.batch([{ text: INSERT, values: [firm.id, newId(), firm.admin.id, title] }, { text: `select pg_sleep(0.3) /* ${title} */` }]);
    });
    await cutLineDuring(title);
    await write;
    expect(await count(title)).toBe(1);
  });

  test('in the middle of a write: the caller hears a clear 503, nothing is stored, the next write works', async () => {
    const title = newId();
    let attempts = 0;
    const write = app.database.write(actor, async () => {
      attempts++;
      await notify(title);
      await app.database.query(`select pg_sleep(0.3) /* ${title} */`);
    });
    const failed = expect(write).rejects.toSatisfy((error) => toProblem(error).status === 503);
    await cutLineDuring(title);
    await failed;
    expect(attempts).toBe(1);
    expect(await count(title)).toBe(0);
    await app.database.write(actor, () => notify(title));
    expect(await count(title)).toBe(1);
    await allWorks();
  });

  test.skipIf(!onServer)('by the server (as when it restarts): a read flies again, a write says so', async () => {
    const [title, mark] = [newId(), newId()];
    const read = app.database.read(actor, () => app.database.first(`select pg_sleep(1)::text is not null as done /* ${mark} */`));
    const write = app.database.write(actor, async () => {
      await notify(title);
      await app.database.query(`select pg_sleep(1) /* ${mark} */`);
    });
    const failed = expect(write).rejects.toSatisfy((error) => toProblem(error).status === 503);
    await asLogin(async (client) => {
      const kill = `select pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like '%' || $1 || '%'`;
      for (let killed = 0, i = 0; killed < 2 && i < 200; i++) {
        killed += (await client.query(kill, [mark])).rowCount ?? 0;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    await failed;
    expect(await read).toEqual({ done: true });
    expect(await count(title)).toBe(0);
    await allWorks();
  });
});

describe('a commit', () => {
  test('of a transaction in which a statement had failed is an error, and nothing is stored', async () => {
    const title = newId();
    const write = app.database.write(actor, async () => {
      await notify(title);
      await sqlFails('23514').catch(() => 'nobody listens');
    });
    await expect(write).rejects.toThrow(/rolled back/);
    expect(await count(title)).toBe(0);
  });

  test('that a deferred constraint refuses is that constraint\'s error; a dry run gives the same', async () => {
    const title = newId();
    const write = (dryRun: boolean) => app.database.write(actor, async () => {
      await notify(title);
      await app.database.execute('create temporary table pairs (id int constraint pairs_key unique deferrable initially deferred) on commit drop');
      await app.database.execute('insert into pairs values (1), (1)');
    }, {}, { dryRun });
    for (const dryRun of [false, true]) {
      const error = await write(dryRun).catch((fault: unknown) => fault);
      expect(error).toMatchObject({ code: '23505', constraint: 'pairs_key' });
      expect(toProblem(error)).toMatchObject({ status: 409, code: 'duplicate' });
    }
    expect(await count(title)).toBe(0);
    await allWorks();
  });

  test('comes before what was to be done after it; that is done once, not in a dry run, and cannot repeat the unit', async () => {
    const [title, done] = [newId(), [] as string[]];
    const write = (fault: string | undefined, options: { dryRun?: boolean }) => app.database.write(actor, async () => {
      await notify(title);
      app.database.afterCommit(async () => {
        done.push(`${await count(title)} stored`);
        if (fault) throw Object.assign(new Error('afterwards'), { code: fault });
      });
    }, {}, options);
    await write(undefined, { dryRun: true });
    expect(done).toEqual([]);
    await write(undefined, {});
    expect(done).toEqual(['1 stored']);
    await expect(write('40001', {})).rejects.toThrow('afterwards');
    expect(done).toEqual(['1 stored', '2 stored']);
    expect(await count(title)).toBe(2);
  });
});

describe('a serialization failure or deadlock', () => {
  test.each(['40001', '40P01'])('(%s) repeats the whole unit and stores its effect once', async (code) => {
    const title = newId();
    let attempts = 0;
    await app.database.write(actor, async () => {
      attempts++;
      await notify(title);
      if (attempts < 3) await sqlFails(code);
    });
    expect(attempts).toBe(3);
    expect(await count(title)).toBe(1);
  });

  test('is given up after a few attempts, and the caller may try again', async () => {
    let attempts = 0;
    const error = await app.database.write(actor, async () => (attempts++, sqlFails('40001'))).catch((fault: unknown) => fault);
    expect(attempts).toBe(4);
    expect(toProblem(error)).toMatchObject({ status: 409, code: 'busy' });
  });

  test('does not repeat what had an effect outside the database, nor any other error', async () => {
    let attempts = 0;
    const title = newId();
    await expect(app.database.write(actor, async () => {
      attempts++;
      await notify(title);
      app.database.markExternal();
      await sqlFails('40001');
    })).rejects.toMatchObject({ code: '40001' });
    await expect(app.database.write(actor, async () => (attempts++, sqlFails('23514')))).rejects.toMatchObject({ code: '23514' });
    expect(attempts).toBe(2);
    expect(await count(title)).toBe(0);
  });

  test.skipIf(!onServer)('of two units that lock the same rows in opposite order ends with both done', async () => {
    const rows = [newId(), newId()];
    await app.database.write(actor, async () => {
      for (const id of rows) await app.database.execute(INSERT, [firm.id, id, firm.admin.id, id]);
    });
    let attempts = 0;
    const met = new Map<string, () => void>();
    const bothHoldOne = Promise.all(['forth', 'back'].map((name) => new Promise<void>((resolve) => met.set(name, resolve))));
    const unit = (name: string, [first, second]: string[]) => app.database.write(actor, async () => {
      attempts++;
      const touch = `update notifications set body = coalesce(body, '') || 'x' where id = $1`;
      await app.database.execute(touch, [first]);
      met.get(name)!();
      await bothHoldOne;
      await app.database.execute(touch, [second]);
    });
    await Promise.all([unit('forth', rows), unit('back', rows.toReversed())]);
    expect(attempts).toBeGreaterThan(2);
    expect(await app.database.read(actor, () => app.database.query('select body from notifications where id = any ($1)', [rows]))).toEqual([{ body: 'xx' }, { body: 'xx' }]);
  });
});

describe('one unit', () => {
  test('asks one thing after the other on one connection, however many are asked at once', async () => {
    const together = (n: number) => Promise.all(Array.from({ length: n }, (_, i) =>
      app.database.first<{ i: number; xid: string; clock: string }>('select $1::int as i, pg_current_xact_id()::text as xid, clock_timestamp()::text as clock', [i])));
    const seen = new Set<number>();
    const watch = setInterval(() => seen.add(app.database.poolState().inUse), 1);
    const written = await app.database.write(actor, () => together(50));
    expect(written.map((row) => row!.i)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(new Set(written.map((row) => row!.xid)).size).toBe(1);
    expect(written.map((row) => row!.clock)).toEqual(written.map((row) => row!.clock).toSorted());
    await app.database.read(actor, () => Promise.all(Array.from({ length: 50 }, (_, i) => app.database.first('select $1::int as i', [i]))));
    clearInterval(watch);
    expect(Math.max(...seen)).toBeLessThanOrEqual(1);
  });

  test('is over when it is over: a query that comes late is refused, a failed one nobody waited for is not lost', async () => {
    let late!: () => Promise<unknown>;
    await app.database.write(actor, async () => {
      late = () => app.database.query('select 1');
    });
    await expect(late()).rejects.toThrow(/outside a unit/);
    const title = newId();
    await expect(app.database.write(actor, async () => {
      await notify(title);
      void sqlFails('23514').catch(() => undefined);
    })).rejects.toThrow(/rolled back/);
    expect(await count(title)).toBe(0);
  });
});

test('two hundred failures of every kind leave no connection behind', async () => {
  const revoked: UserActor = { kind: 'user', firmId: firm.id, userId: firm.admin.id, role: 'admin', credential: { kind: 'session', id: newId() } };
  const never = (): never => {
    throw new Error('the code fails');
  };
  const failures: (() => Promise<unknown>)[] = [
    () => app.database.read(actor, () => app.database.query('select 1/0')),
    () => app.database.write(actor, () => app.database.query('select from nowhere')),
    () => app.database.read(actor, () => notify('a read writes nothing')),
    () => app.database.write(actor, () => app.database.query('select $1::int', ['x'])),
    () => app.database.write(actor, async () => (await notify('never'), never())),
    () => app.database.read(actor, async () => never()),
    () => app.database.read(revoked, () => app.database.query('select 1')),
    () => app.database.write(revoked, () => notify('never')),
    () => app.database.write({ kind: 'guest' }, () => notify('never')),
    () => app.database.read(actor, () => app.database.query('select $1::text', [{ toJSON: never }])),
    () => app.database.write(actor, async () => void (await sqlFails('23514').catch(() => undefined))),
    () => app.database.write(actor, async () => (await notify('never'), app.database.query('select $1::text', [{ toJSON: never }]))),
    // the line is cut just when the connection is taken, which the unit finds out by flying
    () => app.database.write(actor, async () => {
      await notify('never');
      for (const { resource } of (inUse() as { resource: { connection: { stream: { destroy(): void } } } }[]).slice(0, 1)) resource.connection.stream.destroy();
      await app.database.query('select pg_sleep(0.05)');
      never();
    }),
  ];
  const results = await Promise.allSettled(Array.from({ length: 200 }, (_, i) => failures[i % failures.length]!()));
  expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  expect(app.database.poolState()).toMatchObject({ inUse: 0, waiting: 0 });
  expect(await count('never')).toBe(0);
  await allWorks();
  if (!throughPooler) await withClient(async (client) => expect(await raw(client, 'select 1 as one')).toEqual([{ one: 1 }]));
  expect((await pool()).size).toBeLessThanOrEqual(app.environment.embedded ? 1 : app.environment.DATABASE_POOL_MAX);
});
