-- Who took which file out, on the audit trail; and what the store may let go of.

-- migrate: up
-- Called by who reads, before the first byte goes out. A download is always recorded; that somebody read the text of a
-- version only where the case is restricted or somebody is walled off from it, now or later. False: not recorded, because
-- there is no need or no such version that the caller sees.
create function doors.record_reading(p_version uuid, p_event text, p_details jsonb) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) = 'user' then nullif(current_setting('app.firm_id', true), '')::uuid end;
  me uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  origin jsonb := coalesce(nullif(current_setting('app.origin', true), '')::jsonb, '{}');
  found_case uuid; found_document uuid; found_number int; visible boolean;
begin
  if p_event not in ('document.downloaded', 'document.read', 'document.exported') then raise exception 'unknown event %', p_event using errcode = '22023'; end if;
  select v.case_id, v.document_id, v.number into found_case, found_document, found_number from public.document_versions v where v.firm_id = firm and v.id = p_version;
  if not found or me is null then return false; end if;
  execute format('select %s from (select $1 as id) x', internal.case_rule('x.id', null, true)) into visible using found_case;
  if visible is not true then return false; end if;
  if p_event = 'document.read' and not exists (select from public.case_restrictions r where r.firm_id = firm and r.case_id = found_case)
    and not exists (select from public.case_screens s where s.firm_id = firm and s.case_id = found_case and (s.ends_at is null or s.ends_at > now())) then return false; end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id, after)
  values (firm, internal.audit_clock(), 'user', me, left(origin ->> 'requestId', 200), left(origin ->> 'address', 100), p_event, 'document_versions', p_version, found_case,
    jsonb_build_object('document_id', found_document, 'number', found_number) || case when length(p_details::text) <= 2000 then p_details else '{}' end);
  return true;
end $$;
alter function doors.record_reading(uuid, text, jsonb) owner to {{engine}};
revoke execute on function doors.record_reading(uuid, text, jsonb) from public;
grant execute on function doors.record_reading(uuid, text, jsonb) to {{app}};

-- Nothing that a version refers to is ever marked for removal, whoever asks: as the engine, since a hidden case may refer to it.
create function internal.keep_used_object() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from public.document_versions v where v.firm_id = old.firm_id and v.object_id = old.id) then
    raise exception 'a version refers to the object' using errcode = '23514', constraint = 'storage_objects_in_use_check', table = 'storage_objects', column = 'state';
  end if;
  return new;
end $$;
alter function internal.keep_used_object() owner to {{engine}};
revoke execute on function internal.keep_used_object() from public;
create trigger storage_objects_in_use before update of state on storage_objects for each row
  when (old.state = 'stored' and new.state = 'removing') execute function internal.keep_used_object();

-- A sweep for each firm that has something to remove from the store and no sweep waiting: what a purge asked for was
-- lost with its process, or failed for good.
create function doors.enqueue_sweeps() returns int
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare made int;
begin
  insert into public.jobs (firm_id, id, name, payload, unique_key)
    select distinct o.firm_id, gen_random_uuid(), 'documents.sweep_objects', '{}'::jsonb, 'sweep' from (select distinct firm_id from public.storage_objects where state = 'removing') o
    on conflict (firm_id, name, unique_key) where status = 'pending' and unique_key is not null do nothing;
  get diagnostics made = row_count;
  return made;
end $$;
alter function doors.enqueue_sweeps() owner to {{engine}};
revoke execute on function doors.enqueue_sweeps() from public;
grant execute on function doors.enqueue_sweeps() to {{app}};

-- migrate: down
drop function doors.enqueue_sweeps();
drop trigger storage_objects_in_use on storage_objects;
drop function internal.keep_used_object(), doors.record_reading(uuid, text, jsonb);
