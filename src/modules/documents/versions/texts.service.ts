import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { notFound, type Problem } from '../../../common/errors/problem.js';
import { currentPrincipal, currentRequest } from '../../../common/http/request-context.js';
import { StreamedAnswer } from '../../../common/http/streamed-answer.js';
import { listPage } from '../../../common/pagination/list.js';
import type { Page } from '../../../common/pagination/page.js';
import { Database } from '../../../database/database.js';
import type { UserActor } from '../../../database/unit-of-work.js';
import { Downloads } from './downloads.service.js';
import type { PassageDto, PassagesQuery } from './versions.dto.js';
import * as errors from './versions.errors.js';
import * as sql from './versions.queries.js';
import { versionNumber } from './versions.service.js';

interface TextState {
  id: string;
  status: string;
  reason: string | null;
  pageCount: number | null;
}

/** Some hundred kilobytes: one short flight. */
const CHUNKS_AT_ONCE = 100;

/** The text that was taken out of versions. */
@Injectable()
export class Texts {
  constructor(
    private readonly database: Database,
    private readonly downloads: Downloads,
  ) {}

  /** The whole, or one page, read in batches while it goes out: between two of them nothing is held. */
  async whole(documentId: string, number: string, page: number | undefined): Promise<StreamedAnswer> {
    const actor = currentPrincipal();
    const { version, first } = await this.database.read(actor, async () => {
      const found = await this.available(documentId, number, page);
      return { version: found, first: await this.chunks(found.id, -1, page) };
    });
    if (first.length === 0 && page !== undefined) throw notFound(version.pageCount === null ? 'This format has no pages.' : 'It has no such page, or nothing stands on it.');
    const context = currentRequest()!;
    return new StreamedAnswer(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'private, no-cache' }, async () => {
      await this.downloads.record(actor, version.id, 'document.read', page === undefined ? {} : { page }, context);
      return Readable.from(this.batches(actor, version.id, first, page), { objectMode: false });
    });
  }

  /** The pieces, a page of them at a time. */
  async passages(documentId: string, number: string, query: PassagesQuery): Promise<Page<PassageDto>> {
    const actor = currentPrincipal();
    const { version, page } = await this.database.read(actor, async () => {
      const found = await this.available(documentId, number, query.page);
      return { version: found, page: await listPage<PassageDto>(this.database, sql.PASSAGE_LIST, query, sql.passageFilters(found.id, query.page)) };
    });
    await this.downloads.record(actor, version.id, 'document.read', query.page === undefined ? {} : { page: query.page }, currentRequest()!);
    return page;
  }

  private async *batches(actor: UserActor, versionId: string, first: readonly Chunk[], page: number | undefined): AsyncGenerator<string> {
    for (let batch = first; batch.length > 0;) {
      yield batch.map(({ text }) => text).join('');
      if (batch.length < CHUNKS_AT_ONCE) return;
      const last = batch.at(-1)!.ordinal;
      batch = await this.database.read(actor, () => this.chunks(versionId, last, page));
    }
  }

  private chunks(versionId: string, after: number, page: number | undefined): Promise<Chunk[]> {
    return this.database.query<Chunk>(sql.CHUNKS_AFTER, [versionId, after, page ?? null, CHUNKS_AT_ONCE]);
  }

  private async available(documentId: string, number: string, page: number | undefined): Promise<TextState> {
    const state = await this.database.first<TextState>(sql.TEXT_STATE, [documentId, versionNumber(number)]);
    if (!state) throw notFound();
    if (state.status !== 'extracted') throw whyNone(state);
    if (page !== undefined && state.pageCount !== null && page > state.pageCount) throw notFound(`It has ${state.pageCount} page${state.pageCount === 1 ? '' : 's'}.`);
    return state;
  }
}

interface Chunk {
  ordinal: number;
  text: string;
}

function whyNone({ status, reason }: TextState): Problem {
  const members = { extraction: { status, reason } }; // `status` is the problem’s own
  if (status === 'pending' || status === 'extracting') return errors.textPending({ detail: 'Ask again in a moment.', members, headers: { 'retry-after': '2' } });
  return errors.textMissing({ detail: reason ?? `The file is ${status.replaceAll('_', ' ')}.`, members });
}
