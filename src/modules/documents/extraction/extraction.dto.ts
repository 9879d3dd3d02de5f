import { Answer, AnswerId, AnswerInstant, Texts } from '../../../common/validation/fields.js';

/** How taking the text out of a version can stand. */
export const TEXT_STATUSES = ['pending', 'extracting', 'extracted', 'empty', 'image_only', 'encrypted', 'corrupt', 'mislabelled', 'unsupported', 'too_large', 'failed'] as const;
const ENDED_WITHOUT = ['empty', 'image_only', 'encrypted', 'corrupt', 'mislabelled', 'unsupported', 'too_large', 'failed'] as const;

export class TextStateDto {
  @AnswerId('Id of the version') id!: string;
  @AnswerId() documentId!: string;
  @Answer({ type: 'integer' }) number!: number;
  @Answer({ type: String, enum: [...TEXT_STATUSES] }) status!: (typeof TEXT_STATUSES)[number];
  @Answer({ type: String, nullable: true, description: 'Why there is no text, or not all of it' }) reason!: string | null;
  @Answer({ type: 'integer', nullable: true }) pageCount!: number | null;
  @Answer({ type: 'integer', nullable: true }) charCount!: number | null;
  @Answer({ type: Boolean }) truncated!: boolean;
  @AnswerInstant(undefined, true) startedAt!: string | null;
  @AnswerInstant(undefined, true) finishedAt!: string | null;
  @AnswerInstant() updatedAt!: string;
}

export class ReadAgainDto {
  static readonly optionalBody = true;

  @Texts({ optional: true, min: 1, max: ENDED_WITHOUT.length, each: { in: ENDED_WITHOUT }, description: 'Versions whose text ended so; default: failed' })
  status?: string[];
}

export class ReadAgainAnswerDto {
  @Answer({ type: 'integer', description: 'Versions that will be read again' }) started!: number;
  @Answer({ type: Boolean, description: 'There are more than one call takes: call again when these are done' }) more!: boolean;
}
