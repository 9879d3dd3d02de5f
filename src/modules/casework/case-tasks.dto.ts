import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Day, Flag, Id, Items, OneOf, QueryFlag, QuerySome, Text, Whole } from '../../common/validation/fields.js';
import { TASK_PRIORITIES, TASK_STATUSES, type TaskPriority, type TaskStatus } from './case-tasks.states.js';
import { CaseworkCaseDto, CaseworkPersonDto } from './casework.dto.js';

/** A line of the checklist as it is sent. */
export class ChecklistItem {
  @Id({ optional: true, description: 'Of a line that is there already; absent: a new one' }) id?: string;
  @Text({ max: 300, example: 'Collect the signatures' }) title!: string;
  @Flag({ optional: true, description: 'Absent: as it was' }) done?: boolean;
}

const ITEMS = 'The whole checklist in its order: lines that are not sent go';

export class CreateCaseTask {
  @Text({ max: 300, example: 'Draft the answer to the complaint' }) title!: string;
  @Text({ optional: true, nullable: true, max: 20_000 }) description?: string | null;
  @Id({ optional: true, nullable: true, description: 'A person who sees the case; he is notified' }) assigneeId?: string | null;
  @Day({ optional: true, nullable: true, example: '2026-12-01' }) dueOn?: string | null;
  @OneOf(TASK_PRIORITIES, { optional: true, description: 'normal when absent' }) priority?: TaskPriority;
  @Whole({ optional: true, max: 1_000_000, description: 'Place in the case’s list' }) position?: number;
  @Items(() => ChecklistItem, { optional: true, max: 100, description: ITEMS }) items?: ChecklistItem[];
}

export class UpdateCaseTask {
  @Text({ optional: true, max: 300 }) title?: string;
  @Text({ optional: true, nullable: true, max: 20_000 }) description?: string | null;
  @Id({ optional: true, nullable: true, description: 'A person who sees the case; he is notified' }) assigneeId?: string | null;
  @Day({ optional: true, nullable: true, example: '2026-12-01' }) dueOn?: string | null;
  @OneOf(TASK_PRIORITIES, { optional: true }) priority?: TaskPriority;
  @OneOf(TASK_STATUSES, { optional: true, description: 'One of `allowedTransitions`' }) status?: TaskStatus;
  @Whole({ optional: true, max: 1_000_000 }) position?: number;
  @Items(() => ChecklistItem, { optional: true, max: 100, description: ITEMS }) items?: ChecklistItem[];
}

export class TasksOfCaseQuery extends PageQuery {
  @Id({ optional: true }) assigneeId?: string;
  @QueryFlag({ description: 'Only those given to the caller' }) mine?: boolean;
  @QuerySome(TASK_STATUSES) status?: TaskStatus[];
  @QuerySome(TASK_PRIORITIES) priority?: TaskPriority[];
  @Day({ optional: true, description: 'Due on this day or later' }) dueFrom?: string;
  @Day({ optional: true, description: 'Due on this day or earlier' }) dueTo?: string;
  @Text({ optional: true, max: 100, description: 'Part of the title' }) q?: string;
}

export class CaseTasksQuery extends TasksOfCaseQuery {
  @Id({ optional: true }) caseId?: string;
}

export class ChecklistItemDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: Boolean }) done!: boolean;
}

/** Something to be done on a case. (`/v1/tasks` is long-running work of the server.) */
export class CaseTaskDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: () => CaseworkCaseDto }) case!: CaseworkCaseDto;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String, nullable: true }) description!: string | null;
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) assignee!: CaseworkPersonDto | null;
  @Answer({ type: String, format: 'date', nullable: true }) dueOn!: string | null;
  @Answer({ type: String, enum: [...TASK_PRIORITIES] }) priority!: TaskPriority;
  @Answer({ type: String, enum: [...TASK_STATUSES] }) status!: TaskStatus;
  @Answer({ type: String, isArray: true, enum: [...TASK_STATUSES], description: 'What the status can become' }) allowedTransitions!: readonly TaskStatus[];
  @Answer({ type: 'integer' }) position!: number;
  @Answer({ type: () => [ChecklistItemDto] }) items!: ChecklistItemDto[];
  @AnswerInstant('Null: not done', true) completedAt!: string | null;
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) completedBy!: CaseworkPersonDto | null;
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) createdBy!: CaseworkPersonDto | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
