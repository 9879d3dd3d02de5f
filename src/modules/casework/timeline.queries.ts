import type { Filter, ListSpec } from '../../common/pagination/page.js';
import { KIND_OF_CASE_COLUMN, KIND_OF_TABLE, PARENT_OF_TABLE, type TimelineKind } from './timeline.kinds.js';

const quoted = (text: string): string => `'${text}'`;
const REFUSED = `a.action like 'access.%'`;

// The kinds are data (timeline.kinds.ts): one expression for the answer and for the filter.
const KIND = `case when ${REFUSED} then 'refused_access' ${KIND_OF_CASE_COLUMN.map(([column, kind]) => `when a.table_name = 'cases' and a.before is not null and a.after ? '${column}' then '${kind}'`).join(' ')}
  else case a.table_name ${Object.entries(KIND_OF_TABLE).map(([table, kind]) => `when '${table}' then '${kind}'`).join(' ')} end end`;

// What came or went together with the row it hangs on is told with that.
const ALONE = Object.entries(PARENT_OF_TABLE).map(([table, parent]) => `not (a.table_name = '${table}' and (a.before is null or a.after is null)
    and doors.told_with('${parent.table}', (coalesce(a.after, a.before) ->> '${parent.column}')::uuid, a.xid, a.occurred_at, a.before is null))`).join(' and ');

export const TIMELINE: ListSpec = {
  select: `a.id, a.occurred_at as "occurredAt", ${KIND} as kind, case when ${REFUSED} then 'refused' when a.before is null then 'added' when a.after is null then 'removed' else 'changed' end as action,
    a.table_name as "table", a.row_id as "rowId", a.actor_kind as "actorKind", a.user_id as "userId", a.before, a.after, a.reason`,
  from: 'audit_events a',
  id: { column: 'a.id', type: 'bigint' },
  sorts: { occurredAt: { column: 'a.occurred_at', type: 'timestamptz' } },
  defaultSort: '-occurredAt',
  updatedColumn: 'a.occurred_at',
};

export const timelineFilters = (caseId: string, kinds: readonly TimelineKind[], query: { userId?: string; from?: string; to?: string }): (Filter | false)[] => [
  ['a.case_id = $::uuid', caseId],
  // who read what is for the audit trail
  [`(a.table_name in (${Object.keys(KIND_OF_TABLE).map(quoted).join(', ')}) and a.action not like 'document.%' or ${REFUSED})`, undefined],
  [`${KIND} = any ($::text[])`, kinds],
  [ALONE, undefined],
  query.userId !== undefined && ['a.user_id = $::uuid', query.userId],
  query.from !== undefined && ['a.occurred_at >= $::timestamptz', query.from],
  query.to !== undefined && ['a.occurred_at < $::timestamptz', query.to],
];

/**
 * Names for ids of a page: people, contacts the caller may see, and rows of the case by their titles, removed ones as they
 * were when they went. $1 the ids, $2 the case.
 */
export const NAMES = `select u.id, u.name from users u where u.id = any ($1::uuid[])
  union all select k.id, k.name from contacts k where k.id = any ($1::uuid[])
  union all select t.id, t.title from case_tasks t where t.id = any ($1::uuid[])
  union all select e.id, e.title from case_events e where e.id = any ($1::uuid[])
  union all select i.id, i.title from case_task_items i where i.id = any ($1::uuid[])
  union all select f.id, f.name from folders f where f.id = any ($1::uuid[])
  union all select d.id, d.title from documents d where d.id = any ($1::uuid[])
  union all select h.id, h.name from holds h where h.id = any ($1::uuid[])
  union all select m.id, u.name from case_members m join users u on u.firm_id = m.firm_id and u.id = m.user_id where m.id = any ($1::uuid[])
  union all select w.id, u.name from case_walls w join users u on u.firm_id = w.firm_id and u.id = w.user_id where w.id = any ($1::uuid[])
  union all select p.id, k.name from case_parties p join contacts k on k.firm_id = p.firm_id and k.id = p.contact_id where p.id = any ($1::uuid[])
  union all select d.id, coalesce(u.name, k.name) from case_event_attendees d left join users u on u.firm_id = d.firm_id and u.id = d.user_id
    left join contacts k on k.firm_id = d.firm_id and k.id = d.contact_id where d.id = any ($1::uuid[]) and coalesce(u.id, k.id) is not null
  union all select a.row_id, coalesce(a.before ->> 'title', a.before ->> 'name', u.name, k.name) from audit_events a left join users u on u.firm_id = a.firm_id and u.id = (a.before ->> 'user_id')::uuid
    left join contacts k on k.firm_id = a.firm_id and k.id = (a.before ->> 'contact_id')::uuid
    where a.table_name = any ('{${Object.keys(KIND_OF_TABLE).join(',')}}'::text[]) and a.case_id = $2 and a.after is null and a.before is not null and a.row_id = any ($1::uuid[]) and coalesce(a.before ->> 'title', a.before ->> 'name', u.name, k.name) is not null`;
