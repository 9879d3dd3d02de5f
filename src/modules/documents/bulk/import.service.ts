import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '../../../common/http/request-context.js';
import type { Upload } from '../../../common/http/upload.js';
import { isUuid } from '../../../common/validation/fields.js';
import { Environment } from '../../../config/environment.js';
import { Database } from '../../../database/database.js';
import { CaseStanding } from '../../cases/case-standing.service.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { Quarantine } from '../../storage/quarantine.js';
import { StoredFiles } from '../../storage/stored-files.service.js';
import type { TaskDto } from '../../tasks/tasks.dto.js';
import { Tasks } from '../../tasks/tasks.service.js';
import { NewDocuments } from '../versions/new-documents.service.js';
import type { ImportDocuments } from './import.dto.js';
import { ImportUpload } from './import-upload.js';
import * as sql from './import.queries.js';

/** So long the files of an import wait at most, whatever keeps its job from running. */
export const KEPT_SECONDS = 48 * 3600;

/** Takes many files at once; the job documents.import makes documents of them. */
@Injectable()
export class DocumentImports {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    readonly quarantine: Quarantine,
    readonly stored: StoredFiles,
    private readonly cases: CaseStanding,
    private readonly documents: NewDocuments,
    private readonly tasks: Tasks,
    private readonly jobs: Jobs,
  ) {}

  upload(caseId: string): Upload<ImportDocuments, TaskDto> {
    const { database, tasks, jobs } = this;
    return new ImportUpload(this, currentPrincipal().firmId, this.environment.UPLOAD_LIMIT_MB * 1024 * 1024, {
      admit: ({ folderId }) => this.assertPlace(caseId, isUuid(folderId) ? folderId : undefined),
      record: async (fields, files) => {
        await this.assertPlace(caseId, fields.folderId);
        const task = await tasks.start('documents.import', 'documents.import', { caseId, filedUnder: fields }, { total: files.length, caseId });
        await database.execute(sql.INSERT_FILES, [database.firmId, task.id, caseId, JSON.stringify(files)]);
        await jobs.enqueue('documents.tidy_import', { importOf: task.id }, { runAs: null, delaySeconds: KEPT_SECONDS });
        return task;
      },
    });
  }

  private async assertPlace(caseId: string, folderId: string | undefined): Promise<void> {
    await this.cases.assertChanging(caseId); // the path names it: 404
    if (folderId !== undefined) await this.documents.assertPlace({ caseId, folderId });
  }
}
