import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Database } from '../../database/database.js';
import { JOB_STATS } from './health.queries.js';

/** What Prometheus reads at /metrics. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'lexiflow_http_request_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly refusals = new Counter({ name: 'lexiflow_http_refusals_total', help: 'Answers of 401, 403 and 429', labelNames: ['status'], registers: [this.registry] });
  private readonly children = new Map<string, { observe(seconds: number): void }>();

  constructor(private readonly database: Database) {
    collectDefaultMetrics({ register: this.registry, prefix: 'lexiflow_' });
    const pool = new Gauge({
      name: 'lexiflow_db_pool_connections', help: 'Connections of the pool', labelNames: ['state'], registers: [this.registry],
      collect: () => {
        const state = this.database.poolState();
        pool.set({ state: 'idle' }, state.idle);
        pool.set({ state: 'in_use' }, state.inUse);
        pool.set({ state: 'waiting' }, state.waiting);
      },
    });
    // Both are of one query: whichever is asked first asks, and neither is read before the answer is there.
    let asking: Promise<void> | undefined;
    const collect = (): Promise<void> => (asking ??= this.countJobs(jobs, lag).finally(() => (asking = undefined)));
    const jobs: Gauge<'name' | 'status'> = new Gauge({ name: 'lexiflow_jobs', help: 'Jobs by name and status', labelNames: ['name', 'status'], registers: [this.registry], collect });
    const lag: Gauge<'name'> = new Gauge({ name: 'lexiflow_job_lag_seconds', help: 'Age of the oldest job that is due', labelNames: ['name'], registers: [this.registry], collect });
  }

  /** Called once per request; the labels are few, so the lookups are remembered. */
  observe(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${route} ${status}`;
    let child = this.children.get(key);
    if (!child) this.children.set(key, (child = this.requests.labels(method, route, String(status))));
    child.observe(seconds);
    if (status === 401 || status === 403 || status === 429) this.refusals.inc({ status });
  }

  /** Without the database these two are missing; the others are wanted then more than ever. */
  private async countJobs(jobs: Gauge<'name' | 'status'>, lag: Gauge<'name'>): Promise<void> {
    const rows = this.database.read({ kind: 'guest' }, () => this.database.query<{ name: string; status: string; jobs: string; oldest: string }>(JOB_STATS));
    const counted = await rows.catch(() => []);
    jobs.reset();
    lag.reset();
    for (const row of counted) {
      jobs.set({ name: row.name, status: row.status }, Number(row.jobs));
      if (row.status === 'pending') lag.set({ name: row.name }, Math.max(0, Number(row.oldest)));
    }
  }
}
