-- How a conflict check finds: candidates from indexes, a score from the words, and hits that a wall hides from a reader.

-- migrate: up
-- One name of a check. Its id also names the bare hit: "something here is hidden from you". There is one for every term,
-- whether anything is hidden or not, so that the id tells nothing.
create table conflict_terms (
  firm_id uuid not null,
  id uuid not null,
  check_id uuid not null,
  position int not null,
  name text not null,
  kind text,
  email text,
  tax_id text,
  -- more was found than is kept, among what the asker may see
  truncated boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint conflict_terms_pk primary key (firm_id, id),
  constraint conflict_terms_position_key unique (firm_id, check_id, position),
  constraint conflict_terms_check_fk foreign key (firm_id, check_id) references conflict_checks (firm_id, id) on delete cascade on update restrict,
  constraint conflict_terms_name_check check (length(btrim(name)) between 1 and 300),
  constraint conflict_terms_kind_check check (kind in ('person', 'company')),
  constraint conflict_terms_email_check check (length(email) <= 254),
  constraint conflict_terms_tax_id_check check (length(tax_id) <= 40)
);
call internal.protect_by('conflict_terms', format('(%s or exists (select from public.conflict_checks k where k.firm_id = %s and k.id = conflict_terms.check_id offset 0))', internal.system_now(), internal.firm_now()));
call internal.touched('conflict_terms');
grant select, insert on conflict_terms to {{app}};

-- triggers name the columns they compare
drop trigger conflict_checks_touch on conflict_checks;
drop trigger conflict_hits_touch on conflict_hits;
drop trigger conflict_subjects_touch on conflict_subjects;
alter table conflict_checks drop column hit_count;
call internal.touched('conflict_checks');
alter table conflict_checks drop constraint conflict_checks_status_check;
alter table conflict_checks add constraint conflict_checks_status_check check (status in ('clear', 'open', 'cleared', 'waived', 'declined'));

-- A hit is one contact found for one term. It is hidden with its contact, and with the contact that led to it.
drop policy conflict_hits_engine on conflict_hits;
drop policy conflict_hits_firm on conflict_hits;
drop trigger conflict_hits_audit on conflict_hits;
alter table conflict_hits drop column term, drop column reason,
  add column term_id uuid not null,
  add column contact_id uuid not null,
  -- the name that matched, as it was then
  add column name text not null,
  add column source text not null,
  add column reasons text[] not null,
  add column via_contact_id uuid,
  -- "via is the <relation> of contact", or the other way round when inverse
  add column relation text,
  add column inverse boolean,
  add constraint conflict_hits_term_fk foreign key (firm_id, term_id) references conflict_terms (firm_id, id) on delete cascade on update restrict,
  add constraint conflict_hits_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  add constraint conflict_hits_via_contact_fk foreign key (firm_id, via_contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  add constraint conflict_hits_reasons_check check (cardinality(reasons) > 0 and reasons <@ array['exact', 'alias', 'former_name', 'trigram', 'phonetic',
    'initials', 'word_order', 'email', 'tax_id', 'related']);
call internal.touched('conflict_hits');
create index conflict_hits_term_idx on conflict_hits (firm_id, term_id);
create index conflict_hits_contact_idx on conflict_hits (firm_id, contact_id);
create index conflict_hits_via_contact_idx on conflict_hits (firm_id, via_contact_id) where via_contact_id is not null;
call internal.protect_by('conflict_hits', format('(%s) and (conflict_hits.via_contact_id is null or %s)
    and (%s or exists (select from public.conflict_checks k where k.firm_id = %s and k.id = conflict_hits.check_id offset 0))',
  internal.contact_rule('conflict_hits.contact_id'), internal.contact_rule('conflict_hits.via_contact_id'), internal.system_now(), internal.firm_now()));

-- Which cases the contact was known from, and as what.
drop policy conflict_subjects_engine on conflict_subjects;
drop policy conflict_subjects_firm on conflict_subjects;
drop trigger conflict_subjects_audit on conflict_subjects;
alter table conflict_subjects drop column name, drop column source, drop column via_contact_id, drop column relation;
call internal.touched('conflict_subjects');
call internal.protect_by('conflict_subjects', format('(conflict_subjects.case_id is null or %s)
    and (%s or exists (select from public.conflict_hits h where h.firm_id = %s and h.id = conflict_subjects.hit_id offset 0))',
  internal.case_rule('conflict_subjects.case_id'), internal.system_now(), internal.firm_now()));

-- A decision is about the check, about a hit, or about the bare hit of a term. One about a hidden hit is hidden with it.
drop policy conflict_decisions_engine on conflict_decisions;
drop policy conflict_decisions_firm on conflict_decisions;
alter table conflict_decisions add column term_id uuid,
  add constraint conflict_decisions_term_fk foreign key (firm_id, term_id) references conflict_terms (firm_id, id) on delete cascade on update restrict,
  add constraint conflict_decisions_object_check check (num_nonnulls(hit_id, term_id) <= 1);
create index conflict_decisions_term_idx on conflict_decisions (firm_id, term_id) where term_id is not null;
call internal.protect_by('conflict_decisions', format('(%s or (exists (select from public.conflict_checks k where k.firm_id = %s and k.id = conflict_decisions.check_id offset 0)
    and (conflict_decisions.hit_id is null or exists (select from public.conflict_hits h where h.firm_id = %2$s and h.id = conflict_decisions.hit_id offset 0))))',
  internal.system_now(), internal.firm_now()));

-- Which hits a decision on a bare hit was about: those hidden from whoever decided. Nobody but the engine reads it.
create table conflict_covered (
  firm_id uuid not null,
  decision_id uuid not null,
  hit_id uuid not null,
  constraint conflict_covered_pk primary key (firm_id, hit_id, decision_id),
  constraint conflict_covered_decision_fk foreign key (firm_id, decision_id) references conflict_decisions (firm_id, id) on delete cascade on update restrict,
  constraint conflict_covered_hit_fk foreign key (firm_id, hit_id) references conflict_hits (firm_id, id) on delete cascade on update restrict
);
create index conflict_covered_decision_idx on conflict_covered (firm_id, decision_id);
call internal.protect('conflict_covered');

create index clients_tax_id_idx on clients (firm_id, regexp_replace(lower(tax_id), '[^a-z0-9]', '', 'g')) where tax_id is not null;

create index contact_search_compact_idx on contact_search (firm_id, replace(normal, ' ', ''));

-- Words that say little about who is meant.
create function internal.weak_words() returns text[] language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select '{group,holding,holdings,international,industries,enterprises,enterprise,services,service,solutions,systems,partners,partner,associates,global,
    worldwide,technologies,technology,consulting,management,capital,ventures,trading,trust,foundation,bank,insurance,properties,realty,media,of,for,van,von,de,der,den,la,le,el,al,di,da,del,und,et,y}'::text[]
$$;

-- How alike two names are, word by word, whatever their order. See docs/api.md, "How a hit is scored".
create function internal.name_score(a text[], b text[], out score numeric, out by_initials boolean, out by_sound boolean)
language plpgsql immutable parallel safe set search_path = pg_catalog, public, pg_temp as $$
declare
  weak constant text[] := internal.weak_words();
  best_a numeric[] := array_fill(0::numeric, array[cardinality(a)]);
  best_b numeric[] := array_fill(0::numeric, array[cardinality(b)]);
  x text; y text; s numeric; alike numeric; how int; how_a int[] := array_fill(0, array[cardinality(a)]);
  strong_a int := 0; strong_b int := 0; missed_a int := 0; missed_b int := 0; lone_a int := 0; lone_b int := 0;
  sum numeric := 0; weight numeric := 0; w numeric; whole numeric;
begin
  by_initials := false; by_sound := false;
  for i in 1 .. cardinality(a) loop
    x := a[i];
    for j in 1 .. cardinality(b) loop
      y := b[j]; s := 0; how := 0;
      if x = y then s := 1;
      elsif length(x) = 1 or length(y) = 1 then
        if left(x, 1) = left(y, 1) then s := 0.85; how := 1; end if;
      elsif x !~ '\d' and y !~ '\d' then
        alike := 1 - public.levenshtein(left(x, 60), left(y, 60))::numeric / greatest(length(left(x, 60)), length(left(y, 60)));
        if (dmetaphone(x) <> '' and dmetaphone(x) in (dmetaphone(y), dmetaphone_alt(y))) or (dmetaphone_alt(x) <> '' and dmetaphone_alt(x) = dmetaphone(y)) then
          s := greatest(0.5 + 0.4 * alike, 0.95 * alike); how := 2;
        elsif least(length(x), length(y)) >= 5 and alike >= 0.75 then s := 0.95 * alike;
        end if;
        if s < 0.65 then s := 0; end if;
      end if;
      if s > best_a[i] then best_a[i] := s; how_a[i] := how; end if;
      if s > best_b[j] then best_b[j] := s; end if;
    end loop;
  end loop;
  for i in 1 .. cardinality(a) loop
    w := case when length(a[i]) = 1 then 0.5 when a[i] = any (weak) then 0.3 else 1 end;
    sum := sum + w * best_a[i]; weight := weight + w;
    if w = 1 then strong_a := strong_a + 1; if best_a[i] = 0 then missed_a := missed_a + 1; end if;
    elsif w = 0.5 and best_a[i] = 0 then lone_a := lone_a + 1; end if;
    by_initials := by_initials or how_a[i] = 1; by_sound := by_sound or how_a[i] = 2;
  end loop;
  for j in 1 .. cardinality(b) loop
    w := case when length(b[j]) = 1 then 0.5 when b[j] = any (weak) then 0.3 else 1 end;
    sum := sum + w * best_b[j]; weight := weight + w;
    if w = 1 then strong_b := strong_b + 1; if best_b[j] = 0 then missed_b := missed_b + 1; end if;
    elsif w = 0.5 and best_b[j] = 0 then lone_b := lone_b + 1; end if;
  end loop;
  score := sum / weight;
  -- nothing but weak words: they must all agree
  if strong_a = 0 or strong_b = 0 then
    if 0 = any (best_a) or 0 = any (best_b) then score := 0; end if;
  -- each telling word of the shorter name has its counterpart in the longer
  elsif (strong_a <= strong_b and missed_a > 0) or (strong_b <= strong_a and missed_b > 0) then score := 0;
  -- J. R. Smith is not J. W. Smith
  elsif (lone_a > 0 and lone_b + missed_b > 0) or (lone_b > 0 and lone_a + missed_a > 0) then score := 0;
  elsif cardinality(a) <> cardinality(b) then score := greatest(score, 0.5);
  end if;
  -- Global Tech is Globaltech
  if score < 0.9 and cardinality(a) <> cardinality(b) then
    x := left(array_to_string(a, ''), 200); y := left(array_to_string(b, ''), 200);
    whole := 1 - public.levenshtein(x, y)::numeric / greatest(length(x), length(y));
    if whole >= 0.9 and length(x) >= 6 and x !~ '\d' then score := greatest(score, 0.95 * whole); end if;
  end if;
  score := round(score, 4);
end $$;

-- Other spellings of a person's or company's name that an index finds at once: given names as initials or left out, the
-- end of a company's name left out.
create function internal.name_variants(normal text) returns text[]
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  words text[] := string_to_array(normal, ' ');
  n int := cardinality(words);
  so_far text[] := '{""}'; found text[] := '{}'; part text; word text;
begin
  if n between 2 and 4 then
    for i in 1 .. n - 1 loop
      word := words[i];
      select array_agg(distinct p || v) into so_far from unnest(so_far) p, unnest(array[word || ' ', left(word, 1) || ' ', case when i > 1 then '' else word || ' ' end]) v;
    end loop;
    select array_agg(p || words[n]) into found from unnest(so_far) p;
  end if;
  for i in 1 .. least(n - 1, 8) loop
    part := array_to_string(words[1:i], ' ');
    if i > 1 or length(part) >= 4 then found := found || part; end if;
  end loop;
  return array(select distinct f from unnest(found) f where f <> normal);
end $$;

-- The readings of the first three telling words, as the GIN index keeps them.
create function internal.word_sounds(firm uuid, word text) returns text[]
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select internal.firm_words(firm, array(select distinct s from unnest(array[dmetaphone(word), dmetaphone_alt(word)]) s where s <> ''))
$$;

-- What the door runs for one term. Every branch is an index scan with a limit of its own, so that a common name costs what
-- it may cost and no more.
--   $1 firm, $2 normal, $3 words sorted, $4 other spellings, $5 initials, $6 like-pattern of the last word (null: no initials in it),
--   $7-$9 sounds of up to three words (null: sounds like nothing), $10 e-mail, $11 tax id, $12 natural order, $13 the telling words
create function internal.conflict_statement() returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$ select $t$
  with found as materialized (
    (select s.contact_id, s.source_id, s.source, s.name, s.normal from public.contact_search s where s.firm_id = $1 and s.normal in ($2, $12) limit 150)
    union (select s.contact_id, s.source_id, s.source, s.name, s.normal from public.contact_search s where s.firm_id = $1 and s.sorted = $3 limit 150)
    union (select s.contact_id, s.source_id, s.source, s.name, s.normal from public.contact_search s where s.firm_id = $1 and s.normal = any ($4) limit 150)
    union (select s.contact_id, s.source_id, s.source, s.name, s.normal from public.contact_search s where s.firm_id = $1 and replace(s.normal, ' ', '') = replace($12, ' ', '') limit 150)
    union (select s.contact_id, s.source_id, s.source, s.name, s.normal from public.contact_search s
      where $6 is not null and s.firm_id = $1 and s.initials = $5 and s.normal like $6 limit 150)
    union (select s.contact_id, s.source_id, s.source, s.name, s.normal from (
      select * from public.contact_search s where (s.firm_id = $1) is true and s.normal operator(public.%>>) $13 limit 500) s
      order by s.normal operator(public.<->>>) $2 limit 100)
    union (select s.contact_id, s.source_id, s.source, s.name, s.normal from public.contact_search s
      where $7 is not null and internal.firm_words(s.firm_id, s.sounds) && $7 and internal.firm_words(s.firm_id, s.sounds) && coalesce($8, $7)
        and internal.firm_words(s.firm_id, s.sounds) && coalesce($9, $7) and (s.firm_id = $1) is true limit 150)
  ), scored as (
    select f.contact_id, f.name, f.source, case when f.normal in ($2, $12) then 1 when n.by_sorted then 0.97 else least(m.score, 0.95) end as score,
      array_remove(array[
        case when f.normal in ($2, $12) then 'exact' when n.by_sorted then 'word_order' when m.by_initials then 'initials' when m.by_sound then 'phonetic' else 'trigram' end,
        case when f.source in ('alias', 'trade') then 'alias' when f.source in ('former', 'maiden') then 'former_name' end], null) as reasons
    from found f
    cross join lateral (select internal.sorted_words(f.normal) = $3 as by_sorted) n
    cross join lateral internal.name_score(string_to_array($12, ' '), string_to_array(f.normal, ' ')) m
    where m.score >= 0.5
    union all
    select e.contact_id, e.email, 'email', 1, array['email'] from public.contact_emails e where e.firm_id = $1 and lower(e.email) = lower($10)
    union all
    select c.contact_id, c.tax_id, 'tax_id', 1, array['tax_id'] from public.clients c
      where c.firm_id = $1 and c.tax_id is not null and regexp_replace(lower(c.tax_id), '[^a-z0-9]', '', 'g') = regexp_replace(lower($11), '[^a-z0-9]', '', 'g')
  ), direct as (
    select distinct on (s.contact_id) s.*, null::uuid as via_contact_id, null::text as relation, null::boolean as inverse
    from scored s order by s.contact_id, s.score desc, (s.source = 'name') desc, s.name
  ), strong as (
    select * from direct where score >= 0.8 order by score desc, contact_id limit 30
  ), related as (
    select distinct on (r.other) r.other as contact_id, r.name, r.source, round(r.score * 0.7, 4) as score, r.reasons || 'related'::text as reasons, r.contact_id as via_contact_id, r.relation, r.inverse
    from (
      select s.*, x.* from strong s cross join lateral (
        (select r.to_contact_id as other, r.kind as relation, false as inverse from public.contact_relations r where r.firm_id = $1 and r.from_contact_id = s.contact_id limit 25)
        union all
        (select r.from_contact_id, r.kind, true from public.contact_relations r where r.firm_id = $1 and r.to_contact_id = s.contact_id limit 25)) x
    ) r (contact_id, name, source, score, reasons, no_via, no_relation, no_inverse, other, relation, inverse)
    where not exists (select from direct d where d.contact_id = r.other)
      -- somebody's cousin is of interest where a case knows him
      and exists (select from public.contact_cases l where l.firm_id = $1 and l.contact_id = r.other offset 0)
    order by r.other, r.score desc, r.contact_id
  )
  select * from direct union all select * from related
$t$ $f$;

-- Fills a check that was just made: its terms are looked for among all contacts of the firm, whoever may see them. Of the
-- hits the asker may see and of those hidden from him the best fifty a term are kept, so that neither crowds out the other.
create function doors.check_conflicts(p_check uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  me uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  visible constant text := format('((%s) and (m.via_contact_id is null or %s))', internal.contact_rule('m.contact_id', true), internal.contact_rule('m.via_contact_id', true));
  t record; normal text; natural_order text; words text[]; telling text[]; before text; n int; seen int; found boolean := false;
begin
  if current_setting('app.actor_kind', true) is distinct from 'user' or firm is null or me is null or not exists (
    select from public.conflict_checks k where k.firm_id = firm and k.id = p_check and k.asked_by = me)
    or exists (select from public.conflict_hits h where h.firm_id = firm and h.check_id = p_check) then
    raise exception 'not a new check of yours' using errcode = '42501';
  end if;
  before := similarity('', '')::text; -- loads the library, which then knows the settings
  perform set_config('pg_trgm.strict_word_similarity_threshold', '0.6', true);
  for t in select * from public.conflict_terms c where c.firm_id = firm and c.check_id = p_check order by c.position loop
    normal := internal.normal_name(t.name);
    -- "Smith, John": the part behind the comma comes first
    natural_order := case when t.kind is distinct from 'company' and t.name ~ '^[^,]+,[^,]+$'
      then internal.normal_name(split_part(t.name, ',', 2) || ' ' || split_part(t.name, ',', 1)) else normal end;
    words := string_to_array(natural_order, ' ');
    telling := array(select w from unnest(words) with ordinality u(w, at) where length(w) > 1 and dmetaphone(w) <> '' and w !~ '\d'
      and w <> all (internal.weak_words()) order by at limit 3);
    n := cardinality(telling);
    execute format($q$
      insert into public.conflict_hits (firm_id, id, check_id, term_id, contact_id, name, source, reasons, score, via_contact_id, relation, inverse)
        select $1, gen_random_uuid(), $14, $15, r.contact_id, r.name, r.source, r.reasons, r.score, r.via_contact_id, r.relation, r.inverse
        from (select m.*, row_number() over (partition by %s order by m.score desc, m.contact_id) as place from (%s) m) r where r.place <= 51$q$, visible, internal.conflict_statement())
      using firm, normal, internal.sorted_words(normal), internal.name_variants(natural_order), internal.initials_of(natural_order),
        case when cardinality(words) > 1 and exists (select from unnest(words) w where length(w) = 1) then '%' || words[cardinality(words)] end,
        case when n > 0 then internal.word_sounds(firm, telling[1]) end, case when n > 1 then internal.word_sounds(firm, telling[2]) end,
        case when n > 2 then internal.word_sounds(firm, telling[3]) end, t.email, t.tax_id, natural_order,
        coalesce(nullif(array_to_string(array(select w from unnest(words) w where length(w) > 1 and w <> all (internal.weak_words())), ' '), ''), normal), p_check, t.id;
    get diagnostics n = row_count;
    found := found or n > 0;
    -- the fifty-first says that there are more, and goes
    if n > 50 then
      execute format($q$with over as (select r.id, r.seen from (select m.id, %s as seen, row_number() over (partition by %1$s order by m.score desc, m.contact_id) as place
            from public.conflict_hits m where m.firm_id = $1 and m.term_id = $2) r where r.place = 51),
          gone as (delete from public.conflict_hits h using over where h.firm_id = $1 and h.id = over.id)
        select count(*) filter (where over.seen) from over$q$, visible) into seen using firm, t.id;
      if seen > 0 then update public.conflict_terms c set truncated = true where c.firm_id = firm and c.id = t.id; end if;
    end if;
  end loop;
  if found then
    execute format($q$
      insert into public.conflict_subjects (firm_id, id, hit_id, contact_id, case_id, party_role)
        select $1, gen_random_uuid(), s.hit_id, s.contact_id, s.case_id, s.role
        from (select h.id as hit_id, h.contact_id, l.case_id, coalesce(p.role, 'client') as role,
            row_number() over (partition by h.id, %s order by l.case_id desc, l.source_id) as place
          from public.conflict_hits h
          cross join lateral (select * from public.contact_cases l where l.firm_id = $1 and l.contact_id = h.contact_id order by l.case_id desc, l.source_id limit 100) l
          left join public.case_parties p on p.firm_id = $1 and p.id = l.source_id
          where h.firm_id = $1 and h.check_id = $2) s where s.place <= 10$q$, internal.case_rule('l.case_id', 'l.restricted', true)) using firm, p_check;
  else
    update public.conflict_checks k set status = 'clear' where k.firm_id = firm and k.id = p_check;
  end if;
end $$;

-- For which terms of a check something is hidden from the caller: a hit, or a case that a hit is known from.
create function doors.hidden_conflicts(p_check uuid) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  about uuid; allowed boolean;
begin
  if current_setting('app.actor_kind', true) is distinct from 'user' or firm is null then return; end if;
  select k.case_id into about from public.conflict_checks k where k.firm_id = firm and k.id = p_check;
  if not found then return; end if;
  if about is not null then
    execute format('select %s from (select $1 as id) x', internal.case_rule('x.id', null, true)) into allowed using about;
    if not allowed then return; end if;
  end if;
  return query execute format($q$select t.id from public.conflict_terms t where t.firm_id = $1 and t.check_id = $2 and (
      exists (select from public.conflict_hits m where m.firm_id = $1 and m.term_id = t.id and not ((%s) and (m.via_contact_id is null or %s)))
      or exists (select from public.conflict_hits h join public.conflict_subjects s on s.firm_id = $1 and s.hit_id = h.id
        where h.firm_id = $1 and h.term_id = t.id and s.case_id is not null and not (%s)))$q$,
    internal.contact_rule('m.contact_id', true), internal.contact_rule('m.via_contact_id', true), internal.case_rule('s.case_id', null, true)) using firm, p_check;
end $$;

-- After a decision: which hidden hits it covers, and what the check comes to.
create function internal.settle_conflicts() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  outcome text;
begin
  perform from public.conflict_checks k where k.firm_id = new.firm_id and k.id = new.check_id for update;
  if new.term_id is not null then
    execute format('insert into public.conflict_covered (firm_id, decision_id, hit_id) select $1, $2, m.id from public.conflict_hits m
        where m.firm_id = $1 and m.term_id = $3 and not ((%s) and (m.via_contact_id is null or %s))',
      internal.contact_rule('m.contact_id', true), internal.contact_rule('m.via_contact_id', true)) using new.firm_id, new.id, new.term_id;
  end if;
  select case when bool_or(d.decision is null) then 'open' when bool_or(d.decision = 'declined') then 'declined' when bool_or(d.decision = 'waived') then 'waived' else 'cleared' end
    into outcome
    from (select h.id from public.conflict_hits h where h.firm_id = new.firm_id and h.check_id = new.check_id
      -- without hits the check itself is what is decided
      union all select null where not exists (select from public.conflict_hits h where h.firm_id = new.firm_id and h.check_id = new.check_id)) h
    left join lateral (select d.decision from public.conflict_decisions d where d.firm_id = new.firm_id and d.check_id = new.check_id
      and (d.hit_id = h.id or (d.hit_id is null and d.term_id is null)
        or exists (select from public.conflict_covered c where c.firm_id = new.firm_id and c.hit_id = h.id and c.decision_id = d.id))
      order by d.created_at desc, d.id desc limit 1) d on true;
  update public.conflict_checks k set status = outcome where k.firm_id = new.firm_id and k.id = new.check_id and k.status <> outcome;
  return null;
end $$;
create trigger conflict_decisions_settle after insert on conflict_decisions for each row execute function internal.settle_conflicts();

alter function doors.check_conflicts(uuid) owner to {{engine}};
alter function doors.hidden_conflicts(uuid) owner to {{engine}};
alter function internal.settle_conflicts() owner to {{engine}};
revoke execute on function doors.check_conflicts(uuid), doors.hidden_conflicts(uuid), internal.settle_conflicts() from public;
grant execute on function doors.check_conflicts(uuid), doors.hidden_conflicts(uuid) to {{app}};

-- migrate: down
drop trigger conflict_decisions_settle on conflict_decisions;
drop function internal.settle_conflicts(), doors.hidden_conflicts(uuid), doors.check_conflicts(uuid), internal.conflict_statement(), internal.word_sounds(uuid, text),
  internal.name_variants(text), internal.name_score(text[], text[]), internal.weak_words();
drop index contact_search_compact_idx, clients_tax_id_idx;
drop policy conflict_decisions_firm on conflict_decisions;
drop policy conflict_decisions_engine on conflict_decisions;
drop policy conflict_subjects_firm on conflict_subjects;
drop policy conflict_subjects_engine on conflict_subjects;
drop policy conflict_hits_firm on conflict_hits;
drop policy conflict_hits_engine on conflict_hits;
drop table conflict_covered;
drop trigger conflict_checks_touch on conflict_checks;
drop trigger conflict_hits_touch on conflict_hits;
drop trigger conflict_subjects_touch on conflict_subjects;
alter table conflict_decisions drop column term_id;
alter table conflict_hits drop column term_id, drop column contact_id, drop column name, drop column source, drop column reasons, drop column via_contact_id,
  drop column relation, drop column inverse;
alter table conflict_hits add column term text not null default '', add column reason text not null default 'exact',
  add constraint conflict_hits_reason_check check (reason in ('exact', 'word_order', 'initials', 'trigram', 'phonetic', 'related'));
alter table conflict_hits alter column term drop default, alter column reason drop default;
alter table conflict_subjects add column name text not null default '', add column source text not null default '', add column via_contact_id uuid, add column relation text,
  add constraint conflict_subjects_via_contact_fk foreign key (firm_id, via_contact_id) references contacts (firm_id, id) on delete cascade on update restrict;
alter table conflict_subjects alter column name drop default, alter column source drop default;
create index conflict_subjects_via_contact_idx on conflict_subjects (firm_id, via_contact_id) where via_contact_id is not null;
alter table conflict_checks add column hit_count int not null default 0, add constraint conflict_checks_hit_count_check check (hit_count >= 0);
alter table conflict_checks drop constraint conflict_checks_status_check;
alter table conflict_checks add constraint conflict_checks_status_check check (status in ('open', 'cleared', 'waived', 'declined')) not valid;
drop table conflict_terms;
call internal.touched('conflict_checks');
call internal.touched('conflict_hits');
call internal.touched('conflict_subjects');
call internal.protect_by('conflict_hits', format('(%s or exists (select from public.conflict_checks k where k.firm_id = %s and k.id = conflict_hits.check_id offset 0))', internal.system_now(), internal.firm_now()));
call internal.audited('conflict_hits');
call internal.protect_by('conflict_subjects', format('%s and (conflict_subjects.case_id is null or %s) and (conflict_subjects.via_contact_id is null or %s)
    and (%s or exists (select from public.conflict_hits h where h.firm_id = %s and h.id = conflict_subjects.hit_id offset 0))',
  internal.contact_rule('conflict_subjects.contact_id'), internal.case_rule('conflict_subjects.case_id'), internal.contact_rule('conflict_subjects.via_contact_id'),
  internal.system_now(), internal.firm_now()));
call internal.audited('conflict_subjects');
call internal.protect_by('conflict_decisions', format('(%s or exists (select from public.conflict_checks k where k.firm_id = %s and k.id = conflict_decisions.check_id offset 0))', internal.system_now(), internal.firm_now()));
