-- The audit trail: one row per change, written by a trigger, sealed later by a job (chaining hashes inside the trigger
-- would hold the firm's chain head until commit: measured 213 against 3,393 transactions/s, and deadlocks).

-- migrate: up
create sequence audit_events_id_seq as bigint;

create table audit_events (
  firm_id uuid not null,
  occurred_at timestamptz not null default clock_timestamp(),
  id bigint not null default nextval('audit_events_id_seq'),
  -- the writing transaction; the sealing job may only chain rows whose transactions are all over
  xid bigint not null,
  actor_kind text not null,
  user_id uuid,
  request_id text,
  address text,
  action text not null,
  table_name text not null,
  row_id uuid,
  case_id uuid,
  before jsonb,
  after jsonb,
  reason text,
  constraint audit_events_pk primary key (firm_id, occurred_at, id),
  constraint audit_events_actor_kind_check check (actor_kind in ('user', 'system', 'credential', 'guest', 'operator'))
) partition by range (occurred_at);
create index audit_events_seal_idx on audit_events (firm_id, xid, id);
create index audit_events_row_idx on audit_events (firm_id, table_name, row_id, occurred_at desc, id desc);
create index audit_events_user_idx on audit_events (firm_id, user_id, occurred_at desc, id desc);
create table audit_events_default partition of audit_events default;

create table audit_seals (
  firm_id uuid not null,
  number bigint not null,
  -- rows with from_xid <= xid < to_xid, in the order of (xid, id)
  from_xid bigint not null,
  to_xid bigint not null,
  row_ids bigint[] not null,
  row_times timestamptz[] not null,
  -- 32 bytes a row, in the order of row_ids: so that the first broken row can be named
  row_hashes bytea not null,
  previous_hash bytea not null,
  hash bytea not null,
  sealed_at timestamptz not null default clock_timestamp(),
  constraint audit_seals_pk primary key (firm_id, number),
  constraint audit_seals_range_check check (from_xid < to_xid),
  constraint audit_seals_hashes_check check (length(row_hashes) = 32 * cardinality(row_ids))
);

-- Rows of a restored database carry the transaction numbers of the old server. A restore replaces this function by one
-- that returns a number above all of them, so that the order of sealing goes on.
create function internal.audit_base() returns bigint language sql immutable parallel safe as $$ select 0::bigint $$;

create function internal.audit_clock() returns bigint language sql stable set search_path = pg_catalog, pg_temp as
$$ select pg_current_xact_id()::text::bigint + internal.audit_base() $$;

-- What a column's value looks like in the trail: secrets are masked, long texts enter as hash and length.
create function internal.audit_value(value jsonb, masked boolean) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case
    when masked then '"***"'::jsonb
    when length(value::text) <= 1000 then value
    else jsonb_build_object('sha256', encode(sha256(convert_to(value #>> '{}', 'UTF8')), 'hex'), 'length', length(value #>> '{}'))
  end
$$;

-- The one trigger. Arguments: names of columns that never enter the trail; of one with a * before its name the change is
-- told and the value is not.
create function internal.audit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  origin jsonb := nullif(current_setting('app.origin', true), '');
  -- no actor: somebody with the owner's rights, since row-level security lets nobody else write without one
  kind text := coalesce(nullif(current_setting('app.actor_kind', true), ''), 'operator');
  hidden text[] := coalesce(tg_argv, '{}');
  o jsonb; n jsonb; row_now jsonb; b jsonb; a jsonb;
begin
  if tg_op <> 'INSERT' then o := to_jsonb(old); end if;
  if tg_op <> 'DELETE' then n := to_jsonb(new); end if;
  row_now := coalesce(n, o);
  -- the usual value is told here, without the call: this runs for every column of every row that anybody writes
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(key, case when '*' || key <> all (hidden) and length((o -> key)::text) <= 1000 then o -> key else internal.audit_value(o -> key, '*' || key = any (hidden)) end),
        jsonb_object_agg(key, case when '*' || key <> all (hidden) and length(value::text) <= 1000 then value else internal.audit_value(value, '*' || key = any (hidden)) end)
      into b, a
      from jsonb_each(n) where value is distinct from o -> key and key not in ('updated_at', 'version') and key <> all (hidden);
    if a is null then return null; end if;
  else
    select jsonb_object_agg(key, case when '*' || key <> all (hidden) and length(value::text) <= 1000 then value else internal.audit_value(value, '*' || key = any (hidden)) end) into a
      from jsonb_each(row_now) where value <> 'null' and key not in ('firm_id', 'created_at', 'updated_at') and key <> all (hidden);
    if tg_op = 'DELETE' then b := a; a := null; end if;
  end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id, before, after, reason)
  values (
    (row_now ->> 'firm_id')::uuid, pg_current_xact_id()::text::bigint + internal.audit_base(), kind, nullif(current_setting('app.user_id', true), '')::uuid,
    origin ->> 'requestId', origin ->> 'address', coalesce(origin ->> 'action', lower(tg_op)), tg_table_name,
    coalesce(row_now ->> 'id', row_now ->> 'user_id', row_now ->> 'firm_id')::uuid, (row_now ->> 'case_id')::uuid, b, a, origin ->> 'reason');
  return null;
end $$;

-- Puts a table on the list of audited ones; further arguments name columns that never enter the trail, or, with a *, whose
-- value does not.
create procedure internal.audited(tbl regclass, variadic hidden text[] default '{}')
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
begin
  execute format('create trigger %I after insert or update or delete on %s for each row execute function internal.audit(%s)',
    bare || '_audit', tbl, (select coalesce(string_agg(quote_literal(name), ', '), '') from unnest(hidden) name));
end $$;

-- Nobody rewrites history, the owner of the tables included.
create function internal.append_only() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
create trigger audit_events_append_only before update or delete on audit_events for each row execute function internal.append_only();
create trigger audit_seals_append_only before update or delete or truncate on audit_seals for each statement execute function internal.append_only();

-- Partitions for this month and some months ahead; what still lands in the default partition shows in the health report.
create function doors.make_audit_partitions(months_ahead int default 3) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  month date; made int := 0; name text;
begin
  perform pg_advisory_xact_lock(hashtext('lexiflow.audit_partitions'));
  for month in select generate_series(date_trunc('month', now() at time zone 'UTC'), date_trunc('month', now() at time zone 'UTC') + make_interval(months => least(months_ahead, 24)), interval '1 month')::date loop
    name := 'audit_events_' || to_char(month, 'YYYY_MM');
    if to_regclass('public.' || name) is null then
      execute format('create table public.%I partition of public.audit_events for values from (%L) to (%L)',
        name, month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;

create function internal.audit_row_hash(e public.audit_events) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(jsonb_build_array(
    e.firm_id, (extract(epoch from e.occurred_at) * 1000000)::bigint, e.id, e.xid, e.actor_kind, e.user_id, e.request_id, e.address,
    e.action, e.table_name, e.row_id, e.case_id, e.before, e.after, e.reason)::text, 'UTF8'))
$$;

-- All of a seal but its own hash. Instants as microseconds: their text depends on the session's time zone.
create function internal.audit_seal_hash(s public.audit_seals) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(s.previous_hash || convert_to(jsonb_build_array(
    s.firm_id, s.number, s.from_xid, s.to_xid, s.row_ids,
    array(select (extract(epoch from t) * 1000000)::bigint from unnest(s.row_times) with ordinality u(t, n) order by n),
    (extract(epoch from s.sealed_at) * 1000000)::bigint)::text, 'UTF8') || s.row_hashes)
$$;

-- Chains what is ready into one more seal; returns how many rows it covers (0: nothing was ready).
create function doors.seal_audit(firm uuid, max_rows int default 5000) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last record; horizon bigint; start_xid bigint; end_xid bigint; seal public.audit_seals;
begin
  perform pg_advisory_xact_lock(hashtext('lexiflow.audit_seal'), hashtext(firm::text));
  select s.number, s.to_xid, s.hash into last from public.audit_seals s where s.firm_id = firm order by s.number desc limit 1;
  start_xid := coalesce(last.to_xid, 0);
  horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint + internal.audit_base();
  -- whole transactions only: the batch ends before the transaction that would overrun it (unless it is the first)
  select max(x.xid) into end_xid from (
    select e.xid from public.audit_events e where e.firm_id = firm and e.xid >= start_xid and e.xid < horizon order by e.xid, e.id limit max_rows) x;
  if end_xid is null then return 0; end if;
  seal.firm_id := firm;
  seal.number := coalesce(last.number, 0) + 1;
  seal.from_xid := start_xid;
  seal.to_xid := end_xid + 1;
  seal.previous_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
  seal.sealed_at := clock_timestamp();
  select array_agg(h.id order by h.xid, h.id), array_agg(h.occurred_at order by h.xid, h.id), string_agg(h.hash, ''::bytea order by h.xid, h.id)
    into seal.row_ids, seal.row_times, seal.row_hashes
    from (select e.xid, e.id, e.occurred_at, internal.audit_row_hash(e) as hash from public.audit_events e
          where e.firm_id = firm and e.xid >= start_xid and e.xid <= end_xid) h;
  seal.hash := internal.audit_seal_hash(seal);
  insert into public.audit_seals select seal.*;
  return cardinality(seal.row_ids);
end $$;

-- Firms with rows behind their last seal, for the job that seals.
create function doors.firms_to_seal() returns table (firm_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return query select f.firm_id from public.firms f
    -- one look into an index per firm; as an EXISTS it becomes a join, which reads the whole trail (10,000 rows: 177 ms against 0.3)
    left join lateral (select s.to_xid from public.audit_seals s where s.firm_id = f.firm_id order by s.number desc limit 1) sealed on true
    cross join lateral (
      select from public.audit_events e where e.firm_id = f.firm_id and e.xid >= coalesce(sealed.to_xid, 0) order by e.xid, e.id limit 1) unsealed;
end $$;

-- Recomputes the calling firm's seals: all of them, or p_count behind p_after (for a task that reports progress). Names
-- the first broken row or seal, and the unsealed tail with its age.
create function doors.verify_audit(p_after bigint default 0, p_count bigint default null) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) in ('user', 'system') then nullif(current_setting('app.firm_id', true), '')::uuid end;
  s public.audit_seals; previous bytea := decode(repeat('00', 32), 'hex'); next_number bigint := p_after + 1; next_xid bigint := 0;
  broken jsonb; sealed bigint := 0; checked bigint := 0; fault record; last_seal record; tail record;
begin
  if firm is null then raise exception 'no firm' using errcode = '42501'; end if;
  select q.number, q.to_xid into last_seal from public.audit_seals q where q.firm_id = firm order by q.number desc limit 1;
  if p_after > 0 then
    select q.hash, q.to_xid into previous, next_xid from public.audit_seals q where q.firm_id = firm and q.number = p_after;
  end if;
  for s in select * from public.audit_seals q where q.firm_id = firm and q.number > p_after
           and (p_count is null or q.number <= p_after + p_count) order by q.number loop
    if s.number <> next_number or s.from_xid <> next_xid or s.previous_hash is distinct from previous
       or s.hash <> internal.audit_seal_hash(s) then
      broken := jsonb_build_object('seal', next_number, 'fault', case when s.number <> next_number then 'seal missing' else 'seal altered' end);
      exit;
    end if;
    select f.* into fault from (
      select coalesce(w.id, e.id) as id, coalesce(w.occurred_at, e.occurred_at) as occurred_at,
             case when e.id is null then 'row missing' when w.id is null then 'row inserted' else 'row altered' end as fault
      from (select u.id, u.occurred_at, u.ord, substr(s.row_hashes, ((u.ord - 1) * 32 + 1)::int, 32) as hash
            from unnest(s.row_ids, s.row_times) with ordinality u(id, occurred_at, ord)) w
      full join (select a.id, a.occurred_at, internal.audit_row_hash(a) as hash from public.audit_events a
                 where a.firm_id = firm and a.xid >= s.from_xid and a.xid < s.to_xid) e on e.id = w.id
      where e.id is null or w.id is null or e.hash <> w.hash
      order by w.ord nulls last, e.id limit 1) f;
    if found then
      broken := jsonb_build_object('seal', s.number, 'eventId', fault.id::text, 'occurredAt', fault.occurred_at, 'fault', fault.fault);
      exit;
    end if;
    sealed := sealed + cardinality(s.row_ids);
    checked := checked + 1;
    previous := s.hash; next_number := s.number + 1; next_xid := s.to_xid;
  end loop;
  select count(*) as rows, min(a.occurred_at) as oldest into tail from public.audit_events a
    where a.firm_id = firm and a.xid >= coalesce(last_seal.to_xid, 0);
  return jsonb_build_object('intact', broken is null, 'firstBroken', broken, 'seals', checked, 'sealedEvents', sealed,
    'lastSeal', coalesce(last_seal.number, 0), 'head', encode(previous, 'hex'), 'unsealedEvents', tail.rows,
    'unsealedAgeSeconds', coalesce(extract(epoch from clock_timestamp() - tail.oldest)::int, 0));
end $$;

-- What must be on record although it changed no row: failed logins, refused access. Its own actions only.
create function doors.record_event(firm uuid, who uuid, event text, request text, remote text, details jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if event not in ('login.failed', 'login.throttled', 'login.succeeded', 'access.refused', 'token.reused') then
    raise exception 'unknown event %', event using errcode = '22023';
  end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, after)
  values (firm, internal.audit_clock(), case when who is null then 'guest' else 'user' end, who, left(request, 200), left(remote, 100),
          event, 'users', who, case when length(details::text) <= 4000 then details end);
end $$;

-- owned by the engine: partitions are made by it, the trail is written by it, and only it
alter function internal.audit() owner to {{engine}};
revoke execute on function internal.audit() from public;
alter function doors.make_audit_partitions(int) owner to {{engine}};
alter function doors.seal_audit(uuid, int) owner to {{engine}};
alter function doors.firms_to_seal() owner to {{engine}};
alter function doors.verify_audit(bigint, bigint) owner to {{engine}};
alter function doors.record_event(uuid, uuid, text, text, text, jsonb) owner to {{engine}};

call internal.protect('audit_events');
call internal.protect('audit_seals');
revoke update, delete on audit_events, audit_seals from {{engine}};
grant select on audit_events, audit_seals to {{app}};
alter sequence audit_events_id_seq owner to {{engine}};
alter table audit_events owner to {{engine}};
alter table audit_events_default owner to {{engine}};
revoke update, delete, truncate on audit_events from {{engine}};
revoke execute on all functions in schema doors from public;
grant execute on all functions in schema doors to {{app}};
select doors.make_audit_partitions(3);

-- migrate: down
drop function doors.record_event(uuid, uuid, text, text, text, jsonb), doors.verify_audit(bigint, bigint), doors.firms_to_seal(),
  doors.seal_audit(uuid, int), doors.make_audit_partitions(int);
drop table audit_seals, audit_events cascade; -- with the functions that hash their rows
drop sequence audit_events_id_seq;
drop procedure internal.audited(regclass, text[]);
drop function internal.audit(), internal.append_only(), internal.audit_value(jsonb, boolean), internal.audit_clock(), internal.audit_base();
