import { Problem } from '../../../common/errors/problem.js';
import { fromDatabase } from '../../../common/errors/database-errors.js';
import { Database } from '../../../database/database.js';
import { JobHandler, type JobContext } from '../../jobs/job-handler.js';
import { DUE_TRASH } from '../documents.queries.js';
import { Trash } from '../trash.service.js';

const AT_ONCE = 100;

/** Purges what has been in the trash for as long as the firm keeps it: one document, one transaction. */
@JobHandler('documents.expire_trash', { unit: 'own', maxAttempts: 3 })
export class ExpireTrashJob implements JobHandler<Record<string, never>> {
  constructor(
    private readonly database: Database,
    private readonly trash: Trash,
  ) {}

  async handle(_: Record<string, never>, job: JobContext): Promise<void> {
    const kept = new Set<string>();
    while (!job.signal.aborted) {
      const due = (await job.read(() => this.database.query<{ id: string }>(DUE_TRASH, [AT_ONCE]))).filter(({ id }) => !kept.has(id));
      if (due.length === 0) return;
      for (const { id } of due) {
        await job.write(() => this.trash.expire(id)).catch((error: unknown) => {
          // held, restored or purged since it was read: that is somebody's wish, and no failure
          if (!(error instanceof Problem) && !fromDatabase(error)) throw error;
          kept.add(id);
        });
      }
    }
  }
}
