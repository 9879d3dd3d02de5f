-- The box at the top of every screen: a few letters to the cases, clients and contacts they may mean.

-- migrate: up
-- Words of a case's text with one blank before each, so that "a word begins with" is a pattern the trigram index knows.
create function internal.spaced(content text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$ select ' ' || btrim(regexp_replace(content, '[^[:alnum:]]+', ' ', 'g')) $$;
alter table case_search add column words text not null generated always as (internal.spaced(content)) stored;
create index case_search_words_idx on case_search using gin (words public.gin_trgm_ops);
create index cases_title_trigram_idx on cases using gin (lower(title) public.gin_trgm_ops);
create index contact_search_words_idx on contact_search using gin ((' ' || normal) public.gin_trgm_ops);
create index cases_number_prefix_idx on cases (firm_id, lower(number) text_pattern_ops);
create index clients_number_prefix_idx on clients (firm_id, lower(number) text_pattern_ops);
create index contact_emails_prefix_idx on contact_emails (firm_id, lower(email) text_pattern_ops);

-- "is true" keeps the firm from being looked up in an index of its own beside the trigrams: that reads the whole firm.
-- One probe of the door, as the statement it runs: ids and scores of what the caller may see.
--   $1 firm, $2 the words as one text, $3 ' '-patterns of up to three words (all must be there), $4 pattern of a number or e-mail, $5 how many
-- way 'prefix': begins like this, in the index's order; 'words': each word begins a word; 'typo': alike
create function internal.quick_probe(kind text, way text, words int default 1) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select case kind || '.' || way
    when 'case.prefix' then format($t$select 'case', c.id, 1.0::numeric from public.cases c where c.firm_id = $1 and lower(c.number) like $4 and %s order by lower(c.number) using operator(pg_catalog.~<~) limit $5$t$,
      internal.case_rule('c.id', $$(c.access = 'restricted')$$, true))
    when 'case.words' then format($t$select 'case', s.case_id, 0.8 + 0.15 * public.similarity(s.content, $2)::numeric from (
      select s.case_id, s.content from public.case_search s where (s.firm_id = $1) is true and %s and %s limit 200) s
      order by 3 desc, 2 desc limit $5$t$, (select string_agg(format('s.words like ($3)[%s]', n), ' and ') from generate_series(1, words) n), internal.case_rule('s.case_id', null, true))
    -- titles, and cases of people spelled like this: in the whole text of a case letters of many words mix, and it takes long
    when 'case.typo' then format($t$select 'case', x.id, max(x.score) from (
        (select c.id, 0.7 * public.word_similarity($2, lower(c.title))::numeric as score from public.cases c
          where (c.firm_id = $1) is true and lower(c.title) operator(public.%%>) $2 and %s limit 80)
        union all
        (select l.case_id, n.score from (
          select s.contact_id, 0.63 * public.word_similarity($2, s.normal)::numeric as score from (
            select s.contact_id, s.normal from public.contact_search s where (s.firm_id = $1) is true and s.normal operator(public.%%>) $2 limit 250) s
            order by 2 desc, 1 limit 10) n
          cross join lateral (select * from public.contact_cases l where l.firm_id = $1 and l.contact_id = n.contact_id and %s order by l.case_id desc limit 5) l)) x
      group by x.id order by 3 desc, 2 desc limit $5$t$, internal.case_rule('c.id', $$(c.access = 'restricted')$$, true), internal.case_rule('l.case_id', 'l.restricted', true))
    when 'contact.prefix' then format($t$select 'contact', s.contact_id, 0.9::numeric + 0.1 * length($2) / greatest(length(s.normal), length($2)) from public.contact_search s
      where s.firm_id = $1 and s.normal like $2 || '%%' and %s order by s.normal using operator(pg_catalog.~<~) limit $5$t$, internal.contact_rule('s.contact_id', true))
    when 'contact.words' then format($t$select 'contact', s.contact_id, 0.8 + 0.15 * public.similarity(s.normal, $2)::numeric from (
      select s.contact_id, s.normal from public.contact_search s where (s.firm_id = $1) is true and %s and (%s) limit 200) s
      order by 3 desc, 2 desc limit $5$t$, (select string_agg(format($$' ' || s.normal like ($3)[%s]$$, n), ' and ') from generate_series(1, words) n), internal.contact_rule('s.contact_id', true))
    when 'contact.typo' then format($t$select 'contact', s.contact_id, 0.7 * public.word_similarity($2, s.normal)::numeric from (
      select s.contact_id, s.normal from public.contact_search s where (s.firm_id = $1) is true and s.normal operator(public.%%>) $2 and (%s) limit 250) s
      order by 3 desc, 2 desc limit $5$t$, internal.contact_rule('s.contact_id', true))
    when 'contact.email' then format($t$select 'contact', e.contact_id, 0.95::numeric from public.contact_emails e
      where e.firm_id = $1 and lower(e.email) like $4 and (%s) order by lower(e.email) using operator(pg_catalog.~<~) limit $5$t$, internal.contact_rule('e.contact_id', true))
    when 'client.prefix' then format($t$select 'client', k.id, 1.0::numeric from public.clients k
      where k.firm_id = $1 and lower(k.number) like $4 and (%s) order by lower(k.number) using operator(pg_catalog.~<~) limit $5$t$, internal.contact_rule('k.contact_id', true))
  end
$f$;

-- What the words may mean, best first, of the kinds asked for. Later probes run only where earlier ones found too little.
create function doors.quick_search(p_q text, p_kinds text[], p_limit int) returns table (kind text, id uuid, score numeric)
language plpgsql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp set jit = off as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) in ('user', 'system') then nullif(current_setting('app.firm_id', true), '')::uuid end;
  most int := least(greatest(p_limit, 1), 50);
  words text[] := (select array_agg(w) from (select w from unnest(string_to_array(btrim(regexp_replace(lower(unaccent(left(p_q, 100))), '[^[:alnum:]]+', ' ', 'g')), ' ')) w where w <> '' limit 3) x);
  q text := array_to_string(words, ' ');
  patterns text[] := array(select '% ' || w || '%' from unnest(words) w);
  start text := replace(replace(replace(lower(left(btrim(p_q), 100)), '\', '\\'), '%', '\%'), '_', '\_') || '%';
  people boolean := p_kinds && '{client,contact}';
  ids text[] := '{}'; way text; part jsonb; all_found jsonb := '[]';
begin
  if firm is null or coalesce(length(q), 0) < 2 then return; end if;
  perform word_similarity('', ''); -- loads the library, which then knows the settings
  perform set_config('pg_trgm.word_similarity_threshold', '0.45', true);
  foreach way in array array['prefix', 'words', 'typo'] loop
    -- digits are not mistyped by a letter or two, and every number is like every other
    continue when way = 'typo' and (length(q) < 4 or q ~ '\d' or (select count(distinct (f ->> 1)) from jsonb_array_elements(all_found) f) >= least(most, 5));
    if 'case' = any (p_kinds) then
      execute format('select jsonb_agg(jsonb_build_array(x.a, x.b, x.c)) from (%s) x(a, b, c)', internal.quick_probe('case', way, cardinality(words))) into part using firm, q, patterns, start, most;
      all_found := all_found || coalesce(part, '[]');
    end if;
    if people then
      -- several names of one contact, and those who are no client: more are asked for than are shown
      execute format('select jsonb_agg(jsonb_build_array(x.a, x.b, x.c)) from (%s) x(a, b, c)', internal.quick_probe('contact', way, cardinality(words))) into part using firm, q, patterns, start, most * 3;
      all_found := all_found || coalesce(part, '[]');
    end if;
    if people and way = 'prefix' and p_q ~ '[@.]|^\S+$' then
      execute format('select jsonb_agg(jsonb_build_array(x.a, x.b, x.c)) from (%s) x(a, b, c)', internal.quick_probe('contact', 'email')) into part using firm, q, patterns, start, most;
      all_found := all_found || coalesce(part, '[]');
    end if;
    if 'client' = any (p_kinds) and way = 'prefix' then
      execute format('select jsonb_agg(jsonb_build_array(x.a, x.b, x.c)) from (%s) x(a, b, c)', internal.quick_probe('client', way)) into part using firm, q, patterns, start, most;
      all_found := all_found || coalesce(part, '[]');
    end if;
  end loop;
  -- a contact who is a client shows as the client, where clients are asked for
  return query
    select r.kind, r.id, max(r.score) as score from (
      select case when k.id is not null and 'client' = any (p_kinds) then 'client' else f ->> 0 end as kind,
        case when k.id is not null and 'client' = any (p_kinds) then k.id else (f ->> 1)::uuid end as id, round((f ->> 2)::numeric, 4) as score
      from jsonb_array_elements(all_found) f
      left join public.clients k on f ->> 0 = 'contact' and k.firm_id = firm and k.contact_id = (f ->> 1)::uuid) r
    where r.kind = any (p_kinds) group by r.kind, r.id order by 3 desc, 1, 2 desc limit most;
end $$;
alter function doors.quick_search(text, text[], int) owner to {{engine}};
revoke execute on function doors.quick_search(text, text[], int) from public;
grant execute on function doors.quick_search(text, text[], int) to {{app}};

-- migrate: down
drop function doors.quick_search(text, text[], int), internal.quick_probe(text, text, int);
drop index contact_emails_prefix_idx, clients_number_prefix_idx, cases_number_prefix_idx, cases_title_trigram_idx, contact_search_words_idx, case_search_words_idx;
alter table case_search drop column words;
drop function internal.spaced(text);
