import type { Filter, ListSpec, Place } from '../../common/pagination/page.js';
import type { CaseQuery } from './case-list.dto.js';
import { CASE_COLUMNS } from './cases.queries.js';

/** Null as a day that never comes. CASE and not COALESCE, which row-level security keeps from the index (migration 20261121002130). */
const dayOrNever = (column: string): string => `(case when c.${column} is null then date 'infinity' else c.${column} end)`;

/** What cases are sorted by. internal.case_sort_key() in the database knows the same. A day not known yet is the last of all. */
const SORTS: ListSpec['sorts'] = {
  openedOn: { column: dayOrNever('opened_on'), type: 'date' },
  closedOn: { column: dayOrNever('closed_on'), type: 'date' },
  limitationOn: { column: dayOrNever('limitation_on'), type: 'date' },
  number: { column: 'c.number', type: 'text' },
  title: { column: 'c.title', type: 'text' },
  createdAt: { column: 'c.created_at', type: 'timestamptz' },
  updatedAt: { column: 'c.updated_at', type: 'timestamptz' },
};

/** The list under the policies. */
export const CASE_LIST: ListSpec = {
  select: CASE_COLUMNS, from: 'cases c', id: { column: 'c.id', type: 'uuid' }, sorts: SORTS, defaultSort: '-openedOn', updatedColumn: 'c.updated_at',
};

const day = (column: string, operator: '>=' | '<=', value: string | undefined): Filter | false =>
  value !== undefined && [`c.${column} ${operator} $::date and ${dayOrNever(column)} ${operator} $::date`, value];

/** Filters that the policies let use an index. internal.case_filter() in the database says the same of a door's filter. */
export const plainFilters = (query: CaseQuery): (Filter | false)[] => [
  query.status !== undefined && ['c.status = any ($::text[])', query.status],
  query.clientId !== undefined && ['c.client_id = $', query.clientId],
  query.memberId !== undefined && ['exists (select from case_members m where m.firm_id = c.firm_id and m.case_id = c.id and m.user_id = $)', query.memberId],
  query.responsibleAttorneyId !== undefined && ['c.responsible_attorney_id = $', query.responsibleAttorneyId],
  query.practiceArea !== undefined && ['c.practice_area = $', query.practiceArea],
  query.access !== undefined && [query.access === 'restricted' ? `c.access = 'restricted'` : `c.access = 'open'`, undefined], // spelled out: a partial index has it
  day('opened_on', '>=', query.openedFrom), day('opened_on', '<=', query.openedTo),
  day('closed_on', '>=', query.closedFrom), day('closed_on', '<=', query.closedTo),
  day('limitation_on', '>=', query.limitationFrom), day('limitation_on', '<=', query.limitationTo),
];

/** Whether the list wants the door: tags, metadata and text have no index under the policies. */
export const wantsDoor = (query: CaseQuery): boolean => query.tag !== undefined || query.metadata !== undefined || query.q !== undefined;

/** All filters of a query, as the door takes them. */
export function doorFilter(query: CaseQuery): string {
  const { status, clientId, memberId, responsibleAttorneyId, practiceArea, access, updatedSince, openedFrom, openedTo, closedFrom, closedTo, limitationFrom, limitationTo } = query;
  return JSON.stringify({
    status, clientId, memberId, responsibleAttorneyId, practiceArea, access, updatedSince, openedFrom, openedTo, closedFrom, closedTo, limitationFrom, limitationTo,
    tags: query.tag,
    metadata: query.metadata === undefined ? undefined : (JSON.parse(query.metadata) as object),
    words: query.q?.split(/\s+/).slice(0, 10),
  });
}

/** One page through the door: it says which cases and in what order, the policies have the last word on what is read of them. */
export const foundCases = (filter: string, place: Place): { text: string; values: unknown[] } => ({
  text: `select ${CASE_COLUMNS}, k.sort_key as "_key" from doors.find_cases($1::jsonb, $2, $3, $4::uuid, $5) k join cases c on c.id = k.id order by k.place`,
  values: [filter, place.sort, place.after?.[0] ?? null, place.after?.[1] ?? null, place.limit + 1],
});
export const COUNT_FOUND = `select doors.count_cases($1::jsonb) as total`;
