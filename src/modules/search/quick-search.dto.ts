import { Answer, AnswerId, QueryWhole, Text } from '../../common/validation/fields.js';

export const KINDS = ['case', 'client', 'contact'] as const;
export type Kind = (typeof KINDS)[number];

export class QuickSearchQuery {
  @Text({ min: 2, max: 100, example: 'harb', description: 'Two letters at least' }) q!: string;
  @QueryWhole({ min: 1, max: 50, default: 10 }) limit?: number;
  @Text({
    optional: true, max: 60, pattern: /^(case|client|contact)(,(case|client|contact))*$/, patternHint: 'types must be case, client or contact, separated by commas',
    example: 'case,client', description: 'Absent: all. A contact who is a client shows as the client where clients are asked for',
  }) types?: string;
}

export class QuickMatchDto {
  @Answer({ type: String, enum: ['title', 'subtitle'] }) field!: 'title' | 'subtitle';
  @Answer({ type: 'integer', description: 'First character, counted in UTF-16 units' }) start!: number;
  @Answer({ type: 'integer', description: 'Behind the last' }) end!: number;
}
export class QuickFoundDto {
  @Answer({ type: String, enum: [...KINDS] }) type!: Kind;
  @AnswerId() id!: string;
  @Answer({ type: String, description: 'Title of the case, name of the client or contact' }) title!: string;
  @Answer({ type: String, description: 'Number, client, docket number; number of the client; e-mail address or other name of the contact' }) subtitle!: string;
  @Answer({ type: 'number', minimum: 0, maximum: 1 }) score!: number;
  @Answer({ type: [QuickMatchDto], description: 'Where words of the question begin words of the answer, for highlighting' }) matches!: QuickMatchDto[];
}
export class QuickSearchDto {
  @Answer({ type: [QuickFoundDto], description: 'Best first' }) data!: QuickFoundDto[];
}
