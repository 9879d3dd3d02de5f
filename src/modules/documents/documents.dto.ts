import { Answer, AnswerId, AnswerInstant, Day, Id, OneOf, OpenObject, Text, Texts } from '../../common/validation/fields.js';
import { DOCUMENT_PRIVILEGES, DOCUMENT_STATUSES } from '../../models/document.model.js';
import { EXTRACTION_STATUSES } from '../../models/document-text.model.js';
import { CaseworkPersonDto } from '../casework/casework.dto.js';

/** What can be said of a document, besides where it is and what is in it. */
export class UpdateDocument {
  @Text({ optional: true, max: 500, example: 'Motion to dismiss' }) title?: string;
  @Text({ optional: true, max: 60, description: 'A code of /v1/reference/document-types', example: 'pleading' }) type?: string;
  @OneOf(DOCUMENT_STATUSES, { optional: true }) status?: string;
  @Text({ optional: true, nullable: true, max: 200, description: 'Who wrote it, as it stands on it' }) authorName?: string | null;
  @Id({ optional: true, nullable: true, description: 'Who wrote it, when it was somebody of the firm' }) authorId?: string | null;
  @Day({ optional: true, nullable: true, description: 'The date on it' }) documentDate?: string | null;
  @Texts({ optional: true, max: 50, each: { max: 60 }, description: 'Without commas, so that lists can be filtered by several' }) tags?: string[];
  @OpenObject({ optional: true, description: 'Whatever the front end wants to keep with it', example: { exhibit: 'A' } }) metadata?: Record<string, unknown>;
  @OneOf(DOCUMENT_PRIVILEGES, { optional: true }) privilege?: string;
}

export class MoveDocument {
  @Id({ optional: true, description: 'Another case; absent: it stays in its own' }) caseId?: string;
  @Id({ optional: true, nullable: true, description: 'A folder of that case; null, or absent with another case: out of any folder' }) folderId?: string | null;
}
export class CopyDocument {
  static readonly optionalBody = true;
  @Id({ optional: true, description: 'Absent: the same case' }) caseId?: string;
  @Id({ optional: true, nullable: true, description: 'A folder of that case; absent: the same folder in the same case, none in another' }) folderId?: string | null;
  @Text({ optional: true, max: 500, description: 'Absent: the same title' }) title?: string;
}
export class TrashDocument {
  @Text({ optional: true, max: 2000, description: 'Goes into the audit trail' }) reason?: string;
}
export class PurgeDocument {
  @Text({ max: 2000, example: 'Uploaded by mistake, belongs to nobody here' }) reason!: string;
}

export class DocumentContentDto {
  @AnswerId('Of the version') id!: string;
  @Answer({ type: 'integer' }) number!: number;
  @Answer({ type: String }) fileName!: string;
  @Answer({ type: String, description: 'Told from the content' }) mediaType!: string;
  @Answer({ type: 'integer', description: 'Bytes' }) size!: number;
  @Answer({ type: String, description: 'SHA-256 of the bytes, hexadecimal' }) sha256!: string;
  @Answer({ type: String, enum: [...EXTRACTION_STATUSES], description: 'How far taking the text out has come' }) textStatus!: string;
  @Answer({ type: 'integer', nullable: true }) pageCount!: number | null;
  @AnswerInstant() createdAt!: string;
}
export class DocumentCaseDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) number!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String }) status!: string;
}
export class DocumentFolderDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) parentId!: string | null;
}
export class DocumentCheckoutDto {
  @AnswerId() id!: string;
  @Answer({ type: () => CaseworkPersonDto }) user!: CaseworkPersonDto;
  @Answer({ type: String, nullable: true }) reason!: string | null;
  @AnswerInstant() since!: string;
  @AnswerInstant() expiresAt!: string;
}
export class DocumentHoldDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'Null: it holds the whole case' }) documentId!: string | null;
  @AnswerInstant() placedAt!: string;
}

export class DocumentDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) folderId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'The document it was attached to' }) parentId!: string | null;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String }) type!: string;
  @Answer({ type: String, enum: [...DOCUMENT_STATUSES] }) status!: string;
  @Answer({ type: String, nullable: true }) authorName!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) authorId!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) documentDate!: string | null;
  @Answer({ type: 'array', items: { type: 'string' } }) tags!: string[];
  @Answer({ type: 'object', additionalProperties: true }) metadata!: Record<string, unknown>;
  @Answer({ type: String, enum: [...DOCUMENT_PRIVILEGES] }) privilege!: string;
  @Answer({ type: () => DocumentContentDto }) currentVersion!: DocumentContentDto;
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) checkedOutBy!: CaseworkPersonDto | null;
  @Answer({ type: Boolean, description: 'A legal hold is on it or on its case' }) onHold!: boolean;
  @Answer({ type: String, format: 'uuid', nullable: true }) createdBy!: string | null;
  @AnswerInstant('In the trash since', true) deletedAt!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) deletedBy!: string | null;
  @Answer({ type: String, nullable: true }) deleteReason!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
  @Answer({ type: () => DocumentCaseDto, required: false, description: 'With expand=case' }) case?: DocumentCaseDto;
  @Answer({ type: () => DocumentFolderDto, required: false, nullable: true, description: 'With expand=folder' }) folder?: DocumentFolderDto | null;
  @Answer({ type: () => DocumentCheckoutDto, required: false, nullable: true, description: 'With expand=checkout' }) checkout?: DocumentCheckoutDto | null;
  @Answer({ type: () => [DocumentHoldDto], required: false, description: 'With expand=holds: those that are active' }) holds?: DocumentHoldDto[];
}

export class PurgedDto {
  @AnswerId() id!: string;
  @Answer({ type: 'integer', description: 'With attachments that were in the trash as well' }) documents!: number;
  @Answer({ type: 'integer' }) versions!: number;
  @Answer({ type: 'integer', description: 'Stored files that nothing refers to any more; they are removed soon after' }) files!: number;
}

/** Names for ?expand=. currentVersion is always there; the name is taken so that nobody need know. */
export const DOCUMENT_EXPANSIONS = ['case', 'folder', 'currentVersion', 'checkout', 'holds'] as const;
