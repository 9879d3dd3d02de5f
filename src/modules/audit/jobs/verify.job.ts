import { Database } from '../../../database/database.js';
import { JobHandler, type JobContext } from '../../jobs/job-handler.js';
import { Tasks } from '../../tasks/tasks.service.js';
import type { VerificationDto } from '../audit.dto.js';
import { VERIFY_PART } from '../audit.queries.js';

const SEALS_AT_ONCE = 20;

/** Recomputes a long trail in pieces, each a short read of its own, and reports how far it got. */
@JobHandler('audit.verify', { unit: 'own', maxAttempts: 3 })
export class VerifyJob implements JobHandler<{ taskId: string }> {
  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
  ) {}

  async handle({ taskId }: { taskId: string }, job: JobContext): Promise<void> {
    const progress = this.tasks.progressOf(job, taskId);
    let done = 0;
    let events = 0;
    for (;;) {
      const part = await job.read(async () => (await this.database.first<{ result: VerificationDto }>(VERIFY_PART, [done, SEALS_AT_ONCE]))!.result);
      done += part.seals;
      events += part.sealedEvents;
      if (!part.intact || part.seals < SEALS_AT_ONCE) {
        await progress.complete({ ...part, seals: done, sealedEvents: events });
        return;
      }
      await progress.progress(done, Math.max(done, part.lastSeal), `${events} events are as they were sealed`);
    }
  }
}
