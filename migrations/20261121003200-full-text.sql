-- What documents are found by. src/modules/search/text makes the lexemes; the door of the next migration reads them. The
-- app role reads none of these tables: what stands in them would tell words of hidden documents. How it is laid out and
-- why: docs/decisions/0008-full-text.md.

-- migrate: up
-- One row for each indexed version, or several (parts) where its words do not fit one tsvector. Narrow, since counting
-- by facet reads a row for each match: what it counts stands first, columns of fixed width before the others, and the
-- vectors stand outside.
create table search_documents (
  firm_id uuid not null,
  version_id uuid not null,
  part int not null,
  case_id uuid not null,
  document_id uuid not null,
  number int not null,
  -- the newest version that is indexed
  is_current boolean not null default false,
  -- not in the trash
  shown boolean not null default true,
  -- the case is restricted to its members
  restricted boolean not null default false,
  -- this version has several parts
  multi boolean not null default false,
  chunks int not null default 0,
  title_length int not null default 0,
  year int not null,
  dated date not null,
  type text not null,
  author text not null,
  -- what it was made of: in which language words were read, and when the text was taken out of the file
  language text not null,
  text_at timestamptz not null default clock_timestamp(),
  -- words of the title with their order
  title tsvector not null default '',
  -- each word of the document once, without places; those of title, author, tags and type with a sign before them
  terms tsvector not null default '',
  constraint search_documents_pk primary key (firm_id, version_id, part),
  constraint search_documents_version_fk foreign key (firm_id, case_id, document_id, version_id) references document_versions (firm_id, case_id, document_id, id)
    on delete cascade on update cascade,
  constraint search_documents_part_check check (part >= 0),
  constraint search_documents_number_check check (number >= 1),
  constraint search_documents_chunks_check check (chunks >= 0 and title_length >= 0)
);
-- room on the page, so that a changed flag needs no new entries in the indexes
alter table search_documents set (fillfactor = 80, toast_tuple_target = 128);
alter table search_documents alter column title set storage external, alter column terms set storage external;
create index search_documents_version_idx on search_documents (firm_id, case_id, document_id, version_id);
create index search_documents_document_idx on search_documents (firm_id, document_id, number);
create index search_documents_multi_idx on search_documents (firm_id, version_id) where multi and part = 0;
-- no pending list: every search would read it, and an unlucky upload would pay for all
create index search_documents_terms_idx on search_documents using gin (terms) with (fastupdate = off);
call internal.protect_case('search_documents');

-- One row for each chunk of text, with the places of its words. Without the case, so that moving a document does not
-- write its whole index anew: the door joins search_documents.
create table search_chunks (
  firm_id uuid not null,
  version_id uuid not null,
  ordinal int not null,
  -- how many of its words can be looked for
  length int not null,
  words tsvector not null,
  constraint search_chunks_pk primary key (firm_id, version_id, ordinal),
  constraint search_chunks_version_fk foreign key (firm_id, version_id) references document_versions (firm_id, id) on delete cascade on update restrict,
  constraint search_chunks_ordinal_check check (ordinal >= 0),
  constraint search_chunks_length_check check (length >= 0)
);
-- in the row and as it is: scoring reads every word's places, and would unpack the vector for each
alter table search_chunks set (toast_tuple_target = 8160);
alter table search_chunks alter column words set storage external;
create index search_chunks_words_idx on search_chunks using gin (words) with (fastupdate = off);
call internal.protect('search_chunks');

-- In how many chunks a word stands, for BM25, and how many chunks and words there are. Kept by triggers on search_chunks.
create table search_terms (
  firm_id uuid not null,
  term text collate "C" not null,
  chunks int not null,
  constraint search_terms_pk primary key (firm_id, term),
  constraint search_terms_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict
) with (fillfactor = 70);
call internal.protect('search_terms');

create table search_totals (
  firm_id uuid not null,
  chunks bigint not null,
  words bigint not null,
  constraint search_totals_pk primary key (firm_id),
  constraint search_totals_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict
) with (fillfactor = 50);
call internal.protect('search_totals');

-- Words in the order of their bytes, so that two of these wait for each other and never in a circle; the totals last.
create function internal.count_terms() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  insert into public.search_terms as t (firm_id, term, chunks)
    select r.firm_id, substr(x.lexeme, 5) collate "C", sign * count(*)::int from rows r, unnest(r.words) x
    where x.positions is not null and 'A' = any (x.weights) group by 1, 2 order by 1, 2
    on conflict (firm_id, term) do update set chunks = t.chunks + excluded.chunks;
  insert into public.search_totals as t (firm_id, chunks, words)
    select r.firm_id, sign * count(*), sign * sum(r.length) from rows r group by 1 order by 1
    on conflict (firm_id) do update set chunks = t.chunks + excluded.chunks, words = t.words + excluded.words;
  return null;
end $$;
create trigger search_chunks_count_insert after insert on search_chunks referencing new table as rows for each statement execute function internal.count_terms();
create trigger search_chunks_count_delete after delete on search_chunks referencing old table as rows for each statement execute function internal.count_terms();

-- The year and day a document counts under: what it says of itself, or when it came.
create function internal.document_day(p_date date, p_created timestamptz) returns date
language sql stable set search_path = pg_catalog, pg_temp as $$ select coalesce(p_date, (p_created at time zone 'UTC')::date) $$;

-- The facts of its document go with a row, and what changes them waits for the insert that reads them.
create function internal.search_facts() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  doc record;
begin
  perform from public.cases c where c.firm_id = new.firm_id and c.id = new.case_id for share;
  select d.type, d.deleted_at, internal.document_day(d.document_date, d.created_at) as dated,
      coalesce(nullif(btrim(d.author_name), ''), (select btrim(concat_ws(' ', u.given_name, u.family_name)) from public.users u where u.firm_id = d.firm_id and u.id = d.author_id), '') as author
    into doc from public.documents d where d.firm_id = new.firm_id and d.id = new.document_id for share;
  new.type := doc.type; new.author := doc.author; new.shown := doc.deleted_at is null; new.dated := doc.dated; new.year := extract(year from doc.dated);
  new.restricted := exists (select from public.case_restrictions r where r.firm_id = new.firm_id and r.case_id = new.case_id);
  return new;
end $$;
create trigger search_documents_facts before insert on search_documents for each row execute function internal.search_facts();

-- The same for what changes later: who may see it and how it is counted, at once; its words by a job.
create function internal.search_follow() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  writer text := coalesce(nullif(btrim(new.author_name), ''), (select btrim(concat_ws(' ', u.given_name, u.family_name)) from public.users u where u.firm_id = new.firm_id and u.id = new.author_id), '');
begin
  update public.search_documents s set type = new.type, author = writer, shown = new.deleted_at is null,
      dated = internal.document_day(new.document_date, new.created_at), year = extract(year from internal.document_day(new.document_date, new.created_at))
    where s.firm_id = new.firm_id and s.document_id = new.id;
  if (new.title, new.author_name, new.author_id, new.type, new.tags) is distinct from (old.title, old.author_name, old.author_id, old.type, old.tags) then
    insert into public.jobs (firm_id, id, name, payload, unique_key)
      select new.firm_id, gen_random_uuid(), 'search.index', jsonb_build_object('versionId', s.version_id), s.version_id::text
        from public.search_documents s where s.firm_id = new.firm_id and s.document_id = new.id and s.part = 0
      on conflict (firm_id, name, unique_key) where status = 'pending' and unique_key is not null do nothing;
  end if;
  return null;
end $$;
create trigger documents_search after update of title, type, author_name, author_id, document_date, tags, deleted_at on documents for each row
  when ((old.title, old.type, old.author_name, old.author_id, old.document_date, old.tags, old.deleted_at) is distinct from (new.title, new.type, new.author_name, new.author_id, new.document_date, new.tags, new.deleted_at))
  execute function internal.search_follow();

-- A document that moves takes the standing of the case it comes to; a case that is restricted takes its documents along.
create function internal.search_access() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_table_name = 'search_documents' then
    perform from public.cases c where c.firm_id = new.firm_id and c.id = new.case_id for share;
    new.restricted := exists (select from public.case_restrictions r where r.firm_id = new.firm_id and r.case_id = new.case_id);
    return new;
  end if;
  if tg_op <> 'INSERT' then
    update public.search_documents s set restricted = false where s.firm_id = old.firm_id and s.case_id = old.case_id and s.restricted;
  else
    update public.search_documents s set restricted = true where s.firm_id = new.firm_id and s.case_id = new.case_id and not s.restricted;
  end if;
  return null;
end $$;
create trigger search_documents_moved before update of case_id on search_documents for each row when (old.case_id is distinct from new.case_id) execute function internal.search_access();
create trigger case_restrictions_search after insert or delete on case_restrictions for each row execute function internal.search_access();

-- Writing the index, for the job: only of versions that the caller sees, and of the text that is there now. Who writes holds
-- the row of the text, so that two jobs of one version come one after the other, and what was read of an older text is refused.
create function internal.indexable(p_version uuid) returns public.document_versions
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) = any ('{user,system}') then nullif(current_setting('app.firm_id', true), '')::uuid end;
  version public.document_versions;
  visible boolean;
begin
  select * into version from public.document_versions v where v.firm_id = firm and v.id = p_version;
  execute format('select %s from (select $1 as id) x', internal.case_rule('x.id', null, true)) into visible using version.case_id;
  if version.id is null or visible is not true then return null; end if;
  return version;
end $$;

create function internal.holds_text(version public.document_versions, p_text_at timestamptz) returns boolean
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from public.document_texts t where t.firm_id = version.firm_id and t.version_id = version.id and t.finished_at = p_text_at for update;
  return found;
end $$;

-- Puts chunks into the index in place of those of these ordinals; with no end, takes some of the rest out. Says how many went;
-- null: the version is gone, or its text is another one by now.
create function doors.index_chunks(p_version uuid, p_text_at timestamptz, p_from int, p_to int, p_ordinals int[], p_lengths int[], p_words text[]) returns int
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  version public.document_versions := internal.indexable(p_version);
  removed int;
begin
  if version.id is null or not internal.holds_text(version, p_text_at) then return null; end if;
  delete from public.search_chunks c where c.firm_id = version.firm_id and c.version_id = version.id and c.ordinal = any (
    array(select o.ordinal from public.search_chunks o where o.firm_id = version.firm_id and o.version_id = version.id and o.ordinal >= p_from and (p_to is null or o.ordinal < p_to) order by o.ordinal limit 500));
  get diagnostics removed = row_count;
  insert into public.search_chunks (firm_id, version_id, ordinal, length, words)
    select version.firm_id, version.id, x.ordinal, x.length, x.words::tsvector from unnest(p_ordinals, p_lengths, p_words) x(ordinal, length, words) order by x.ordinal;
  return removed;
end $$;

-- The words of the whole, one list of lexemes for each part. From here on this version is found, and older ones are old.
create function doors.index_version(p_version uuid, p_language text, p_text_at timestamptz, p_chunks int, p_title text, p_parts jsonb) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  version public.document_versions := internal.indexable(p_version);
  newest int;
begin
  if version.id is null then return false; end if;
  perform from public.documents d where d.firm_id = version.firm_id and d.id = version.document_id for update;
  if not internal.holds_text(version, p_text_at) then return false; end if;
  delete from public.search_documents s where s.firm_id = version.firm_id and s.version_id = version.id;
  insert into public.search_documents (firm_id, version_id, part, case_id, document_id, number, language, text_at, multi, chunks, title_length, title, terms, year, dated, type, author)
    select version.firm_id, version.id, n - 1, version.case_id, version.document_id, version.number, p_language, p_text_at, jsonb_array_length(p_parts) > 1, p_chunks,
      length(p_title::tsvector), p_title::tsvector, array_to_tsvector(array(select jsonb_array_elements_text(lexemes))), 0, current_date, '', ''
    from jsonb_array_elements(p_parts) with ordinality as part(lexemes, n);
  select max(s.number) into newest from public.search_documents s where s.firm_id = version.firm_id and s.document_id = version.document_id;
  update public.search_documents s set is_current = (s.number = newest)
    where s.firm_id = version.firm_id and s.document_id = version.document_id and s.is_current is distinct from (s.number = newest);
  return true;
end $$;

-- Other words for title, author, type and tags; those of the text stay. They stand in the first part.
create function doors.index_facts(p_version uuid, p_title text, p_facts text[]) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  version public.document_versions := internal.indexable(p_version);
begin
  update public.search_documents s set title = p_title::tsvector, title_length = length(p_title::tsvector),
      terms = ts_delete(s.terms, array(select l from unnest(tsvector_to_array(s.terms)) l where substr(l, 5, 1) = any ('{=,@,#,%}'))) || array_to_tsvector(p_facts)
    where s.firm_id = version.firm_id and s.version_id = version.id and s.part = 0;
  return found;
end $$;

-- What the index of a version was made of; no row: there is none yet.
create function doors.indexed(p_version uuid) returns table (language text, text_at timestamptz)
language plpgsql stable security definer rows 1 set search_path = pg_catalog, public, pg_temp as $$
declare
  version public.document_versions := internal.indexable(p_version);
begin
  return query select s.language, s.text_at from public.search_documents s where s.firm_id = version.firm_id and s.version_id = version.id and s.part = 0;
end $$;

alter function internal.count_terms() owner to {{engine}};
alter function internal.search_facts() owner to {{engine}};
alter function internal.search_follow() owner to {{engine}};
alter function internal.search_access() owner to {{engine}};
alter function doors.index_chunks(uuid, timestamptz, int, int, int[], int[], text[]) owner to {{engine}};
alter function doors.index_version(uuid, text, timestamptz, int, text, jsonb) owner to {{engine}};
alter function doors.index_facts(uuid, text, text[]) owner to {{engine}};
alter function doors.indexed(uuid) owner to {{engine}};
revoke execute on function internal.count_terms(), internal.search_facts(), internal.search_follow(), internal.search_access(), doors.index_chunks(uuid, timestamptz, int, int, int[], int[], text[]),
  doors.index_version(uuid, text, timestamptz, int, text, jsonb), doors.index_facts(uuid, text, text[]), doors.indexed(uuid) from public;
grant execute on function doors.index_chunks(uuid, timestamptz, int, int, int[], int[], text[]), doors.index_version(uuid, text, timestamptz, int, text, jsonb), doors.index_facts(uuid, text, text[]),
  doors.indexed(uuid) to {{app}};

-- migrate: down
drop function doors.indexed(uuid), doors.index_facts(uuid, text, text[]), doors.index_version(uuid, text, timestamptz, int, text, jsonb),
  doors.index_chunks(uuid, timestamptz, int, int, int[], int[], text[]), internal.holds_text(document_versions, timestamptz), internal.indexable(uuid);
drop trigger case_restrictions_search on case_restrictions;
drop trigger documents_search on documents;
drop table search_totals, search_terms, search_chunks, search_documents;
drop function internal.search_access(), internal.search_follow(), internal.search_facts(), internal.document_day(date, timestamptz), internal.count_terms();
