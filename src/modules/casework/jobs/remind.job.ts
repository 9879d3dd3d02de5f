import { JobHandler } from '../../jobs/job-handler.js';
import { Reminders } from '../reminders.service.js';

/** Sends the reminders of an event that are due by now. */
@JobHandler('casework.remind')
export class RemindJob implements JobHandler<{ eventId: string }> {
  constructor(private readonly reminders: Reminders) {}

  handle({ eventId }: { eventId: string }): Promise<void> {
    return this.reminders.sendDue(eventId);
  }
}
