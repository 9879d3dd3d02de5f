import { Database } from '../../../database/database.js';
import { JobHandler } from '../../jobs/job-handler.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { StoredFiles } from '../../storage/stored-files.service.js';
import * as sql from '../bulk/import.queries.js';

const LATER_SECONDS = 24 * 3600;

/** Long after an import began: removes what still waits, because it failed, or its case was hidden from who started it. */
@JobHandler('documents.tidy_import')
export class TidyImportJob implements JobHandler<{ importOf: string }> {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredFiles,
    private readonly jobs: Jobs,
  ) {}

  async handle({ importOf }: { importOf: string }): Promise<void> {
    const files = await this.database.query<{ id: string; firmId: string; sha256: string; size: number; outcome: string | null }>(sql.FILES_OF, [importOf]);
    if (files.length === 0) return;
    const task = await this.database.first<{ open: boolean }>(sql.TASK_OPEN, [importOf]);
    if (task?.open) {
      await this.jobs.enqueue('documents.tidy_import', { importOf }, { runAs: null, delaySeconds: LATER_SECONDS });
      return;
    }
    await this.database.execute(sql.DELETE_FILES, [importOf]);
    for (const { outcome, ...placed } of files) if (outcome === null) this.database.afterCommit(() => this.stored.withdraw(placed));
  }
}
