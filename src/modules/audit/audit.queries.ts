import type { Filter, ListSpec } from '../../common/pagination/page.js';

export const AUDIT_LIST: ListSpec = {
  select: `a.id, a.occurred_at as "occurredAt", a.actor_kind as "actorKind", a.user_id as "userId",
    (select u.name from users u where u.firm_id = a.firm_id and u.id = a.user_id) as "userName", a.request_id as "requestId", a.address, a.action,
    a.table_name as "table", a.row_id as "rowId", a.case_id as "caseId", a.before, a.after, a.reason`,
  from: 'audit_events a',
  id: { column: 'a.id', type: 'bigint' },
  sorts: { occurredAt: { column: 'a.occurred_at', type: 'timestamptz' } },
  defaultSort: '-occurredAt',
  updatedColumn: 'a.occurred_at',
};

export interface AuditFilter {
  userId?: string; action?: string; table?: string; rowId?: string; caseId?: string; requestId?: string; from?: string; to?: string;
}

export const auditFilters = (query: AuditFilter): (Filter | false)[] => [
  query.userId !== undefined && ['a.user_id = $::uuid', query.userId],
  query.action !== undefined && ['a.action = $', query.action],
  query.table !== undefined && ['a.table_name = $', query.table],
  query.rowId !== undefined && ['a.row_id = $::uuid', query.rowId],
  query.caseId !== undefined && ['a.case_id = $::uuid', query.caseId],
  query.requestId !== undefined && ['a.request_id = $', query.requestId],
  query.from !== undefined && ['a.occurred_at >= $::timestamptz', query.from],
  query.to !== undefined && ['a.occurred_at < $::timestamptz', query.to],
];

export const VERIFY = `select doors.verify_audit() as result`;
export const VERIFY_PART = `select doors.verify_audit($1, $2) as result`;

/** After a 404: records it when one of the ids is there and hidden from the caller. */
export const WAS_HIDDEN = `select doors.was_hidden($1::uuid[])`;
