import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, OneOf } from '../../common/validation/fields.js';
import { jobNames } from './job-names.js';

export const JOB_STATUSES = ['pending', 'running', 'completed', 'dead'] as const;

export class JobsQuery extends PageQuery {
  @OneOf(JOB_STATUSES, { optional: true, description: '`dead`: given up, waiting for a person' })
  status?: (typeof JOB_STATUSES)[number];

  @OneOf(jobNames, { optional: true })
  name?: string;
}

/** A background job. Its payload stays inside: it may hold what only the job's user may see. */
export class JobDto {
  @AnswerId()
  id!: string;

  @Answer({ type: String, example: 'mail.send' })
  name!: string;

  @Answer({ enum: [...JOB_STATUSES] })
  status!: (typeof JOB_STATUSES)[number];

  @Answer({ type: String, format: 'uuid', nullable: true, description: 'The user it runs as; null: the firm’s own work' })
  runAs!: string | null;

  @AnswerInstant('When it is due')
  runAt!: string;

  @Answer({ type: 'integer' })
  attempts!: number;

  @Answer({ type: 'integer' })
  maxAttempts!: number;

  @Answer({ type: String, nullable: true, description: 'Why the last attempt failed' })
  lastError!: string | null;

  @AnswerInstant(undefined, true)
  finishedAt!: string | null;

  @AnswerInstant()
  createdAt!: string;

  @AnswerInstant()
  updatedAt!: string;
}
