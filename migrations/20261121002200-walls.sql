-- What a wall asks beyond hiding the case: who is named does not learn of it, a restricted case keeps somebody who sees it,
-- and every attempt by id is noticed, whatever table the row stands in.

-- migrate: up
-- A wall that has yet to begin, or is over, is not told to whom it names either; nor are his attempts. Rows of the trail that
-- name no case themselves go the way of what they are about; neither walls nor decisions are ever deleted.
do $$ begin
  execute format('create policy case_walls_own on case_walls as restrictive to {{app}} using (firm_id = %1$s and (%2$s or case_walls.user_id <> %3$s))
    with check (firm_id = %1$s and (%2$s or case_walls.user_id <> %3$s))', internal.firm_now(), internal.system_now(), internal.user_now());
  execute format($p$create policy audit_events_rows on audit_events as restrictive to {{app}} using (firm_id = %1$s and (%2$s
      or (audit_events.action not in ('access.screened', 'access.restricted') or audit_events.user_id <> %3$s)
      and (audit_events.table_name <> 'case_walls' or exists (select from public.case_walls w where w.firm_id = %1$s and w.id = audit_events.row_id offset 0))
      and (audit_events.table_name <> 'conflict_decisions' or exists (select from public.conflict_decisions d where d.firm_id = %1$s and d.id = audit_events.row_id offset 0))))
    with check (firm_id = %1$s)$p$, internal.firm_now(), internal.system_now(), internal.user_now());
end $$;

-- A restricted case that none of its members sees could be opened by nobody again: at least one is neither walled off,
-- now or later, nor deactivated.
create function internal.keep_case_seen() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  the_case uuid := case tg_table_name when 'cases' then to_jsonb(new) ->> 'id' else coalesce(to_jsonb(new), to_jsonb(old)) ->> 'case_id' end;
  firm uuid := coalesce(new.firm_id, old.firm_id);
begin
  -- two transactions may not each wall off "the other one"
  perform from public.cases c where c.firm_id = firm and c.id = the_case and c.access = 'restricted' for no key update;
  if not found then return null; end if;
  if tg_table_name = 'case_walls' and not exists (select from public.case_members m where m.firm_id = firm and m.case_id = the_case and m.user_id = (to_jsonb(new) ->> 'user_id')::uuid) then return null; end if;
  if not exists (select from public.case_members m join public.users u on u.firm_id = m.firm_id and u.id = m.user_id and u.status <> 'deactivated'
      where m.firm_id = firm and m.case_id = the_case and not exists (select from public.case_screens s
        where s.firm_id = firm and s.user_id = m.user_id and s.case_id = the_case and (s.ends_at is null or s.ends_at > greatest(now(), s.starts_at)))) then
    raise exception 'a restricted case keeps at least one member who sees it' using errcode = '23514', constraint = tg_argv[0], table = tg_table_name;
  end if;
  return null;
end $$;
alter function internal.keep_case_seen() owner to {{engine}};
revoke execute on function internal.keep_case_seen() from public;
-- names after those of the *_facts triggers, whose rows these read
create trigger case_members_seen after delete on case_members for each row execute function internal.keep_case_seen('case_members_last_check');
create trigger case_walls_seen after insert or update of ends_at on case_walls for each row execute function internal.keep_case_seen('case_walls_last_member_check');
create trigger cases_seen after update of access on cases for each row when (old.access is distinct from new.access)
  execute function internal.keep_case_seen('cases_restricted_members_check');

-- After a 404: whether one of the ids names a row that is hidden from the caller. The last such row is what he was after:
-- of a person walled off it is recorded as access.screened, of anybody else as access.restricted. Looks through every
-- table whose rows belong to a case or contact, so that a new one needs no line here. The answer is for tests: a route gives
-- the same 404 either way.
drop function doors.was_walled(text, uuid);
create function doors.was_hidden(ids uuid[]) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  me uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  origin jsonb := coalesce(nullif(current_setting('app.origin', true), '')::jsonb, '{}');
  lookup text; found_in text; found_id uuid; about_case uuid; about_contact uuid; screen uuid;
begin
  if current_setting('app.actor_kind', true) is distinct from 'user' or firm is null or me is null or cardinality(ids) > 20 then return false; end if;
  select string_agg(format('select %L as tbl, t.id, %s as case_id, c.id as contact_id from public.%I t left join lateral unnest(array[%s]::uuid[]) c(id) on true where t.firm_id = $1 and t.id = any ($2)',
      relname, case when relname = 'cases' then 't.id' when 'case_id' = any (names) then 't.case_id' else 'null::uuid' end, relname,
      case when relname = 'contacts' then 't.id' else (select string_agg('t.' || n, ', ') from unnest(names) n where n in ('contact_id', 'from_contact_id', 'to_contact_id')) end), ' union all ')
    into lookup
    from (select c.relname, array_agg(a.attname::text) as names from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'uuid'::regtype
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition group by c.oid, c.relname) r
    where names @> '{firm_id,id}' and (relname in ('cases', 'contacts') or names && '{case_id,contact_id,from_contact_id}');
  execute format('select f.tbl, f.id, f.case_id, f.contact_id from (%s) f where case when f.case_id is not null then not (%s) when f.contact_id is not null then not (%s) else false end
      order by array_position($2, f.id) desc limit 1', lookup, internal.case_rule('f.case_id', null, true), internal.contact_rule('f.contact_id', true))
    into found_in, found_id, about_case, about_contact using firm, ids;
  if found_id is null then return false; end if;
  select s.case_id into screen from public.case_screens s
    where s.firm_id = firm and s.user_id = me and s.starts_at <= now() and (s.ends_at is null or s.ends_at > now())
      and (s.case_id = about_case or about_case is null and exists (select from public.contact_cases l where l.firm_id = firm and l.contact_id = about_contact and l.case_id = s.case_id))
    order by s.case_id limit 1;
  if about_case is null then
    about_case := coalesce(screen, (select l.case_id from public.contact_cases l where l.firm_id = firm and l.contact_id = about_contact order by l.case_id limit 1));
  end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id)
  values (firm, internal.audit_clock(), 'user', me, left(origin ->> 'requestId', 200), left(origin ->> 'address', 100),
    case when screen is null then 'access.restricted' else 'access.screened' end, found_in, found_id, about_case);
  return true;
end $$;
alter function doors.was_hidden(uuid[]) owner to {{engine}};
revoke execute on function doors.was_hidden(uuid[]) from public;
grant execute on function doors.was_hidden(uuid[]) to {{app}};

-- migrate: down
drop function doors.was_hidden(uuid[]);
create function doors.was_walled(p_table text, p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  me uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  origin jsonb := coalesce(nullif(current_setting('app.origin', true), '')::jsonb, '{}');
  about_case uuid; about_contact uuid; visible boolean; screen uuid;
begin
  if current_setting('app.actor_kind', true) is distinct from 'user' or firm is null or me is null then return false; end if;
  if p_table = 'cases' then
    select c.id into about_case from public.cases c where c.firm_id = firm and c.id = p_id;
  elsif p_table in ('case_members', 'case_parties', 'case_walls', 'case_notes', 'case_tasks', 'case_task_items', 'case_events', 'case_event_attendees', 'conflict_checks') then
    execute format('select t.case_id from public.%I t where t.firm_id = $1 and t.id = $2', p_table) into about_case using firm, p_id;
  elsif p_table = 'contacts' then
    select c.id into about_contact from public.contacts c where c.firm_id = firm and c.id = p_id;
  elsif p_table in ('clients', 'contact_names', 'contact_emails', 'contact_phones', 'contact_addresses') then
    execute format('select t.contact_id from public.%I t where t.firm_id = $1 and t.id = $2', p_table) into about_contact using firm, p_id;
  else
    raise exception 'no rows of % are hidden', p_table using errcode = '22023';
  end if;
  if about_case is null and about_contact is null then return false; end if;
  if about_case is not null then
    execute format('select %s from (select $1 as id) x', internal.case_rule('x.id', null, true)) into visible using about_case;
  else
    execute format('select %s from (select $1 as id) x', internal.contact_rule('x.id', true)) into visible using about_contact;
  end if;
  if visible then return false; end if;
  select s.case_id into screen from public.case_screens s
    where s.firm_id = firm and s.user_id = me and s.starts_at <= now() and (s.ends_at is null or s.ends_at > now())
      and (s.case_id = about_case or exists (select from public.contact_cases l where l.firm_id = firm and l.contact_id = about_contact and l.case_id = s.case_id))
    order by s.case_id limit 1;
  if about_case is null then
    about_case := coalesce(screen, (select l.case_id from public.contact_cases l where l.firm_id = firm and l.contact_id = about_contact order by l.case_id limit 1));
  end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id)
  values (firm, internal.audit_clock(), 'user', me, left(origin ->> 'requestId', 200), left(origin ->> 'address', 100),
    case when screen is null then 'access.restricted' else 'access.screened' end, p_table, p_id, about_case);
  return true;
end $$;
alter function doors.was_walled(text, uuid) owner to {{engine}};
revoke execute on function doors.was_walled(text, uuid) from public;
grant execute on function doors.was_walled(text, uuid) to {{app}};
drop trigger cases_seen on cases;
drop trigger case_walls_seen on case_walls;
drop trigger case_members_seen on case_members;
drop function internal.keep_case_seen();
drop policy audit_events_rows on audit_events;
drop policy case_walls_own on case_walls;
