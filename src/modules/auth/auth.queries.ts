// The SQL of signing in. Doors are called as guests; the rest runs as the firm's 'credential' actor.

export const LOGIN_CANDIDATES = `select firm_id as "firmId", firm_slug as "firmSlug", firm_name as "firmName", session_days as "sessionDays",
  user_id as "userId", role, status, hash from doors.login_candidates($1, $2)`;
export interface LoginCandidate {
  firmId: string; firmSlug: string; firmName: string; sessionDays: number; userId: string; role: string; status: string; hash: string | null;
}

export const LOGIN_WAIT = `select doors.login_wait($1, $2) as seconds`;
export const LOGIN_FAILED = `select doors.login_failed($1)`;
export const LOGIN_PASSED = `select doors.login_passed($1)`;
export const RECORD_EVENT = `select doors.record_event($1, $2, $3, $4, $5, $6)`;

export const INSERT_SESSION = `insert into sessions (firm_id, id, user_id, user_agent, address, expires_at)
  values ($1, $2, $3, $4, $5, now() + make_interval(days => $6))`;
export const INSERT_REFRESH_TOKEN = `insert into refresh_tokens (firm_id, id, session_id, token_hash) values ($1, $2, $3, $4)`;
export const TOUCH_LOGIN = `update users set last_login_at = now() where id = $1`;

/** Locked, so that of two uses of one token at the same time the second sees the first. */
export const REFRESH_TOKEN = `select t.id, t.token_hash as "tokenHash", t.used_at as "usedAt", s.id as "sessionId", s.user_id as "userId",
    s.ended_at as "endedAt", s.expires_at < now() as expired, u.role, u.status
  from refresh_tokens t join sessions s on s.firm_id = t.firm_id and s.id = t.session_id
  join users u on u.firm_id = s.firm_id and u.id = s.user_id
  where t.id = $1 for update of t, s`;
export const USE_REFRESH_TOKEN = `update refresh_tokens set used_at = now() where id = $1`;
export const TOUCH_SESSION = `update sessions set last_used_at = now(), address = $2, user_agent = $3 where id = $1`;
export const END_SESSION = `update sessions set ended_at = now(), end_reason = $2 where id = $1 and ended_at is null`;
export const END_SESSIONS_OF = `update sessions set ended_at = now(), end_reason = $2
  where user_id = $1 and ended_at is null and id is distinct from $3`;

export const SET_PASSWORD = `insert into user_passwords (firm_id, user_id, hash) values ($1, $2, $3)
  on conflict on constraint user_passwords_pk do update set hash = excluded.hash`;
export const PASSWORD_OF = `select p.hash, u.email from users u left join user_passwords p on p.firm_id = u.firm_id and p.user_id = u.id where u.id = $1`;

export const INSERT_LINK = `insert into user_links (firm_id, id, user_id, kind, token_hash, expires_at)
  values ($1, $2, $3, $4, $5, now() + make_interval(hours => $6))`;
export const CLOSE_LINKS = `update user_links set used_at = now() where user_id = $1 and kind = $2 and used_at is null`;
export const LINK = `select l.id, l.token_hash as "tokenHash", l.kind, l.user_id as "userId", l.used_at is not null or l.expires_at < now() as spent,
    u.email, u.status from user_links l join users u on u.firm_id = l.firm_id and u.id = l.user_id where l.id = $1 for update of l`;
export const USE_LINK = `update user_links set used_at = now() where id = $1`;
export const ACTIVATE_USER = `update users set status = 'active' where id = $1 and status = 'invited'`;

export const API_KEY_BY_ID = `select k.id, k.user_id as "userId", k.key_hash as "keyHash", k.permissions, u.role
  from api_keys k join users u on u.firm_id = k.firm_id and u.id = k.user_id
  where k.id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) and u.status = 'active'`;
export const TOUCH_API_KEYS = `update api_keys k set last_used_at = u.at from unnest($1::uuid[], $2::timestamptz[]) u(id, at)
  where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`;

export const RECIPIENT = `select u.id, u.email, u.given_name as "givenName", f.name as "firmName"
  from users u join firms f on f.firm_id = u.firm_id where u.id = $1 and u.status <> 'deactivated'`;
export const SIGN_IN_FACTS = `select u.firm_id as "firmId", u.id as "userId", u.role, f.session_days as "sessionDays"
  from users u join firms f on f.firm_id = u.firm_id where u.id = $1`;

export const UNREAD = `select count(*)::int as unread from notifications where read_at is null`;
