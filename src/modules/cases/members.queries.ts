import type { Filter, ListSpec } from '../../common/pagination/page.js';
import type { MemberQuery } from './members.dto.js';

const COLUMNS = `m.id, m.case_id as "caseId", m.user_id as "userId", u.name, u.initials, m.role, m.version, m.created_at as "createdAt", m.updated_at as "updatedAt"`;
const FROM = `case_members m join users u on u.firm_id = m.firm_id and u.id = m.user_id`;

export const MEMBER_LIST: ListSpec = {
  select: COLUMNS, from: FROM, id: { column: 'm.id', type: 'uuid' },
  sorts: {
    name: { column: `(u.family_name || ' ' || u.given_name)`, type: 'text' },
    role: { column: 'm.role', type: 'text' },
    createdAt: { column: 'm.created_at', type: 'timestamptz' },
    updatedAt: { column: 'm.updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name', updatedColumn: 'm.updated_at',
};
export const memberFilters = (caseId: string, query: MemberQuery): (Filter | false)[] => [
  ['m.case_id = $', caseId],
  query.role !== undefined && ['m.role = $', query.role],
  query.userId !== undefined && ['m.user_id = $', query.userId],
];

export const MEMBER_BY_ID = `select ${COLUMNS} from ${FROM} where m.case_id = $1 and m.id = $2`;
export const LOCK_MEMBER = `${MEMBER_BY_ID} for no key update of m`;
/** $3, $4, $5: ids, users and roles, side by side. */
export const INSERT_MEMBERS = `insert into case_members (firm_id, case_id, id, user_id, role) select $1, $2, n.id, n.user_id, n.role from unnest($3::uuid[], $4::uuid[], $5::text[]) n(id, user_id, role)`;
export const ENSURE_MEMBERS = `${INSERT_MEMBERS} on conflict on constraint case_members_user_key do nothing`;
export const UPDATE_MEMBER = `update case_members set role = $3 where case_id = $1 and id = $2`;
export const DELETE_MEMBER = `delete from case_members where case_id = $1 and id = $2`;
