import type { Filter, ListSpec } from '../../common/pagination/page.js';

const COLUMNS = `n.id, n.kind, n.title, n.body, n.subject_type as "subjectType", n.subject_id as "subjectId", n.case_id as "caseId",
  n.read_at as "readAt", n.created_at as "createdAt", n.updated_at as "updatedAt"`;

/** No RETURNING: whoever writes for somebody else may not read it back. */
export const INSERT_NOTIFICATION = `insert into notifications (firm_id, id, user_id, kind, title, body, subject_type, subject_id, case_id)
  select $1, w.id, w.user_id, $4, $5, $6, $7, $8, $9 from unnest($2::uuid[], $3::uuid[]) w(id, user_id)`;

export const NOTIFICATION_BY_ID = `select ${COLUMNS} from notifications n where n.id = $1`;
export const MARK_READ = `update notifications n set read_at = coalesce(n.read_at, clock_timestamp()) where n.id = $1 returning ${COLUMNS}`;
export const MARK_UNREAD = `update notifications n set read_at = null where n.id = $1 returning ${COLUMNS}`;

// The policies show a user only his own; he is named again because the policy's condition is none an index can use.
export const MARK_ALL_READ = `update notifications set read_at = clock_timestamp() where user_id = $1 and read_at is null`;
export const SUMMARY = `select count(*)::int as unread from notifications where user_id = $1 and read_at is null`;

export const NOTIFICATION_LIST: ListSpec = {
  select: COLUMNS,
  from: 'notifications n',
  id: { column: 'n.id', type: 'uuid' },
  sorts: { createdAt: { column: 'n.created_at', type: 'timestamptz' } },
  defaultSort: '-createdAt',
  updatedColumn: 'n.updated_at',
};

export const notificationFilters = (userId: string, query: { unread?: boolean; kind?: string }): (Filter | false)[] => [
  ['n.user_id = $', userId],
  query.unread !== undefined && [query.unread ? 'n.read_at is null' : 'n.read_at is not null', undefined],
  query.kind !== undefined && ['n.kind = $', query.kind],
];
