import { ALL_PERMISSIONS } from '../../common/auth/permissions.js';
import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Email, Id, Instant, Text, Texts, QueryFlag } from '../../common/validation/fields.js';
import { FirmDto } from '../firms/firms.dto.js';
import { UserDto } from '../users/users.dto.js';

const PASSWORD = { min: 1, max: 200, trim: false, format: 'password' };

export class Login {
  @Email({ example: 'partner@harborfinch.example' }) email!: string;
  @Text({ ...PASSWORD, example: 'lexiflow-demo' }) password!: string;
  @Text({ optional: true, max: 63, example: 'harbor-finch', description: 'Slug; needed only when e-mail and password fit several firms' }) firm?: string;
}

export class Refresh {
  @Text({ max: 300 }) refreshToken!: string;
}

export class TokensDto {
  @Answer({ type: String, description: 'Send as Authorization: Bearer ...' }) accessToken!: string;
  @Answer({ type: String, description: 'For POST /v1/auth/refresh; used once' }) refreshToken!: string;
  @Answer({ type: 'integer', description: 'Seconds the access token lasts' }) expiresIn!: number;
  @Answer({ type: () => UserDto }) user!: UserDto;
}

export class ChangePassword {
  @Text(PASSWORD) currentPassword!: string;
  @Text({ ...PASSWORD, min: 10 }) newPassword!: string;
}

export class ForgotPassword {
  @Email() email!: string;
  @Text({ optional: true, max: 63 }) firm?: string;
}

export class RedeemLink {
  @Text({ max: 300, description: 'The part of the link behind ?token=' }) token!: string;
  @Text({ ...PASSWORD, min: 10 }) password!: string;
}

export class CredentialDto {
  @Answer({ type: String, enum: ['session', 'key'] }) kind!: string;
  @AnswerId() id!: string;
}

export class MeDto extends UserDto {
  @Answer({ type: () => FirmDto }) firm!: FirmDto;
  @Answer({ type: 'array', items: { type: 'string', enum: ALL_PERMISSIONS }, description: 'What this credential may do' }) permissions!: string[];
  @Answer({ type: () => CredentialDto }) credential!: CredentialDto;
  @Answer({ type: 'integer' }) unreadNotifications!: number;
}

export class SessionQuery extends PageQuery {
  @Id({ optional: true, description: 'Somebody else’s, with sessions.manage' }) userId?: string;
  @QueryFlag({ description: 'true: only those that still work' }) active?: boolean;
}

export class SessionDto {
  @AnswerId() id!: string;
  @AnswerId() userId!: string;
  @Answer({ type: String, nullable: true }) userAgent!: string | null;
  @Answer({ type: String, nullable: true }) address!: string | null;
  @Answer({ type: Boolean, description: 'The one this request came with' }) current!: boolean;
  @AnswerInstant() lastUsedAt!: string;
  @AnswerInstant() expiresAt!: string;
  @AnswerInstant(undefined, true) endedAt!: string | null;
  @Answer({ type: String, nullable: true }) endReason!: string | null;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

export class CreateApiKey {
  @Text({ max: 100, example: 'Calendar sync' }) name!: string;
  @Texts({ optional: true, min: 1, max: 200, each: { in: ALL_PERMISSIONS }, description: 'Absent: all that your role may do' }) permissions?: string[];
  @Instant({ optional: true, nullable: true, description: 'Absent: does not expire' }) expiresAt?: string | null;
}

export class UpdateApiKey {
  @Text({ max: 100 }) name!: string;
}

export class ApiKeyQuery extends PageQuery {
  @Id({ optional: true, description: 'Somebody else’s, with api_keys.manage' }) userId?: string;
  @QueryFlag({ description: 'true: of the whole firm, with api_keys.manage' }) all?: boolean;
}

export class ApiKeyDto {
  @AnswerId() id!: string;
  @AnswerId('Whose key it is') userId!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, description: 'The last characters of the key' }) hint!: string;
  @Answer({ type: 'array', items: { type: 'string' } }) permissions!: string[];
  @AnswerInstant(undefined, true) expiresAt!: string | null;
  @AnswerInstant('Null: never', true) lastUsedAt!: string | null;
  @AnswerInstant(undefined, true) revokedAt!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

export class CreatedApiKeyDto extends ApiKeyDto {
  @Answer({ type: String, required: false, description: 'The key itself; shown this once, absent when the answer is a repeat' }) key?: string;
}

