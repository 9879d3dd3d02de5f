import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { currentRequest } from '../../common/http/request-context.js';
import { listStatements, placeOf, toPage, type Page, type Place } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type { Statement } from '../../database/flight.js';
import { assertChanging } from './case-standing.service.js';
import type { CaseQuery } from './case-list.dto.js';
import * as lists from './case-list.queries.js';
import type { CaseDto, UpdateCase } from './cases.dto.js';
import * as errors from './cases.errors.js';
import * as sql from './cases.queries.js';
import { allowedFrom } from './cases.states.js';
import { Members } from './members.service.js';

/** A row of cases becomes the answer, as it is: copies of fifty wide rows take longer than the rest of a page. */
function present(row: CaseDto & { _place?: unknown }): CaseDto {
  row._place = undefined; // an expansion's business; JSON leaves out what is undefined
  return Object.assign(row, { allowedTransitions: allowedFrom(row.status) });
}

@Injectable()
export class Cases {
  constructor(
    private readonly database: Database,
    private readonly members: Members,
  ) {}

  /** One statement, expansions included; one more with count. */
  async list(query: CaseQuery): Promise<Page<CaseDto>> {
    const { page, count, place } = lists.wantsDoor(query) ? throughDoor(query) : underPolicies(query);
    const text = sql.expanded(page.text, currentRequest()?.expand ?? []);
    const [rows, counted] = await this.database.batch([{ text, values: page.values }, ...(query.count ? [count] : [])]);
    return toPage(place, rows!, counted?.[0]?.['total'] as number | undefined, present);
  }

  async get(id: string, expand: readonly string[] = currentRequest()?.expand ?? []): Promise<CaseDto> {
    const row = await this.database.first<CaseDto>(sql.caseById(expand), [id]);
    if (!row) throw notFound();
    return present(row);
  }

  /** Who restricts a case becomes a member first, and so does who is made responsible for it. */
  async update(id: string, changes: UpdateCase): Promise<CaseDto> {
    const current = await this.lock(id);
    assertChanging(current);
    await this.assertPeople({ responsibleAttorneyId: changes.responsibleAttorneyId, originatingAttorneyId: changes.originatingAttorneyId });
    if (changes.access === 'restricted' && current.access !== 'restricted') await this.members.ensure(id, [{ userId: this.database.userId, role: 'lead' }]);
    if (changes.responsibleAttorneyId) await this.members.ensure(id, [{ userId: changes.responsibleAttorneyId, role: 'attorney' }]);
    const update = sql.updateCase(id, { ...changes, ...(changes.tags && { tags: cleanTags(changes.tags) }) });
    if (update) await this.database.execute(update.text, update.values);
    return this.get(id);
  }

  /** The case as it is, for whoever changes it next: nobody else can until the end, and the caller has seen this state. */
  async lock(id: string): Promise<CaseDto> {
    const row = await this.database.first<CaseDto>(sql.LOCK_CASE, [id]);
    if (!row) throw notFound();
    assertFresh(row, present(row));
    return row;
  }

  /** Those named must be people of the firm who are not shut out; the first who is none is named. */
  async assertPeople(named: Record<string, string | null | undefined>): Promise<void> {
    const wanted = Object.entries(named).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    if (wanted.length === 0) return;
    const rows = await this.database.query<{ id: string }>(sql.ACTIVE_PEOPLE, [wanted.map(([, id]) => id)]);
    const found = new Set(rows.map(({ id }) => id));
    const missing = wanted.find(([, id]) => !found.has(id.toLowerCase()));
    if (missing) throw faultAt(errors.unknownPerson, `/${missing[0]}`);
  }
}

interface Listing {
  page: Statement;
  count: Statement;
  place: Pick<Place, 'limit' | 'cursorOf'>;
}

function underPolicies(query: CaseQuery): Listing {
  const statements = listStatements(lists.CASE_LIST, query, lists.plainFilters(query));
  return { page: statements.page, count: statements.count!, place: statements };
}

function throughDoor(query: CaseQuery): Listing {
  const place = placeOf(lists.CASE_LIST, query);
  const filter = lists.doorFilter(query);
  return { page: lists.foundCases(filter, place), count: { text: lists.COUNT_FOUND, values: [filter] }, place };
}

/** Each once, without blanks around it; a comma would split it where lists are filtered by several. */
export function cleanTags(tags: readonly string[]): string[] {
  const clean = [...new Set(tags.map((tag) => tag.trim()))];
  if (clean.some((tag) => tag === '' || tag.includes(','))) throw faultAt(errors.invalidTags, '/tags', 'A tag is not empty and has no comma');
  return clean;
}
