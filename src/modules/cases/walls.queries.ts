import type { Filter, ListSpec } from '../../common/pagination/page.js';

const STATUS = `case when w.lifted_at is not null then 'lifted' when w.ends_at <= now() then 'over' when w.starts_at > now() then 'to_come' else 'in_effect' end`;

/** A wall as it leaves the API; the case is read under the policies, like everything here. */
const WALL_COLUMNS = `w.id, w.case_id as "caseId", c.number as "caseNumber", c.title as "caseTitle", w.user_id as "userId", u.name as "userName",
  w.starts_at as "startsAt", w.ends_at as "endsAt", ${STATUS} as status, w.reason, w.created_by as "createdBy", w.lifted_at as "liftedAt",
  w.lifted_by as "liftedBy", w.lift_reason as "liftReason", w.version, w.created_at as "createdAt", w.updated_at as "updatedAt"`;
const JOINS = `join cases c on c.firm_id = w.firm_id and c.id = w.case_id join users u on u.firm_id = w.firm_id and u.id = w.user_id`;

export const WALL_LIST: ListSpec = {
  select: WALL_COLUMNS,
  from: `case_walls w ${JOINS}`,
  id: { column: 'w.id', type: 'uuid' },
  sorts: {
    startsAt: { column: 'w.starts_at', type: 'timestamptz' },
    createdAt: { column: 'w.created_at', type: 'timestamptz' },
    updatedAt: { column: 'w.updated_at', type: 'timestamptz' },
  },
  defaultSort: '-startsAt',
  updatedColumn: 'w.updated_at',
};

export const wallFilters = (query: { userId?: string; caseId?: string; status?: string }): (Filter | false)[] => [
  query.caseId !== undefined && ['w.case_id = $::uuid', query.caseId],
  query.userId !== undefined && ['w.user_id = $::uuid', query.userId],
  query.status !== undefined && [`${STATUS} = $`, query.status],
];

export const WALL_BY_ID = `select ${WALL_COLUMNS} from case_walls w ${JOINS} where w.case_id = $1 and w.id = $2`;
export const LOCK_WALL = `${WALL_BY_ID} for no key update of w`;

export const INSERT_WALL = `with w as (insert into case_walls (firm_id, id, case_id, user_id, starts_at, ends_at, reason, created_by)
  values ($1, $2, $3, $4, coalesce($5::timestamptz, now()), $6, $7, $8) returning *) select ${WALL_COLUMNS} from w ${JOINS}`;

/** $5 says whether the end is to be changed: null is an end too. */
export const UPDATE_WALL = `with w as (update case_walls set reason = coalesce($3, reason), ends_at = case when $5::boolean then $4::timestamptz else ends_at end
  where case_id = $1 and id = $2 returning *) select ${WALL_COLUMNS} from w ${JOINS}`;

/** One that has not begun is over before it begins: an empty time. */
export const LIFT_WALL = `with w as (update case_walls set ends_at = greatest(now(), starts_at), lifted_at = now(), lifted_by = $3, lift_reason = $4
  where case_id = $1 and id = $2 returning *) select ${WALL_COLUMNS} from w ${JOINS}`;
