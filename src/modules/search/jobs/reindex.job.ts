import { Database } from '../../../database/database.js';
import { JobHandler, type JobContext } from '../../jobs/job-handler.js';
import { Tasks } from '../../tasks/tasks.service.js';
import { COUNT_VERSIONS, VERSIONS_TO_REINDEX } from '../full-text.queries.js';
import { VersionIndexer } from '../version-indexer.js';

const AT_ONCE = 100;

/**
 * Makes the index of every version anew, one after the other, those of hidden cases too: it runs for the firm. A run that breaks off is begun again. How many
 * there are is not told, since that counts hidden ones.
 */
@JobHandler('search.reindex', { unit: 'own', timeoutSeconds: 86_400, maxAttempts: 5 })
export class ReindexJob implements JobHandler<{ taskId: string }> {
  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
  ) {}

  async handle({ taskId }: { taskId: string }, job: JobContext): Promise<void> {
    const progress = this.tasks.progressOf(job, taskId);
    const { count } = (await job.read(() => this.database.first<{ count: number }>(COUNT_VERSIONS)))!;
    const indexer = new VersionIndexer(this.database, job);
    let done = 0;
    for (let after: string | null = null; ;) {
      const ids: { id: string }[] = await job.read(() => this.database.query<{ id: string }>(VERSIONS_TO_REINDEX, [after, AT_ONCE]));
      for (const { id } of ids) {
        job.signal.throwIfAborted();
        await indexer.index(id, { whole: true });
        await progress.progress(Math.min(99, Math.floor((100 * ++done) / Math.max(count, 1))), 100);
      }
      if (ids.length < AT_ONCE) break;
      after = ids.at(-1)!.id;
    }
    await progress.complete();
  }
}
