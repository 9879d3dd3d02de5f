import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runInRequest, type RequestContext } from '../../src/common/http/request-context.js';
import { User } from '../../src/models/index.js';
import { ApiKeyCache } from '../../src/modules/auth/api-key-cache.js';
import { actorOf, adminOf } from '../support/actors.js';
import { onServer, type TestApp } from '../support/app.js';
import { newFirm, PASSWORD, type TestFirm } from '../support/factories.js';
import { appWithModels } from '../support/models.js';
import { poolOf, watchPool, type Pool, type PoolWatch } from '../support/pool-watch.js';
import { fillPage, unusedPages } from '../support/page-rows.js';
import { allRoutes, call, fillPath, type Route } from '../support/routes.js';
import { fillTables, newWord } from '../support/rows.js';
import { watchStatements } from '../support/statement-watch.js';

let app: TestApp;
let routes: Route[];
let firm: TestFirm;
let watch: PoolWatch | undefined;

beforeAll(async () => {
  [app, routes, firm] = [await appWithModels(), await allRoutes(), await newFirm()];
  await fillTables(app.database, adminOf(firm));
});
beforeEach(() => {
  // the one thing that goes on beside requests: a timer notes when keys were last used
  vi.spyOn(app.app.get(ApiKeyCache), 'flush').mockResolvedValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  watch?.stop();
  watch = undefined;
});

const HOW = 'a unit of work was opened inside another: pass the work into the one that is open, or end it first (on the embedded engine this waits for ever)';
// those that end the caller's session, and one that goes on after its answer
const APART = ['POST /v1/auth/logout', 'POST /v1/auth/password', 'POST /v1/auth/password/forgot'];

describe('a request holds one connection at most', () => {
  /** Every read, and every write there is a body for; by session and by API key. */
  async function requests(): Promise<(() => Promise<unknown>)[]> {
    const { data } = await firm.admin.api.POST('/v1/api-keys', { body: { name: 'for the watch' } });
    const all: (() => Promise<unknown>)[] = [];
    for (const route of routes.filter(({ name }) => !APART.includes(name))) {
      for (const token of route.method === 'GET' ? [firm.admin.token, data!.key!] : [firm.admin.token]) {
        const { path } = await fillPath(route, app.database, adminOf(firm));
        all.push(() => call(route, path, token));
      }
    }
    const { url } = app;
    all.push(() => fetch(`${url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: firm.admin.email, password: PASSWORD }) }));
    return all;
  }

  test('one request after the other, authentication and records of refusals included', async () => {
    const all = await requests();
    watch = watchPool(poolOf(app.database));
    for (const one of all) await one();
    expect(watch.acquired).toBeGreaterThan(routes.length / 2);
    expect(watch.mostAtOnce, HOW).toBe(1);
  });

  test('many at a time', async () => {
    const all = await requests();
    watch = watchPool(poolOf(app.database));
    for (let i = 0; i < all.length; i += 10) await Promise.all(all.slice(i, i + 10).map((one) => one()));
    expect(watch.mostAtOnce).toBeGreaterThan(1);
    expect(watch.mostPerRequest, HOW).toBe(1);
  });

  test('what a request set going and its jobs hold one at a time', async () => {
    const { api } = firm.admin;
    await api.POST('/v1/users', { body: { email: `${newWord()}@watch.example`, givenName: 'New', familyName: 'Comer', role: 'associate' } });
    await api.POST('/v1/audit-events/verifications');
    watch = watchPool(poolOf(app.database));
    await app.drainJobs();
    expect(watch.acquired).toBeGreaterThan(3);
    if (!onServer) expect(watch.mostAtOnce, 'a job opened a unit of work inside another').toBe(1);
  });

  test('several queries at once in one write share its connection', async () => {
    watch = watchPool(poolOf(app.database));
    const seen = await app.database.write(actorOf(firm.admin), () =>
      Promise.all([1, 2, 3, 4].map(async (n) => (await app.database.query(`select ${n}::int as n, pg_backend_pid() as pid, pg_current_xact_id()::text as xid`))[0])));
    expect(seen.map((row) => row!['n'])).toEqual([1, 2, 3, 4]);
    expect(new Set(seen.map((row) => `${row!['pid'] as number} ${row!['xid'] as string}`)).size, 'one transaction').toBe(1);
    expect(watch.acquired).toBe(1);
  });

  test('several queries at once in one read, models among them, hold one at a time', async () => {
    watch = watchPool(poolOf(app.database));
    await app.database.read(actorOf(firm.admin), () => Promise.all([
      app.database.query('select 1 as one'), User.findAll(), app.database.batch([{ text: 'select 2 as two' }, { text: 'select 3 as three' }]), User.count(),
    ]));
    expect(watch.mostAtOnce).toBe(1);
    expect(watch.acquired).toBe(4);
  });

  test('the watch sees a request that asks for a second one', async () => {
    const pool: Pool = { acquire: () => Promise.resolve({}), release: () => {}, destroy: () => Promise.resolve() };
    const other = watchPool(pool);
    await runInRequest({ requestId: 'one' } as RequestContext, async () => {
      const first = await pool.acquire();
      pool.release(first);
      const second = await pool.acquire();
      await expect(pool.acquire()).rejects.toThrow('holds a connection already');
      await pool.destroy(second);
      await pool.acquire();
    });
    expect(other).toMatchObject({ mostPerRequest: 2, mostAtOnce: 2, acquired: 3 });
  });
});

describe('a list costs the same however long its page is', () => {
  test('as many statements for 50 rows as for one', async () => {
    const faults: string[] = unusedPages(routes).map((path) => `${path} is no list any more: take it off PAGE_ROWS of test/support/page-rows.ts`);
    const lists = [];
    for (const route of routes.filter(({ isList }) => isList)) {
      const { path, ids } = await fillPath(route, app.database, adminOf(firm));
      const page = await fillPage(route, ids, app.database, adminOf(firm));
      if (page.fault === undefined) lists.push({ route, path, ...page });
      else faults.push(page.fault);
    }
    const statements = watchStatements();
    try {
      for (const { route, path, long, query } of lists) {
        const asked: Record<string, string> = { ...query, ...(route.query.some(({ name }) => name === 'count') && { count: 'true' }) };
        const costs: string[] = [];
        for (const limit of ['1', '50']) {
          statements.reset();
          const answer = await call(route, path, firm.admin.token, { ...asked, limit });
          costs.push(`${statements.statements} statements in ${statements.flights} round trips`);
          const rows = (JSON.parse(answer.text) as { data?: unknown[] }).data?.length ?? 0;
          if (limit === '1' && rows !== 1) faults.push(`${route.name} gave ${rows} rows for limit=1`);
          if (limit === '50' && long && rows !== 50) faults.push(`${route.name} gave ${rows} rows for limit=50: see its entry in PAGE_ROWS of test/support/page-rows.ts`);
          if (limit === '50' && !long && rows < 3) faults.push(`${route.name} has only ${rows} rows to show: give its table a line in ROWS of test/support/rows.ts`);
        }
        if (costs[0] !== costs[1]) faults.push(`${route.name} sends ${costs[0]} for one row and ${costs[1]} for a page: join, or read what belongs to the rows in one statement`);
      }
    } finally {
      statements.stop();
    }
    expect(faults, `\n${faults.join('\n')}\n`).toEqual([]);
  });

  test('the watch counts', async () => {
    const statements = watchStatements();
    try {
      await app.database.read(actorOf(firm.admin), async () => {
        await app.database.batch([{ text: 'select 1' }, { text: 'select 2' }]);
        await User.findOne();
      });
      expect([statements.statements, statements.flights]).toEqual([3, 2]);
    } finally {
      statements.stop();
    }
  });
});
