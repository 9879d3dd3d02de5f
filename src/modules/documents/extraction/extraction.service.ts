import { Injectable } from '@nestjs/common';
import { notFound } from '../../../common/errors/problem.js';
import { Database } from '../../../database/database.js';
import { Jobs } from '../../jobs/jobs.service.js';
import type { ReadAgainAnswerDto, TextStateDto } from './extraction.dto.js';
import * as sql from './extraction.queries.js';

const AT_ONCE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Asks for the text of versions to be taken out again: after a fault, or with readers that know more. */
@Injectable()
export class Extraction {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /** The text there is stays until the new attempt begins. */
  async again(documentId: string, number: number): Promise<TextStateDto> {
    const version = await this.database.first<{ versionId: string }>(sql.VERSION_BY_NUMBER, [documentId, number]);
    if (!version) throw notFound();
    await this.enqueue(version.versionId);
    return (await this.database.first<TextStateDto>(sql.TEXT_STATE, [version.versionId]))!;
  }

  /** All that ended so, as far as the caller sees them, and those that have waited for more than an hour. */
  async allAgain(statuses: readonly string[]): Promise<ReadAgainAnswerDto> {
    const rows = await this.database.query<{ versionId: string }>(sql.TO_READ_AGAIN, [statuses, FIRST_ID, AT_ONCE + 1]);
    const taken = rows.slice(0, AT_ONCE);
    for (const { versionId } of taken) await this.enqueue(versionId);
    return { started: taken.length, more: rows.length > AT_ONCE };
  }

  /** As the firm's own work: it has to be done whatever becomes of who asked for it. */
  private enqueue(versionId: string): Promise<string | undefined> {
    return this.jobs.enqueue('documents.extract', { versionId }, { runAs: null, uniqueKey: versionId });
  }
}
