import type { Filter, ListSpec } from '../../common/pagination/page.js';
import type { JobsQuery } from './jobs.dto.js';

/** Row-level security keeps out what is another firm's; `on conflict` leaves the waiting job of the same key alone. */
export const INSERT_JOB = `insert into jobs (firm_id, id, name, payload, run_as, run_at, max_attempts, unique_key)
  values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6::float8), $7, $8)
  on conflict (firm_id, name, unique_key) where status = 'pending' and unique_key is not null do nothing
  returning id`;

/** Holds the waiting job of a key until this transaction ends, so that it cannot start before what it is for is committed. */
export const HOLD_JOB = `select doors.hold_job($1, $2) as held`;

export const CLAIM_JOBS = `select firm_id as "firmId", id, name, payload, run_as as "runAs", attempts, max_attempts as "maxAttempts"
  from doors.claim_jobs($1, $2::text[], $3, $4)`;
export const EXTEND_JOB = `select doors.extend_job($1, $2, $3, $4) as ours`;
export const SETTLE_JOB = `select doors.settle_job($1, $2, $3, $4, $5, $6::numeric) as ours`;
export const RETRY_JOB = `select doors.retry_job($1) as retried`;

const COLUMNS = `j.id, j.name, j.status, j.run_as as "runAs", j.run_at as "runAt", j.attempts, j.max_attempts as "maxAttempts",
  j.last_error as "lastError", j.finished_at as "finishedAt", j.created_at as "createdAt", j.updated_at as "updatedAt"`;

export const JOB_BY_ID = `select ${COLUMNS} from jobs j where j.id = $1`;

export const JOB_LIST: ListSpec = {
  select: COLUMNS,
  from: 'jobs j',
  id: { column: 'j.id', type: 'uuid' },
  sorts: { createdAt: { column: 'j.created_at', type: 'timestamptz' }, runAt: { column: 'j.run_at', type: 'timestamptz' } },
  defaultSort: '-createdAt',
  updatedColumn: 'j.updated_at',
};

export const jobFilters = (query: JobsQuery): (Filter | undefined)[] => [
  query.status ? ['j.status = $', query.status] : undefined,
  query.name ? ['j.name = $', query.name] : undefined,
];

export const MAKE_AUDIT_PARTITIONS = `select doors.make_audit_partitions(3) as made`;
export const ENQUEUE_SWEEPS = `select doors.enqueue_sweeps() as made`;
export const ENQUEUE_TRASH_EXPIRY = `select doors.enqueue_trash_expiry() as made`;
export const SWEEP = `select doors.sweep() as swept`;
export const FIRMS_TO_SEAL = `select firm_id as "firmId" from doors.firms_to_seal()`;
export const SEAL_AUDIT = `select doors.seal_audit($1::uuid, $2::int) as rows`;

/** The door's own lock, tried instead of waited for: whoever holds it is sealing this firm already. */
export const SEAL_AUDIT_UNLESS_BUSY = `select case
  when pg_try_advisory_xact_lock(hashtext('lexiflow.audit_seal'), hashtext($1::text)) then doors.seal_audit($1::uuid, $2::int)
  else 0 end as rows`;
