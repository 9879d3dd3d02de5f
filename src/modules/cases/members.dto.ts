import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Id, OneOf } from '../../common/validation/fields.js';

export const MEMBER_ROLES = ['lead', 'attorney', 'associate', 'paralegal', 'billing', 'assistant', 'observer'] as const;

export class AddMember {
  @Id({ description: 'An active person of the firm' }) userId!: string;
  @OneOf(MEMBER_ROLES) role!: string;
}
export class UpdateMember {
  @OneOf(MEMBER_ROLES) role!: string;
}
export class MemberQuery extends PageQuery {
  @OneOf(MEMBER_ROLES, { optional: true }) role?: string;
  @Id({ optional: true }) userId?: string;
}

export class MemberDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @AnswerId() userId!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, nullable: true }) initials!: string | null;
  @Answer({ type: String, enum: [...MEMBER_ROLES], description: 'On this case' }) role!: string;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
