import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidCursor } from '../../common/errors/problem.js';
import { isUuid } from '../../common/validation/fields.js';
import { Database } from '../../database/database.js';
import type { TaskDto } from '../tasks/tasks.dto.js';
import { Tasks } from '../tasks/tasks.service.js';
import type { FacetsDto, FullTextDto, FullTextHitDto, FullTextQuery } from './full-text.dto.js';
import { modeUnavailable, onlyExclusions } from './full-text.errors.js';
import * as sql from './full-text.queries.js';
import { Highlighter } from './highlight.js';
import { parseQuery, positiveLeaves, type ParsedQuery } from './query/parse.js';
import { planQuery } from './query/plan.js';
import { languageOf, type Language } from './text/languages.js';
import { firmMark } from './text/lexemes.js';

const MATCHES = ['some', 'all', 'phrase'] as const;

/** Search over the text of documents. */
@Injectable()
export class FullText {
  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
  ) {}

  /** Two statements, whatever is found: the firm's language, then everything else. */
  async find(query: FullTextQuery): Promise<FullTextDto> {
    if (query.mode !== undefined && query.mode !== 'fulltext') throw modeUnavailable();
    const filters = filtersOf(query);
    const print = createHash('sha256').update(JSON.stringify([query.q, filters])).digest('base64url').slice(0, 12);
    const after = query.cursor === undefined ? null : readCursor(query.cursor, print);
    const { language: tag } = (await this.database.first<{ language: string }>(sql.FIRM_LANGUAGE))!;
    const language = languageOf(tag);
    const parsed = parseQuery(query.q, language);
    if (!parsed.tree) return nothing(parsed);
    if (positiveLeaves(parsed.tree).length === 0) throw onlyExclusions();
    const limit = query.limit ?? 20;
    const facets = query.facets ?? after === null;
    const plan = planQuery(parsed.tree, firmMark(this.database.firmId), language);
    const found = (await this.database.first<sql.Found>(sql.SEARCH, [JSON.stringify(plan), JSON.stringify(filters), limit + 1, after && JSON.stringify(after), facets]))!;
    return present(found, { parsed, language, limit, facets, print });
  }

  /** In the caller's transaction: the task and its job. */
  reindex(): Promise<TaskDto> {
    return this.tasks.start('search.reindex', 'search.reindex', {}, { forFirm: true });
  }
}

const list = (text: string | undefined): string[] | undefined => text?.split(',').map((part) => part.trim()).filter(Boolean);

function filtersOf(query: FullTextQuery): object {
  const { caseId, clientId, folderId, author, year, dateFrom: from, dateTo: to, privilege, versions } = query;
  return { caseId, clientId, folderId, type: list(query.type), tag: list(query.tag), author, year, from, to, privilege, versions };
}

function nothing({ warnings, interpretedAs }: ParsedQuery): FullTextDto {
  return { data: [], nextCursor: null, total: 0, facets: { case: [], type: [], author: [], year: [] }, partial: 0, interpretedAs, warnings };
}

interface Asked { parsed: ParsedQuery; language: Language; limit: number; facets: boolean; print: string }

function present(found: sql.Found, { parsed, language, limit, facets, print }: Asked): FullTextDto {
  const text = new Highlighter(parsed.tree!, language);
  const title = new Highlighter(parsed.tree!, language, 'title');
  const last = found.places.length > limit ? found.places[limit - 1] : undefined;
  const shown = new Set(found.places.slice(0, limit).map(([, , id]) => id));
  return {
    data: found.hits.filter(({ versionId }) => shown.has(versionId)).map((hit) => hitOf(hit, text, title)),
    nextCursor: last ? Buffer.from(JSON.stringify([print, ...last])).toString('base64url') : null,
    ...(facets && { total: found.total, facets: facetsOf(found) }),
    partial: found.partial, interpretedAs: parsed.interpretedAs, warnings: parsed.warnings,
  };
}

function hitOf({ class: cls, chunks, ...hit }: sql.FoundHit, text: Highlighter, title: Highlighter): FullTextHitDto {
  const passages = chunks.map((chunk) => {
    const { start, ranges, ...excerpt } = text.excerpt(chunk.text);
    return { page: chunk.page, offset: chunk.offset + Array.from(chunk.text.slice(0, start)).length, text: excerpt.text, matches: ranges, html: excerpt.html };
  });
  return { ...hit, titleMatches: title.ranges(hit.title), page: passages[0]?.page ?? null, match: MATCHES[cls]!, passages };
}

function facetsOf({ facets, cases }: sql.Found): FacetsDto {
  const values = (kind: 'type' | 'author' | 'year') => (facets[kind] ?? []).map(([value, count]) => ({ value, count }));
  return { case: cases, type: values('type'), author: values('author'), year: values('year') };
}

/** Class, score and version of the last hit before. */
function readCursor(cursor: string, print: string): [number, string, string] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(parsed) || parsed.length !== 4) throw invalidCursor();
  const [madeFor, cls, score, id] = parsed as unknown[];
  if (madeFor !== print) throw invalidCursor('The cursor was made for another search: start again without it.');
  if (typeof cls !== 'string' || !/^[012]$/.test(cls) || typeof score !== 'string' || !/^\d{1,9}(\.\d{1,6})?$/.test(score) || !isUuid(id)) throw invalidCursor();
  return [Number(cls), score, id];
}
