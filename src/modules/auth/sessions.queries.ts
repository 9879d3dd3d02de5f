import type { Filter, ListSpec } from '../../common/pagination/page.js';

export const SESSION_COLUMNS = `s.id, s.user_id as "userId", s.user_agent as "userAgent", s.address, s.last_used_at as "lastUsedAt",
  s.expires_at as "expiresAt", s.ended_at as "endedAt", s.end_reason as "endReason", s.created_at as "createdAt", s.updated_at as "updatedAt"`;

export const SESSION_BY_ID = `select ${SESSION_COLUMNS} from sessions s where s.id = $1`;

export const SESSION_LIST: ListSpec = {
  select: SESSION_COLUMNS,
  from: 'sessions s',
  id: { column: 's.id', type: 'uuid' },
  sorts: { createdAt: { column: 's.created_at', type: 'timestamptz' }, lastUsedAt: { column: 's.last_used_at', type: 'timestamptz' } },
  defaultSort: '-createdAt',
  updatedColumn: 's.updated_at',
};

export const sessionFilters = (userId: string, active: boolean | undefined): (Filter | false)[] => [
  ['s.user_id = $', userId],
  active !== undefined && ['(s.ended_at is null and s.expires_at > now()) = $::boolean', active],
];

export const KEY_COLUMNS = `k.id, k.user_id as "userId", k.name, k.hint, k.permissions, k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
  k.revoked_at as "revokedAt", k.version, k.created_at as "createdAt", k.updated_at as "updatedAt"`;

export const KEY_LIST: ListSpec = {
  select: KEY_COLUMNS,
  from: 'api_keys k',
  id: { column: 'k.id', type: 'uuid' },
  sorts: { createdAt: { column: 'k.created_at', type: 'timestamptz' }, name: { column: 'k.name', type: 'text' } },
  defaultSort: '-createdAt',
  updatedColumn: 'k.updated_at',
};

export const KEY_BY_ID = `select ${KEY_COLUMNS} from api_keys k where k.id = $1`;
export const LOCK_KEY = `select ${KEY_COLUMNS} from api_keys k where k.id = $1 for update`;
export const INSERT_KEY = `insert into api_keys as k (firm_id, id, user_id, name, key_hash, hint, permissions, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${KEY_COLUMNS}`;
export const RENAME_KEY = `update api_keys k set name = $2 where k.id = $1 returning ${KEY_COLUMNS}`;
export const REVOKE_KEY = `update api_keys k set revoked_at = now() where k.id = $1 and k.revoked_at is null`;
