import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Day, Id, Nested, OneOf, Text, Whole } from '../../common/validation/fields.js';
import { CaseBriefDto, CONTACT_KINDS, CreateContact } from './contacts.dto.js';

export const CLIENT_STATUSES = ['active', 'inactive', 'former'] as const;

class BillingFields {
  @Text({ optional: true, max: 3, pattern: /^[A-Z]{3}$/, example: 'USD', description: 'ISO 4217; absent: the firm’s' }) currency?: string;
  @Whole({ optional: true, max: 365, description: 'Days until an invoice is due; absent: 30' }) paymentTermsDays?: number;
  @Text({ optional: true, nullable: true, max: 40, example: '12-3456789' }) taxId?: string | null;
  @Text({ optional: true, nullable: true, max: 20, example: 'NGATE', description: 'CLIENT_ID of LEDES files' }) ledesClientId?: string | null;
  @Id({ optional: true, nullable: true, description: 'Who gets the bills, where it is somebody else' }) billingContactId?: string | null;
  @Id({ optional: true, nullable: true, description: 'An address of the client or of the billing contact' }) billingAddressId?: string | null;
  @Text({ optional: true, nullable: true, max: 5000 }) billingInstructions?: string | null;
}
export class CreateClient extends BillingFields {
  @Id({ optional: true, description: 'A contact that is there; or send `contact`' }) contactId?: string;
  @Nested(() => CreateContact, { optional: true, description: 'A contact to be made; or send `contactId`' }) contact?: CreateContact;
  @OneOf(CLIENT_STATUSES, { optional: true, description: 'Absent: active' }) status?: string;
  @Day({ optional: true, description: 'Absent: today, where the firm is' }) openedOn?: string;
  @Text({ optional: true, nullable: true, max: 20_000 }) notes?: string | null;
}
export class UpdateClient extends BillingFields {
  @OneOf(CLIENT_STATUSES, { optional: true, description: 'Needs clients.write' }) status?: string;
  @Day({ optional: true, description: 'Needs clients.write' }) openedOn?: string;
  @Text({ optional: true, nullable: true, max: 20_000, description: 'Needs clients.write' }) notes?: string | null;
}
/** What of a client is no billing detail. */
export const BEYOND_BILLING = ['status', 'openedOn', 'notes'] as const;

export class ClientQuery extends PageQuery {
  @OneOf(CLIENT_STATUSES, { optional: true }) status?: string;
  @Text({ optional: true, max: 200, description: 'Every word stands in the name or another name, or the text in the number or an e-mail address' }) q?: string;
  @Text({ optional: true, max: 60, description: 'The contact has this tag' }) tag?: string;
  @OneOf(CONTACT_KINDS, { optional: true }) kind?: string;
  @Id({ optional: true, description: 'This person is the responsible attorney in one of the cases' }) responsibleAttorneyId?: string;
}

class ClientContactDto {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...CONTACT_KINDS] }) kind!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, nullable: true }) primaryEmail!: string | null;
  @Answer({ type: String, nullable: true }) primaryPhone!: string | null;
  @Answer({ type: 'array', items: { type: 'string' } }) tags!: string[];
  @Answer({ type: 'integer' }) version!: number;
}
export class ClientRowDto {
  @AnswerId() id!: string;
  @Answer({ type: String, description: 'Given by the firm’s template' }) number!: string;
  @Answer({ type: String, description: 'Of the contact' }) name!: string;
  @AnswerId() contactId!: string;
  @Answer({ type: String, enum: [...CLIENT_STATUSES] }) status!: string;
  @Answer({ type: String, description: 'ISO 4217' }) currency!: string;
  @Answer({ type: 'integer' }) paymentTermsDays!: number;
  @Answer({ type: String, nullable: true }) taxId!: string | null;
  @Answer({ type: String, nullable: true }) ledesClientId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) billingContactId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) billingAddressId!: string | null;
  @Answer({ type: String, nullable: true }) billingInstructions!: string | null;
  @Answer({ type: String, nullable: true }) notes!: string | null;
  @Answer({ type: String, format: 'date' }) openedOn!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) createdBy!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
  @Answer({ type: () => ClientContactDto, required: false, description: 'With expand=contact' }) contact?: ClientContactDto;
}
export class ClientDto extends ClientRowDto {
  @Answer({ type: () => [CaseBriefDto], required: false, description: 'With expand=cases, which needs cases.read: the newest hundred' }) cases?: CaseBriefDto[];
}
