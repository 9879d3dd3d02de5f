-- What conflict checks look through, what they found, and what was decided.

-- migrate: up
-- Lower case, no accents, no punctuation, no legal forms: what two spellings of one name have in common.
create function internal.normal_name(name text) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(nullif(btrim(regexp_replace(' ' || plain || ' ',
    '( (?=(the|and|inc|incorporated|corp|corporation|co|company|llc|llp|lp|pllc|plc|ltd|limited|gmbh|ag|kg|ohg|se|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|pty|pc|pa|mr|mrs|ms|dr|jr|sr|esq) )[a-z]+)+(?= )', '', 'g')), ''), plain)
  from (select btrim(regexp_replace(regexp_replace(lower(unaccent(replace(name, '&', ' and '))), '[''’.]', '', 'g'), '[^[:alnum:]]+', ' ', 'g')) as plain) p
$$;
create function internal.sorted_words(normal text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(string_agg(w, ' ' order by w collate "C"), '') from unnest(string_to_array(normal, ' ')) w
$$;
create function internal.initials_of(normal text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(string_agg(left(w, 1), '' order by n), '') from unnest(string_to_array(normal, ' ')) with ordinality u(w, n) where w <> ''
$$;
-- How it sounds, word by word, both readings; numbers and single letters sound like nothing.
create function internal.sounds_of(normal text) returns text[]
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(array_agg(distinct s order by s), '{}') from unnest(string_to_array(normal, ' ')) w
    cross join lateral (values (dmetaphone(w)), (dmetaphone_alt(w))) v(s) where length(w) > 1 and s <> ''
$$;
-- Words of one firm: lets a GIN index tell firms apart without btree_gin.
create function internal.firm_words(firm uuid, words text[]) returns text[]
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$ select coalesce(array_agg(firm || ':' || w), '{}') from unnest(words) w $$;

create table contact_search (
  firm_id uuid not null,
  contact_id uuid not null,
  -- the contact itself or a row of contact_names
  source_id uuid not null,
  source text not null,
  name text not null,
  normal text not null,
  sorted text not null,
  initials text not null,
  sounds text[] not null,
  constraint contact_search_pk primary key (firm_id, contact_id, source_id),
  constraint contact_search_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict
);
create index contact_search_normal_idx on contact_search (firm_id, normal text_pattern_ops);
create index contact_search_sorted_idx on contact_search (firm_id, sorted);
create index contact_search_initials_idx on contact_search (firm_id, initials);
create index contact_search_trigram_idx on contact_search using gin (normal public.gin_trgm_ops);
create index contact_search_sounds_idx on contact_search using gin (internal.firm_words(firm_id, sounds));
call internal.protect_contact('contact_search');

create function internal.index_contact() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  normal text; contact uuid;
begin
  if tg_op = 'DELETE' then
    delete from public.contact_search s where s.firm_id = old.firm_id and s.contact_id = old.contact_id and s.source_id = old.id;
    return null;
  end if;
  normal := internal.normal_name(new.name);
  contact := case tg_table_name when 'contacts' then new.id else (to_jsonb(new) ->> 'contact_id')::uuid end;
  insert into public.contact_search (firm_id, contact_id, source_id, source, name, normal, sorted, initials, sounds)
  values (new.firm_id, contact, new.id, case tg_table_name when 'contacts' then 'name' else to_jsonb(new) ->> 'kind' end, new.name,
    normal, internal.sorted_words(normal), internal.initials_of(normal), internal.sounds_of(normal))
  on conflict on constraint contact_search_pk do update set source = excluded.source, name = excluded.name, normal = excluded.normal,
    sorted = excluded.sorted, initials = excluded.initials, sounds = excluded.sounds;
  return null;
end $$;
create trigger contacts_search_insert after insert on contacts for each row execute function internal.index_contact();
create trigger contacts_search_update after update on contacts for each row when (old.name is distinct from new.name) execute function internal.index_contact();
create trigger contact_names_search after insert or update or delete on contact_names for each row execute function internal.index_contact();
alter function internal.index_contact() owner to {{engine}};
revoke execute on function internal.index_contact() from public;

create table conflict_checks (
  firm_id uuid not null,
  id uuid not null,
  -- the case it was made for, if any
  case_id uuid,
  terms text[] not null,
  purpose text,
  status text not null default 'open',
  hit_count int not null default 0,
  asked_by uuid,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint conflict_checks_pk primary key (firm_id, id),
  constraint conflict_checks_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint conflict_checks_asked_by_fk foreign key (firm_id, asked_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint conflict_checks_terms_check check (cardinality(terms) between 1 and 50 and array_position(terms, null) is null and length(terms::text) <= 10000),
  constraint conflict_checks_purpose_check check (length(purpose) <= 1000),
  constraint conflict_checks_status_check check (status in ('open', 'cleared', 'waived', 'declined')),
  constraint conflict_checks_hit_count_check check (hit_count >= 0)
);
create index conflict_checks_case_idx on conflict_checks (firm_id, case_id) where case_id is not null;
create index conflict_checks_asked_by_idx on conflict_checks (firm_id, asked_by, created_at desc, id desc);
create index conflict_checks_created_idx on conflict_checks (firm_id, created_at desc, id desc);
create index conflict_checks_updated_idx on conflict_checks (firm_id, updated_at, id);
call internal.protect_case('conflict_checks');
call internal.touched('conflict_checks');
call internal.fixed('conflict_checks', 'terms');
call internal.audited('conflict_checks');
grant select, insert, update on conflict_checks to {{app}};

-- That there is a hit, and why: whoever sees the check sees this much. What was hit stands in conflict_subjects.
create table conflict_hits (
  firm_id uuid not null,
  id uuid not null,
  check_id uuid not null,
  term text not null,
  reason text not null,
  score numeric(5,4) not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint conflict_hits_pk primary key (firm_id, id),
  constraint conflict_hits_check_fk foreign key (firm_id, check_id) references conflict_checks (firm_id, id) on delete cascade on update restrict,
  constraint conflict_hits_reason_check check (reason in ('exact', 'word_order', 'initials', 'trigram', 'phonetic', 'related')),
  constraint conflict_hits_score_check check (score between 0 and 1)
);
create index conflict_hits_check_idx on conflict_hits (firm_id, check_id, score desc, id);
call internal.protect_by('conflict_hits', format('(%s or exists (select from public.conflict_checks k where k.firm_id = %s and k.id = conflict_hits.check_id offset 0))', internal.system_now(), internal.firm_now()));
call internal.touched('conflict_hits');
call internal.audited('conflict_hits');
grant select, insert on conflict_hits to {{app}};

-- What was hit, under the hidden rule of its contact and of its case: a hit whose subject a reader does not find is
-- behind a wall for him. The door that checks writes it as the engine.
create table conflict_subjects (
  firm_id uuid not null,
  id uuid not null,
  hit_id uuid not null,
  contact_id uuid not null,
  case_id uuid,
  name text not null,
  source text not null,
  party_role text,
  -- a related contact led here
  via_contact_id uuid,
  relation text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint conflict_subjects_pk primary key (firm_id, id),
  constraint conflict_subjects_hit_fk foreign key (firm_id, hit_id) references conflict_hits (firm_id, id) on delete cascade on update restrict,
  constraint conflict_subjects_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint conflict_subjects_via_contact_fk foreign key (firm_id, via_contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint conflict_subjects_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict
);
create index conflict_subjects_hit_idx on conflict_subjects (firm_id, hit_id);
create index conflict_subjects_contact_idx on conflict_subjects (firm_id, contact_id);
create index conflict_subjects_via_contact_idx on conflict_subjects (firm_id, via_contact_id) where via_contact_id is not null;
create index conflict_subjects_case_idx on conflict_subjects (firm_id, case_id) where case_id is not null;
call internal.protect_by('conflict_subjects', format('%s and (conflict_subjects.case_id is null or %s) and (conflict_subjects.via_contact_id is null or %s)
    and (%s or exists (select from public.conflict_hits h where h.firm_id = %s and h.id = conflict_subjects.hit_id offset 0))',
  internal.contact_rule('conflict_subjects.contact_id'), internal.case_rule('conflict_subjects.case_id'), internal.contact_rule('conflict_subjects.via_contact_id'),
  internal.system_now(), internal.firm_now()));
call internal.touched('conflict_subjects');
call internal.audited('conflict_subjects');
grant select, insert on conflict_subjects to {{app}};

create table conflict_decisions (
  firm_id uuid not null,
  id uuid not null,
  check_id uuid not null,
  -- null: about the check as a whole
  hit_id uuid,
  decision text not null,
  reason text not null,
  decided_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint conflict_decisions_pk primary key (firm_id, id),
  constraint conflict_decisions_check_fk foreign key (firm_id, check_id) references conflict_checks (firm_id, id) on delete cascade on update restrict,
  constraint conflict_decisions_hit_fk foreign key (firm_id, hit_id) references conflict_hits (firm_id, id) on delete cascade on update restrict,
  constraint conflict_decisions_decided_by_fk foreign key (firm_id, decided_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint conflict_decisions_decision_check check (decision in ('cleared', 'waived', 'declined')),
  constraint conflict_decisions_reason_check check (length(btrim(reason)) between 1 and 2000)
);
create index conflict_decisions_check_idx on conflict_decisions (firm_id, check_id, created_at, id);
create index conflict_decisions_hit_idx on conflict_decisions (firm_id, hit_id) where hit_id is not null;
create index conflict_decisions_decided_by_idx on conflict_decisions (firm_id, decided_by) where decided_by is not null;
call internal.protect_by('conflict_decisions', format('(%s or exists (select from public.conflict_checks k where k.firm_id = %s and k.id = conflict_decisions.check_id offset 0))', internal.system_now(), internal.firm_now()));
call internal.audited('conflict_decisions');
grant select, insert on conflict_decisions to {{app}};
create trigger conflict_decisions_append_only before update on conflict_decisions for each row execute function internal.append_only();

-- migrate: down
drop table conflict_decisions, conflict_subjects, conflict_hits, conflict_checks, contact_search;
drop trigger contact_names_search on contact_names;
drop trigger contacts_search_update on contacts;
drop trigger contacts_search_insert on contacts;
drop function internal.index_contact(), internal.firm_words(uuid, text[]), internal.sounds_of(text), internal.initials_of(text),
  internal.sorted_words(text), internal.normal_name(text);
