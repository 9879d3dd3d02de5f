import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type {
  ConflictCaseDto, ConflictCheckDto, ConflictCheckQuery, ConflictDecisionDto, ConflictHitDto, ConflictReportDto, ConflictTermDto, CreateConflictCheck, CreateConflictDecision,
} from './conflicts.dto.js';
import * as errors from './conflicts.errors.js';
import * as sql from './conflicts.queries.js';

type HitRow = Omit<ConflictHitDto, 'cases' | 'decision' | 'hidden'> & { termId: string };
type TermRow = Omit<ConflictTermDto, 'hits'> & { id: string };

@Injectable()
export class Conflicts {
  constructor(private readonly database: Database) {}

  list(query: ConflictCheckQuery): Promise<Page<ConflictCheckDto>> {
    return listPage<ConflictCheckDto>(this.database, sql.CHECK_LIST, query, sql.checkFilters(query));
  }

  /** What was found, as far as the reader may see it now. */
  async get(id: string): Promise<ConflictReportDto> {
    const report = await this.report(id);
    if (!report) throw notFound();
    return report;
  }

  /** Looks and keeps what was found: the check, its names and its hits are one transaction. */
  async create(input: CreateConflictCheck): Promise<ConflictReportDto> {
    const id = newId();
    const { firmId, userId } = this.database;
    const names = input.names;
    const column = (name: 'kind' | 'email' | 'taxId') => names.map((one) => one[name] ?? null);
    if (input.caseId && !(await this.seesCase(input.caseId))) throw faultAt(errors.unknownCheckCase, '/caseId', 'Name a case that you see, or leave caseId out.');
    await this.database.batch([
      { text: sql.INSERT_CHECK, values: [firmId, id, input.caseId ?? null, names.map(({ name }) => name), input.purpose ?? null, userId] },
      { text: sql.INSERT_TERMS, values: [firmId, id, names.map(() => newId()), names.map(({ name }) => name), column('kind'), column('email'), column('taxId')] },
      { text: sql.RUN_CHECK, values: [id] },
    ]);
    return (await this.report(id))!;
  }

  /** Appends; what the check comes to is derived by the database. */
  async decide(id: string, input: CreateConflictDecision): Promise<ConflictReportDto> {
    const found = await this.database.first<{ hitId: string | null; termId: string | null }>(sql.HIT_BY_ID, [id, input.hitId ?? null]);
    if (!found) throw notFound();
    const { hitId, termId } = found;
    if (input.hitId && !hitId && !termId) {
      throw faultAt(errors.unknownHit, '/hitId', 'Take the id of a hit from GET /v1/conflict-checks/:id, or leave hitId out to decide about the whole check.');
    }
    await this.database.execute(sql.INSERT_DECISION, [this.database.firmId, newId(), id, hitId, termId, input.decision, input.reason, this.database.userId]);
    return (await this.report(id))!;
  }

  private async seesCase(id: string): Promise<boolean> {
    return (await this.database.first(sql.CASE_SEEN, [id])) !== undefined;
  }

  /** Six statements, one round trip, whatever was found. */
  private async report(id: string): Promise<ConflictReportDto | undefined> {
    const texts = [sql.CHECK_BY_ID, sql.TERMS_OF, sql.HITS_OF, sql.CASES_OF, sql.DECISIONS_OF, sql.HIDDEN_OF];
    const [checks, terms, hits, cases, decisions, hidden] = await this.database.batch(texts.map((text) => ({ text, values: [id] })));
    const check = checks![0] as unknown as ConflictCheckDto | undefined;
    if (!check) return undefined;
    const casesOf = grouped(cases as unknown as (ConflictCaseDto & { hitId: string })[], 'hitId');
    const hitsOf = grouped(hits as unknown as HitRow[], 'termId');
    const lastOf = new Map((decisions as unknown as ConflictDecisionDto[]).map((decision) => [decision.hitId, decision]));
    const bare = new Set(hidden!.map((row) => row['termId']));
    const names = (terms as unknown as TermRow[]).map(({ id: termId, ...term }): ConflictTermDto => {
      const seen = (hitsOf.get(termId) ?? []).map(({ id: hitId, ...hit }): ConflictHitDto =>
        ({ id: hitId, hidden: false, ...hit, cases: casesOf.get(hitId) ?? [], decision: lastOf.get(hitId) ?? null }));
      return { ...term, hits: bare.has(termId) ? [...seen, bareHit(termId, lastOf.get(termId))] : seen };
    });
    return { ...check, names, decisions: decisions as unknown as ConflictDecisionDto[] };
  }
}

const bareHit = (id: string, decision: ConflictDecisionDto | undefined): ConflictHitDto =>
  ({ id, hidden: true, score: null, reasons: [], matchedName: null, source: null, contact: null, via: null, cases: [], decision: decision ?? null });

/** Rows by the column that says whose they are, which then is no part of them. */
function grouped<T extends object, K extends keyof T>(rows: T[], key: K): Map<T[K], Omit<T, K>[]> {
  const groups = new Map<T[K], Omit<T, K>[]>();
  for (const { [key]: owner, ...row } of rows) {
    const group = groups.get(owner as T[K]);
    if (group) group.push(row);
    else groups.set(owner as T[K], [row]);
  }
  return groups;
}
