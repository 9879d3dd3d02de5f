import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerInstant, Id, Instant, Text } from '../../common/validation/fields.js';

export class AuditQuery extends PageQuery {
  @Id({ optional: true, description: 'Who did it' }) userId?: string;
  @Text({ optional: true, max: 60, description: 'insert, update, delete, or an event such as login.failed' }) action?: string;
  @Text({ optional: true, max: 63, description: 'Name of the table' }) table?: string;
  @Id({ optional: true, description: 'The row’s id' }) rowId?: string;
  @Id({ optional: true }) caseId?: string;
  @Text({ optional: true, max: 200, description: 'Everything one request changed' }) requestId?: string;
  @Instant({ optional: true }) from?: string;
  @Instant({ optional: true, description: 'Exclusive' }) to?: string;
}

export class AuditEventDto {
  @Answer({ type: String, description: 'A whole number' }) id!: string;
  @AnswerInstant() occurredAt!: string;
  @Answer({ type: String, enum: ['user', 'system', 'credential', 'guest', 'operator'] }) actorKind!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) userId!: string | null;
  @Answer({ type: String, nullable: true }) userName!: string | null;
  @Answer({ type: String, nullable: true }) requestId!: string | null;
  @Answer({ type: String, nullable: true }) address!: string | null;
  @Answer({ type: String }) action!: string;
  @Answer({ type: String }) table!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) rowId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) caseId!: string | null;
  @Answer({ type: Object, nullable: true, additionalProperties: true, description: 'Changed fields before' }) before!: Record<string, unknown> | null;
  @Answer({ type: Object, nullable: true, additionalProperties: true, description: 'Changed fields after' }) after!: Record<string, unknown> | null;
  @Answer({ type: String, nullable: true }) reason!: string | null;
}

export class BrokenDto {
  @Answer({ type: 'integer' }) seal!: number;
  @Answer({ type: String, required: false }) eventId?: string;
  @AnswerInstant() occurredAt?: string;
  @Answer({ type: String, enum: ['seal missing', 'seal altered', 'row missing', 'row inserted', 'row altered'] }) fault!: string;
}

export class VerificationDto {
  @Answer({ type: Boolean }) intact!: boolean;
  @Answer({ type: () => BrokenDto, nullable: true, description: 'The first that does not fit' }) firstBroken!: BrokenDto | null;
  @Answer({ type: 'integer', description: 'Seals that fit' }) seals!: number;
  @Answer({ type: 'integer', description: 'Events in them' }) sealedEvents!: number;
  @Answer({ type: 'integer', description: 'Number of the last seal there is' }) lastSeal!: number;
  @Answer({ type: String, description: 'Hash of the last seal that fits; keep it elsewhere to prove that nothing was cut off' }) head!: string;
  @Answer({ type: 'integer', description: 'Events not sealed yet' }) unsealedEvents!: number;
  @Answer({ type: 'integer', description: 'Age of the oldest of them' }) unsealedAgeSeconds!: number;
}
