import type { Filter, ListSpec } from '../../common/pagination/page.js';

const COLUMNS = `t.id, t.kind, t.status, t.progress, t.total, t.message, t.result, t.error, t.started_at as "startedAt",
  t.finished_at as "finishedAt", t.version, t.created_at as "createdAt", t.updated_at as "updatedAt"`;

export const INSERT_TASK = `insert into tasks as t (firm_id, id, user_id, kind, total, case_id) values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`;

export const TASK_BY_ID = `select ${COLUMNS} from tasks t where t.id = $1`;

export const TASK_LIST: ListSpec = {
  select: COLUMNS,
  from: 'tasks t',
  id: { column: 't.id', type: 'uuid' },
  sorts: { createdAt: { column: 't.created_at', type: 'timestamptz' }, updatedAt: { column: 't.updated_at', type: 'timestamptz' } },
  defaultSort: '-createdAt',
  updatedColumn: 't.updated_at',
};

// The policies show a user only his own; he is named again because the policy's condition is none an index can use.
export const taskFilters = (userId: string, query: { status?: string; kind?: string }): (Filter | false)[] => [
  ['t.user_id = $', userId],
  query.status !== undefined && ['t.status = $', query.status],
  query.kind !== undefined && ['t.kind = $', query.kind],
];

// A task that has ended stays as it is, even when its job runs a second time.
const OPEN = `status in ('pending', 'processing')`;

export const REPORT_PROGRESS = `update tasks set status = 'processing', started_at = coalesce(started_at, clock_timestamp()),
  total = coalesce($3::int, total), progress = least($2::int, coalesce($3::int, total, $2::int)), message = coalesce($4, message)
  where id = $1 and ${OPEN}`;

export const COMPLETE_TASK = `update tasks set status = 'completed', started_at = coalesce(started_at, clock_timestamp()),
  finished_at = clock_timestamp(), progress = coalesce(total, progress), message = null, result = $2::jsonb
  where id = $1 and ${OPEN} returning kind, user_id as "userId"`;

export const FAIL_TASK = `update tasks set status = 'failed', started_at = coalesce(started_at, clock_timestamp()),
  finished_at = clock_timestamp(), message = null, error = $2::jsonb
  where id = $1 and ${OPEN} returning kind, user_id as "userId"`;

/** Nothing comes back for a task that the caller does not see. */
export const INSERT_TICKET = `insert into task_tickets (firm_id, id, task_id, user_id, token_hash, expires_at)
  select $1, $2, t.id, $3, $5, clock_timestamp() + interval '60 seconds' from tasks t where t.id = $4
  returning expires_at as "expiresAt"`;

/** Gone with its use: of two who come with the same ticket, one gets in. */
export const REDEEM_TICKET = `delete from task_tickets where id = $1 and task_id = $2 and token_hash = $3 and expires_at > clock_timestamp()
  returning user_id as "userId"`;
