import { beforeAll, describe, expect, test } from 'vitest';
import { LOGGER, type Logger } from '../../src/common/logging/logger.js';
import { Environment } from '../../src/config/environment.js';
import type { JobContext, JobDefinition } from '../../src/modules/jobs/job-handler.js';
import type { JobName } from '../../src/modules/jobs/job-names.js';
import { JobRunner } from '../../src/modules/jobs/job-runner.js';
import { Jobs } from '../../src/modules/jobs/jobs.service.js';
import { Scheduler } from '../../src/modules/jobs/scheduler.js';
import { newId } from '../../src/common/ids.js';
import { testApp, type TestApp } from '../support/app.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { atOnce, tally } from '../support/http.js';
import { eventually } from '../support/wire.js';

// Runners of the real kind, several over one queue. Their jobs have names of the test's own, so that no other runner
// knows them and these know no others.

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});

type Handle = (payload: { n: number }, job: JobContext) => Promise<void>;
const GUEST = { kind: 'guest' } as const;
const system = <T>(firm: TestFirm, work: () => Promise<T>) => app.database.write({ kind: 'system', firmId: firm.id }, work);
const newName = () => `test.${newId()}` as JobName;

/** A runner that knows one kind of job. */
function newRunner(name: JobName, handle: Handle, options: Partial<JobDefinition> = {}): JobRunner {
  const definition: JobDefinition = { name, unit: 'write', leaseSeconds: 60, timeoutSeconds: 60, maxAttempts: 3, concurrency: Infinity, ...options };
  const registered = { definition, handler: { handle } };
  const registry = { all: () => [registered], get: () => registered };
  return new JobRunner(app.database, registry as never, app.app.get(Scheduler), app.app.get(Environment), app.app.get<Logger>(LOGGER));
}
const workerOf = (runner: JobRunner) => (runner as unknown as { worker: string }).worker;

/** Leaves a mark in the job's own transaction: two for one job mean that it was done twice. */
const mark = (firm: TestFirm, title: string) =>
  app.database.execute(`insert into notifications (firm_id, id, user_id, kind, title) values ($1, $2, $3, 'system', $4)`, [firm.id, newId(), firm.admin.id, title]);
const marks = async (firm: TestFirm) => (await system(firm, () => app.database.query<{ title: string }>('select title from notifications'))).map(({ title }) => title);

const enqueue = (firm: TestFirm, name: JobName, options: object = {}, n = 0) =>
  system(firm, () => app.app.get(Jobs).enqueue(name, { n } as never, { maxAttempts: 3, ...options }));
const jobsOf = (firm: TestFirm, name: JobName) =>
  system(firm, () => app.database.query<{ id: string; status: string; attempts: number; lastError: string | null; finished: boolean }>(
    `select id, status, attempts, last_error as "lastError", finished_at is not null as finished from jobs where name = $1 order by created_at, id`, [name]));
const door = async <T>(text: string, values: unknown[]) => (await app.database.write(GUEST, () => app.database.query<Record<string, T>>(text, values))).map((row) => Object.values(row)[0]!);
const claim = (worker: string, name: JobName, limit: number, lease: number) => door<string>('select id from doors.claim_jobs($1, $2, $3, $4)', [worker, [name], limit, lease]);
const settle = async (firm: TestFirm, id: string, worker: string, outcome: string) => (await door<boolean>('select doors.settle_job($1, $2, $3, $4, $5, 0)', [firm.id, id, worker, outcome, 'why']))[0];
const extend = async (firm: TestFirm, id: string, worker: string, seconds: number) => (await door<boolean>('select doors.extend_job($1, $2, $3, $4)', [firm.id, id, worker, seconds]))[0];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('500 jobs and 4 runners: each job runs exactly once', async () => {
  const [one, other] = [await newFirm(), await newFirm()];
  const name = newName();
  for (const firm of [one, other]) {
    await system(firm, () => app.database.execute(
      `insert into jobs (firm_id, id, name, payload, max_attempts) select $1, gen_random_uuid(), $2, jsonb_build_object('n', n), 3 from generate_series(1, 250) n`, [firm.id, name]));
  }
  const seen: string[] = [];
  const runners = Array.from({ length: 4 }, () => newRunner(name, async ({ n }, job) => {
    seen.push(job.id);
    expect(job).toMatchObject({ attempt: 1, lastAttempt: false, userId: null });
    await mark(job.firmId === one.id ? one : other, `job ${n}`);
  }));
  const started = performance.now();
  await Promise.all(runners.map((runner) => runner.drain()));
  console.log(`500 jobs on 4 runners: ${Math.round(500_000 / (performance.now() - started))} jobs/s`);
  expect(seen).toHaveLength(500);
  expect(new Set(seen).size).toBe(500);
  for (const firm of [one, other]) {
    expect((await marks(firm)).toSorted()).toEqual(Array.from({ length: 250 }, (_, i) => `job ${i + 1}`).toSorted());
    expect(tally((await jobsOf(firm, name)).map(({ status, attempts }) => `${status} after ${attempts}`))).toEqual({ 'completed after 1': 250 });
  }
});

test('claims at the same moment never overlap', async () => {
  const firm = await newFirm();
  const name = newName();
  await system(firm, () => app.database.execute(
    `insert into jobs (firm_id, id, name, run_at) select $1, gen_random_uuid(), $2, clock_timestamp() - interval '1 minute' from generate_series(1, 100) n`, [firm.id, name]));
  const claimed = (await atOnce(20, (i) => claim(`worker ${i}`, name, 7, 60))).flat();
  claimed.push(...(await claim('the rest', name, 100, 60)));
  expect(claimed).toHaveLength(100);
  expect(new Set(claimed).size).toBe(100);
  expect(await claim('too late', name, 7, 60)).toEqual([]);
});

describe('a lease', () => {
  test('that is over hands the job to another runner; the first one\'s outcome no longer counts', async () => {
    const firm = await newFirm();
    const name = newName();
    const id = (await enqueue(firm, name))!;
    expect(await claim('dead', name, 5, 1)).toEqual([id]);
    expect(await claim('other', name, 5, 60)).toEqual([]);
    await pause(1_100);
    const runner = newRunner(name, async () => void (await mark(firm, 'done')));
    await runner.drain();
    expect(await settle(firm, id, 'dead', 'retry')).toBe(false);
    expect(await extend(firm, id, 'dead', 60)).toBe(false);
    expect(await jobsOf(firm, name)).toMatchObject([{ status: 'completed', attempts: 2 }]);
    expect(await marks(firm)).toEqual(['done']);
  });

  test('is renewed while the work goes on: nobody takes a job that is longer than its lease', async () => {
    const firm = await newFirm();
    const name = newName();
    await enqueue(firm, name);
    const slow = newRunner(name, async () => (await mark(firm, 'done'), void (await pause(3_500))), { leaseSeconds: 2 });
    const thieves: string[] = [];
    const done = slow.drain();
    const watch = setInterval(() => void claim('thief', name, 5, 60).then((ids) => thieves.push(...ids)), 200);
    await done;
    clearInterval(watch);
    expect(thieves).toEqual([]);
    expect(await marks(firm)).toEqual(['done']);
    expect(await jobsOf(firm, name)).toMatchObject([{ status: 'completed', attempts: 1 }]);
  });

  test('that is lost in the middle takes what was written with it', async () => {
    const firm = await newFirm();
    const name = newName();
    const id = (await enqueue(firm, name))!;
    let aborted: unknown;
    const runner = newRunner(name, async (_, job) => {
      await mark(firm, 'the first');
      await new Promise<void>((resolve) => job.signal.addEventListener('abort', () => ((aborted = job.signal.reason), resolve())));
    }, { leaseSeconds: 3 });
    const done = runner.drain();
    await eventually(() => jobsOf(firm, name), ([job]) => job!.status === 'running');
    expect(await extend(firm, id, workerOf(runner), 0)).toBe(true); // as when it could not renew for too long
    await pause(20);
    expect(await claim('second', name, 1, 60)).toEqual([id]);
    await done;
    expect(String(aborted)).toMatch(/lease was lost/);
    expect(await marks(firm)).toEqual([]);
    expect(await jobsOf(firm, name)).toMatchObject([{ status: 'running', attempts: 2 }]);
    expect(await settle(firm, id, 'second', 'completed')).toBe(true);
  });

  test('whose runner dies on the last attempt leaves a dead job, not one that comes back for ever', async () => {
    const firm = await newFirm();
    const name = newName();
    const id = (await enqueue(firm, name))!;
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(await claim(`runner ${attempt}`, name, 5, 1)).toEqual([id]);
      await extend(firm, id, `runner ${attempt}`, 0);
      await pause(10);
    }
    expect(await claim('runner 4', name, 5, 1)).toEqual([]);
    await app.app.get(Scheduler).sweep();
    expect(await jobsOf(firm, name)).toMatchObject([{ status: 'dead', attempts: 3, finished: true }]);
  });
});

describe('a failing job', () => {
  test('is tried again later, dies on its last attempt, and keeps nothing of what it wrote', async () => {
    const firm = await newFirm();
    const name = newName();
    await enqueue(firm, name, { maxAttempts: 3 });
    await enqueue(firm, name, { maxAttempts: 1 });
    const runners = Array.from({ length: 2 }, () => newRunner(name, async (_, job) => {
      await mark(firm, `attempt ${job.attempt}`);
      throw new Error(job.lastAttempt ? 'no luck at all' : 'no luck yet');
    }));
    await Promise.all(runners.map((runner) => runner.drain()));
    expect(await jobsOf(firm, name)).toMatchObject([
      { status: 'pending', attempts: 1, lastError: 'no luck yet', finished: false },
      { status: 'dead', attempts: 1, lastError: 'no luck at all', finished: true },
    ]);
    expect(await claim('too early', name, 5, 60)).toEqual([]);
    expect(await marks(firm)).toEqual([]);
  });

  test('for which a newer one of the same key waits makes way for it, and is finished', async () => {
    const firm = await newFirm();
    const name = newName();
    const id = (await enqueue(firm, name, { uniqueKey: 'k' }))!;
    expect(await claim('runner', name, 1, 60)).toEqual([id]);
    await enqueue(firm, name, { uniqueKey: 'k' });
    expect(await settle(firm, id, 'runner', 'retry')).toBe(true);
    expect(await jobsOf(firm, name)).toMatchObject([{ status: 'dead', finished: true }, { status: 'pending', finished: false }]);
  });
});

describe('a unique key', () => {
  test('asked for by 50 at once makes one waiting job', async () => {
    const firm = await newFirm();
    const name = newName();
    const ids = await atOnce(50, () => enqueue(firm, name, { uniqueKey: 'soon' }));
    expect(ids.filter(Boolean)).toHaveLength(1);
    expect(await jobsOf(firm, name)).toHaveLength(1);
  });

  test('joined by a writer waits for his commit: what he wrote is seen by the job he relies on', async () => {
    const firm = await newFirm();
    const name = newName();
    const source = newId();
    await system(firm, () => app.database.execute(`insert into notifications (firm_id, id, user_id, kind, title, body) values ($1, $2, $3, 'system', 'source', 'old')`, [firm.id, source, firm.admin.id]));
    const seen: string[] = [];
    const runner = newRunner(name, async () => void seen.push((await app.database.first<{ body: string }>('select body from notifications where id = $1', [source]))!.body));
    await enqueue(firm, name, { uniqueKey: 'soon' });
    await system(firm, async () => {
      await app.database.execute(`update notifications set body = 'new' where id = $1`, [source]);
      expect(await app.app.get(Jobs).enqueue(name, { n: 1 } as never, { maxAttempts: 3, uniqueKey: 'soon' })).toBeUndefined();
      await runner.drain(); // there is a job and it is due, and yet it must not start
      expect(seen).toEqual([]);
    });
    await runner.drain();
    expect(seen).toEqual(['new']);
  });

  test('never loses a change: what was written last is what the last job saw', async () => {
    const firm = await newFirm();
    const name = newName();
    const [source, copy] = [newId(), newId()];
    await system(firm, () => app.database.execute(
      `insert into notifications (firm_id, id, user_id, kind, title, body) select $1, id, $2, 'system', 'counter', '0' from unnest($3::uuid[]) id`, [firm.id, firm.admin.id, [source, copy]]));
    let writing = true;
    const runners = Array.from({ length: 3 }, () => newRunner(name, async () => {
      const row = await app.database.first<{ body: string }>('select body from notifications where id = $1', [source]);
      await app.database.execute('update notifications set body = $2 where id = $1 and body::int < $2::int', [copy, row!.body]);
    }));
    const running = runners.map(async (runner) => {
      do await runner.drain();
      while (writing);
      await runner.drain();
    });
    await atOnce(8, async () => {
      for (let i = 0; i < 25; i++) {
        await system(firm, async () => {
          await app.database.execute('update notifications set body = (body::int + 1)::text where id = $1', [source]);
          await app.app.get(Jobs).enqueue(name, { n: i } as never, { maxAttempts: 3, uniqueKey: 'copy' });
        });
      }
    });
    writing = false;
    await Promise.all(running);
    const bodies = await system(firm, () => app.database.query('select body from notifications where id = any ($1)', [[source, copy]]));
    expect(bodies).toEqual([{ body: '200' }, { body: '200' }]);
    const jobs = await jobsOf(firm, name);
    expect(tally(jobs.map(({ status }) => status))).toEqual({ completed: jobs.length });
    console.log(`200 changes asked for a job each; ${jobs.length} jobs did`);
  });
});
