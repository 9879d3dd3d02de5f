import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Day, Id, JsonText, OneOf, Text, Texts } from '../../../common/validation/fields.js';
import { DOCUMENT_PRIVILEGES, DOCUMENT_STATUSES } from '../../../models/document.model.js';

/** A list in a form: the field several times, or words with commas between them. */
const FormTexts = (options: Parameters<typeof Texts>[0]): PropertyDecorator =>
  applyDecorators(
    Texts(options),
    Transform(({ value }) => (value === undefined ? undefined : [value].flat().flatMap((part: unknown) => (typeof part === 'string' ? part.split(',').map((word) => word.trim()).filter(Boolean) : [part])))),
  );

/** What a form says of documents that are made of its files. */
export class FiledUnder {
  @Id({ optional: true, description: 'A folder of the case; absent: at its root' }) folderId?: string;
  @Text({ optional: true, max: 60, description: 'A code of /v1/reference/document-types', example: 'pleading' }) type?: string;
  @OneOf(DOCUMENT_STATUSES, { optional: true }) status?: string;
  @OneOf(DOCUMENT_PRIVILEGES, { optional: true }) privilege?: string;
  @FormTexts({ optional: true, max: 50, each: { max: 60 }, description: 'Separated by commas, or the field several times' }) tags?: string[];
}

export class UploadDocument extends FiledUnder {
  @Id({ description: 'Sent before the file, it is checked before the bytes are taken' }) caseId!: string;
  @Text({ optional: true, max: 500, description: 'Absent: the name of the file without its extension', example: 'Motion to dismiss' }) title?: string;
  @Text({ optional: true, max: 200, description: 'Who wrote it, as it stands on it' }) authorName?: string;
  @Id({ optional: true, description: 'Who wrote it, when it was somebody of the firm' }) authorId?: string;
  @Day({ optional: true, description: 'The date on it' }) documentDate?: string;
  @JsonText({ optional: true, max: 16_000, description: 'A JSON object of your own', example: '{"exhibit":"A"}' }) metadata?: string;
  @Text({ optional: true, max: 2000, description: 'Goes with version 1' }) comment?: string;
}
