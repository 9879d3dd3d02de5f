import { Database } from '../../../database/database.js';
import { JobHandler, type JobContext } from '../../jobs/job-handler.js';
import { VersionIndexer } from '../version-indexer.js';

/** Makes the index of a version whose text is there; again where the text, the title or the language have changed. */
@JobHandler('search.index', { unit: 'own', concurrency: 2, timeoutSeconds: 7200 })
export class IndexJob implements JobHandler<{ versionId: string }> {
  constructor(private readonly database: Database) {}

  async handle({ versionId }: { versionId: string }, job: JobContext): Promise<void> {
    await new VersionIndexer(this.database, job).index(versionId);
  }
}
