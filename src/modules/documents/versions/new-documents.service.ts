import { Injectable } from '@nestjs/common';
import { faultAt } from '../../../common/errors/problem.js';
import type { FormFields } from '../../../common/http/form.js';
import { currentPrincipal } from '../../../common/http/request-context.js';
import type { Upload } from '../../../common/http/upload.js';
import { newId } from '../../../common/ids.js';
import { isUuid } from '../../../common/validation/fields.js';
import { Database } from '../../../database/database.js';
import { CaseStanding } from '../../cases/case-standing.service.js';
import { cleanTags } from '../../cases/cases.service.js';
import type { DocumentDto } from '../documents.dto.js';
import * as errors from '../documents.errors.js';
import { FOLDER_IN_CASE } from '../documents.queries.js';
import { Documents } from '../documents.service.js';
import type { UploadDocument } from './document-upload.dto.js';
import { FileIntake, type NewFile } from './file-upload.js';
import * as sql from './new-documents.queries.js';
import { Versions } from './versions.service.js';

/** What may be said of a new document; `metadata` is an object here. */
export type NewDocument = Omit<UploadDocument, 'metadata'> & { metadata?: object };

/** Documents with their first version: there is none without. */
@Injectable()
export class NewDocuments {
  constructor(
    private readonly database: Database,
    private readonly intake: FileIntake,
    private readonly cases: CaseStanding,
    private readonly versions: Versions,
    private readonly documents: Documents,
  ) {}

  /** Takes a file as a document. A case named before the file is looked at before the bytes are taken. */
  upload(): Upload<UploadDocument, DocumentDto> {
    return this.intake.upload<UploadDocument, DocumentDto>(currentPrincipal().firmId, {
      admit: (before) => this.admit(before),
      record: async ({ metadata, ...fields }, file, claim) => {
        await this.assertNamed(fields);
        const input = { ...fields, ...(metadata !== undefined && { metadata: JSON.parse(metadata) as object }) };
        const { id } = await this.create(input, file, await claim());
        return this.documents.get(id);
      },
    });
  }

  /** In a transaction that has looked at case and folder. The document’s id, and that of its version. */
  async create(input: NewDocument, file: NewFile, objectId: string): Promise<{ id: string; versionId: string }> {
    const id = newId();
    await this.database.execute(sql.INSERT_DOCUMENT, [
      this.database.firmId, id, input.caseId, input.folderId ?? null, input.title ?? file.title, input.type ?? null, input.status ?? null, input.authorName ?? null, input.authorId ?? null,
      input.documentDate ?? null, input.tags ? cleanTags(input.tags) : [], JSON.stringify(input.metadata ?? {}), input.privilege ?? null, this.database.userId,
    ]);
    return { id, versionId: await this.versions.record({ id, caseId: input.caseId }, file, objectId, input.comment) };
  }

  /** That the case is there (404) and open, and the folder in it. */
  async assertPlace({ caseId, folderId }: { caseId: string; folderId?: string }): Promise<void> {
    await this.cases.assertChanging(caseId);
    if (folderId !== undefined && !(await this.database.first(FOLDER_IN_CASE, [folderId, caseId]))) throw faultAt(errors.unknownFolder, '/folderId');
  }

  /** The same where a form names the case. */
  private assertNamed(place: { caseId: string; folderId?: string }): Promise<void> {
    return this.assertPlace(place).catch((error: unknown) => {
      throw (error as { code?: string }).code === 'not_found' ? faultAt(errors.unknownCase, '/caseId') : error;
    });
  }

  private async admit({ caseId, folderId }: FormFields): Promise<void> {
    if (isUuid(caseId)) await this.assertNamed({ caseId, ...(isUuid(folderId) && { folderId }) }); // what is none is said at the end, with all other faults
  }
}
