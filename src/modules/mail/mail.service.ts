import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors/problem.js';
import { newId } from '../../common/ids.js';
import type { Page } from '../../common/pagination/page.js';
import { Environment } from '../../config/environment.js';
import { Database } from '../../database/database.js';
import { Jobs } from '../jobs/jobs.service.js';
import type { OutboxEmailDto } from './mail.dto.js';
import * as sql from './mail.queries.js';

export interface NewEmail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
  /** The case it is about: nobody from whom the case is hidden reads the mail in the outbox. */
  caseId?: string;
}

/** E-mails of the firm. */
@Injectable()
export class Mail {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly environment: Environment,
  ) {}

  /** Writes the mail in the caller's transaction; it goes out when that has been committed. Returns the mail's id. */
  async send({ to, subject, text, caseId }: NewEmail): Promise<string> {
    const id = newId();
    await this.database.execute(sql.INSERT_EMAIL, [this.database.firmId, id, to, subject, text, caseId ?? null]);
    // the firm's own work: it must go out even when whoever caused it is gone by then
    await this.jobs.enqueue('mail.send', { emailId: id }, { runAs: null });
    return id;
  }

  /** The newest mails with their text, for developers; in production there is no such thing. */
  async outbox(): Promise<Page<OutboxEmailDto>> {
    if (this.environment.production) throw notFound();
    return { data: await this.database.query<OutboxEmailDto>(sql.OUTBOX), nextCursor: null };
  }
}
