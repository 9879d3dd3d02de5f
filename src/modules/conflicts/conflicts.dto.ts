import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Email, Id, Instant, Items, OneOf, Text } from '../../common/validation/fields.js';

const KINDS = ['person', 'company'] as const;
export const CHECK_STATUSES = ['clear', 'open', 'cleared', 'waived', 'declined'] as const;
const DECISIONS = ['cleared', 'waived', 'declined'] as const;
const REASONS = ['exact', 'alias', 'former_name', 'trigram', 'phonetic', 'initials', 'word_order', 'email', 'tax_id', 'related'] as const;

export class ConflictName {
  @Text({ max: 300, example: 'Smith, John' }) name!: string;
  @OneOf(KINDS, { optional: true, nullable: true, description: 'Of a company no word order is guessed' }) kind?: string | null;
  @Email({ optional: true, nullable: true }) email?: string | null;
  @Text({ optional: true, nullable: true, max: 40 }) taxId?: string | null;
}

export class CreateConflictCheck {
  @Items(() => ConflictName, { min: 1, max: 20 }) names!: ConflictName[];
  @Id({ optional: true, nullable: true, description: 'The case it is made for' }) caseId?: string | null;
  @Text({ optional: true, nullable: true, max: 1000 }) purpose?: string | null;
}

export class CreateConflictDecision {
  @Id({ optional: true, nullable: true, description: 'A hit, hidden ones too; absent: the whole check' }) hitId?: string | null;
  @OneOf(DECISIONS) decision!: string;
  @Text({ max: 2000 }) reason!: string;
}

export class ConflictCheckQuery extends PageQuery {
  @Id({ optional: true }) caseId?: string;
  @OneOf(CHECK_STATUSES, { optional: true }) status?: string;
  @Id({ optional: true }) askedById?: string;
  @Instant({ optional: true, description: 'Made at or after' }) from?: string;
  @Instant({ optional: true, description: 'Made before' }) to?: string;
}

export class ConflictPersonDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) name!: string;
}

export class ConflictCheckDto {
  @AnswerId() id!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) caseId!: string | null;
  @Answer({ type: String, nullable: true }) purpose!: string | null;
  @Answer({ type: String, enum: [...CHECK_STATUSES], description: 'clear: nothing found; open: a hit is undecided; otherwise the gravest of the last decisions' }) status!: string;
  @Answer({ type: [String] }) terms!: string[];
  @Answer({ type: ConflictPersonDto, nullable: true }) askedBy!: ConflictPersonDto | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

export class ConflictDecisionDto {
  @AnswerId() id!: string;
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'Null: the whole check' }) hitId!: string | null;
  @Answer({ type: String, enum: [...DECISIONS] }) decision!: string;
  @Answer({ type: String }) reason!: string;
  @Answer({ type: ConflictPersonDto, nullable: true }) decidedBy!: ConflictPersonDto | null;
  @AnswerInstant() createdAt!: string;
}

export class ConflictContactDto {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...KINDS] }) kind!: string;
  @Answer({ type: String, description: 'As it is now' }) name!: string;
}
export class ConflictCaseDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) number!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String }) status!: string;
  @Answer({ type: [String], description: '`client`, or the roles of the party' }) roles!: string[];
}
export class ConflictPathDto {
  @Answer({ type: ConflictContactDto, description: 'Whose name matched' }) contact!: ConflictContactDto;
  @Answer({ type: String, description: 'Kind of the relation' }) relation!: string;
  @Answer({ type: Boolean, description: 'False: `via.contact` is the <relation> of `contact`; true: the other way round' }) inverse!: boolean;
}

export class ConflictHitDto {
  @Answer({ type: String, format: 'uuid', description: 'Of a hidden hit: names nothing but the term' }) id!: string;
  @Answer({ type: Boolean, description: 'Something was found that you may not see; the rest is null. At most one a name, however much is hidden' }) hidden!: boolean;
  @Answer({ type: 'number', nullable: true, minimum: 0, maximum: 1 }) score!: number | null;
  @Answer({ type: 'array', items: { type: 'string', enum: [...REASONS] } }) reasons!: string[];
  @Answer({ type: String, nullable: true, description: 'What matched, as it was then' }) matchedName!: string | null;
  @Answer({ type: String, nullable: true, enum: ['name', 'alias', 'former', 'trade', 'maiden', 'email', 'tax_id'] }) source!: string | null;
  @Answer({ type: ConflictContactDto, nullable: true }) contact!: ConflictContactDto | null;
  @Answer({ type: ConflictPathDto, nullable: true, description: 'The relation through which it was found' }) via!: ConflictPathDto | null;
  @Answer({ type: [ConflictCaseDto] }) cases!: ConflictCaseDto[];
  @Answer({ type: ConflictDecisionDto, nullable: true, description: 'The last decision about this hit' }) decision!: ConflictDecisionDto | null;
}

export class ConflictTermDto {
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, nullable: true }) kind!: string | null;
  @Answer({ type: String, nullable: true }) email!: string | null;
  @Answer({ type: String, nullable: true }) taxId!: string | null;
  @Answer({ type: Boolean, description: 'More was found than is kept: make the name more precise' }) truncated!: boolean;
  @Answer({ type: [ConflictHitDto], description: 'Best first' }) hits!: ConflictHitDto[];
}

export class ConflictReportDto extends ConflictCheckDto {
  @Answer({ type: [ConflictTermDto] }) names!: ConflictTermDto[];
  @Answer({ type: [ConflictDecisionDto], description: 'All of them, oldest first' }) decisions!: ConflictDecisionDto[];
}
