-- Folders of a case, and its documents. What a document says stands in its versions (next migration).

-- migrate: up
create table folders (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  parent_id uuid,
  name text not null,
  created_by uuid,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint folders_pk primary key (firm_id, id),
  constraint folders_case_key unique (firm_id, case_id, id),
  constraint folders_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete restrict on update restrict,
  constraint folders_parent_fk foreign key (firm_id, case_id, parent_id) references folders (firm_id, case_id, id) on delete restrict on update restrict,
  constraint folders_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  -- a name is one step of a path in a ZIP
  constraint folders_name_check check (length(name) between 1 and 200 and name = btrim(name) and name not in ('.', '..') and name !~ '[/\\[:cntrl:]]'),
  constraint folders_self_check check (parent_id <> id)
);
create unique index folders_name_key on folders (firm_id, case_id, parent_id, lower(normalize(name))) nulls not distinct;
create index folders_created_by_idx on folders (firm_id, created_by) where created_by is not null;
create index folders_updated_idx on folders (firm_id, updated_at, id);
call internal.protect_case('folders');
call internal.touched('folders');
call internal.fixed('folders', 'case_id');
call internal.audited('folders');
grant select, insert, update, delete on folders to {{app}};

-- A tree, and not too deep: asked one change of a case's tree at a time, or two moves could make a circle together.
create function internal.keep_folder_tree() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
declare
  above int; below int := 1; circle boolean;
begin
  perform pg_advisory_xact_lock(hashtext('lexiflow.folders'), hashtext(new.case_id::text));
  with recursive up(id, parent_id, n) as (
    select f.id, f.parent_id, 1 from public.folders f where f.firm_id = new.firm_id and f.id = new.parent_id
    union all select f.id, f.parent_id, up.n + 1 from up join public.folders f on f.firm_id = new.firm_id and f.id = up.parent_id where up.n <= 40)
  select max(n), bool_or(id = new.id) into above, circle from up;
  if circle then
    raise exception 'a folder is not inside itself' using errcode = '23514', constraint = 'folders_circle_check', table = 'folders', column = 'parent_id';
  end if;
  if tg_op = 'UPDATE' then
    with recursive down(id, n) as (
      select new.id, 1 union all select f.id, down.n + 1 from down join public.folders f on f.firm_id = new.firm_id and f.case_id = new.case_id and f.parent_id = down.id where down.n <= 40)
    select max(n) into below from down;
  end if;
  if coalesce(above, 0) + below > 32 then
    raise exception 'folders are at most 32 deep' using errcode = '23514', constraint = 'folders_depth_check', table = 'folders', column = 'parent_id';
  end if;
  return new;
end $$;
create trigger folders_tree_insert before insert on folders for each row when (new.parent_id is not null) execute function internal.keep_folder_tree();
create trigger folders_tree_update before update of parent_id on folders for each row
  when (old.parent_id is distinct from new.parent_id and new.parent_id is not null) execute function internal.keep_folder_tree();

create table documents (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  folder_id uuid,
  -- the document this was attached to: an e-mail
  parent_id uuid,
  title text not null,
  type text not null default 'other',
  status text not null default 'draft',
  author_name text,
  author_id uuid,
  document_date date,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  privilege text not null default 'none',
  -- the highest number of its versions; kept from them
  current_version int not null default 0,
  created_by uuid,
  deleted_at timestamptz,
  deleted_by uuid,
  delete_reason text,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint documents_pk primary key (firm_id, id),
  constraint documents_case_key unique (firm_id, case_id, id),
  constraint documents_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete restrict on update restrict,
  constraint documents_folder_fk foreign key (firm_id, case_id, folder_id) references folders (firm_id, case_id, id) on delete set null (folder_id) on update restrict,
  -- attachments go where their e-mail goes
  constraint documents_parent_fk foreign key (firm_id, case_id, parent_id) references documents (firm_id, case_id, id) on delete set null (parent_id) on update cascade,
  constraint documents_author_fk foreign key (firm_id, author_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint documents_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint documents_deleted_by_fk foreign key (firm_id, deleted_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint documents_title_check check (length(btrim(title)) between 1 and 500),
  constraint documents_type_check check (length(type) between 1 and 60),
  constraint documents_status_check check (status in ('draft', 'in_review', 'final', 'executed', 'filed', 'superseded')),
  constraint documents_author_name_check check (length(author_name) <= 200),
  constraint documents_tags_check check (cardinality(tags) <= 50 and array_position(tags, null) is null and length(tags::text) <= 4000),
  constraint documents_metadata_check check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 16384),
  constraint documents_privilege_check check (privilege in ('none', 'attorney_client', 'work_product')),
  constraint documents_current_version_check check (current_version >= 0),
  constraint documents_self_check check (parent_id <> id),
  constraint documents_delete_reason_check check (length(delete_reason) <= 2000),
  constraint documents_deleted_check check (deleted_at is not null or (deleted_by is null and delete_reason is null))
);
create index documents_folder_idx on documents (firm_id, case_id, folder_id) where folder_id is not null;
create index documents_parent_idx on documents (firm_id, case_id, parent_id) where parent_id is not null;
create index documents_author_idx on documents (firm_id, author_id) where author_id is not null;
create index documents_created_by_idx on documents (firm_id, created_by) where created_by is not null;
create index documents_deleted_by_idx on documents (firm_id, deleted_by) where deleted_by is not null;
create index documents_trash_idx on documents (firm_id, deleted_at, id) where deleted_at is not null;
create index documents_updated_idx on documents (firm_id, updated_at, id);
call internal.protect_case('documents');
call internal.touched('documents');
-- the number of the newest version is told by the version; the case it left may be hidden from who sees the one it came to
call internal.audited('documents', 'current_version', '*case_id');
-- deleting is for doors.purge_document
grant select, insert, update on documents to {{app}};

-- A folder goes when nothing alive is in it; what is in the trash then falls to the case itself.
create function internal.keep_folder_contents() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
  -- the row is locked by now: whoever was putting something into it has ended
  if exists (select from public.folders f where f.firm_id = old.firm_id and f.case_id = old.case_id and f.parent_id = old.id)
    or exists (select from public.documents d where d.firm_id = old.firm_id and d.case_id = old.case_id and d.folder_id = old.id and d.deleted_at is null) then
    raise exception 'something is in the folder' using errcode = '23514', constraint = 'folders_empty_check', table = 'folders';
  end if;
  return old;
end $$;
create trigger folders_empty before delete on folders for each row execute function internal.keep_folder_contents();

-- An attachment stays one or becomes a document of its own: it is not hung on another, so there are no circles.
create function internal.keep_attachment() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'a document is not attached to another one later' using errcode = '23514', constraint = 'documents_parent_fixed_check', table = 'documents', column = 'parent_id';
end $$;
create trigger documents_parent_fixed before update of parent_id on documents for each row
  when (new.parent_id is not null and old.parent_id is distinct from new.parent_id) execute function internal.keep_attachment();

-- migrate: down
drop table documents, folders;
drop function internal.keep_attachment(), internal.keep_folder_contents(), internal.keep_folder_tree();
