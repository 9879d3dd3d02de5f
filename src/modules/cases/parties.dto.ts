import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Day, Id, Nested, OneOf, Text } from '../../common/validation/fields.js';

export const PARTY_ROLES = ['plaintiff', 'defendant', 'claimant', 'respondent', 'petitioner', 'appellant', 'appellee', 'counsel', 'opposing_counsel',
  'co_counsel', 'expert', 'judge', 'mediator', 'arbitrator', 'witness', 'insurer', 'guarantor', 'guardian', 'beneficiary', 'third_party', 'other'] as const;
export const PARTY_SIDES = ['client', 'opposing', 'neutral'] as const;

/** A contact made together with the party; everything else of it is changed at /v1/contacts. */
export class NewPartyContact {
  @OneOf(['person', 'company']) kind!: string;
  @Text({ optional: true, max: 100, example: 'Miriam' }) givenName?: string;
  @Text({ optional: true, max: 100, example: 'Osei' }) familyName?: string;
  @Text({ optional: true, max: 300, example: 'Bluewater Marine Insurance Co.' }) companyName?: string;
}

export class AddParty {
  @Id({ optional: true, description: 'A contact there is; or `contact` for a new one' }) contactId?: string;
  @Nested(() => NewPartyContact, { optional: true, description: 'A contact to be made' }) contact?: NewPartyContact;
  @OneOf(PARTY_ROLES) role!: string;
  @OneOf(PARTY_SIDES, { optional: true, description: 'Absent: neutral' }) side?: string;
  @Day({ optional: true, nullable: true }) since?: string | null;
  @Day({ optional: true, nullable: true }) until?: string | null;
  @Text({ optional: true, nullable: true, max: 2000 }) note?: string | null;
  @Id({ optional: true, nullable: true, description: 'The party of this case that is its counsel' }) representedById?: string | null;
}

export class UpdateParty {
  @OneOf(PARTY_ROLES, { optional: true }) role?: string;
  @OneOf(PARTY_SIDES, { optional: true }) side?: string;
  @Day({ optional: true, nullable: true }) since?: string | null;
  @Day({ optional: true, nullable: true }) until?: string | null;
  @Text({ optional: true, nullable: true, max: 2000 }) note?: string | null;
  @Id({ optional: true, nullable: true }) representedById?: string | null;
}

export class PartyQuery extends PageQuery {
  @OneOf(PARTY_ROLES, { optional: true }) role?: string;
  @OneOf(PARTY_SIDES, { optional: true }) side?: string;
  @Id({ optional: true }) contactId?: string;
}

export class PartyDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @AnswerId() contactId!: string;
  @Answer({ type: String, description: 'Of the contact' }) name!: string;
  @Answer({ type: String, enum: ['person', 'company'] }) kind!: string;
  @Answer({ type: String, enum: [...PARTY_ROLES] }) role!: string;
  @Answer({ type: String, enum: [...PARTY_SIDES] }) side!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) representedById!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) since!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) until!: string | null;
  @Answer({ type: String, nullable: true }) note!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
