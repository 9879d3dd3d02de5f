import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Day, Email, Flag, Id, Items, OneOf, OpenObject, QueryFlag, Text, Texts } from '../../common/validation/fields.js';

export const CONTACT_KINDS = ['person', 'company'] as const;
export const NAME_KINDS = ['alias', 'former', 'trade', 'maiden'] as const;

const KEEP = 'Of an element that is there already: it is kept or changed. Without it a new one is made.';

export class OtherName {
  @Id({ optional: true, description: KEEP }) id?: string;
  @OneOf(NAME_KINDS) kind!: string;
  @Text({ max: 300, example: 'Northgate Freight' }) name!: string;
}
export class EmailEntry {
  @Id({ optional: true, description: KEEP }) id?: string;
  @Text({ optional: true, max: 40, example: 'work', description: 'Absent: work' }) label?: string;
  @Email({ example: 'lena.fischer@northgate.example' }) email!: string;
  @Flag({ optional: true, description: 'Where none is, the first one' }) isPrimary?: boolean;
}
export class PhoneEntry {
  @Id({ optional: true, description: KEEP }) id?: string;
  @Text({ optional: true, max: 40, example: 'mobile', description: 'Absent: work' }) label?: string;
  @Text({ min: 3, max: 50, example: '+1 212 555 0142' }) phone!: string;
  @Flag({ optional: true, description: 'Where none is, the first one' }) isPrimary?: boolean;
}
export class AddressEntry {
  @Id({ optional: true, description: KEEP }) id?: string;
  @Text({ optional: true, max: 40, example: 'office', description: 'Absent: work' }) label?: string;
  @Text({ max: 200, example: '40 Wharf Street' }) line1!: string;
  @Text({ optional: true, nullable: true, max: 200 }) line2?: string | null;
  @Text({ optional: true, nullable: true, max: 100, example: 'Boston' }) city?: string | null;
  @Text({ optional: true, nullable: true, max: 100, example: 'MA' }) region?: string | null;
  @Text({ optional: true, nullable: true, max: 20, example: '02110' }) postalCode?: string | null;
  @Text({ max: 2, pattern: /^[A-Z]{2}$/, example: 'US', description: 'ISO 3166-1 alpha-2' }) country!: string;
  @Flag({ optional: true, description: 'Where none is, the first one' }) isPrimary?: boolean;
}

/** Everything of a contact beside its kind; lists replace what was there. */
class ContactFields {
  @Text({ optional: true, nullable: true, max: 90, example: 'Lena' }) givenName?: string | null;
  @Text({ optional: true, nullable: true, max: 90 }) middleName?: string | null;
  @Text({ optional: true, nullable: true, max: 90, example: 'Fischer' }) familyName?: string | null;
  @Text({ optional: true, nullable: true, max: 20, example: 'Jr.' }) suffix?: string | null;
  @Text({ optional: true, nullable: true, max: 300, description: 'Of a company: its name' }) companyName?: string | null;
  @Text({ optional: true, nullable: true, max: 200, example: 'General Counsel' }) jobTitle?: string | null;
  @Day({ optional: true, nullable: true, description: 'Of a person' }) dateOfBirth?: string | null;
  @Text({ optional: true, nullable: true, max: 500, example: 'https://northgate.example' }) website?: string | null;
  @Text({ optional: true, nullable: true, max: 20_000 }) notes?: string | null;
  @Texts({ optional: true, max: 50, each: { max: 60 }, description: 'Replaces the tags' }) tags?: string[];
  @OpenObject({ optional: true, description: 'Your own members, up to 16,000 bytes; replaces the object' }) metadata?: Record<string, unknown>;
  @Items(() => OtherName, { optional: true, max: 50, description: 'Aliases, former, trade and maiden names; conflict checks look through them. Replaces the list.' }) names?: OtherName[];
  @Items(() => EmailEntry, { optional: true, max: 20, description: 'In order of display. Replaces the list.' }) emails?: EmailEntry[];
  @Items(() => PhoneEntry, { optional: true, max: 20, description: 'In order of display. Replaces the list.' }) phones?: PhoneEntry[];
  @Items(() => AddressEntry, { optional: true, max: 20, description: 'In order of display. Replaces the list.' }) addresses?: AddressEntry[];
}

export class CreateContact extends ContactFields {
  @OneOf(CONTACT_KINDS, { description: 'A person has a given or family name, a company a companyName', example: 'person' }) kind!: string;
}
export class UpdateContact extends ContactFields {
  @OneOf(CONTACT_KINDS, { optional: true }) kind?: string;
}

export class ContactQuery extends PageQuery {
  @OneOf(CONTACT_KINDS, { optional: true }) kind?: string;
  @Text({ optional: true, max: 60, description: 'Has this tag' }) tag?: string;
  @Text({ optional: true, max: 200, description: 'Every word stands in the name or another name, or the text in an e-mail address; accents, punctuation and legal forms do not matter' }) q?: string;
  @Text({ optional: true, max: 254, description: 'Has exactly this e-mail address' }) email?: string;
  @Text({ optional: true, max: 50, pattern: /(\D*\d){4}/, patternHint: 'phone must have at least four digits', example: '212 555 0142', description: 'A phone number ends with these digits' }) phone?: string;
  @QueryFlag({ description: 'Is a client, or is none' }) isClient?: boolean;
}

class OtherNameDto {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...NAME_KINDS] }) kind!: string;
  @Answer({ type: String }) name!: string;
}
class EmailDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) label!: string;
  @Answer({ type: String, format: 'email' }) email!: string;
  @Answer({ type: Boolean }) isPrimary!: boolean;
}
class PhoneDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) label!: string;
  @Answer({ type: String }) phone!: string;
  @Answer({ type: Boolean }) isPrimary!: boolean;
}
class AddressDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) label!: string;
  @Answer({ type: String }) line1!: string;
  @Answer({ type: String, nullable: true }) line2!: string | null;
  @Answer({ type: String, nullable: true }) city!: string | null;
  @Answer({ type: String, nullable: true }) region!: string | null;
  @Answer({ type: String, nullable: true }) postalCode!: string | null;
  @Answer({ type: String }) country!: string;
  @Answer({ type: Boolean }) isPrimary!: boolean;
}

/** What a list and a form have in common. */
class ContactBase {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...CONTACT_KINDS] }) kind!: string;
  @Answer({ type: String, description: 'As it is shown' }) name!: string;
  @Answer({ type: String, description: 'As it is sorted: family name first, lower case' }) sortName!: string;
  @Answer({ type: String, nullable: true }) givenName!: string | null;
  @Answer({ type: String, nullable: true }) middleName!: string | null;
  @Answer({ type: String, nullable: true }) familyName!: string | null;
  @Answer({ type: String, nullable: true }) suffix!: string | null;
  @Answer({ type: String, nullable: true }) companyName!: string | null;
  @Answer({ type: String, nullable: true }) jobTitle!: string | null;
  @Answer({ type: String, nullable: true }) primaryEmail!: string | null;
  @Answer({ type: String, nullable: true }) primaryPhone!: string | null;
  @Answer({ type: 'array', items: { type: 'string' } }) tags!: string[];
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'Null: no client' }) clientId!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

/** A contact as lists have it: a row of a table, no arrays beside the tags unless asked for. */
export class ContactRowDto extends ContactBase {
  @Answer({ type: () => [OtherNameDto], required: false, description: 'With expand=names' }) names?: OtherNameDto[];
  @Answer({ type: () => [EmailDto], required: false, description: 'With expand=emails' }) emails?: EmailDto[];
  @Answer({ type: () => [PhoneDto], required: false, description: 'With expand=phones' }) phones?: PhoneDto[];
  @Answer({ type: () => [AddressDto], required: false, description: 'With expand=addresses' }) addresses?: AddressDto[];
}

/** A contact with everything a form shows. */
export class ContactDto extends ContactBase {
  @Answer({ type: String, format: 'date', nullable: true }) dateOfBirth!: string | null;
  @Answer({ type: String, nullable: true }) website!: string | null;
  @Answer({ type: String, nullable: true }) notes!: string | null;
  @Answer({ type: 'object', additionalProperties: true }) metadata!: Record<string, unknown>;
  @Answer({ type: () => [OtherNameDto] }) names!: OtherNameDto[];
  @Answer({ type: () => [EmailDto] }) emails!: EmailDto[];
  @Answer({ type: () => [PhoneDto] }) phones!: PhoneDto[];
  @Answer({ type: () => [AddressDto] }) addresses!: AddressDto[];
  @Answer({ type: String, format: 'uuid', nullable: true }) createdBy!: string | null;
}

class PossibleDuplicateDto {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...CONTACT_KINDS] }) kind!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: 'array', items: { type: 'string', enum: ['email', 'name'] }, description: 'What is the same' }) reasons!: string[];
}
export class CreatedContactDto extends ContactDto {
  @Answer({ type: () => [PossibleDuplicateDto], required: false, description: 'Contacts that may be the same; at most ten. Not in a replayed answer.' }) possibleDuplicates?: PossibleDuplicateDto[];
}

export class ContactCaseQuery extends PageQuery {
  @OneOf(['intake', 'open', 'on_hold', 'closed', 'archived'], { optional: true }) status?: string;
}
class CasePartDto {
  @Answer({ type: String, description: '"client", or the role of a party', example: 'witness' }) role!: string;
  @Answer({ type: String, nullable: true, enum: ['client', 'opposing', 'neutral'], description: 'Of a party' }) side!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'Of a party' }) partyId!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) since!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) until!: string | null;
}
/** A case as it stands beside a contact or client. */
export class CaseBriefDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) number!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String, enum: ['intake', 'open', 'on_hold', 'closed', 'archived'] }) status!: string;
  @Answer({ type: String, nullable: true }) practiceArea!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) responsibleAttorneyId!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) openedOn!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) closedOn!: string | null;
}
export class CaseRowDto extends CaseBriefDto {
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
export class ContactCaseDto extends CaseRowDto {
  @Answer({ type: () => [CasePartDto], description: 'What the contact is in the case' }) parts!: CasePartDto[];
}
