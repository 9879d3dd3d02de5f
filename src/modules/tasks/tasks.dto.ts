import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, OneOf, Text } from '../../common/validation/fields.js';

export const TASK_STATUSES = ['pending', 'processing', 'completed', 'failed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export class TasksQuery extends PageQuery {
  @OneOf(TASK_STATUSES, { optional: true })
  status?: TaskStatus;

  @Text({ optional: true, max: 100, description: 'What kind of work, such as `audit.verify`' })
  kind?: string;
}

export class TaskStreamQuery {
  @Text({ max: 200, description: 'From POST /v1/tasks/{id}/ticket; works once' })
  ticket!: string;
}

/** Long work as its caller sees it. */
export class TaskDto {
  @AnswerId() id!: string;
  @Answer({ type: String, example: 'audit.verify' }) kind!: string;
  @Answer({ type: String, enum: [...TASK_STATUSES] }) status!: TaskStatus;
  @Answer({ type: 'integer', description: 'How much is done, of `total`' }) progress!: number;
  @Answer({ type: 'integer', nullable: true, description: 'Null: not known' }) total!: number | null;
  @Answer({ type: String, nullable: true, description: 'What it is doing' }) message!: string | null;
  @Answer({ type: 'object', nullable: true, additionalProperties: true, description: 'When completed; its form depends on `kind`' })
  result!: Record<string, unknown> | null;
  @Answer({ type: 'object', nullable: true, additionalProperties: true, description: 'When failed: `code`, `title` and perhaps `detail`, as in a problem' })
  error!: Record<string, unknown> | null;
  @AnswerInstant(undefined, true) startedAt!: string | null;
  @AnswerInstant(undefined, true) finishedAt!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

export class TaskTicketDto {
  @Answer({ type: String, description: 'Works once' }) ticket!: string;
  @AnswerInstant() expiresAt!: string;
  @Answer({ type: String, description: 'For EventSource: path of the stream, ticket included' }) url!: string;
}
