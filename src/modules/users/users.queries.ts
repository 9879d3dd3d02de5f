import { containing, type Filter, type ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';

/** A user as it leaves the API; the order is the order of the answer. */
export const USER_COLUMNS = `u.id, u.email, u.given_name as "givenName", u.family_name as "familyName", u.name, u.initials, u.title, u.phone,
  u.role, u.status, u.time_zone as "timeZone", u.language, u.last_login_at as "lastLoginAt", u.version,
  u.created_at as "createdAt", u.updated_at as "updatedAt"`;

export const USER_BY_ID = `select ${USER_COLUMNS} from users u where u.id = $1`;
export const LOCK_USER = `select ${USER_COLUMNS} from users u where u.id = $1 for update`;

export const USER_LIST: ListSpec = {
  select: USER_COLUMNS,
  from: 'users u',
  id: { column: 'u.id', type: 'uuid' },
  sorts: {
    name: { column: `(u.family_name || ' ' || u.given_name)`, type: 'text' },
    email: { column: 'u.email', type: 'text' },
    createdAt: { column: 'u.created_at', type: 'timestamptz' },
    updatedAt: { column: 'u.updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
  updatedColumn: 'u.updated_at',
};

export const userFilters = (query: { role?: string; status?: string; q?: string }): (Filter | false)[] => [
  query.role !== undefined && ['u.role = $', query.role],
  query.status !== undefined && ['u.status = $', query.status],
  query.q !== undefined && [containing(`(u.name || ' ' || u.email)`), query.q],
];

export const INSERT_USER = `insert into users as u (firm_id, id, email, given_name, family_name, initials, title, phone, role, time_zone, language)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${USER_COLUMNS}`;

const USER: Changeable = {
  table: 'users u', returning: USER_COLUMNS,
  columns: {
    email: 'email', givenName: 'given_name', familyName: 'family_name', initials: 'initials', title: 'title', phone: 'phone', role: 'role',
    timeZone: 'time_zone', language: 'language',
  },
};

/** An update of just the given members; where none is given, the user as he is. */
export const updateUser = (id: string, changes: object): Statement => updateOf(USER, [id], changes) ?? { text: USER_BY_ID, values: [id] };

export const DEACTIVATE_USER = `update users u set status = 'deactivated', deactivated_at = now() where u.id = $1 returning ${USER_COLUMNS}`;
export const REACTIVATE_USER = `update users u set status = case when exists (select from user_passwords p where p.firm_id = u.firm_id and p.user_id = u.id)
  then 'active' else 'invited' end, deactivated_at = null where u.id = $1 returning ${USER_COLUMNS}`;
export const REVOKE_EVERY_KEY = `update api_keys set revoked_at = now() where user_id = $1 and revoked_at is null`;
