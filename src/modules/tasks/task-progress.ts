import { Problem } from '../../common/errors/problem.js';
import type { Database } from '../../database/database.js';
import { currentUnit } from '../../database/unit-of-work.js';
import type { JobContext } from '../jobs/job-handler.js';
import type { Notifications } from '../notifications/notifications.service.js';
import * as sql from './tasks.queries.js';

/** What the caller of failed work is told. */
export interface TaskFailure {
  code: string;
  title: string;
  detail?: string;
}

const REPORT_EVERY_MS = 250;

/**
 * Tells the watcher of a task how its job is getting on; each report is a short unit of its own (in a handler with
 * `unit: 'own'`), or part of the handler's transaction, so that result and effect are committed together. A job that
 * dies without a word fails its task too: the database does that (migration 600).
 */
export class TaskProgress {
  private reportedAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly job: JobContext,
    private readonly taskId: string,
  ) {}

  /** May be called for every row: between two reports a quarter of a second passes, except for the last step. */
  async progress(done: number, total?: number, message?: string): Promise<void> {
    const now = performance.now();
    if (now - this.reportedAt < REPORT_EVERY_MS && done !== total) return;
    this.reportedAt = now;
    await this.inUnit(() => this.database.execute(sql.REPORT_PROGRESS, [this.taskId, done, total ?? null, message ?? null]));
  }

  /** The end, with what came of it; nothing happens to a task that has ended before. */
  async complete(result: object = {}): Promise<void> {
    await this.end(sql.COMPLETE_TASK, result, (kind) => ({ title: `Done: ${kind}` }));
  }

  /** The end, with the reason. The handler then returns: its job is done, the answer is no. */
  async fail(failure: TaskFailure | Problem): Promise<void> {
    const detail = failure instanceof Problem ? failure.extras.detail : failure.detail;
    const error = { code: failure.code, title: failure.title, ...(detail !== undefined && { detail }) };
    await this.end(sql.FAIL_TASK, error, (kind) => ({ title: `Failed: ${kind}`, body: detail ?? failure.title }));
  }

  private async end(statement: string, outcome: object, tell: (kind: string) => { title: string; body?: string }): Promise<void> {
    await this.inUnit(async () => {
      const task = await this.database.first<{ kind: string; userId: string }>(statement, [this.taskId, JSON.stringify(outcome)]);
      if (!task) return;
      await this.notifications.notify({ userId: task.userId, kind: 'task', ...tell(task.kind), subjectType: 'task', subjectId: this.taskId });
    });
  }

  private async inUnit(work: () => Promise<unknown>): Promise<void> {
    await (currentUnit() ? work() : this.job.write(work));
  }
}
