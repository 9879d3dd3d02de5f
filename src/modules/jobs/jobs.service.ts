import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors/problem.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type { JobName, JobPayloads } from './job-names.js';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import type { JobDto, JobsQuery } from './jobs.dto.js';
import * as errors from './jobs.errors.js';
import * as sql from './jobs.queries.js';

export interface EnqueueOptions {
  /** Whose eyes the job has: 'me' or a user's id, null for the firm's own. Default: the calling user, where there is one. */
  runAs?: 'me' | string | null;
  delaySeconds?: number;
  /** While a job of this name and key waits, no second one is made: "soon after a change" does not pile up. */
  uniqueKey?: string;
  maxAttempts?: number;
}

const JOIN_ATTEMPTS = 20;

/** Work for later: written in the caller's transaction, so that it is there if and only if what asked for it is. */
@Injectable()
export class Jobs {
  constructor(
    private readonly database: Database,
    private readonly registry: JobRegistry,
    private readonly runner: JobRunner,
  ) {}

  /** The new job's id; undefined when one of the same unique key waits already and will do. */
  async enqueue<Name extends JobName>(name: Name, payload: JobPayloads[Name], options: EnqueueOptions = {}): Promise<string | undefined> {
    const id = newId();
    const insert = {
      text: sql.INSERT_JOB,
      values: [
        this.database.firmId, id, name, JSON.stringify(payload), this.runAs(options.runAs), options.delaySeconds ?? 0,
        options.maxAttempts ?? this.registry.get(name).definition.maxAttempts, options.uniqueKey ?? null,
      ],
    };
    if (!(await this.insert(insert, name, options.uniqueKey))) return undefined;
    if (!options.delaySeconds) this.database.afterCommit(() => this.runner.nudge());
    return id;
  }

  list(query: JobsQuery): Promise<Page<JobDto>> {
    return listPage<JobDto>(this.database, sql.JOB_LIST, query, sql.jobFilters(query));
  }

  async get(id: string): Promise<JobDto> {
    const job = await this.database.first<JobDto>(sql.JOB_BY_ID, [id]);
    if (!job) throw notFound();
    return job;
  }

  /** A dead job starts anew, with all its attempts. */
  async retry(id: string): Promise<JobDto> {
    const [retried, rows] = await this.database.batch([
      { text: sql.RETRY_JOB, values: [id] },
      { text: sql.JOB_BY_ID, values: [id] },
    ]);
    const job = rows![0] as unknown as JobDto | undefined;
    if (!job) throw notFound();
    if (!retried![0]!['retried']) throw errors.jobNotDead(`This job is ${job.status}.`);
    this.database.afterCommit(() => this.runner.nudge());
    return job;
  }

  /**
   * A waiting job that stands in for this one is held until the caller commits; if it was claimed meanwhile it may not
   * see what the caller wrote, and a new one is needed after all.
   */
  private async insert(insert: { text: string; values: unknown[] }, name: string, uniqueKey: string | undefined): Promise<boolean> {
    if (uniqueKey === undefined) return (await this.database.query(insert.text, insert.values)).length === 1;
    for (let attempt = 1; attempt <= JOIN_ATTEMPTS; attempt++) {
      const [inserted, held] = await this.database.batch([insert, { text: sql.HOLD_JOB, values: [name, uniqueKey] }]);
      if (inserted!.length > 0) return true;
      if (held![0]!['held']) return false;
    }
    throw new Error(`the job "${name}" could neither be made nor joined`);
  }

  private runAs(wish: EnqueueOptions['runAs']): string | null {
    if (wish === 'me') return this.database.userId;
    if (wish !== undefined) return wish;
    const { actor } = this.database;
    return actor.kind === 'user' || actor.kind === 'job' ? actor.userId : null;
  }
}
