-- Lists of documents, as those of cases are made (20261121002100): a door for tags, metadata and text. How long the trash
-- keeps things, and types of documents as a code list.

-- migrate: up
-- sorts of lists are never null: a document without a date comes last of all
create index documents_title_idx on documents (firm_id, title, id) where deleted_at is null;
create index documents_created_idx on documents (firm_id, created_at, id) where deleted_at is null;
create index documents_date_idx on documents (firm_id, (case when document_date is null then date 'infinity' else document_date end), id) where deleted_at is null;
create index documents_case_idx on documents (firm_id, case_id, created_at, id);
create index documents_type_idx on documents (firm_id, type, created_at, id) where deleted_at is null;
create index documents_status_idx on documents (firm_id, status, created_at, id) where deleted_at is null;
create index documents_privilege_idx on documents (firm_id, privilege, created_at, id) where deleted_at is null;
create index documents_tags_idx on documents using gin (internal.firm_words(firm_id, tags));
create index documents_metadata_idx on documents using gin (internal.firm_json(firm_id, metadata) jsonb_path_ops);
create index documents_title_trigram_idx on documents using gin (lower(title) public.gin_trgm_ops);
create index documents_author_trigram_idx on documents using gin (lower(author_name) public.gin_trgm_ops) where author_name is not null;
create index document_versions_media_idx on document_versions (firm_id, media_type, document_id, number);

-- What a document must be, as SQL over "documents d": conditions that need no door. src/modules/documents/document-list.queries.ts says the same.
create function internal.document_filter(f jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select concat(
    case f ->> 'trashed' when 'true' then ' and d.deleted_at is not null' when 'false' then ' and d.deleted_at is null' end,
    case when f ? 'caseId' then format(' and d.case_id = %L::uuid', f ->> 'caseId') end,
    case when f ? 'clientId' then format(' and d.case_id in (select k.id from public.cases k where k.firm_id = d.firm_id and k.client_id = %L::uuid)', f ->> 'clientId') end,
    case when f ->> 'folderId' = 'none' then ' and d.folder_id is null' when f ? 'folderId' then format(' and d.folder_id = %L::uuid', f ->> 'folderId') end,
    case when f ? 'parentId' then format(' and d.parent_id = %L::uuid', f ->> 'parentId') end,
    case when f ? 'type' then format(' and d.type = any (%L::text[])', array(select jsonb_array_elements_text(f -> 'type'))) end,
    case when f ? 'status' then format(' and d.status = any (%L::text[])', array(select jsonb_array_elements_text(f -> 'status'))) end,
    case when f ? 'privilege' then format(' and d.privilege = any (%L::text[])', array(select jsonb_array_elements_text(f -> 'privilege'))) end,
    case when f ? 'authorId' then format(' and d.author_id = %L::uuid', f ->> 'authorId') end,
    case when f ? 'checkedOutBy' then format(' and exists (select from public.document_checkouts k where k.firm_id = d.firm_id and k.document_id = d.id and k.user_id = %L::uuid and k.expires_at > now())', f ->> 'checkedOutBy') end,
    case when f ? 'mediaType' then format(' and exists (select from public.document_versions v where v.firm_id = d.firm_id and v.document_id = d.id and v.number = d.current_version and v.media_type = any (%L::text[]))',
      array(select jsonb_array_elements_text(f -> 'mediaType'))) end,
    case when f ? 'updatedSince' then format(' and d.updated_at >= %L::timestamptz', f ->> 'updatedSince') end,
    (select string_agg(format(' and (case when d.document_date is null then date ''infinity'' else d.document_date end) %s %L::date and d.document_date is not null', r.op, f ->> r.name), '' order by r.name)
      from (values ('documentFrom', '>='), ('documentTo', '<=')) r(name, op) where f ? r.name))
$f$;

-- Those that do, of one firm. indexed: written so that the indexes of words, paths and trigrams match.
create function internal.document_match(firm uuid, f jsonb, indexed boolean) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $f$
  select concat(
    case when f ? 'tags' then case when indexed
      then format(' and internal.firm_words(d.firm_id, d.tags) && %L::text[]', internal.firm_words(firm, array(select jsonb_array_elements_text(f -> 'tags'))))
      else format(' and d.tags && %L::text[]', array(select jsonb_array_elements_text(f -> 'tags'))) end end,
    case when f ? 'metadata' then case when indexed
      then format(' and internal.firm_json(d.firm_id, d.metadata) @> %L::jsonb', internal.firm_json(firm, f -> 'metadata'))
      else format(' and d.metadata @> %L::jsonb', f -> 'metadata') end end,
    (select string_agg(format(' and lower(d.title) like %L', pattern), '') from (
      select '%' || replace(replace(replace(lower(q.word), '\', '\\'), '%', '\%'), '_', '\_') || '%' from jsonb_array_elements_text(f -> 'words') q(word)) w(pattern)),
    case when f ? 'author' then format(' and lower(d.author_name) like %L', '%' || replace(replace(replace(lower(f ->> 'author'), '\', '\\'), '%', '\%'), '_', '\_') || '%') end)
$f$;

create function internal.document_sort_key(sort text) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select case ltrim(sort, '-')
    when 'title' then array['d.title', 'text']
    when 'createdAt' then array['d.created_at', 'timestamptz']
    when 'updatedAt' then array['d.updated_at', 'timestamptz']
    when 'documentDate' then array['(case when d.document_date is null then date ''infinity'' else d.document_date end)', 'date'] end
$f$;

-- The statement inside the door; as internal.case_page.
create function internal.document_page(firm uuid, f jsonb, sort text, after_key text, after_id uuid, max_rows int, way text, reach int default 2000) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $f$
  select case way
    when 'walk' then format($t$with d as materialized (select d.id, d.case_id, d.tags, d.metadata, d.title, d.author_name, %1$s as sort_key from public.documents d where d.firm_id = %2$L::uuid%3$s%4$s
        order by %1$s %5$s, d.id %5$s limit %6$s),
      found as materialized (select d.id, d.sort_key from d where %7$s%8$s limit %9$s)
      select coalesce((select array_agg(x.id order by x.sort_key %5$s, x.id %5$s) from found x), '{}'), coalesce((select array_agg(x.sort_key::text order by x.sort_key %5$s, x.id %5$s) from found x), '{}'),
        case when (select count(*) from found) < %9$s then (select count(*)::int from d) end$t$,
      k.key, firm, internal.document_filter(f), k.after, k.direction, reach, internal.case_rule('d.case_id', null, true), internal.document_match(firm, f, false), max_rows)
    when 'look' then format($t$with found as materialized (select d.id, %1$s as sort_key from public.documents d where d.firm_id = %2$L::uuid%3$s%4$s and %5$s%6$s),
      page as (select x.id, x.sort_key from found x order by x.sort_key %7$s, x.id %7$s limit %8$s)
      select coalesce(array_agg(x.id order by x.sort_key %7$s, x.id %7$s), '{}'), coalesce(array_agg(x.sort_key::text order by x.sort_key %7$s, x.id %7$s), '{}'), null::int from page x$t$,
      k.key, firm, internal.document_filter(f), k.after, internal.case_rule('d.case_id', null, true), internal.document_match(firm, f, true), k.direction, max_rows)
    when 'count' then format('select count(*)::int from public.documents d where d.firm_id = %L::uuid%s and %s%s',
      firm, internal.document_filter(f), internal.case_rule('d.case_id', null, true), internal.document_match(firm, f, true)) end
  from (select key[1] as key, case when sort like '-%' then 'desc' else 'asc' end as direction,
      case when after_key = 'infinity' and key[2] = 'date' and sort not like '-%' then format(' and %s = date ''infinity'' and d.id > %L::uuid', key[1], after_id)
        when after_id is not null then format(' and (%s, d.id) %s (%L::%s, %L::uuid)', key[1], case when sort like '-%' then '<' else '>' end, after_key, key[2], after_id) end as after
    from internal.document_sort_key(sort) key) k
$f$;

create function doors.find_documents(p_filter jsonb, p_sort text, p_after_key text, p_after_id uuid, p_rows int)
returns table (id uuid, sort_key text, place bigint)
language plpgsql stable security definer rows 51 set search_path = pg_catalog, public, pg_temp set jit = off as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  wanted int := least(greatest(p_rows, 1), 201);
  reach constant int := 2000;
  ids uuid[]; keys text[]; looked int;
begin
  if firm is null or coalesce(current_setting('app.actor_kind', true), '') not in ('user', 'system') then return; end if;
  if internal.document_sort_key(p_sort) is null then raise exception 'documents are not sorted by %', p_sort using errcode = '22023'; end if;
  execute internal.document_page(firm, p_filter, p_sort, p_after_key, p_after_id, wanted, 'walk', reach) into ids, keys, looked;
  if looked = reach then
    execute internal.document_page(firm, p_filter, p_sort, p_after_key, p_after_id, wanted, 'look') into ids, keys, looked;
  end if;
  return query select u.id, u.sort_key, u.place from unnest(ids, keys) with ordinality u(id, sort_key, place);
end $$;

create function doors.count_documents(p_filter jsonb) returns int
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set jit = off as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  total int;
begin
  if firm is null or coalesce(current_setting('app.actor_kind', true), '') not in ('user', 'system') then return 0; end if;
  execute internal.document_page(firm, p_filter, 'createdAt', null, null, 1, 'count') into total;
  return total;
end $$;

-- How many days something stays in the trash; null: until somebody purges it.
alter table firms add column trash_days int default 30;
alter table firms add constraint firms_trash_days_check check (trash_days between 1 and 3650);
drop trigger firms_touch on firms;
call internal.touched('firms');

-- What has been in the trash for longer than its firm keeps it, and no hold keeps. An attachment that was put there later
-- keeps its e-mail a little longer, since the two go together.
create function internal.due_trash(firm uuid, max_rows int) returns setof uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select d.id from public.documents d join public.firms f on f.firm_id = d.firm_id
  where d.firm_id = firm and d.deleted_at is not null and d.deleted_at <= now() - make_interval(days => f.trash_days)
    and not exists (select from public.documents a where a.firm_id = d.firm_id and a.case_id = d.case_id and a.parent_id = d.id and a.deleted_at > now() - make_interval(days => f.trash_days))
    and not exists (select from public.holds h where h.firm_id = d.firm_id and h.case_id = d.case_id and h.released_at is null
      and (h.document_id is null or h.document_id = d.id or h.document_id in (select a.id from public.documents a where a.firm_id = d.firm_id and a.case_id = d.case_id and a.parent_id = d.id)))
  order by d.deleted_at, d.id limit max_rows
$$;
create function doors.due_trash(p_rows int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select internal.due_trash(nullif(current_setting('app.firm_id', true), '')::uuid, least(p_rows, 200)) where current_setting('app.actor_kind', true) = 'system'
$$;

-- A job for each firm in which something is due and none waits; returns how many.
create function doors.enqueue_trash_expiry() returns int
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare made int;
begin
  insert into public.jobs (firm_id, id, name, payload, unique_key)
    select f.firm_id, gen_random_uuid(), 'documents.expire_trash', '{}'::jsonb, 'trash' from public.firms f
    where f.trash_days is not null and exists (select from internal.due_trash(f.firm_id, 1))
    on conflict (firm_id, name, unique_key) where status = 'pending' and unique_key is not null do nothing;
  get diagnostics made = row_count;
  return made;
end $$;

alter function doors.find_documents(jsonb, text, text, uuid, int) owner to {{engine}};
alter function doors.count_documents(jsonb) owner to {{engine}};
alter function doors.due_trash(int) owner to {{engine}};
alter function doors.enqueue_trash_expiry() owner to {{engine}};
revoke execute on function doors.find_documents(jsonb, text, text, uuid, int), doors.count_documents(jsonb), doors.due_trash(int), doors.enqueue_trash_expiry() from public;
grant execute on function doors.find_documents(jsonb, text, text, uuid, int), doors.count_documents(jsonb), doors.due_trash(int), doors.enqueue_trash_expiry() to {{app}};

alter table reference_codes drop constraint reference_codes_kind_check;
alter table reference_codes add constraint reference_codes_kind_check check (kind in ('practice_area', 'court', 'jurisdiction', 'currency', 'document_type'));
alter table reference_items drop constraint reference_items_kind_check;
alter table reference_items add constraint reference_items_kind_check check (kind in ('practice_area', 'court', 'jurisdiction', 'document_type'));

-- migrate: down
alter table reference_items drop constraint reference_items_kind_check;
delete from reference_items where kind = 'document_type';
alter table reference_items add constraint reference_items_kind_check check (kind in ('practice_area', 'court', 'jurisdiction'));
alter table reference_codes drop constraint reference_codes_kind_check;
delete from reference_codes where kind = 'document_type';
alter table reference_codes add constraint reference_codes_kind_check check (kind in ('practice_area', 'court', 'jurisdiction', 'currency'));
drop function doors.enqueue_trash_expiry(), doors.due_trash(int), internal.due_trash(uuid, int);
drop trigger firms_touch on firms;
alter table firms drop column trash_days;
call internal.touched('firms', 'case_number_scope'); -- as it was: its migration came after the trigger
drop function doors.count_documents(jsonb), doors.find_documents(jsonb, text, text, uuid, int), internal.document_page(uuid, jsonb, text, text, uuid, int, text, int),
  internal.document_sort_key(text), internal.document_match(uuid, jsonb, boolean), internal.document_filter(jsonb);
drop index document_versions_media_idx, documents_author_trigram_idx, documents_title_trigram_idx, documents_metadata_idx, documents_tags_idx, documents_privilege_idx, documents_status_idx,
  documents_type_idx, documents_case_idx, documents_date_idx, documents_created_idx, documents_title_idx;
