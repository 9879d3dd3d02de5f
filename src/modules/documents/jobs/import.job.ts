import { Environment } from '../../../config/environment.js';
import { Database } from '../../../database/database.js';
import { JobHandler, type JobContext } from '../../jobs/job-handler.js';
import { Quarantine } from '../../storage/quarantine.js';
import { StoredFiles } from '../../storage/stored-files.service.js';
import { Tasks } from '../../tasks/tasks.service.js';
import { ImportRun, type ImportOrder } from '../bulk/import-run.js';
import { NewDocuments } from '../versions/new-documents.service.js';

/** Of one import, those in ZIPs counted: its result lists each. */
const MOST_FILES = 2_000;
/** What a ZIP unpacks to, in uploads of the largest size. */
const MOST_UPLOADS_UNPACKED = 4;

/** Makes documents of the files of an import. A run that breaks off is gone on with by the next one; a file that was dealt with is not touched again. */
@JobHandler('documents.import', { unit: 'own', concurrency: 2, leaseSeconds: 20, timeoutSeconds: 4 * 3600, maxAttempts: 8 })
export class ImportJob implements JobHandler<ImportOrder> {
  constructor(
    private readonly environment: Environment,
    private readonly tasks: Tasks,
    readonly database: Database,
    readonly quarantine: Quarantine,
    readonly stored: StoredFiles,
    readonly documents: NewDocuments,
  ) {}

  async handle(order: ImportOrder, job: JobContext): Promise<void> {
    const entryBytes = this.environment.UPLOAD_LIMIT_MB * 1024 * 1024;
    const limits = { entries: MOST_FILES, entryBytes, totalBytes: entryBytes * MOST_UPLOADS_UNPACKED };
    await new ImportRun(this, order, job, this.tasks.progressOf(job, order.taskId), limits).run();
  }
}
