-- Who may see a case. The facts stand in narrow tables that triggers keep, so that policies neither recurse nor read wide
-- rows; the rule itself is one text, made here, for policies and doors alike. See docs/decisions/0005-hidden-cases.md.

-- migrate: up
-- Restricted cases: seen by their members only. Kept from cases.access.
create table case_restrictions (
  firm_id uuid not null,
  case_id uuid not null,
  constraint case_restrictions_pk primary key (firm_id, case_id)
);

-- Who is a member of which case. Kept from case_members.
create table case_seats (
  firm_id uuid not null,
  user_id uuid not null,
  case_id uuid not null,
  constraint case_seats_pk primary key (firm_id, user_id, case_id)
);
create index case_seats_case_idx on case_seats (firm_id, case_id, user_id);

-- Who is walled off from which case, and when. Kept from case_walls.
create table case_screens (
  firm_id uuid not null,
  user_id uuid not null,
  case_id uuid not null,
  wall_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  constraint case_screens_pk primary key (firm_id, user_id, case_id, wall_id)
);
create index case_screens_case_idx on case_screens (firm_id, case_id, user_id);
create index case_screens_wall_idx on case_screens (firm_id, wall_id);

-- Through which cases a contact is known: as client (source_id is the case) or as party (source_id is the party).
create table contact_cases (
  firm_id uuid not null,
  contact_id uuid not null,
  case_id uuid not null,
  source_id uuid not null,
  -- as the case is, so that the rule about contacts needs one look only
  restricted boolean not null,
  constraint contact_cases_pk primary key (firm_id, contact_id, case_id, source_id)
);
create index contact_cases_case_idx on contact_cases (firm_id, case_id);
create index contact_cases_restricted_idx on contact_cases (firm_id, contact_id) where restricted;

create function internal.firm_now() returns text language sql immutable as
$f$ select $t$(select case when current_setting('app.actor_kind', true) = any ('{user,system}') then nullif(current_setting('app.firm_id', true), '')::uuid end)$t$ $f$;
create function internal.user_now() returns text language sql immutable as
$f$ select $t$(select nullif(current_setting('app.user_id', true), '')::uuid)$t$ $f$;
create function internal.system_now() returns text language sql immutable as
$f$ select $t$(select current_setting('app.actor_kind', true) = 'system')$t$ $f$;

-- The hidden rule as SQL text: true when the case named by the column (qualified, never null) is not hidden from the actor.
--   restricted: how to know that the case is restricted, where that is cheaper than looking it up
--   door: for a door's dynamic SQL. The engine sees all firms and users, so there the text names them; in a policy the
--     policies of the narrow tables do, which saves a dozen look-ups of settings per statement.
-- Walls of one person are few, so they are hashed once; seats and restrictions are looked up row by row (offset 0 keeps
-- the planner from hashing what may be hundreds of thousands).
create function internal.case_rule(col text, restricted text default null, door boolean default false) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select format($t$(%2$s or (%1$s not in (select s.case_id from public.case_screens s where s.starts_at <= now() and (s.ends_at is null or s.ends_at > now())%3$s)
    and (not %4$s or exists (select from public.case_seats m where m.case_id = %1$s%5$s offset 0))))$t$,
    col, internal.system_now(),
    case when door then format(' and s.firm_id = %s and s.user_id = %s', internal.firm_now(), internal.user_now()) end,
    coalesce(restricted, format('exists (select from public.case_restrictions r where r.case_id = %s%s offset 0)', col,
      case when door then format(' and r.firm_id = %s', internal.firm_now()) end)),
    case when door then format(' and m.firm_id = %s and m.user_id = %s', internal.firm_now(), internal.user_now()) end)
$f$;

-- The same for a contact: hidden when it is known through cases, and all of them are hidden.
create function internal.contact_rule(col text, door boolean default false) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select format($t$(%2$s or (not exists (select from public.contact_cases l where l.contact_id = %1$s and l.restricted%4$s offset 0)
      and %1$s not in (select l.contact_id from public.case_screens s join public.contact_cases l on l.firm_id = s.firm_id and l.case_id = s.case_id
        where s.starts_at <= now() and (s.ends_at is null or s.ends_at > now())%3$s))
    or exists (select from public.contact_cases l where l.contact_id = %1$s and %5$s%4$s offset 0))$t$,
    col, internal.system_now(),
    case when door then format(' and s.firm_id = %s and s.user_id = %s', internal.firm_now(), internal.user_now()) end,
    case when door then format(' and l.firm_id = %s', internal.firm_now()) end,
    internal.case_rule('l.case_id', 'l.restricted', door))
$f$;

-- One policy of a tenant table whose rows also obey `rule`; `extra` is asked of rows that are written.
create procedure internal.protect_by(tbl regclass, rule text, extra text default null)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
begin
  execute format('alter table %s enable row level security', tbl);
  execute format('alter table %s force row level security', tbl);
  execute format('create policy %I on %s to {{engine}} using (true) with check (true)', bare || '_engine', tbl);
  execute format('create policy %I on %s to {{app}} using (firm_id = %s and %s) with check (firm_id = %s and %s and %s)',
    bare || '_firm', tbl, internal.firm_now(), rule, internal.firm_now(), rule, coalesce(extra, 'true'));
  execute format('grant select, insert, update, delete on %s to {{engine}}', tbl);
end $$;

-- Like internal.protect, for rows under a case: those of hidden cases are neither seen nor written.
--   contact_column: the row names a contact as well, which whoever writes it must see
create procedure internal.protect_case(tbl regclass, case_column text default 'case_id', contact_column text default null)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
  col text := format('%I.%I', bare, case_column);
  nullable boolean := (select not attnotnull from pg_attribute where attrelid = tbl and attname = case_column);
  rule text := internal.case_rule(col);
  extra text;
begin
  if nullable then rule := format('(%s is null or %s)', col, rule); end if;
  if contact_column is not null then
    extra := format('(%1$s is null or %2$s)', format('%I.%I', bare, contact_column), internal.contact_rule(format('%I.%I', bare, contact_column)));
  end if;
  call internal.protect_by(tbl, rule, extra);
end $$;

-- Like internal.protect, for a contact and what stands under it.
create procedure internal.protect_contact(tbl regclass, variadic contact_columns text[] default '{contact_id}')
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
  rule text := (select string_agg(format('(%s)', internal.contact_rule(format('%I.%I', bare, c))), ' and ') from unnest(contact_columns) c);
begin
  call internal.protect_by(tbl, rule);
end $$;

-- For a table that has its policies already and now names a case: rows of hidden cases are taken out of what they show.
create procedure internal.hide_cases(tbl regclass, case_column text default 'case_id')
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
  firm text := format('firm_id = %s', replace(internal.firm_now(), '{user,system}', '{user,system,credential}'));
begin
  execute format('create policy %I on %s as restrictive to {{app}} using (%s and (%I.%I is null or %s)) with check (%s)',
    bare || '_case', tbl, firm, bare, case_column, internal.case_rule(format('%I.%I', bare, case_column)), firm);
end $$;

-- Columns that never change once written: what hangs on them (numbers, facts about access) would not follow.
create function internal.keep_fixed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% of % never changes', tg_argv[0], tg_table_name
    using errcode = '23514', constraint = tg_table_name || '_' || tg_argv[0] || '_fixed_check', table = tg_table_name, column = tg_argv[0];
end $$;
create procedure internal.fixed(tbl regclass, variadic columns text[])
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
  col text;
begin
  foreach col in array columns loop
    execute format('create trigger %I before update of %I on %s for each row when (old.%2$I is distinct from new.%2$I) execute function internal.keep_fixed(%4$L)',
      bare || '_' || col || '_fixed', col, tbl, col);
  end loop;
end $$;

-- Of seats and walls one reads one's own; the system reads none, since nothing is hidden from it. Only triggers write.
call internal.protect('case_restrictions');
call internal.protect('contact_cases');
call internal.protect_by('case_seats', format('user_id = %s', internal.user_now()));
call internal.protect_by('case_screens', format('user_id = %s', internal.user_now()));
grant select on case_restrictions, case_seats, case_screens, contact_cases to {{app}};

-- migrate: down
drop table contact_cases, case_screens, case_seats, case_restrictions;
drop procedure internal.fixed(regclass, text[]), internal.hide_cases(regclass, text), internal.protect_contact(regclass, text[]),
  internal.protect_case(regclass, text, text), internal.protect_by(regclass, text, text);
drop function internal.keep_fixed(), internal.contact_rule(text, boolean), internal.case_rule(text, text, boolean), internal.system_now(), internal.user_now(), internal.firm_now();
