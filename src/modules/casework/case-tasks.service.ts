import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { assertChanging, CaseStanding } from '../cases/case-standing.service.js';
import { Notifications } from '../notifications/notifications.service.js';
import { CasePeople } from './case-people.service.js';
import type { CaseTaskDto, CaseTasksQuery, ChecklistItem, ChecklistItemDto, CreateCaseTask, TasksOfCaseQuery, UpdateCaseTask } from './case-tasks.dto.js';
import * as sql from './case-tasks.queries.js';
import { TASK_TRANSITIONS, type TaskStatus } from './case-tasks.states.js';
import * as errors from './casework.errors.js';

type TaskRow = Omit<CaseTaskDto, 'allowedTransitions'>;

const present = (row: TaskRow): CaseTaskDto => ({ ...row, allowedTransitions: TASK_TRANSITIONS[row.status] });

@Injectable()
export class CaseTasks {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
    private readonly people: CasePeople,
    private readonly notifications: Notifications,
  ) {}

  list(query: CaseTasksQuery): Promise<Page<CaseTaskDto>> {
    return listPage<CaseTaskDto>(this.database, sql.TASK_LIST, query, sql.taskFilters(this.database.userId, query), present);
  }

  async listOfCase(caseId: string, query: TasksOfCaseQuery): Promise<Page<CaseTaskDto>> {
    await this.cases.assertVisible(caseId);
    return listPage<CaseTaskDto>(this.database, sql.TASKS_OF_CASE, query, sql.taskFilters(this.database.userId, { ...query, caseId }), present);
  }

  get(id: string): Promise<CaseTaskDto> {
    return this.one(sql.TASK_BY_ID, id);
  }

  async create(caseId: string, input: CreateCaseTask): Promise<CaseTaskDto> {
    await this.cases.assertChanging(caseId);
    await this.assertAssignee(caseId, input.assigneeId);
    const id = newId();
    const items = checklist([], input.items ?? []);
    await this.database.execute(sql.INSERT_TASK, [
      this.database.firmId, id, caseId, input.title, input.description ?? null, input.assigneeId ?? null, input.dueOn ?? null, input.priority ?? 'normal',
      input.position ?? 0, this.database.userId,
    ]);
    if (items.length > 0) await this.writeItems(caseId, id, items);
    const task = await this.get(id);
    await this.tellAssignee(task);
    return task;
  }

  async update(id: string, changes: UpdateCaseTask): Promise<CaseTaskDto> {
    const task = await this.lock(id);
    const { status, items, ...rest } = changes;
    if (status !== undefined && status !== task.status) return this.change(task, { ...rest, ...this.become(task, status) }, items);
    return this.change(task, rest, items);
  }

  async complete(id: string): Promise<CaseTaskDto> {
    const task = await this.lock(id);
    return this.change(task, this.become(task, 'done'));
  }

  /** Done or cancelled, it is to be done after all. */
  async reopen(id: string): Promise<CaseTaskDto> {
    const task = await this.lock(id);
    if (task.status === 'in_progress') throw refusal(task, 'open');
    return this.change(task, this.become(task, 'open'));
  }

  async remove(id: string): Promise<void> {
    await this.lock(id);
    await this.database.execute(sql.DELETE_TASK, [id]);
  }

  private async change(task: CaseTaskDto, changes: Record<string, unknown>, wanted?: ChecklistItem[]): Promise<CaseTaskDto> {
    const assigneeId = changes['assigneeId'] as string | null | undefined;
    const reassigned = assigneeId !== undefined && assigneeId !== (task.assignee?.id ?? null);
    if (reassigned) await this.assertAssignee(task.caseId, assigneeId);
    const items = wanted && checklist(task.items, wanted);
    const itemsChanged = items !== undefined && JSON.stringify(items) !== JSON.stringify(task.items);
    // the checklist is part of the task: its version counts changes of both
    const update = sql.updateTask(task.id, changes, itemsChanged);
    if (update) await this.database.execute(update.text, update.values);
    if (itemsChanged) await this.writeItems(task.caseId, task.id, items);
    const changed = await this.get(task.id);
    if (reassigned) await this.tellAssignee(changed);
    return changed;
  }

  private become(task: CaseTaskDto, status: TaskStatus): Record<string, unknown> {
    if (!TASK_TRANSITIONS[task.status].includes(status)) throw refusal(task, status);
    const done = status === 'done';
    return { status, completedAt: done ? new Date().toISOString() : null, completedBy: done ? this.database.userId : null };
  }

  private async assertAssignee(caseId: string, id: string | null | undefined): Promise<void> {
    if (id) await this.people.assertSee(caseId, [{ id, pointer: '/assigneeId' }], errors.assigneeCannotSeeCase);
  }

  private async writeItems(caseId: string, taskId: string, items: ChecklistItemDto[]): Promise<void> {
    await this.database.execute(sql.WRITE_ITEMS, [this.database.firmId, caseId, taskId, JSON.stringify(items.map((item, position) => ({ ...item, position })))]);
  }

  private async tellAssignee(task: CaseTaskDto): Promise<void> {
    if (!task.assignee || task.assignee.id === this.database.userId) return;
    await this.notifications.notify({
      userId: task.assignee.id, kind: 'task', title: `${await this.people.callersName()} gave you the task “${task.title}” on ${task.case.number}`,
      subjectType: 'case_task', subjectId: task.id, caseId: task.caseId,
    });
  }

  private async lock(id: string): Promise<CaseTaskDto> {
    const task = await this.one(sql.LOCK_TASK, id);
    assertFresh(task, task);
    assertChanging(task.case);
    return task;
  }

  private async one(text: string, id: string): Promise<CaseTaskDto> {
    const task = await this.database.first<TaskRow>(text, [id]);
    if (!task) throw notFound();
    return present(task);
  }
}

function refusal(task: CaseTaskDto, status: TaskStatus): Error {
  const allowed = TASK_TRANSITIONS[task.status];
  const detail = `The task is ${task.status}; it can become ${allowed.join(', ')}.`;
  return errors.taskTransition({ detail, errors: [{ pointer: '/status', code: 'task_transition_not_allowed', message: `not ${status}` }], members: { allowedTransitions: allowed } });
}

/** The checklist as it is to be: known lines keep their id and, unless told, whether they are done. */
function checklist(current: readonly ChecklistItemDto[], wanted: readonly ChecklistItem[]): ChecklistItemDto[] {
  const known = new Map(current.map((item) => [item.id, item]));
  const seen = new Set<string>();
  return wanted.map(({ id, title, done }, index) => {
    const item = id === undefined ? undefined : known.get(id.toLowerCase());
    const kind = id === undefined ? undefined : !item ? errors.unknownChecklistItem : seen.has(item.id) ? errors.repeatedChecklistItem : undefined;
    if (kind) throw faultAt(kind, `/items/${index}/id`);
    if (item) seen.add(item.id);
    // members in the order of the answer, so that both can be compared as text
    return { id: item?.id ?? newId(), done: done ?? item?.done ?? false, title };
  });
}
