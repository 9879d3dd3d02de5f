import { Injectable } from '@nestjs/common';
import { notFound } from '../../../common/errors/problem.js';
import { currentPrincipal, currentRequest } from '../../../common/http/request-context.js';
import { Database } from '../../../database/database.js';
import { Downloads } from '../versions/downloads.service.js';
import { textMissing, textPending } from '../versions/versions.errors.js';
import type { CompareQuery, ComparedVersionDto, ComparisonDto } from './compare.dto.js';
import * as errors from './compare.errors.js';
import * as sql from './compare.queries.js';
import { Comparer, type Piece } from './comparer.js';

/** A thousand pages; more is no reading matter. */
const MAX_CHARACTERS = 4_000_000;
const ROWS_AT_ONCE = 1000;

interface Compared extends ComparedVersionDto {
  versionId: string;
  sha256: string;
  status: string;
  reason: string | null;
  charCount: number | null;
}

/** Compares the texts of two versions. The texts are read in short flights, and compared while none is open. */
@Injectable()
export class Compare {
  constructor(
    private readonly database: Database,
    private readonly comparer: Comparer,
    private readonly downloads: Downloads,
  ) {}

  async compare(documentId: string, query: CompareQuery): Promise<ComparisonDto> {
    const [from, to] = await this.versions(documentId, query);
    const [left, right] = [await this.textOf(from), await this.textOf(to)];
    for (const { versionId } of from.versionId === to.versionId ? [to] : [from, to]) await this.downloads.record(currentPrincipal(), versionId, 'document.read', {}, currentRequest()!);
    const differences = await this.comparer.compare(left, right, query.full ? Infinity : query.context);
    return { from: shown(from), to: shown(to), sameFile: from.sha256 === to.sha256, ...differences };
  }

  private versions(documentId: string, { from, to, toDocument }: CompareQuery): Promise<[Compared, Compared]> {
    return this.read(async () => {
      const right = await this.database.first<Compared>(sql.COMPARED, [toDocument ?? documentId, to ?? null, null, 0]);
      const before = toDocument === undefined ? right?.number : undefined;
      const left = await this.database.first<Compared>(sql.COMPARED, [documentId, from ?? null, before ?? null, before === undefined ? 0 : 1]);
      if (!left || !right) throw notFound();
      for (const version of [left, right]) assertComparable(version);
      return [left, right];
    });
  }

  private async textOf({ versionId }: Compared): Promise<Piece[]> {
    const pieces: Piece[] = [];
    for (let after = -1; ; ) {
      const rows = await this.read(() => this.database.query<Piece & { ordinal: number }>(sql.CHUNKS, [versionId, after, ROWS_AT_ONCE]));
      for (const { page, text } of rows) pieces.push({ page, text });
      if (rows.length < ROWS_AT_ONCE) return pieces;
      after = rows.at(-1)!.ordinal;
    }
  }

  private read<T>(work: () => Promise<T>): Promise<T> {
    return this.database.read(currentPrincipal(), work);
  }
}

function assertComparable({ status, reason, number, title, charCount }: Compared): void {
  if (status === 'pending' || status === 'extracting') throw textPending({ detail: `Version ${number} of "${title}" is still being read.`, headers: { 'retry-after': '5' } });
  if (status !== 'extracted') throw textMissing(`Version ${number} of "${title}" has no text: ${reason ?? status}`);
  if ((charCount ?? 0) > MAX_CHARACTERS) throw errors.tooLargeToCompare(`Version ${number} of "${title}" has ${charCount} characters; up to ${MAX_CHARACTERS} can be compared.`);
}

const shown = ({ documentId, title, number, fileName, truncated }: Compared): ComparedVersionDto => ({ documentId, title, number, fileName, truncated });
