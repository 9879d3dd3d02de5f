import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Id, Instant, OneOf, Text } from '../../common/validation/fields.js';

export const WALL_STATUSES = ['to_come', 'in_effect', 'over', 'lifted'] as const;

export class CreateWall {
  @Id({ description: 'Who may not see the case' }) userId!: string;
  @Instant({ optional: true, description: 'Absent: now. Not in the past' }) startsAt?: string;
  @Instant({ optional: true, nullable: true, description: 'Exclusive; absent or null: until it is lifted' }) endsAt?: string | null;
  @Text({ max: 2000, example: 'Represented the opposing party at a former firm' }) reason!: string;
}

export class UpdateWall {
  @Instant({ optional: true, nullable: true, description: 'In the future; null: until it is lifted' }) endsAt?: string | null;
  @Text({ optional: true, max: 2000 }) reason?: string;
}

export class LiftWall {
  @Text({ max: 2000, example: 'The former client has consented in writing' }) reason!: string;
}

export class CaseWallQuery extends PageQuery {
  @Id({ optional: true, description: 'Who is walled off' }) userId?: string;
  @OneOf(WALL_STATUSES, { optional: true }) status?: string;
}

export class WallQuery extends CaseWallQuery {
  @Id({ optional: true }) caseId?: string;
}

export class WallDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: String }) caseNumber!: string;
  @Answer({ type: String }) caseTitle!: string;
  @AnswerId('Who may not see the case') userId!: string;
  @Answer({ type: String }) userName!: string;
  @AnswerInstant() startsAt!: string;
  @AnswerInstant('Null: until it is lifted', true) endsAt!: string | null;
  @Answer({ type: String, enum: [...WALL_STATUSES] }) status!: string;
  @Answer({ type: String }) reason!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) createdBy!: string | null;
  @AnswerInstant(undefined, true) liftedAt!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) liftedBy!: string | null;
  @Answer({ type: String, nullable: true }) liftReason!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
