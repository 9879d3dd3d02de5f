-- Legal holds, and the one way in which versions are deleted.

-- migrate: up
-- A hold on a document, or (document_id null) on the whole case; it ends by being released, and stays as evidence.
create table holds (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  document_id uuid,
  name text not null,
  reason text not null,
  placed_by uuid,
  placed_at timestamptz not null default clock_timestamp(),
  released_by uuid,
  released_at timestamptz,
  release_reason text,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint holds_pk primary key (firm_id, id),
  constraint holds_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete restrict on update restrict,
  constraint holds_document_fk foreign key (firm_id, case_id, document_id) references documents (firm_id, case_id, id) on delete cascade on update cascade,
  constraint holds_placed_by_fk foreign key (firm_id, placed_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint holds_released_by_fk foreign key (firm_id, released_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint holds_name_check check (length(btrim(name)) between 1 and 200),
  constraint holds_reason_check check (length(btrim(reason)) between 1 and 2000),
  constraint holds_released_check check ((released_at is null) = (release_reason is null) and (released_by is null or released_at is not null)),
  constraint holds_release_reason_check check (length(btrim(release_reason)) between 1 and 2000)
);
create index holds_case_idx on holds (firm_id, case_id, document_id);
create index holds_active_idx on holds (firm_id, case_id, document_id) where released_at is null;
create index holds_placed_by_idx on holds (firm_id, placed_by) where placed_by is not null;
create index holds_released_by_idx on holds (firm_id, released_by) where released_by is not null;
create index holds_updated_idx on holds (firm_id, updated_at, id);
call internal.protect_case('holds');
call internal.touched('holds');
call internal.fixed('holds', 'document_id', 'placed_by', 'placed_at');
call internal.audited('holds', 'case_id');
grant select, insert, update on holds to {{app}};

-- Placing a hold waits for purges and moves of what it holds, and they wait for it.
create function internal.keep_hold() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform from public.cases c where c.firm_id = new.firm_id and c.id = new.case_id for no key update;
    return new;
  elsif tg_op = 'UPDATE' and old.released_at is not null then
    raise exception 'a hold that was released stays so' using errcode = '23514', constraint = 'holds_release_final_check', table = 'holds', column = 'released_at';
  elsif tg_op = 'DELETE' and old.released_at is null then
    raise exception 'an active hold is not deleted' using errcode = '23514', constraint = 'documents_held_check', table = 'holds';
  end if;
  return coalesce(new, old);
end $$;
create trigger holds_lock before insert on holds for each row execute function internal.keep_hold();
create trigger holds_final before update of released_at, released_by, release_reason on holds for each row execute function internal.keep_hold();
create trigger holds_kept before delete on holds for each row execute function internal.keep_hold();

-- Raises while a hold on the case or on one of the documents is active. Holds that are being placed are waited for.
create function internal.refuse_held(p_firm uuid, p_case uuid, p_documents uuid[]) returns void
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from public.cases c where c.firm_id = p_firm and c.id = p_case for share;
  if exists (select from public.holds h where h.firm_id = p_firm and h.case_id = p_case and h.released_at is null
    and (h.document_id is null or h.document_id = any (p_documents))) then
    raise exception 'a legal hold is on it' using errcode = '23514', constraint = 'documents_held_check', table = 'documents';
  end if;
end $$;

-- Before a document leaves its case or is deleted. Its folder stays behind, and so does a word on the trail of the case that
-- it went: the trail of the document itself goes on in the other one, which the readers of this one may not see.
create function internal.keep_held() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform internal.refuse_held(old.firm_id, old.case_id, array[old.id]);
  if tg_op = 'DELETE' then return old; end if;
  if new.folder_id is not distinct from old.folder_id then new.folder_id := null; end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id, before, after, reason)
  select old.firm_id, internal.audit_clock(), coalesce(nullif(current_setting('app.actor_kind', true), ''), 'operator'), nullif(current_setting('app.user_id', true), '')::uuid,
    said ->> 'requestId', said ->> 'address', coalesce(said ->> 'action', 'update'), 'documents', old.id, old.case_id,
    jsonb_build_object('case_id', '***', 'title', old.title), '{"case_id": null}', said ->> 'reason'
  from (values (nullif(current_setting('app.origin', true), '')::jsonb)) v(said);
  return new;
end $$;
create trigger documents_held_move before update of case_id on documents for each row when (old.case_id is distinct from new.case_id) execute function internal.keep_held();
create trigger documents_held_delete before delete on documents for each row execute function internal.keep_held();
alter function internal.keep_held() owner to {{engine}};
revoke execute on function internal.keep_held() from public;

-- Documents and versions go through the door below or not at all, whoever asks.
create function internal.only_purged() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if to_jsonb(old) ->> tg_argv[0] = any (string_to_array(current_setting('app.purging', true), ',')) then return old; end if;
  raise exception 'rows of % are deleted by doors.purge_document only', tg_table_name using errcode = '42501';
end $$;
create trigger documents_purged before delete on documents for each row execute function internal.only_purged('id');
create trigger document_versions_purged before delete on document_versions for each row execute function internal.only_purged('document_id');

-- Deletes a document in the trash for good, with its versions, texts and attachments in the trash, and says how many
-- objects of the store nobody refers to any more; those are marked, for the job that removes them. Null: no document that
-- the caller sees.
create function doors.purge_document(p_document uuid, p_reason text) returns int
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) = any ('{user,system}') then nullif(current_setting('app.firm_id', true), '')::uuid end;
  origin text := current_setting('app.origin', true);
  doc record; visible boolean; ids uuid[]; objects uuid[]; marked int;
begin
  select d.case_id, d.deleted_at into doc from public.documents d where d.firm_id = firm and d.id = p_document;
  if not found then return null; end if;
  execute format('select %s from (select $1 as id) x', internal.case_rule('x.id', null, true)) into visible using doc.case_id;
  if visible is not true then return null; end if;
  if coalesce(length(btrim(p_reason)), 0) not between 1 and 2000 then
    raise exception 'a purge has a reason' using errcode = '23514', constraint = 'documents_purge_reason_check', table = 'documents';
  end if;
  -- the document first: nobody puts a hold on it, copies it or takes it out of the trash from here on
  select d.case_id, d.deleted_at into doc from public.documents d where d.firm_id = firm and d.id = p_document for update;
  if not found then return null; end if;
  if doc.deleted_at is null then
    raise exception 'only what is in the trash is purged' using errcode = '23514', constraint = 'documents_purge_trash_check', table = 'documents';
  end if;
  with recursive down(id) as (
    select p_document union all select d.id from down join public.documents d on d.firm_id = firm and d.case_id = doc.case_id and d.parent_id = down.id where d.deleted_at is not null)
  select array_agg(id order by id) into ids from down;
  perform from public.documents d where d.firm_id = firm and d.id = any (ids) order by d.id for update;
  -- one that was taken out of the trash meanwhile stays
  select array_agg(d.id) into ids from public.documents d where d.firm_id = firm and d.id = any (ids) and d.deleted_at is not null;
  perform internal.refuse_held(firm, doc.case_id, ids);
  select coalesce(array_agg(distinct v.object_id), '{}') into objects from public.document_versions v where v.firm_id = firm and v.document_id = any (ids);
  perform set_config('app.origin', (coalesce(nullif(origin, '')::jsonb, '{}') || jsonb_build_object('reason', p_reason))::text, true),
    set_config('app.purging', array_to_string(ids, ','), true);
  delete from public.document_versions v where v.firm_id = firm and v.document_id = any (ids);
  delete from public.documents d where d.firm_id = firm and d.id = any (ids);
  perform set_config('app.purging', '', true), set_config('app.origin', coalesce(origin, ''), true);
  -- locked first, then looked at: a version that was being made of it meanwhile is seen
  perform from public.storage_objects o where o.firm_id = firm and o.id = any (objects) order by o.id for update;
  update public.storage_objects o set state = 'removing' where o.firm_id = firm and o.id = any (objects) and o.state = 'stored'
    and not exists (select from public.document_versions v where v.firm_id = firm and v.object_id = o.id);
  get diagnostics marked = row_count;
  return marked;
end $$;
alter function doors.purge_document(uuid, text) owner to {{engine}};
revoke execute on function doors.purge_document(uuid, text) from public;
grant execute on function doors.purge_document(uuid, text) to {{app}};

-- migrate: down
drop function doors.purge_document(uuid, text);
drop trigger document_versions_purged on document_versions;
drop trigger documents_purged on documents;
drop trigger documents_held_delete on documents;
drop trigger documents_held_move on documents;
drop function internal.only_purged(), internal.keep_held();
drop table holds;
drop function internal.refuse_held(uuid, uuid, uuid[]), internal.keep_hold();
