import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, OneOf, QueryFlag } from '../../common/validation/fields.js';

export const NOTIFICATION_KINDS = ['reminder', 'task', 'mention', 'document', 'system'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export class NotificationsQuery extends PageQuery {
  @QueryFlag({ description: 'Only those not read yet, or only those read' })
  unread?: boolean;

  @OneOf(NOTIFICATION_KINDS, { optional: true })
  kind?: NotificationKind;
}

/** Something its owner should know. */
export class NotificationDto {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...NOTIFICATION_KINDS] }) kind!: NotificationKind;
  @Answer({ type: String, maxLength: 300 }) title!: string;
  @Answer({ type: String, nullable: true }) body!: string | null;
  @Answer({ type: String, nullable: true, description: 'Kind of resource it is about, such as `task`' }) subjectType!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) subjectId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'The case it is about. Whoever does not see the case any more does not see this either' }) caseId!: string | null;
  @AnswerInstant('Null: not read yet', true) readAt!: string | null;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

export class NotificationSummaryDto {
  @Answer({ type: 'integer', description: 'How many are not read yet' }) unread!: number;
}

export class NotificationsReadDto {
  @Answer({ type: 'integer', description: 'How many were unread until now' }) updated!: number;
}
