-- Schemas: public holds the tables, doors the SECURITY DEFINER functions the application may call, internal what
-- triggers and migrations need. Roles are made before the first migration (src/database/roles.ts) and never dropped.

-- migrate: up
create schema doors;
create schema internal;
grant usage on schema public, doors to {{app}};
grant usage on schema public, doors, internal to {{engine}};
grant create on schema public, doors, internal to {{engine}};
grant usage on schema doors to {{login}};

-- The firm whose rows the running transaction may see; null, and so nothing, when nobody set an actor.
-- Policies inline the same expression as a subselect: evaluated once per statement, never per row.
create function internal.touch() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  -- id, firm and creation are facts: an update that says otherwise is a fault, not a wish
  if new.firm_id is distinct from old.firm_id or new.created_at is distinct from old.created_at then
    raise exception 'firm_id and created_at of % never change', tg_table_name using errcode = '23514';
  end if;
  new.updated_at := clock_timestamp();
  return new;
end $$;

create function internal.touch_versioned() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.firm_id is distinct from old.firm_id or new.created_at is distinct from old.created_at then
    raise exception 'firm_id and created_at of % never change', tg_table_name using errcode = '23514';
  end if;
  new.updated_at := clock_timestamp();
  new.version := old.version + 1;
  return new;
end $$;

-- Called from the guard of a flight when session, key, user or role is no longer what the token says.
create function doors.refuse() returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the credential is no longer valid' using errcode = 'LX401';
end $$;

-- Makes a table a tenant table: forced row-level security, one policy for the application and one for the engine.
--   kinds: which actors see the firm's rows ('user,system' unless the table serves the login itself)
--   owner_column: when given, a user reads and changes only the rows that name him (inserting for others is allowed)
create procedure internal.protect(tbl regclass, kinds text default 'user,system', owner_column text default null)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
  firm text := format(
    $f$firm_id = (select case when current_setting('app.actor_kind', true) = any (%L)
      then nullif(current_setting('app.firm_id', true), '')::uuid end)$f$, string_to_array(kinds, ','));
  mine text := format(
    $f$(%s = (select nullif(current_setting('app.user_id', true), '')::uuid)
      or (select current_setting('app.actor_kind', true)) = 'system')$f$, quote_ident(owner_column));
begin
  execute format('alter table %s enable row level security', tbl);
  execute format('alter table %s force row level security', tbl);
  execute format('create policy %I on %s to {{engine}} using (true) with check (true)', bare || '_engine', tbl);
  if owner_column is null then
    execute format('create policy %I on %s to {{app}} using (%s) with check (%s)', bare || '_firm', tbl, firm, firm);
  else
    execute format('create policy %I on %s for insert to {{app}} with check (%s)', bare || '_firm_insert', tbl, firm);
    execute format('create policy %I on %s for select to {{app}} using (%s and %s)', bare || '_mine_select', tbl, firm, mine);
    execute format('create policy %I on %s for update to {{app}} using (%s and %s) with check (%s)', bare || '_mine_update', tbl, firm, mine, firm);
    execute format('create policy %I on %s for delete to {{app}} using (%s and %s)', bare || '_mine_delete', tbl, firm, mine);
  end if;
  execute format('grant select, insert, update, delete on %s to {{engine}}', tbl);
end $$;

-- Keeps updated_at (and version, where there is one) by the database. Quiet columns are by-products of use (last login,
-- last used): they move neither, or a front end's open form would be stale because somebody signed in.
create procedure internal.touched(tbl regclass, variadic quiet text[] default '{}')
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bare text := (select relname from pg_class where oid = tbl);
  versioned boolean := exists (select from pg_attribute where attrelid = tbl and attname = 'version' and not attisdropped);
  -- generated columns are not computed yet when a BEFORE trigger is asked
  names text[] := (select array_agg(quote_ident(attname) order by attnum) from pg_attribute
    where attrelid = tbl and attnum > 0 and not attisdropped and attgenerated = '' and attname <> all (quiet));
begin
  execute format('create trigger %I before update on %s for each row when ((old.%s) is distinct from (new.%s)) execute function internal.%I()',
    bare || '_touch', tbl, array_to_string(names, ', old.'), array_to_string(names, ', new.'), case when versioned then 'touch_versioned' else 'touch' end);
end $$;

-- migrate: down
drop schema doors cascade;
drop schema internal cascade;
revoke all on schema public from {{app}}, {{engine}};
