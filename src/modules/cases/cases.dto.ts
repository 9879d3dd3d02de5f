import { IntersectionType } from '@nestjs/swagger';
import { Answer, AnswerId, AnswerInstant, Day, Id, Items, OneOf, OpenObject, Text, Texts } from '../../common/validation/fields.js';
import { CASE_ACCESS, CASE_STATUSES, TRANSITIONS } from './cases.states.js';
import { AddMember, MEMBER_ROLES } from './members.dto.js';
import { AddParty, PARTY_ROLES, PARTY_SIDES } from './parties.dto.js';

const COMMANDS = TRANSITIONS.map(({ command }) => command);
const TITLE = 'Northwind Shipping v. Bluewater Insurance';

/** What can be said of a case when it is made and later on. */
class CaseFields {
  @Text({ optional: true, nullable: true, max: 20_000 }) description?: string | null;
  @Text({ optional: true, nullable: true, max: 60, example: 'insurance', description: 'A code of /v1/reference/practice-areas' }) practiceArea?: string | null;
  @Text({ optional: true, nullable: true, max: 60, description: 'A code of /v1/reference/jurisdictions' }) jurisdiction?: string | null;
  @Text({ optional: true, nullable: true, max: 60, description: 'A code of /v1/reference/courts' }) court?: string | null;
  @Text({ optional: true, nullable: true, max: 200, description: 'Where the court has no code' }) courtName?: string | null;
  @Text({ optional: true, nullable: true, max: 100, example: '1:26-cv-01482' }) docketNumber?: string | null;
  @Text({ optional: true, nullable: true, max: 20, description: 'The client’s own number for it, printed in LEDES files' }) clientMatterId?: string | null;
  @Id({ optional: true, nullable: true, description: 'Becomes a member' }) responsibleAttorneyId?: string | null;
  @Id({ optional: true, nullable: true }) originatingAttorneyId?: string | null;
  @Day({ optional: true, nullable: true }) openedOn?: string | null;
  @Day({ optional: true, nullable: true, description: 'When the claim falls under the statute of limitations' }) limitationOn?: string | null;
  @Texts({ optional: true, max: 50, each: { max: 60 }, description: 'Without commas, so that lists can be filtered by several', example: ['maritime', 'expedited'] })
  tags?: string[];
  @OpenObject({ optional: true, description: 'Whatever the front end wants to keep with it', example: { costCentre: 'NY-4' } }) metadata?: Record<string, unknown>;
  @OneOf(CASE_ACCESS, { optional: true }) access?: string;
}

class TitleOfCase {
  @Text({ optional: true, max: 300, example: TITLE }) title?: string;
}
/** What can be changed of a case; status has commands of its own. */
export class UpdateCase extends IntersectionType(TitleOfCase, CaseFields) {
  @Day({ optional: true, nullable: true, description: 'null only while in intake' }) override openedOn?: string | null;
  @OneOf(CASE_ACCESS, { optional: true, description: 'restricted: only members see it. Who restricts a case becomes a member.' }) override access?: string;
}

class StartOfCase {
  @Text({ max: 300, example: TITLE }) title!: string;
  @Id() clientId!: string;
  @OneOf(['intake', 'open'], { optional: true, description: 'Absent: intake' }) status?: string;
}
export class CreateCase extends IntersectionType(StartOfCase, CaseFields) {
  @Day({ optional: true, nullable: true, description: 'Absent: today, when it begins as open' }) override openedOn?: string | null;
  @OneOf(CASE_ACCESS, { optional: true, description: 'Absent: open. restricted: only members see it.' }) override access?: string;
  @Items(() => AddMember, { optional: true, max: 50, description: 'Beside whoever opens the case, who becomes a member by himself' }) members?: AddMember[];
  @Items(() => AddParty, { optional: true, max: 50 }) parties?: AddParty[];
}

export class ReasonedStep {
  static readonly optionalBody = true;
  @Text({ optional: true, max: 500, description: 'Goes into the audit trail' }) reason?: string;
}
export class OpenCase extends ReasonedStep {
  @Day({ optional: true, description: 'Absent: what the case says, else today' }) openedOn?: string;
}
export class ReopenCase {
  @Text({ max: 500, description: 'Goes into the audit trail' }) reason!: string;
}

export class CaseClientDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) number!: string;
  @Answer({ type: String }) name!: string;
  @AnswerId() contactId!: string;
  @Answer({ type: String, enum: ['person', 'company'] }) kind!: string;
}
export class CasePersonDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, nullable: true }) initials!: string | null;
}
export class CaseMemberDto {
  @AnswerId() id!: string;
  @AnswerId() userId!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, nullable: true }) initials!: string | null;
  @Answer({ type: String, enum: [...MEMBER_ROLES] }) role!: string;
}
export class CasePartyDto {
  @AnswerId() id!: string;
  @AnswerId() contactId!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, enum: [...PARTY_ROLES] }) role!: string;
  @Answer({ type: String, enum: [...PARTY_SIDES] }) side!: string;
}
export class NextDeadlineDto {
  @AnswerId('Of the event') id!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String, example: 'deadline' }) kind!: string;
  @AnswerInstant() startsAt!: string;
  @Answer({ type: Boolean }) allDay!: boolean;
}
export class AllowedTransitionDto {
  @Answer({ type: String, enum: COMMANDS, description: 'POST /v1/cases/{id}/<command>' }) command!: string;
  @Answer({ type: String, enum: [...CASE_STATUSES] }) to!: string;
  @Answer({ type: Boolean, description: 'The body must have a reason' }) needsReason!: boolean;
}

export class CaseDto {
  @AnswerId() id!: string;
  @Answer({ type: String, description: 'From the firm’s template; never changes' }) number!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String, nullable: true }) description!: string | null;
  @AnswerId() clientId!: string;
  @Answer({ type: String, nullable: true }) practiceArea!: string | null;
  @Answer({ type: String, nullable: true }) jurisdiction!: string | null;
  @Answer({ type: String, nullable: true }) court!: string | null;
  @Answer({ type: String, nullable: true }) courtName!: string | null;
  @Answer({ type: String, nullable: true }) docketNumber!: string | null;
  @Answer({ type: String, nullable: true }) clientMatterId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) responsibleAttorneyId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) originatingAttorneyId!: string | null;
  @Answer({ type: String, enum: [...CASE_STATUSES] }) status!: string;
  @Answer({ type: String, format: 'date', nullable: true }) openedOn!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) closedOn!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) limitationOn!: string | null;
  @Answer({ type: 'array', items: { type: 'string' } }) tags!: string[];
  @Answer({ type: 'object', additionalProperties: true }) metadata!: Record<string, unknown>;
  @Answer({ type: String, enum: [...CASE_ACCESS] }) access!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) createdBy!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
  @Answer({ type: () => [AllowedTransitionDto], description: 'What may be done next' }) allowedTransitions!: AllowedTransitionDto[];
  @Answer({ type: () => CaseClientDto, required: false, description: 'With expand=client' }) client?: CaseClientDto;
  @Answer({ type: () => CasePersonDto, required: false, nullable: true, description: 'With expand=attorneys' }) responsibleAttorney?: CasePersonDto | null;
  @Answer({ type: () => CasePersonDto, required: false, nullable: true, description: 'With expand=attorneys' }) originatingAttorney?: CasePersonDto | null;
  @Answer({ type: () => [CaseMemberDto], required: false, description: 'With expand=members' }) members?: CaseMemberDto[];
  @Answer({ type: () => [CasePartyDto], required: false, description: 'With expand=parties' }) parties?: CasePartyDto[];
  @Answer({ type: () => NextDeadlineDto, required: false, nullable: true, description: 'With expand=nextDeadline: the next deadline, filing, hearing or trial' })
  nextDeadline?: NextDeadlineDto | null;
}

/** Names for ?expand=. Tags are always there; the name is taken so that nobody need know. */
export const CASE_EXPANSIONS = ['client', 'attorneys', 'members', 'parties', 'nextDeadline', 'tags'] as const;
