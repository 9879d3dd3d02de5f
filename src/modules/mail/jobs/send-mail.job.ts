import { Inject } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { LOGGER, type Logger } from '../../../common/logging/logger.js';
import { Environment } from '../../../config/environment.js';
import { Database } from '../../../database/database.js';
import { JobHandler, PermanentFailure, type JobContext } from '../../jobs/job-handler.js';
import type { JobPayloads } from '../../jobs/job-names.js';
import * as sql from '../mail.queries.js';

interface EmailRow {
  id: string;
  recipient: string;
  subject: string;
  body: string | null;
  status: 'queued' | 'sent' | 'logged' | 'failed';
}

const CONNECT_MS = 15_000;
const SILENCE_MS = 30_000;

/**
 * Hands a mail to the mail server, or, where none is set, to the log. No transaction is open meanwhile. A process that
 * dies after the server took the mail sends it again; the Message-ID stays the same, so that mailboxes can tell.
 */
@JobHandler('mail.send', { unit: 'own', timeoutSeconds: 120 })
export class SendMailJob implements JobHandler<JobPayloads['mail.send']> {
  private readonly transport: Transporter | undefined;

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.transport = environment.SMTP_URL ? makeTransport(environment.SMTP_URL) : undefined;
  }

  async handle({ emailId }: JobPayloads['mail.send'], job: JobContext): Promise<void> {
    const email = await job.read(() => this.database.first<EmailRow>(sql.EMAIL_TO_SEND, [emailId]));
    if (!email) throw new PermanentFailure('the mail does not exist');
    if (email.status === 'sent' || email.status === 'logged') return;
    const { body } = email;
    if (body === null) throw new PermanentFailure('the text of the mail is gone');
    if (!this.transport) {
      this.log.info({ to: email.recipient, subject: email.subject, text: body }, 'mail (SMTP_URL is not set, so it is only logged)');
      return this.mark(job, email, 'logged', !this.environment.production);
    }
    try {
      await this.deliver({ ...email, body });
    } catch (error) {
      const refused = isRefusal(error);
      // one that a person may still want to try again keeps its text
      if (refused || job.lastAttempt) await this.mark(job, email, 'failed', !refused);
      throw refused ? new PermanentFailure((error as Error).message, { cause: error }) : error;
    }
    await this.mark(job, email, 'sent', false);
  }

  private async deliver(email: EmailRow & { body: string }): Promise<void> {
    await this.transport!.sendMail({
      from: this.environment.MAIL_FROM,
      // as an object the address is taken as it is; a text would be read as a list of them
      to: { name: '', address: email.recipient },
      subject: email.subject.replace(/[\r\n]+/g, ' '),
      text: email.body,
      messageId: `<${email.id}@${new URL(this.environment.publicUrl).hostname}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  private async mark(job: JobContext, email: EmailRow, status: EmailRow['status'], keepBody: boolean): Promise<void> {
    await job.write(() => this.database.execute(sql.MARK_EMAIL, [email.id, status, keepBody]));
  }
}

function makeTransport(url: string): Transporter {
  return createTransport({ url, connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS });
}

/** This very mail will never go through: a 5xx after the server took the sender, or an address that is none. */
function isRefusal(error: unknown): boolean {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number };
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false;
  // a refused sender (like a refused login) is a matter of our settings: mend them and the mail goes out
  return command === 'API' || (command !== 'MAIL FROM' && responseCode !== undefined && responseCode >= 500);
}
