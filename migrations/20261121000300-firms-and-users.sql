-- Firms with their settings, users, and what lets a user in.

-- migrate: up
create table firms (
  firm_id uuid not null,
  slug text not null,
  name text not null,
  legal_name text,
  tax_id text,
  ledes_law_firm_id text,
  address_line1 text,
  address_line2 text,
  city text,
  region text,
  postal_code text,
  country text not null default 'US',
  phone text,
  email text,
  website text,
  time_zone text not null default 'America/New_York',
  currency text not null default 'USD',
  language text not null default 'en',
  client_number_template text not null default 'C-{seq:5}',
  case_number_template text not null default '{year}-{seq:5}',
  invoice_number_template text not null default 'INV-{year}-{seq:5}',
  work_week smallint[] not null default '{1,2,3,4,5}',
  work_day_minutes int not null default 480,
  week_starts_on smallint not null default 1,
  fiscal_year_start_month smallint not null default 1,
  session_days int not null default 30,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint firms_pk primary key (firm_id),
  constraint firms_slug_key unique (slug),
  constraint firms_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 63),
  constraint firms_name_check check (length(btrim(name)) between 1 and 200),
  constraint firms_country_check check (country ~ '^[A-Z]{2}$'),
  constraint firms_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint firms_language_check check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  constraint firms_client_number_template_check check (client_number_template like '%{seq%' and length(client_number_template) <= 60),
  constraint firms_case_number_template_check check (case_number_template like '%{seq%' and length(case_number_template) <= 60),
  constraint firms_invoice_number_template_check check (invoice_number_template like '%{seq%' and length(invoice_number_template) <= 60),
  constraint firms_work_week_check check (cardinality(work_week) between 1 and 7 and work_week <@ '{1,2,3,4,5,6,7}'),
  constraint firms_work_day_minutes_check check (work_day_minutes between 60 and 1440),
  constraint firms_week_starts_on_check check (week_starts_on between 1 and 7),
  constraint firms_fiscal_year_start_month_check check (fiscal_year_start_month between 1 and 12),
  constraint firms_session_days_check check (session_days between 1 and 365)
);
call internal.protect('firms', 'user,system,credential');
call internal.touched('firms');
call internal.audited('firms');
grant select, update on firms to {{app}};

create table firm_logos (
  firm_id uuid not null,
  media_type text not null,
  bytes bytea not null,
  sha256 text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint firm_logos_pk primary key (firm_id),
  constraint firm_logos_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict,
  constraint firm_logos_media_type_check check (media_type in ('image/png', 'image/jpeg')),
  constraint firm_logos_bytes_check check (length(bytes) between 1 and 524288)
);
call internal.protect('firm_logos');
call internal.touched('firm_logos');
call internal.audited('firm_logos', 'bytes');
grant select, insert, update, delete on firm_logos to {{app}};

create table users (
  firm_id uuid not null,
  id uuid not null,
  email text not null,
  given_name text not null,
  family_name text not null,
  name text not null generated always as (btrim(given_name || ' ' || family_name)) stored,
  initials text,
  title text,
  phone text,
  role text not null,
  status text not null default 'invited',
  time_zone text,
  language text,
  last_login_at timestamptz,
  deactivated_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint users_pk primary key (firm_id, id),
  constraint users_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict,
  constraint users_email_check check (email = lower(btrim(email)) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254),
  constraint users_name_check check (length(given_name || family_name) between 1 and 200),
  constraint users_role_check check (role in ('admin', 'partner', 'associate', 'paralegal', 'billing', 'readonly')),
  constraint users_status_check check (status in ('invited', 'active', 'deactivated')),
  constraint users_deactivated_check check ((status = 'deactivated') = (deactivated_at is not null))
);
create unique index users_email_key on users (firm_id, email);
-- the login knows an address, not a firm
create index users_email_idx on users (email);
create index users_name_idx on users (firm_id, family_name, given_name, id);
create index users_updated_idx on users (firm_id, updated_at, id);
call internal.protect('users', 'user,system,credential');
call internal.touched('users', 'last_login_at');
call internal.audited('users', 'last_login_at', 'name');
grant select, insert, update on users to {{app}};

-- A firm keeps at least one active admin, whatever route or statement is used. The firm's row is locked, so that two
-- transactions cannot each remove "the other one".
create function internal.keep_an_admin() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from public.firms f where f.firm_id = old.firm_id for update;
  if not found then return null; end if; -- the firm itself is going
  if not exists (select from public.users u where u.firm_id = old.firm_id and u.role = 'admin' and u.status = 'active') then
    raise exception 'a firm keeps at least one active admin' using errcode = '23514', constraint = 'users_last_admin_check', table = 'users';
  end if;
  return null;
end $$;
alter function internal.keep_an_admin() owner to {{engine}};
revoke execute on function internal.keep_an_admin() from public;
create trigger users_last_admin after update or delete on users
  for each row when (old.role = 'admin' and old.status = 'active') execute function internal.keep_an_admin();

-- Apart from users, so that no list, log or audit row can ever carry a hash.
create table user_passwords (
  firm_id uuid not null,
  user_id uuid not null,
  hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint user_passwords_pk primary key (firm_id, user_id),
  constraint user_passwords_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict,
  constraint user_passwords_hash_check check (hash like '$argon2id$%')
);
call internal.protect('user_passwords', 'user,system,credential');
call internal.touched('user_passwords');
call internal.audited('user_passwords', '*hash');
grant select, insert, update, delete on user_passwords to {{app}};

-- One login on one device; ending it ends every token that came from it.
create table sessions (
  firm_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  user_agent text,
  address text,
  last_used_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint sessions_pk primary key (firm_id, id),
  constraint sessions_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict,
  constraint sessions_end_reason_check check ((ended_at is null) = (end_reason is null)
    and end_reason in ('logout', 'password_changed', 'token_reused', 'deactivated', 'revoked', 'expired'))
);
create index sessions_user_idx on sessions (firm_id, user_id, created_at desc);
create index sessions_expiry_idx on sessions (firm_id, expires_at) where ended_at is null;
call internal.protect('sessions', 'user,system,credential');
call internal.touched('sessions', 'last_used_at');
call internal.audited('sessions', 'last_used_at');
grant select, insert, update, delete on sessions to {{app}};

create table refresh_tokens (
  firm_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  token_hash bytea not null,
  used_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint refresh_tokens_pk primary key (firm_id, id),
  constraint refresh_tokens_session_fk foreign key (firm_id, session_id) references sessions (firm_id, id) on delete cascade on update restrict,
  constraint refresh_tokens_hash_check check (length(token_hash) = 32)
);
create index refresh_tokens_session_idx on refresh_tokens (firm_id, session_id);
call internal.protect('refresh_tokens', 'user,system,credential');
call internal.touched('refresh_tokens');
grant select, insert, update, delete on refresh_tokens to {{app}};

create table api_keys (
  firm_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  name text not null,
  key_hash bytea not null,
  -- the last characters, so that a person recognizes the key in a list
  hint text not null,
  permissions text[] not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint api_keys_pk primary key (firm_id, id),
  constraint api_keys_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict,
  constraint api_keys_name_check check (length(btrim(name)) between 1 and 100),
  constraint api_keys_hash_check check (length(key_hash) = 32),
  constraint api_keys_permissions_check check (cardinality(permissions) between 1 and 200)
);
create index api_keys_user_idx on api_keys (firm_id, user_id, created_at desc, id desc);
create index api_keys_updated_idx on api_keys (firm_id, updated_at, id);
call internal.protect('api_keys', 'user,system,credential');
call internal.touched('api_keys', 'last_used_at');
call internal.audited('api_keys', 'key_hash', 'last_used_at');
grant select, insert, update, delete on api_keys to {{app}};

-- Links sent by e-mail: invitation, forgotten password. Used once.
create table user_links (
  firm_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint user_links_pk primary key (firm_id, id),
  constraint user_links_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict,
  constraint user_links_kind_check check (kind in ('invitation', 'password_reset')),
  constraint user_links_hash_check check (length(token_hash) = 32)
);
create index user_links_user_idx on user_links (firm_id, user_id, kind);
call internal.protect('user_links', 'user,system,credential');
call internal.touched('user_links');
call internal.audited('user_links', 'token_hash');
grant select, insert, update, delete on user_links to {{app}};

-- Failed logins by account and by address. Keys are hashes of what was typed: an unknown account counts like a known one.
create table login_failures (
  key bytea not null,
  failures int not null default 0,
  window_started_at timestamptz not null default clock_timestamp(),
  constraint login_failures_pk primary key (key)
);
grant select, insert, update, delete on login_failures to {{engine}};

-- Whoever may be meant by an e-mail address (and a firm, where given): the login compares the passwords.
create function doors.login_candidates(p_email text, p_firm text) returns table (
  firm_id uuid, firm_slug text, firm_name text, session_days int, user_id uuid, role text, status text, hash text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select u.firm_id, f.slug, f.name, f.session_days, u.id, u.role, u.status, p.hash
  from public.users u
  join public.firms f on f.firm_id = u.firm_id
  left join public.user_passwords p on p.firm_id = u.firm_id and p.user_id = u.id
  where u.email = lower(btrim(p_email)) and (p_firm is null or f.slug = lower(btrim(p_firm)))
  order by u.created_at, u.id limit 10
$$;

-- Seconds until one of the keys may try again; 0 when all may. Keys: account (limit), address (limit of its own).
create function doors.login_wait(keys bytea[], limits int[]) returns int
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(max(ceil(extract(epoch from l.window_started_at + interval '15 minutes' - clock_timestamp())))::int, 0)
  from unnest(keys, limits) k(key, allowed)
  join public.login_failures l on l.key = k.key and l.failures >= k.allowed
  where l.window_started_at > clock_timestamp() - interval '15 minutes'
$$;

create function doors.login_failed(keys bytea[]) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into public.login_failures as l (key, failures) select k, 1 from unnest(keys) k order by k
  on conflict on constraint login_failures_pk do update set
    failures = case when l.window_started_at < clock_timestamp() - interval '15 minutes' then 1 else l.failures + 1 end,
    window_started_at = case when l.window_started_at < clock_timestamp() - interval '15 minutes' then clock_timestamp() else l.window_started_at end
$$;

-- After a good login the account starts from zero; the address does not, or one good account would cover a thousand guesses.
create function doors.login_passed(account_key bytea) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from public.login_failures where key = account_key or window_started_at < clock_timestamp() - interval '1 day'
$$;

-- Makes a firm with its first admin; the only way a firm comes into being.
create function doors.create_firm(p_firm_id uuid, p_slug text, p_name text, p_settings jsonb, p_user_id uuid, p_email text, p_given text, p_family text, p_hash text)
returns void language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform set_config('app.firm_id', p_firm_id::text, true), set_config('app.actor_kind', 'system', true);
  insert into public.firms (firm_id, slug, name, time_zone, currency, language, country)
  values (p_firm_id, p_slug, p_name, coalesce(p_settings ->> 'timeZone', 'America/New_York'), coalesce(p_settings ->> 'currency', 'USD'),
          coalesce(p_settings ->> 'language', 'en'), coalesce(p_settings ->> 'country', 'US'));
  insert into public.users (firm_id, id, email, given_name, family_name, role, status)
  values (p_firm_id, p_user_id, lower(btrim(p_email)), p_given, p_family, 'admin', case when p_hash is null then 'invited' else 'active' end);
  if p_hash is not null then
    insert into public.user_passwords (firm_id, user_id, hash) values (p_firm_id, p_user_id, p_hash);
  end if;
end $$;

alter function doors.login_candidates(text, text) owner to {{engine}};
alter function doors.login_wait(bytea[], int[]) owner to {{engine}};
alter function doors.login_failed(bytea[]) owner to {{engine}};
alter function doors.login_passed(bytea) owner to {{engine}};
alter function doors.create_firm(uuid, text, text, jsonb, uuid, text, text, text, text) owner to {{engine}};
revoke execute on all functions in schema doors from public;
grant execute on all functions in schema doors to {{app}};

-- migrate: down
drop function doors.create_firm(uuid, text, text, jsonb, uuid, text, text, text, text), doors.login_passed(bytea), doors.login_failed(bytea[]),
  doors.login_wait(bytea[], int[]), doors.login_candidates(text, text);
drop table login_failures, user_links, api_keys, refresh_tokens, sessions, user_passwords, users, firm_logos, firms;
drop function internal.keep_an_admin();
