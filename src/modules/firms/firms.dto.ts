import { Answer, AnswerId, AnswerInstant, Email, OneOf, Text, Whole, Wholes } from '../../common/validation/fields.js';

const TEMPLATE = { max: 60, pattern: /\{seq(:\d{1,2})?\}/, patternHint: '$property must contain {seq} or {seq:5}', description: 'Parts: {seq:5}, {year}, {client}' };
const CLIENT_TEMPLATE = {
  max: 60, pattern: /^([^{}]|\{year\})*\{seq(:[1-9])?\}([^{}]|\{year\})*$/,
  patternHint: '$property must contain {seq}, or {seq:1} to {seq:9}, once; beside it {year} and plain text, but no other braces',
  description: 'Parts: {seq:5} once (the counter, here with five digits), {year}. With {year} the counter begins anew every year.',
};
const CASE_TEMPLATE = {
  max: 60, pattern: /^([^{}]|\{year\}|\{client\})*\{seq(:[1-9])?\}([^{}]|\{year\}|\{client\})*$/,
  patternHint: '$property must contain {seq}, or {seq:1} to {seq:9}, once; beside it {year}, {client} and plain text, but no other braces',
  description: 'Parts: {seq:5} once (the counter, here with five digits), {year}, {client} (the client’s number). What is counted: `caseNumberScope`.',
};
export const CASE_NUMBER_SCOPES = ['firm', 'client', 'year'] as const;
const SCOPE = 'What has a counter of its own: the firm, each client ({client} must stand in the template), each year ({year} must). Null: as the template says, the client before the year';

/** Every setting of a firm; later modules add theirs. */
export class UpdateFirm {
  @Text({ optional: true, max: 200, example: 'Harbor & Finch LLP' }) name?: string;
  @Text({ optional: true, nullable: true, max: 200 }) legalName?: string | null;
  @Text({ optional: true, nullable: true, max: 40 }) taxId?: string | null;
  @Text({ optional: true, nullable: true, max: 20, description: 'LAW_FIRM_ID in LEDES files; usually the tax id' }) ledesLawFirmId?: string | null;
  @Text({ optional: true, nullable: true, max: 100 }) addressLine1?: string | null;
  @Text({ optional: true, nullable: true, max: 100 }) addressLine2?: string | null;
  @Text({ optional: true, nullable: true, max: 100 }) city?: string | null;
  @Text({ optional: true, nullable: true, max: 100 }) region?: string | null;
  @Text({ optional: true, nullable: true, max: 20 }) postalCode?: string | null;
  @Text({ optional: true, max: 2, pattern: /^[A-Z]{2}$/, example: 'US', description: 'ISO 3166-1 alpha-2' }) country?: string;
  @Text({ optional: true, nullable: true, max: 50 }) phone?: string | null;
  @Email({ optional: true, nullable: true }) email?: string | null;
  @Text({ optional: true, nullable: true, max: 200, pattern: /^https?:\/\//, patternHint: 'website must start with http:// or https://' }) website?: string | null;
  @Text({ optional: true, max: 64, example: 'America/New_York' }) timeZone?: string;
  @Text({ optional: true, max: 3, pattern: /^[A-Z]{3}$/, example: 'USD', description: 'ISO 4217' }) currency?: string;
  @Text({ optional: true, max: 5, pattern: /^[a-z]{2}(-[A-Z]{2})?$/, example: 'en' }) language?: string;
  @Text({ optional: true, ...CLIENT_TEMPLATE, example: 'C-{seq:5}' }) clientNumberTemplate?: string;
  @Text({ optional: true, ...CASE_TEMPLATE, example: '{year}-{seq:5}' }) caseNumberTemplate?: string;
  @OneOf(CASE_NUMBER_SCOPES, { optional: true, nullable: true, description: SCOPE }) caseNumberScope?: (typeof CASE_NUMBER_SCOPES)[number] | null;
  @Text({ optional: true, ...TEMPLATE, example: 'INV-{year}-{seq:5}' }) invoiceNumberTemplate?: string;
  @Wholes({ optional: true, min: 1, max: 7, maxItems: 7, description: 'Working days, 1 = Monday' }) workWeek?: number[];
  @Whole({ optional: true, min: 60, max: 1440 }) workDayMinutes?: number;
  @Whole({ optional: true, min: 1, max: 7, description: '1 = Monday' }) weekStartsOn?: number;
  @Whole({ optional: true, min: 1, max: 12 }) fiscalYearStartMonth?: number;
  @Whole({ optional: true, nullable: true, min: 1, max: 3650, description: 'How many days documents stay in the trash; null: until somebody purges them' }) trashDays?: number | null;
  @Whole({ optional: true, min: 1, max: 365, description: 'How long a login lasts without a new password' }) sessionDays?: number;
}

export class FirmDto {
  @AnswerId() id!: string;
  @Answer({ type: String, description: 'Names the firm at login' }) slug!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, nullable: true }) legalName!: string | null;
  @Answer({ type: String, nullable: true }) taxId!: string | null;
  @Answer({ type: String, nullable: true }) ledesLawFirmId!: string | null;
  @Answer({ type: String, nullable: true }) addressLine1!: string | null;
  @Answer({ type: String, nullable: true }) addressLine2!: string | null;
  @Answer({ type: String, nullable: true }) city!: string | null;
  @Answer({ type: String, nullable: true }) region!: string | null;
  @Answer({ type: String, nullable: true }) postalCode!: string | null;
  @Answer({ type: String }) country!: string;
  @Answer({ type: String, nullable: true }) phone!: string | null;
  @Answer({ type: String, nullable: true }) email!: string | null;
  @Answer({ type: String, nullable: true }) website!: string | null;
  @Answer({ type: String }) timeZone!: string;
  @Answer({ type: String }) currency!: string;
  @Answer({ type: String }) language!: string;
  @Answer({ type: String }) clientNumberTemplate!: string;
  @Answer({ type: String }) caseNumberTemplate!: string;
  @Answer({ type: String, enum: [...CASE_NUMBER_SCOPES], nullable: true, description: SCOPE }) caseNumberScope!: (typeof CASE_NUMBER_SCOPES)[number] | null;
  @Answer({ type: String }) invoiceNumberTemplate!: string;
  @Answer({ type: 'array', items: { type: 'integer' } }) workWeek!: number[];
  @Answer({ type: 'integer' }) workDayMinutes!: number;
  @Answer({ type: 'integer' }) weekStartsOn!: number;
  @Answer({ type: 'integer' }) fiscalYearStartMonth!: number;
  @Answer({ type: 'integer' }) sessionDays!: number;
  @Answer({ type: 'integer', nullable: true, description: 'How many days documents stay in the trash; null: until somebody purges them' }) trashDays!: number | null;
  @Answer({ type: Boolean, description: 'GET /v1/firm/logo has it' }) hasLogo!: boolean;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

export class SetLogo {
  @OneOf(['image/png', 'image/jpeg']) mediaType!: string;
  @Text({ max: 700_000, description: 'The picture, base64; at most 512 KB' }) data!: string;
}

export class CreateFirm {
  @Text({ max: 200, example: 'Harbor & Finch LLP' }) name!: string;
  @Text({ optional: true, max: 63, pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/, example: 'harbor-finch', description: 'Absent: made from the name' }) slug?: string;
  @Text({ optional: true, max: 64, example: 'America/New_York' }) timeZone?: string;
  @Text({ optional: true, max: 3, pattern: /^[A-Z]{3}$/, example: 'USD' }) currency?: string;
  @Text({ optional: true, max: 2, pattern: /^[A-Z]{2}$/, example: 'US' }) country?: string;
  @Text({ optional: true, max: 5, pattern: /^[a-z]{2}(-[A-Z]{2})?$/, example: 'en' }) language?: string;
  @Email({ description: 'The first administrator' }) adminEmail!: string;
  @Text({ max: 100 }) adminGivenName!: string;
  @Text({ max: 100 }) adminFamilyName!: string;
  @Text({ min: 10, max: 200, trim: false }) adminPassword!: string;
}

export class CreatedFirmDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) slug!: string;
  @Answer({ type: String }) name!: string;
  @AnswerId('The first administrator') adminId!: string;
}
