import { PageQuery } from '../../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, OneOf, QueryFlag, QueryWhole, Text, Whole } from '../../../common/validation/fields.js';
import { CaseworkPersonDto } from '../../casework/casework.dto.js';

export const DISPOSITIONS = ['attachment', 'inline'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

const TEXT_STATUSES = ['pending', 'extracting', 'extracted', 'empty', 'image_only', 'encrypted', 'corrupt', 'mislabelled', 'unsupported', 'too_large', 'failed'];

/** How far taking the text out of a version has come. */
export class VersionTextDto {
  @Answer({ type: String, enum: TEXT_STATUSES }) status!: string;
  @Answer({ type: String, nullable: true, description: 'Why there is no text, in words' }) reason!: string | null;
  @Answer({ type: 'integer', nullable: true }) pageCount!: number | null;
  @Answer({ type: 'integer', nullable: true }) charCount!: number | null;
  @Answer({ type: Boolean, description: 'The file has more text than is kept' }) truncated!: boolean;
}

export class VersionDto {
  @AnswerId() id!: string;
  @AnswerId() documentId!: string;
  @Answer({ type: 'integer', description: 'Counts from 1 without gaps' }) number!: number;
  @Answer({ type: Boolean }) isCurrent!: boolean;
  @Answer({ type: String, description: 'As it was uploaded, cleaned of paths and invisible characters' }) fileName!: string;
  @Answer({ type: String, description: 'Told from the content' }) mediaType!: string;
  @Answer({ type: String, nullable: true, description: 'As the sender said' }) declaredType!: string | null;
  @Answer({ type: Boolean, description: 'False where the content is something else than the name says' }) nameMatches!: boolean;
  @Answer({ type: 'integer', description: 'Bytes' }) size!: number;
  @Answer({ type: String, description: 'SHA-256 of the bytes, hexadecimal' }) sha256!: string;
  @Answer({ type: () => CaseworkPersonDto }) author!: CaseworkPersonDto;
  @Answer({ type: String, nullable: true }) comment!: string | null;
  @Answer({ type: 'integer', nullable: true, description: 'The version this one brought back' }) restoredFrom!: number | null;
  @Answer({ type: () => VersionTextDto }) text!: VersionTextDto;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant('When its text last changed') updatedAt!: string;
}

export class VersionsQuery extends PageQuery {}

export class UploadVersion {
  @Text({ optional: true, max: 2000, example: 'Comments of the client worked in' }) comment?: string;
  @QueryFlag({ description: 'Also ends your check-out of the document' }) checkIn?: boolean;
}

export class RestoreVersion {
  @Text({ optional: true, max: 2000, example: 'Back to what was filed' }) comment?: string;
  static optionalBody = true;
}

export class ContentQuery {
  @OneOf(DISPOSITIONS, { optional: true, description: 'inline: shown by the browser in place; only PDF, raster images and plain text' }) disposition?: Disposition;
}

export class TextQuery {
  @QueryWhole({ min: 1, description: 'Only this page' }) page?: number;
}

export class PassagesQuery extends PageQuery {
  @QueryWhole({ min: 1, description: 'Only this page' }) page?: number;
}

/** A piece of the text, in order; put together they are the whole. */
export class PassageDto {
  @Answer({ type: String, description: 'Its number in the text, counted from 0' }) id!: string;
  @Answer({ type: 'integer', nullable: true, description: 'Counts from 1; null where the format has no pages' }) page!: number | null;
  @Answer({ type: 'integer', description: 'Where in the whole text it begins, in characters' }) charOffset!: number;
  @Answer({ type: String }) text!: string;
}

export const LONGEST_LINK_SECONDS = 3600;

export class CreateLink {
  @Whole({ optional: true, min: 10, max: LONGEST_LINK_SECONDS, default: 300 }) expiresInSeconds?: number;
  @OneOf(DISPOSITIONS, { optional: true, description: 'inline: shown by the browser in place; only PDF, raster images and plain text' }) disposition?: Disposition;
  static optionalBody = true;
}

export class LinkDto {
  @Answer({ type: String, format: 'uri', description: 'Works without a credential, as you, while your session or key is alive and you see the case' }) url!: string;
  @AnswerInstant() expiresAt!: string;
}
