import { Injectable } from '@nestjs/common';
import { formatToken, newSecret, parseToken, sha256 } from '../../common/auth/tokens.js';
import { notFound } from '../../common/errors/problem.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type { JobContext } from '../jobs/job-handler.js';
import type { JobPayloads, TaskJobName } from '../jobs/job-names.js';
import { Jobs } from '../jobs/jobs.service.js';
import { Notifications } from '../notifications/notifications.service.js';
import { TaskProgress } from './task-progress.js';
import type { TaskDto, TasksQuery, TaskTicketDto } from './tasks.dto.js';
import * as errors from './tasks.errors.js';
import * as sql from './tasks.queries.js';

const TICKET = 'lft';

/** Work that takes longer than a request: the caller gets a task and watches it. */
@Injectable()
export class Tasks {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly notifications: Notifications,
  ) {}

  /**
   * Makes the task of the calling user and its job in the caller's transaction. The route answers 202 (see StartsTask). One that
   * names a case is hidden with it, from its owner too. The job sees what the caller sees, or (`forFirm`) everything, and then
   * must not tell the task what the caller may not know.
   */
  async start<Name extends TaskJobName>(
    kind: string, job: Name, payload: Omit<JobPayloads[Name], 'taskId'>, options: { total?: number; caseId?: string; forFirm?: boolean } = {},
  ): Promise<TaskDto> {
    const { firmId, userId } = this.database;
    const task = (await this.database.first<TaskDto>(sql.INSERT_TASK, [firmId, newId(), userId, kind, options.total ?? null, options.caseId ?? null]))!;
    await this.jobs.enqueue(job, { ...payload, taskId: task.id } as unknown as JobPayloads[Name], { runAs: options.forFirm ? null : 'me' });
    return task;
  }

  /** What a handler reports to its task with. */
  progressOf(job: JobContext, taskId: string): TaskProgress {
    return new TaskProgress(this.database, this.notifications, job, taskId);
  }

  list(query: TasksQuery): Promise<Page<TaskDto>> {
    return listPage<TaskDto>(this.database, sql.TASK_LIST, query, sql.taskFilters(this.database.userId, query));
  }

  async get(id: string): Promise<TaskDto> {
    const task = await this.database.first<TaskDto>(sql.TASK_BY_ID, [id]);
    if (!task) throw notFound();
    return task;
  }

  /** Lets whoever holds it open the task's stream once, within a minute: EventSource sends no Authorization header. */
  async issueTicket(taskId: string): Promise<TaskTicketDto> {
    const token = { firmId: this.database.firmId, id: newId(), secret: newSecret() };
    const row = await this.database.first<{ expiresAt: string }>(sql.INSERT_TICKET, [token.firmId, token.id, this.database.userId, taskId, sha256(token.secret)]);
    if (!row) throw notFound();
    const ticket = formatToken(TICKET, token);
    return { ticket, expiresAt: row.expiresAt, url: `/v1/tasks/${taskId}/stream?ticket=${ticket}` };
  }

  /** Uses a ticket up and says whose eyes its stream has. Opens a unit of its own. */
  async redeemTicket(taskId: string, ticket: string): Promise<{ firmId: string; userId: string }> {
    const token = parseToken(TICKET, ticket);
    if (!token) throw errors.ticketRefused();
    const { firmId } = token;
    const row = await this.database.write({ kind: 'credential', firmId }, () =>
      this.database.first<{ userId: string }>(sql.REDEEM_TICKET, [token.id, taskId, sha256(token.secret)]));
    if (!row) throw errors.ticketRefused();
    return { firmId, userId: row.userId };
  }
}
