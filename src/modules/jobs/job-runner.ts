import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger } from '../../common/logging/logger.js';
import { Environment } from '../../config/environment.js';
import { Database } from '../../database/database.js';
import { Bell } from './bell.js';
import { JobRegistry, type RegisteredJob } from './job-registry.js';
import { JobRun, type ClaimedJob, type Verdict } from './job-run.js';
import * as sql from './jobs.queries.js';
import { Scheduler } from './scheduler.js';

/** A completed run of so long is worth a line in the log. */
const SLOW_MS = 5_000;
const GUEST = { kind: 'guest' } as const;
const POLL_MS = 500;
const IDLE_POLL_MS = 2_000;
const FAULT_PAUSE_MS = 5_000;
const SHUTDOWN_MS = 20_000;

/** A nudge comes out of somebody's request: what runs here must belong to no request and no unit. */
const outside = AsyncLocalStorage.snapshot() as <T>(work: () => T) => T;

interface Share {
  names: string[];
  leaseSeconds: number;
  concurrency: number;
}

/**
 * Takes due jobs and runs them, several at a time (one on the embedded engine, which has one session).
 *
 * At least once: a job is settled after its work was committed, so a process that dies in between leaves a job that
 * runs again when its lease is over. Handlers therefore find out whether their work is done already (a status, a unique
 * key) before they do it. Claim and settlement are doors of the database, asked in short units of nobody.
 */
@Injectable()
export class JobRunner implements BeforeApplicationShutdown {
  private readonly worker = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  private readonly concurrency: number;
  private readonly running = new Map<string, { name: string; done: Promise<void> }>();
  private readonly bell = new Bell();
  private shares: Share[] | undefined;
  private turn = 0;
  /** The last claim got all it asked for, so more may be waiting. */
  private more = false;
  private loop: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly registry: JobRegistry,
    private readonly scheduler: Scheduler,
    private readonly environment: Environment,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.concurrency = environment.embedded ? 1 : environment.JOBS_CONCURRENCY;
  }

  /** From here on this process runs jobs and the periodic work beside them. */
  start(): void {
    if (this.loop || this.stopping) return;
    this.loop = outside(() => this.poll());
    this.scheduler.start();
  }

  /** There is something to do: do not wait for the next poll. */
  nudge(): void {
    this.bell.ring();
  }

  /** Runs what is due until nothing is. For tests and the command line. */
  async drain(): Promise<void> {
    for (;;) {
      const claimed = await outside(() => this.claim());
      if (claimed === 0 && this.running.size === 0 && !this.more) return;
      if (this.running.size === 0) continue; // done already, while another share was asked for; one that was full has places again
      await Promise.race([...this.running.values()].map((run) => run.done));
    }
  }

  /** Takes no more jobs and lets those that run come to their end, within reason; what is left over runs again elsewhere. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.bell.ring();
    await this.loop;
    const patience = new Bell();
    void Promise.all([...this.running.values()].map((run) => run.done)).then(() => patience.ring());
    await patience.wait(SHUTDOWN_MS);
    if (this.running.size > 0) this.log.warn({ jobs: [...this.running.keys()] }, 'jobs were still running at shutdown; they run again when their leases are over');
  }

  private async poll(): Promise<void> {
    let pause = POLL_MS;
    while (!this.stopping) {
      try {
        const claimed = await this.claim();
        pause = claimed > 0 ? POLL_MS : Math.min(IDLE_POLL_MS, pause * 1.5);
      } catch (error) {
        this.log.error({ err: error }, 'jobs could not be claimed');
        pause = FAULT_PAUSE_MS;
      }
      if (this.stopping) return;
      if (await this.bell.wait(pause)) pause = POLL_MS;
    }
  }

  /** Fills the free places, each share in its turn, so that no kind of job starves another. */
  private async claim(): Promise<number> {
    const shares = (this.shares ??= sharesOf(this.registry.all()));
    const first = this.turn++;
    let total = 0;
    let more = false;
    for (let i = 0; i < shares.length; i++) {
      const share = shares[(first + i) % shares.length]!;
      const busy = share.concurrency === Infinity ? 0 : [...this.running.values()].filter((run) => share.names.includes(run.name)).length;
      const free = Math.min(this.concurrency - this.running.size, share.concurrency - busy);
      if (free <= 0) {
        more = true;
        continue;
      }
      const claimed = await this.database.write(GUEST, () =>
        this.database.query<ClaimedJob>(sql.CLAIM_JOBS, [this.worker, share.names, free, share.leaseSeconds]));
      if (claimed.length >= free) this.more = more = true;
      for (const job of claimed) this.take(job);
      total += claimed.length;
    }
    this.more = more;
    return total;
  }

  private take(claimed: ClaimedJob): void {
    if (this.running.has(claimed.id)) return; // its lease had lapsed under us; it goes on with the one just taken
    const done = outside(() => this.run(this.registry.get(claimed.name), claimed)).finally(() => {
      this.running.delete(claimed.id);
      if (this.more) this.bell.ring();
    });
    this.running.set(claimed.id, { name: claimed.name, done });
  }

  /** Never rejects. */
  private async run(job: RegisteredJob, claimed: ClaimedJob): Promise<void> {
    const started = performance.now();
    // nobody else opens an embedded database, and its one session may be what the job is holding
    const renew = this.environment.embedded ? undefined : () => this.renew(claimed, job.definition.leaseSeconds);
    const verdict = await new JobRun(this.database, job, claimed, renew).perform();
    let ours = false;
    let fault: unknown;
    try {
      ours = await this.settle(claimed, verdict);
    } catch (error) {
      fault = error;
    }
    this.report(claimed, verdict, Math.round(performance.now() - started), ours, fault);
  }

  private async renew(job: ClaimedJob, seconds: number): Promise<boolean> {
    const row = await this.database.write(GUEST, () => this.database.first<{ ours: boolean }>(sql.EXTEND_JOB, [job.firmId, job.id, this.worker, seconds]));
    return row!.ours;
  }

  private async settle(job: ClaimedJob, { outcome, reason, delaySeconds }: Verdict): Promise<boolean> {
    const values = [job.firmId, job.id, this.worker, outcome, reason, delaySeconds.toFixed(3)];
    const row = await this.database.write(GUEST, () => this.database.first<{ ours: boolean }>(sql.SETTLE_JOB, values));
    return row!.ours;
  }

  /** Names and numbers only: a payload may hold what no log should. */
  private report(job: ClaimedJob, verdict: Verdict, ms: number, ours: boolean, fault: unknown): void {
    const facts = { job: job.name, jobId: job.id, firmId: job.firmId, attempt: job.attempts, ms, outcome: verdict.outcome };
    if (fault) this.log.error({ ...facts, err: fault }, 'a job could not be settled; it runs again when its lease is over');
    else if (!ours) this.log.warn(facts, 'a job lost its lease; this run does not count');
    // thousands a minute where documents come in; /metrics counts them all
    if (verdict.outcome === 'completed') this.log[ms < SLOW_MS ? 'debug' : 'info'](facts, 'job');
    else if (verdict.outcome === 'retry') this.log.warn({ ...facts, err: verdict.error, retryInSeconds: Math.round(verdict.delaySeconds) }, 'job failed');
    else this.log.error({ ...facts, err: verdict.error, reason: verdict.reason }, 'job is dead');
  }
}

/** Jobs with the same lease are claimed together; one with a bound of its own, alone. */
function sharesOf(jobs: RegisteredJob[]): Share[] {
  const shares = new Map<string, Share>();
  for (const { definition } of jobs) {
    const { name, leaseSeconds, concurrency } = definition;
    const key = concurrency === Infinity ? String(leaseSeconds) : name;
    const share = shares.get(key) ?? { names: [], leaseSeconds, concurrency };
    share.names.push(name);
    shares.set(key, share);
  }
  return [...shares.values()];
}
