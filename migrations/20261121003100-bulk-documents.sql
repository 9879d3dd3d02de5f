-- Many documents at once, in and out; and what of a released hold stays.

-- migrate: up
-- Work about a case goes the way of the case: its result names files. Null: it is about no case.
alter table tasks add column case_id uuid;
alter table tasks add constraint tasks_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict;
create index tasks_case_idx on tasks (firm_id, case_id) where case_id is not null;
call internal.hide_cases('tasks');

-- The files of an import until it ends: uploaded ones (entry 0), which wait in the store under their id, and what became of
-- those found in a ZIP (entries from 1). A document and its outcome are written together, so that no file is made twice.
create table document_import_files (
  firm_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  case_id uuid not null,
  upload int not null,
  entry int not null default 0,
  path text not null,
  -- what the bytes are; null for what was not kept
  sha256 text,
  size bigint,
  media_type text,
  name_matches boolean,
  declared_type text,
  -- null: not dealt with yet
  outcome text,
  result jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint document_import_files_pk primary key (firm_id, id),
  constraint document_import_files_place_key unique (firm_id, task_id, upload, entry),
  constraint document_import_files_task_fk foreign key (firm_id, task_id) references tasks (firm_id, id) on delete cascade on update restrict,
  constraint document_import_files_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint document_import_files_place_check check (upload >= 0 and entry >= 0),
  constraint document_import_files_outcome_check check (outcome in ('created', 'refused', 'failed', 'skipped', 'expanded')),
  constraint document_import_files_kept_check check (outcome is not null or (sha256 is not null and size is not null and media_type is not null and name_matches is not null))
);
create index document_import_files_case_idx on document_import_files (firm_id, case_id);
call internal.protect_case('document_import_files');
call internal.touched('document_import_files');
grant select, insert, update, delete on document_import_files to {{app}};

-- Who took the documents of a case along, and which: written before the first byte goes out.
create table document_exports (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  versions text not null,
  filters jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  constraint document_exports_pk primary key (firm_id, id),
  constraint document_exports_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete restrict on update restrict,
  constraint document_exports_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint document_exports_versions_check check (versions in ('current', 'all'))
);
create index document_exports_case_idx on document_exports (firm_id, case_id);
create index document_exports_user_idx on document_exports (firm_id, user_id);
call internal.protect_case('document_exports');
call internal.audited('document_exports');
grant select, insert on document_exports to {{app}};

-- A hold that was released is evidence: its words stay as well.
create trigger holds_words_final before update of name, reason on holds for each row execute function internal.keep_hold();

-- migrate: down
drop trigger holds_words_final on holds;
drop table document_exports, document_import_files;
drop policy tasks_case on tasks;
alter table tasks drop column case_id;
