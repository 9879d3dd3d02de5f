import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '../../common/http/request-context.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { CaseStanding } from '../cases/case-standing.service.js';
import type { TimelineActorDto, TimelineEntryDto, TimelineQuery } from './timeline.dto.js';
import { KIND_NEEDS, SUBJECTS, TIMELINE_KINDS, type TimelineAction, type TimelineKind, type TimelineTable } from './timeline.kinds.js';
import * as sql from './timeline.queries.js';
import { idsIn, sentence, wordOf } from './timeline.sentences.js';

type Values = Record<string, unknown>;

interface TrailRow {
  id: string;
  occurredAt: string;
  kind: TimelineKind;
  action: TimelineAction;
  table: TimelineTable;
  rowId: string;
  actorKind: string;
  userId: string | null;
  before: Values | null;
  after: Values | null;
  reason: string | null;
}

const ACTORS: Record<string, string> = { operator: 'An operator' };

/** What happened on a case, told from the audit trail: three statements a page, whatever stands on it. */
@Injectable()
export class Timeline {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
  ) {}

  async list(caseId: string, query: TimelineQuery): Promise<Page<TimelineEntryDto>> {
    await this.cases.assertVisible(caseId);
    const { permissions } = currentPrincipal();
    const kinds = (query.kind ?? TIMELINE_KINDS).filter((kind) => !KIND_NEEDS[kind] || permissions.has(KIND_NEEDS[kind]));
    const page = await listPage<TrailRow>(this.database, sql.TIMELINE, query, sql.timelineFilters(caseId, kinds, query));
    const names = await this.names(caseId, page.data);
    return { ...page, data: page.data.map((row) => present(row, names)) };
  }

  private async names(caseId: string, rows: readonly TrailRow[]): Promise<Map<string, string>> {
    if (rows.length === 0) return new Map();
    const found = await this.database.query<{ id: string; name: string }>(sql.NAMES, [[...new Set(rows.flatMap(idsIn))], caseId]);
    return new Map(found.toReversed().map(({ id, name }) => [id, name])); // what is there counts more than what was
  }
}

function present(row: TrailRow, names: ReadonlyMap<string, string>): TimelineEntryDto {
  const changed = row.action === 'changed';
  const now = row.after ?? row.before ?? {};
  const actor: TimelineActorDto = row.userId
    ? { kind: 'user', id: row.userId, name: names.get(row.userId) ?? 'Somebody' }
    : { kind: row.actorKind === 'operator' ? 'operator' : 'system', id: null, name: ACTORS[row.actorKind] ?? 'LexiFlow' };
  return {
    id: row.id, occurredAt: row.occurredAt, kind: row.kind, action: row.action,
    text: sentence({ ...row, before: row.before ?? {}, now, names }, actor.name),
    actor, subjectType: SUBJECTS[row.table] ?? null, subjectId: row.rowId,
    changes: changed ? [...new Set(Object.keys(now).map(wordOf))].sort() : [], reason: row.reason,
  };
}
