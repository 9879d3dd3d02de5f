import { ROLE_NAMES } from '../../common/auth/permissions.js';
import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Email, OneOf, Text } from '../../common/validation/fields.js';

export const USER_STATUSES = ['invited', 'active', 'deactivated'] as const;

/** What a person may change of himself. */
export class UpdateMe {
  @Text({ optional: true, max: 100, example: 'Dana' }) givenName?: string;
  @Text({ optional: true, max: 100, example: 'Reyes' }) familyName?: string;
  @Text({ optional: true, nullable: true, max: 10, example: 'DR' }) initials?: string | null;
  @Text({ optional: true, nullable: true, max: 100, example: 'Senior Associate' }) title?: string | null;
  @Text({ optional: true, nullable: true, max: 50, example: '+1 212 555 0142' }) phone?: string | null;
  @Text({ optional: true, nullable: true, max: 64, example: 'America/New_York', description: 'IANA name; absent: the firm’s' }) timeZone?: string | null;
  @Text({ optional: true, nullable: true, max: 5, pattern: /^[a-z]{2}(-[A-Z]{2})?$/, example: 'en', description: 'Absent: the firm’s' }) language?: string | null;
}

export class UpdateUser extends UpdateMe {
  @Email({ optional: true, example: 'dana.reyes@harborfinch.example' }) email?: string;
  @OneOf(ROLE_NAMES, { optional: true }) role?: string;
}

export class CreateUser {
  @Email({ example: 'dana.reyes@harborfinch.example' }) email!: string;
  @Text({ max: 100, example: 'Dana' }) givenName!: string;
  @Text({ max: 100, example: 'Reyes' }) familyName!: string;
  @OneOf(ROLE_NAMES) role!: string;
  @Text({ optional: true, nullable: true, max: 10 }) initials?: string | null;
  @Text({ optional: true, nullable: true, max: 100 }) title?: string | null;
  @Text({ optional: true, nullable: true, max: 50 }) phone?: string | null;
  @Text({ optional: true, nullable: true, max: 64 }) timeZone?: string | null;
  @Text({ optional: true, nullable: true, max: 5, pattern: /^[a-z]{2}(-[A-Z]{2})?$/ }) language?: string | null;
}

export class UserQuery extends PageQuery {
  @OneOf(ROLE_NAMES, { optional: true }) role?: string;
  @OneOf(USER_STATUSES, { optional: true }) status?: string;
  @Text({ optional: true, max: 100, description: 'Part of the name or e-mail address' }) q?: string;
}

export class UserDto {
  @AnswerId() id!: string;
  @Answer({ type: String, format: 'email' }) email!: string;
  @Answer({ type: String }) givenName!: string;
  @Answer({ type: String }) familyName!: string;
  @Answer({ type: String, description: 'Given and family name' }) name!: string;
  @Answer({ type: String, nullable: true }) initials!: string | null;
  @Answer({ type: String, nullable: true }) title!: string | null;
  @Answer({ type: String, nullable: true }) phone!: string | null;
  @Answer({ type: String, enum: ROLE_NAMES }) role!: string;
  @Answer({ type: String, enum: [...USER_STATUSES] }) status!: string;
  @Answer({ type: String, nullable: true, description: 'IANA name; null: the firm’s' }) timeZone!: string | null;
  @Answer({ type: String, nullable: true }) language!: string | null;
  @AnswerInstant('Null: never', true) lastLoginAt!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
