-- Versions of documents: what was stored, once and for all. The text taken from them stands beside them, in rows of its own.

-- migrate: up
-- One file in the store. Rows are found by hash, so nobody but src/modules/storage reads them: that a file is there at all
-- would tell what hidden cases hold.
create table storage_objects (
  firm_id uuid not null,
  id uuid not null,
  sha256 text not null,
  size bigint not null,
  state text not null default 'stored',
  created_at timestamptz not null default clock_timestamp(),
  constraint storage_objects_pk primary key (firm_id, id),
  constraint storage_objects_content_key unique (firm_id, id, sha256, size),
  constraint storage_objects_firm_fk foreign key (firm_id) references firms (firm_id) on delete restrict on update restrict,
  constraint storage_objects_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint storage_objects_size_check check (size >= 0),
  constraint storage_objects_state_check check (state in ('stored', 'removing'))
);
create unique index storage_objects_sha256_key on storage_objects (firm_id, sha256) where state = 'stored';
create index storage_objects_removing_idx on storage_objects (firm_id, id) where state = 'removing';
call internal.protect('storage_objects');
call internal.fixed('storage_objects', 'id', 'sha256', 'size', 'created_at');
grant select, insert, delete on storage_objects to {{app}};
grant update (state) on storage_objects to {{app}};

-- What is being removed is not taken back, and what is not being removed does not go.
create function internal.keep_object() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'an object is stored, then being removed, then gone' using errcode = '23514', constraint = 'storage_objects_removal_check', table = 'storage_objects', column = 'state';
end $$;
create trigger storage_objects_no_return before update of state on storage_objects for each row
  when (old.state = 'removing' and new.state <> 'removing') execute function internal.keep_object();
create trigger storage_objects_removal before delete on storage_objects for each row when (old.state <> 'removing') execute function internal.keep_object();

create table document_versions (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  document_id uuid not null,
  -- given by the trigger, without gaps
  number int not null,
  object_id uuid not null,
  sha256 text not null,
  size bigint not null,
  -- by its content
  media_type text not null,
  -- by its sender
  declared_type text,
  file_name text not null,
  name_matches boolean not null default true,
  author_id uuid not null,
  comment text,
  restored_from int,
  created_at timestamptz not null default clock_timestamp(),
  constraint document_versions_pk primary key (firm_id, id),
  constraint document_versions_number_key unique (firm_id, document_id, number),
  constraint document_versions_case_key unique (firm_id, case_id, document_id, id),
  constraint document_versions_document_fk foreign key (firm_id, case_id, document_id) references documents (firm_id, case_id, id) on delete restrict on update cascade,
  constraint document_versions_object_fk foreign key (firm_id, object_id, sha256, size) references storage_objects (firm_id, id, sha256, size) on delete restrict on update restrict,
  constraint document_versions_author_fk foreign key (firm_id, author_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint document_versions_restored_from_fk foreign key (firm_id, document_id, restored_from) references document_versions (firm_id, document_id, number)
    on delete restrict on update restrict,
  constraint document_versions_number_check check (number >= 1),
  constraint document_versions_restored_from_check check (restored_from < number),
  constraint document_versions_media_type_check check (length(media_type) between 1 and 255 and length(declared_type) <= 255),
  -- a name, not a path
  constraint document_versions_file_name_check check (length(file_name) between 1 and 255 and file_name not in ('.', '..') and file_name !~ '[/\\[:cntrl:]]'),
  constraint document_versions_comment_check check (length(comment) <= 2000)
);
create index document_versions_object_idx on document_versions (firm_id, object_id, sha256, size);
create index document_versions_author_idx on document_versions (firm_id, author_id);
create index document_versions_restored_from_idx on document_versions (firm_id, document_id, restored_from) where restored_from is not null;
create index document_versions_created_idx on document_versions (firm_id, created_at, id);
call internal.protect_case('document_versions');
-- that a version went with its document to another case is told by the document
call internal.audited('document_versions', 'case_id');
grant select, insert on document_versions to {{app}};

-- One row for each version, made with it: how far taking the text out has come.
create table document_texts (
  firm_id uuid not null,
  version_id uuid not null,
  case_id uuid not null,
  document_id uuid not null,
  status text not null default 'pending',
  reason text,
  page_count int,
  char_count bigint,
  truncated boolean not null default false,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint document_texts_pk primary key (firm_id, version_id),
  constraint document_texts_version_fk foreign key (firm_id, case_id, document_id, version_id) references document_versions (firm_id, case_id, document_id, id)
    on delete cascade on update cascade,
  constraint document_texts_status_check check (status in ('pending', 'extracting', 'extracted', 'empty', 'image_only', 'encrypted', 'corrupt', 'mislabelled', 'unsupported', 'too_large', 'failed')),
  constraint document_texts_reason_check check (length(reason) <= 2000),
  constraint document_texts_page_count_check check (page_count >= 0),
  constraint document_texts_char_count_check check (char_count >= 0),
  constraint document_texts_finished_check check ((status in ('pending', 'extracting')) = (finished_at is null))
);
create index document_texts_version_idx on document_texts (firm_id, case_id, document_id, version_id);
create index document_texts_waiting_idx on document_texts (firm_id, version_id) where status in ('pending', 'extracting');
call internal.protect_case('document_texts');
call internal.touched('document_texts');
call internal.fixed('document_texts', 'version_id');
grant select, insert, update on document_texts to {{app}};

-- The text of a version in pieces; put together in order they are the whole.
create table document_chunks (
  firm_id uuid not null,
  version_id uuid not null,
  ordinal int not null,
  case_id uuid not null,
  document_id uuid not null,
  page int,
  -- where in the whole text it begins
  char_offset bigint not null,
  text text not null,
  constraint document_chunks_pk primary key (firm_id, version_id, ordinal),
  constraint document_chunks_version_fk foreign key (firm_id, case_id, document_id, version_id) references document_versions (firm_id, case_id, document_id, id)
    on delete cascade on update cascade,
  constraint document_chunks_ordinal_check check (ordinal >= 0),
  constraint document_chunks_page_check check (page >= 1),
  constraint document_chunks_char_offset_check check (char_offset >= 0),
  constraint document_chunks_text_check check (length(text) between 1 and 20000)
);
create index document_chunks_version_idx on document_chunks (firm_id, case_id, document_id, version_id);
call internal.protect_case('document_chunks');
-- taken out again: the old ones go first
grant select, insert, delete on document_chunks to {{app}};

-- Who works on a document, so that nobody else makes a version meanwhile.
create table document_checkouts (
  firm_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  reason text,
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint document_checkouts_pk primary key (firm_id, document_id),
  constraint document_checkouts_id_key unique (firm_id, id),
  constraint document_checkouts_document_fk foreign key (firm_id, case_id, document_id) references documents (firm_id, case_id, id) on delete cascade on update cascade,
  constraint document_checkouts_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint document_checkouts_reason_check check (length(reason) <= 2000),
  constraint document_checkouts_expires_check check (expires_at > created_at)
);
create index document_checkouts_document_idx on document_checkouts (firm_id, case_id, document_id);
create index document_checkouts_user_idx on document_checkouts (firm_id, user_id, expires_at);
call internal.protect_case('document_checkouts');
call internal.fixed('document_checkouts', 'id', 'document_id', 'user_id', 'created_at');
call internal.audited('document_checkouts', 'case_id');
grant select, insert, update, delete on document_checkouts to {{app}};

-- As the caller, who sees the document: no door. The row of the document is locked until the version is there, so that
-- numbers have no gaps; the object is held, so that no purge takes it away from under the version.
create function internal.number_version() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
declare
  doc record;
begin
  select d.current_version, d.deleted_at into doc from public.documents d
    where d.firm_id = new.firm_id and d.case_id = new.case_id and d.id = new.document_id for no key update;
  if not found then -- policy or foreign key say what is wrong with it
    new.number := coalesce(new.number, 1);
    return new;
  end if;
  if new.number is distinct from doc.current_version + 1 and new.number is not null then
    raise exception 'version % is not the next one', new.number using errcode = '23514', constraint = 'document_versions_next_check', table = 'document_versions', column = 'number';
  end if;
  new.number := doc.current_version + 1;
  if doc.deleted_at is not null then
    raise exception 'the document is in the trash' using errcode = '23514', constraint = 'document_versions_trash_check', table = 'document_versions';
  end if;
  if exists (select from public.document_checkouts k where k.firm_id = new.firm_id and k.document_id = new.document_id and k.user_id <> new.author_id and k.expires_at > clock_timestamp()) then
    raise exception 'somebody else has checked the document out' using errcode = '23514', constraint = 'document_versions_checked_out_check', table = 'document_versions';
  end if;
  perform from public.storage_objects o where o.firm_id = new.firm_id and o.id = new.object_id and o.state = 'stored' for share;
  if not found then
    raise exception 'the object is gone' using errcode = '23514', constraint = 'document_versions_object_check', table = 'document_versions', column = 'object_id';
  end if;
  return new;
end $$;
create trigger document_versions_number before insert on document_versions for each row execute function internal.number_version();

create function internal.follow_version() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.document_texts (firm_id, version_id, case_id, document_id) values (new.firm_id, new.id, new.case_id, new.document_id);
  update public.documents d set current_version = new.number where d.firm_id = new.firm_id and d.id = new.document_id;
  return null;
end $$;
create trigger document_versions_follow after insert on document_versions for each row execute function internal.follow_version();

-- current_version says what is there, whoever writes it; and at the end of a transaction no document is without a version.
create function internal.check_current_version() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
declare
  newest int; said int;
begin
  if tg_op = 'UPDATE' then
    select coalesce(max(v.number), 0) into newest from public.document_versions v where v.firm_id = new.firm_id and v.document_id = new.id;
    if new.current_version = newest then return new; end if;
  elsif tg_when = 'BEFORE' then
    if new.current_version = 0 then return new; end if;
  else
    select d.current_version into said from public.documents d where d.firm_id = new.firm_id and d.id = new.id;
    if said is distinct from 0 then return null; end if;
    raise exception 'a document has a version' using errcode = '23514', constraint = 'documents_first_version_check', table = 'documents';
  end if;
  raise exception 'current_version is kept from the versions' using errcode = '23514', constraint = 'documents_newest_version_check', table = 'documents', column = 'current_version';
end $$;
create trigger documents_current_version_insert before insert on documents for each row execute function internal.check_current_version();
create trigger documents_current_version_update before update of current_version on documents for each row
  when (old.current_version is distinct from new.current_version) execute function internal.check_current_version();
create constraint trigger documents_first_version after insert on documents deferrable initially deferred for each row execute function internal.check_current_version();

-- Whoever checks a document out waits for a version that is being made, and so knows which one he has.
create function internal.lock_document() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from public.documents d where d.firm_id = new.firm_id and d.case_id = new.case_id and d.id = new.document_id for no key update;
  return new;
end $$;
create trigger document_checkouts_lock before insert on document_checkouts for each row execute function internal.lock_document();

-- Nothing of a version changes but the case it is in, and that with its document only, since the foreign key binds them.
create function internal.freeze_version() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'case_id' = to_jsonb(old) - 'case_id' then return new; end if;
  raise exception 'a version never changes' using errcode = '42501';
end $$;
create trigger document_versions_frozen before update on document_versions for each row execute function internal.freeze_version();
create trigger document_versions_no_truncate before truncate on document_versions for each statement execute function internal.freeze_version();

-- migrate: down
drop trigger documents_first_version on documents;
drop trigger documents_current_version_update on documents;
drop trigger documents_current_version_insert on documents;
drop table document_checkouts, document_chunks, document_texts, document_versions, storage_objects;
drop function internal.freeze_version(), internal.lock_document(), internal.check_current_version(), internal.follow_version(), internal.number_version(), internal.keep_object();
