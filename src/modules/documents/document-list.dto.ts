import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { PageQuery } from '../../common/pagination/page.js';
import { Day, Id, JsonText, QueryFlag, QuerySome, Text, Texts } from '../../common/validation/fields.js';
import { DOCUMENT_PRIVILEGES, DOCUMENT_STATUSES } from '../../models/document.model.js';

/** `a,b`, `?x=a&x=b`, or both. */
const Several = (options: Parameters<typeof Texts>[0]): PropertyDecorator => applyDecorators(
  Texts({ ...options, optional: true, min: 1 }),
  Transform(({ value }) => value === undefined ? undefined : [value].flat().flatMap((one: unknown) => (typeof one === 'string' ? one.split(',').map((part) => part.trim()).filter(Boolean) : [one]))),
);

/** Filters of the list of documents; all that are given must hold. */
export class DocumentQuery extends PageQuery {
  @Id({ optional: true }) caseId?: string;
  @Id({ optional: true, description: 'Documents of this client’s cases' }) clientId?: string;
  @Text({ optional: true, max: 36, pattern: /^(none|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/, patternHint: 'folderId must be the id of a folder, or none', description: 'Directly in this folder; none: in no folder', example: 'none' })
  folderId?: string;
  @Id({ optional: true, description: 'Attachments of this document' }) parentId?: string;
  @Several({ max: 20, each: { max: 60 }, description: 'One or several' }) type?: string[];
  @QuerySome(DOCUMENT_STATUSES) status?: string[];
  @QuerySome(DOCUMENT_PRIVILEGES) privilege?: string[];
  @Several({ max: 20, each: { max: 60 }, description: 'Documents that carry at least one of these' }) tag?: string[];
  @Text({ optional: true, max: 100, description: 'Part of the author’s name as it stands on the document' }) author?: string;
  @Id({ optional: true, description: 'Written by this person of the firm' }) authorId?: string;
  @Several({ max: 10, each: { max: 255 }, description: 'Of the current version' }) mediaType?: string[];
  @JsonText({ optional: true, max: 2000, description: 'JSON object that the document’s metadata contains', example: '{"exhibit":"A"}' }) metadata?: string;
  @Day({ optional: true, description: 'The date on the document' }) documentDateFrom?: string;
  @Day({ optional: true }) documentDateTo?: string;
  @Text({ optional: true, max: 200, description: 'Words or parts of words that stand in the title; all of them. What stands in the text: /v1/search' }) q?: string;
  @Text({ optional: true, max: 36, pattern: /^(me|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/, patternHint: 'checkedOutBy must be the id of a person, or me', description: 'Checked out by this person, or by me', example: 'me' })
  checkedOutBy?: string;
  @QueryFlag({ description: 'Only what is in the trash; absent: only what is not' }) trashed?: boolean;
}
