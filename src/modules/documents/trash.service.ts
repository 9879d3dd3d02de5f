import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import { TELL_REASON } from '../cases/cases.queries.js';
import { Jobs } from '../jobs/jobs.service.js';
import { Checkouts } from './checkouts/checkouts.service.js';
import type { DocumentDto, PurgeDocument, PurgedDto, TrashDocument } from './documents.dto.js';
import * as errors from './documents.errors.js';
import * as sql from './documents.queries.js';
import { Documents } from './documents.service.js';
import { Holds } from './holds/holds.service.js';

/** The trash, from which documents come back, and the way on, from which they do not. */
@Injectable()
export class Trash {
  constructor(
    private readonly database: Database,
    private readonly documents: Documents,
    private readonly checkouts: Checkouts,
    private readonly holds: Holds,
    private readonly jobs: Jobs,
  ) {}

  /** With its attachments; not while somebody else works on it. A hold does not mind: nothing is lost. */
  async put(id: string, { reason }: TrashDocument): Promise<void> {
    const { deletedAt } = await this.documents.lockFresh(id);
    if (deletedAt) throw errors.documentInTrash('It is there already.');
    await this.checkouts.assertFree(id);
    if (reason !== undefined) await this.database.query(TELL_REASON, [reason]);
    await this.database.execute(sql.TRASH, [id, this.database.userId, reason ?? null]);
  }

  /** With the attachments that went into the trash with it. Where its folder is gone, it is in none. */
  async restore(id: string): Promise<DocumentDto> {
    await this.lockTrashed(id);
    await this.database.execute(sql.RESTORE, [id]);
    return this.documents.get(id);
  }

  /** For good, with versions, texts and attachments in the trash. Stored files go soon after, where nothing else refers to them. */
  async purge(id: string, { reason }: PurgeDocument): Promise<PurgedDto> {
    await this.lockTrashed(id);
    await this.holds.assertFree([id]);
    const size = (await this.database.first<{ documents: number; versions: number }>(sql.PURGE_SIZE, [id]))!;
    return { id, ...size, files: await this.remove(id, reason) };
  }

  /** One document whose days in the trash are over. What a hold or a restore kept meanwhile stays. */
  async expire(id: string): Promise<void> {
    await this.remove(id, 'Its days in the trash were over');
  }

  private async remove(id: string, reason: string): Promise<number> {
    const { files } = (await this.database.first<{ files: number | null }>(sql.PURGE, [id, reason]))!;
    if (files === null) throw notFound();
    if (files > 0) await this.jobs.enqueue('documents.sweep_objects', {}, { runAs: null, uniqueKey: 'sweep' });
    return files;
  }

  private async lockTrashed(id: string): Promise<void> {
    const { deletedAt } = await this.documents.lockFresh(id);
    if (!deletedAt) throw errors.notInTrash();
  }
}
