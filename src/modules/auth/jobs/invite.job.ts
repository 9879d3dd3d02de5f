import { Database } from '../../../database/database.js';
import { JobHandler } from '../../jobs/job-handler.js';
import { RECIPIENT } from '../auth.queries.js';
import { Links } from '../links.js';

/** Sends a new person the link to choose a password. Somebody deactivated meanwhile gets none. */
@JobHandler('auth.invite')
export class InviteJob implements JobHandler<{ userId: string }> {
  constructor(
    private readonly database: Database,
    private readonly links: Links,
  ) {}

  async handle({ userId }: { userId: string }): Promise<void> {
    const to = await this.database.first<{ id: string; email: string; givenName: string; firmName: string }>(RECIPIENT, [userId]);
    if (to) await this.links.send('invitation', to);
  }
}
