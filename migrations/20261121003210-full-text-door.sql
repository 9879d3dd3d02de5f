-- How documents are found: one door takes the query, the filters and the place in the list, and gives ids, scores and
-- counts of what the caller may see. Its way, with figures: docs/decisions/0008-full-text.md.

-- migrate: up
-- What a document must be besides fitting the query, as SQL over "search_documents d".
create function internal.search_filter(firm uuid, f jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp as $f$
  select format('d.firm_id = %L::uuid and d.part = 0 and d.shown and %s', firm, internal.case_rule('d.case_id', 'd.restricted', true)) || concat(
    case when f ->> 'versions' is distinct from 'all' then ' and d.is_current' end,
    case when f ? 'caseId' then format(' and d.case_id = %L::uuid', f ->> 'caseId') end,
    case when f ? 'clientId' then format(' and d.case_id in (select c.id from public.cases c where c.firm_id = %L::uuid and c.client_id = %L::uuid)', firm, f ->> 'clientId') end,
    case when f ? 'type' then format(' and d.type = any (%L::text[])', array(select jsonb_array_elements_text(f -> 'type'))) end,
    case when f ? 'author' then format(' and d.author = %L', f ->> 'author') end,
    case when f ? 'year' then format(' and d.year = %L::int', f ->> 'year') end,
    case when f ? 'from' then format(' and d.dated >= %L::date', f ->> 'from') end,
    case when f ? 'to' then format(' and d.dated <= %L::date', f ->> 'to') end,
    case when f ?| '{privilege,tag,folderId}' then format(' and d.document_id in (select x.id from public.documents x where x.firm_id = %L::uuid%s)', firm, concat(
      case when f ? 'privilege' then format(' and x.privilege = any (%L::text[])', array(select jsonb_array_elements_text(f -> 'privilege'))) end,
      case when f ? 'tag' then format(' and x.tags && %L::text[]', array(select jsonb_array_elements_text(f -> 'tag'))) end,
      case when f ? 'folderId' then format($t$ and x.folder_id in (with recursive down(id) as (select %1$L::uuid union select o.id from public.folders o join down on o.firm_id = %2$L::uuid and o.parent_id = down.id) select id from down)$t$, f ->> 'folderId', firm) end)) end)
$f$;

-- Which documents fit a query tree, as SQL over "search_documents d" (part 0). phrases: for each of the tree, as SQL, the
-- set of versions that have it. multi: the words of a document stand in several rows.
create function internal.search_match(firm uuid, tree jsonb, phrases jsonb, multi text default null) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if tree ? 'and' or tree ? 'or' then
    return '(' || (select string_agg(internal.search_match(firm, part, phrases, multi), case when tree ? 'and' then ' and ' else ' or ' end order by n)
      from jsonb_array_elements(coalesce(tree -> 'and', tree -> 'or')) with ordinality x(part, n)) || ')';
  elsif tree ? 'not' then
    return format('(not %s)', internal.search_match(firm, tree -> 'not', phrases, multi));
  elsif tree ? 'phrase' then
    return 'd.version_id ' || (phrases ->> (tree ->> 'phrase')::int);
  elsif multi is not null then
    return format('d.version_id in (select s.version_id from public.search_documents s where s.firm_id = %L::uuid and s.terms @@ %L::tsquery)', firm, multi || ' & ' || (tree ->> 'q'));
  end if;
  return format('d.terms @@ %L::tsquery', tree ->> 'q');
end $$;

-- Versions with each phrase in a chunk or in the title: looked up once and written out where they are few, which spares
-- the statements after this the look, and them the documents' words.
create function internal.search_phrases(firm uuid, phrases jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  one jsonb; look text; ids uuid[]; result jsonb := '[]';
begin
  for one in select x from jsonb_array_elements(phrases) x loop
    look := format('select c.version_id from public.search_chunks c where c.firm_id = %1$L::uuid and c.words @@ %2$L::tsquery
      union all select s.version_id from public.search_documents s where s.firm_id = %1$L::uuid and s.terms @@ %3$L::tsquery and s.title @@ %4$L::tsquery', firm, one ->> 'chunk', one ->> 'titles', one ->> 'title');
    execute format('select array_agg(distinct x.version_id) from (%s limit 3001) x', look) into ids;
    result := result || jsonb_build_array(case when coalesce(cardinality(ids), 0) <= 3000 then format('= any (%L::uuid[])', coalesce(ids, '{}')) else format('in (%s)', look) end);
  end loop;
  return result;
end $$;

-- The documents that match, as SQL for "from (...) d".
create function internal.search_matches(firm uuid, p jsonb, filter text) returns text
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  cols constant text := 'd.version_id, d.document_id, d.case_id, d.type, d.author, d.year, d.chunks, d.title_length';
  phrases jsonb := internal.search_phrases(firm, p -> 'phrases');
  found text;
begin
  found := format('select %s from public.search_documents d where %s and not d.multi%s%s', cols, filter, case when p ->> 'all' is not null then format(' and d.terms @@ %L::tsquery', p ->> 'all') end,
    case when p -> 'exact' <> 'null' then ' and ' || internal.search_match(firm, p -> 'exact', phrases) end);
  if exists (select from public.search_documents s where s.firm_id = firm and s.multi and s.part = 0) then
    found := found || format(' union all select %s from public.search_documents d where %s and d.multi and %s', cols, filter, internal.search_match(firm, p -> 'tree', phrases, p ->> 'multi'));
  end if;
  return found;
end $$;

-- How often a word stands in a chunk, from ts_rank of that word alone, which is (1 + 1/4 + 1/9 + ...) / 1.645: read
-- backwards. unnest(words) would tell as well, but takes a hundred times as long.
create function internal.times_of_rank() returns float8[]
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select array_agg(((coalesce(before, 0) + upto) / 2) / 1.64493406685 order by n) from (
    select n, sum(1.0::float8 / (n * n)) over (order by n) as upto, sum(1.0::float8 / (n * n)) over (order by n rows between unbounded preceding and 1 preceding) as before from generate_series(1, 30) n) x
$f$;

-- What it needs for each chunk, as SQL to cross join.
create function internal.chunk_facts(average float8) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select format($t$cross join lateral (select 1.2 * (0.25 + 0.75 * c.length / %s::float8) as k, '{0,0,0,1}'::float4[] as weights, %L::float8[] as bounds offset 0) k$t$, average, internal.times_of_rank())
$f$;

-- The BM25 score of "search_chunks c" for terms [{q, idf}], as SQL: idf * 2.2 * times / (times + k), turned so that times is asked for once.
create function internal.chunk_score(terms jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select coalesce(string_agg(format('%s * 2.2 * (1 - k.k / (width_bucket(ts_rank(k.weights, c.words, %L::tsquery)::float8, k.bounds) + k.k))',
    x.t ->> 'idf', x.t ->> 'q'), ' + '), '0') from jsonb_array_elements(terms) x(t)
$f$;

-- The words that score, rarest first, with how many chunks have them and what they weigh; words that nobody wrote are left out.
create function internal.search_weights(firm uuid, p jsonb, total float8) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $f$
  select coalesce(jsonb_agg(jsonb_build_object('q', x.t ->> 'q', 'title', x.t ->> 'title', 'word', x.t ->> 'term', 'chunks', n.chunks,
      'idf', round(ln(1 + (greatest(total - n.chunks, 0) + 0.5) / (n.chunks + 0.5))::numeric, 4)) order by n.chunks, x.t ->> 'q') filter (where n.chunks > 0), '[]')
  from jsonb_array_elements(p -> 'terms') x(t)
  cross join lateral (select case when x.t ->> 'term' is not null
    then coalesce((select t.chunks from public.search_terms t where t.firm_id = firm and t.term = x.t ->> 'term'), 0)
    else least(coalesce((select sum(t.chunks) from (select t.chunks from public.search_terms t where t.firm_id = firm and t.term >= x.t ->> 'prefix' and t.term < (x.t ->> 'prefix') || chr(1114111) limit 2000) t), 0), total) end as chunks) n
$f$;

-- As many of these words, rarest first, as stand in so many chunks together; one at least.
create function internal.rarest(terms jsonb, budget float8, query text default 'q') returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select string_agg('(' || (x.t ->> query) || ')', ' | ') from (select t, sum((t ->> 'chunks')::float8) over (order by n) as upto, n from jsonb_array_elements(terms) with ordinality y(t, n)) x where x.n = 1 or x.upto <= budget
$f$;

-- What ranks documents, as SQL: one row for each of the versions $1, scored by those of its chunks that `source` gives (as
-- SQL for "from (...) c"), which may name $2 and $3: versions and ordinals.
create function internal.search_scores(firm uuid, p jsonb, terms jsonb, average float8, source text, class int) returns text
language sql stable set search_path = pg_catalog, pg_temp as $f$
  select format($t$
    with c as materialized (select c.version_id, c.ordinal, %1$s as score, %2$s as phrase, %3$s as together
      from (%4$s) c %5$s),
    best as (select c.version_id, max(c.score + case when c.phrase then %6$s::float8 * 0.5 else 0 end + case when c.together then %6$s::float8 * 0.25 else 0 end) as score, bool_or(c.phrase) as phrase,
        (array_agg(c.ordinal order by c.phrase desc, c.score desc, c.ordinal))[1:3] as ordinals from c group by c.version_id)
    select d.version_id, d.document_id, d.case_id, case when best.phrase or %7$s then 2 else %8$s end as class,
        round((coalesce(best.score, 0) + %9$s)::numeric, 4) as score, coalesce(best.ordinals, '{}') as ordinals
      from public.search_documents d left join best on best.version_id = d.version_id
      where d.firm_id = %10$L::uuid and d.part = 0 and d.version_id = any ($1)$t$,
    internal.chunk_score(terms),
    coalesce(case when p -> 'whole' ->> 'chunk' is not null then format('c.words @@ %L::tsquery', p -> 'whole' ->> 'chunk') end,
      '(' || (select string_agg(format('c.words @@ %L::tsquery', x.t ->> 'chunk'), ' or ') from jsonb_array_elements(p -> 'phrases') x(t)) || ')', 'false'),
    case when p ->> 'together' is null then 'false' else format('c.words @@ %L::tsquery', p ->> 'together') end, source, internal.chunk_facts(average),
    greatest((select sum((x.t ->> 'idf')::float8) from jsonb_array_elements(terms) x(t)), 0.01),
    case when p ->> 'together' is null then 'false' else format('d.title @@ %L::tsquery', p ->> 'together') end, class,
    coalesce((select string_agg(format('case when d.title @@ %L::tsquery then %s / (1 + 0.15 * d.title_length) else 0 end', x.t ->> 'q', (x.t ->> 'idf')::float8 * 2), ' + ') from jsonb_array_elements(terms) x(t)), '0'), firm)
$f$;

-- Counts by case, type, author and year of "d", most first, as SQL: how many in all, and the lists.
create function internal.search_facets(source text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select format($t$select coalesce(max(x.n) filter (where x.kind is null), 0), coalesce(jsonb_object_agg(x.kind, x.list) filter (where x.kind is not null), '{}')
    from (select y.kind, max(y.n) as n, jsonb_agg(jsonb_build_array(y.value, y.n) order by y.n desc, y.value) as list
      from (select z.*, row_number() over (partition by z.kind order by z.n desc, z.value) as place from (
        select case when grouping(d.case_id) = 0 then 'case' when grouping(d.type) = 0 then 'type' when grouping(d.author) = 0 then 'author' when grouping(d.year) = 0 then 'year' end as kind,
          coalesce(d.case_id::text, d.type, d.author, d.year::text) as value, count(*)::int as n
        from (%s) d group by grouping sets ((d.case_id), (d.type), (d.author), (d.year), ())) z where z.n > 0) y where y.place <= 50 group by y.kind) x$t$, source)
$f$;

-- Where more match than can be scored each: titles with the words, phrases, and chunks that are about the words most.
create function internal.search_candidates(firm uuid, p jsonb, terms jsonb, filter text, out versions uuid[], out ordinals int[])
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  more uuid[]; places int[]; query text;
  find constant text := 'select coalesce(array_agg(x.version_id), ''{}''), coalesce(array_agg(x.ordinal), ''{}'') from (select c.version_id, c.ordinal from public.search_chunks c
    join public.search_documents d on d.version_id = c.version_id where c.firm_id = %L::uuid and c.words @@ %L::tsquery and %s limit %s) x';
begin
  versions := '{}'; ordinals := '{}';
  if p ->> 'titles' is not null then
    execute format('select coalesce(array_agg(d.version_id), ''{}'') from (select d.version_id from public.search_documents d where %s and d.terms @@ %L::tsquery order by d.title_length, d.version_id desc limit 60) d', filter, p ->> 'titles') into versions;
    ordinals := coalesce(array_fill(0, array[cardinality(versions)]), '{}');
  end if;
  for query in select x.t ->> 'chunk' from jsonb_array_elements(p -> 'phrases') x(t)
    union all select p -> 'whole' ->> 'chunk' where (p -> 'whole' ->> 'pairs')::boolean or (terms -> 0 ->> 'chunks')::float8 <= 3000 loop
    execute format(find, firm, query, filter, 200) into more, places;
    versions := versions || more; ordinals := ordinals || places;
  end loop;
  -- from the highest level down, of the rarest word where all are wanted, else of each
  for level in reverse 6 .. 0 loop
    exit when cardinality(versions) >= 200;
    query := (select string_agg(format('(%s)', case when level = 0 then x.t ->> 'q' else left(x.t ->> 'q', -1) || '~' || level || '''' end), ' | ' order by x.n)
      from jsonb_array_elements(terms) with ordinality x(t, n) where (x.t ->> 'word' is not null or level = 0) and (p ->> 'together' is null or x.n = 1));
    continue when query is null;
    if p ->> 'together' is not null then query := format('(%s) & %s', query, p ->> 'together'); end if;
    execute format(find, firm, query, filter, 250) into more, places;
    versions := versions || more; ordinals := ordinals || places;
  end loop;
end $$;

-- Documents with only some of the words, best first: of the rarest words, since those with a common one are countless.
create function internal.search_partial(firm uuid, p jsonb, terms jsonb, average float8, filter text, without uuid[]) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  ids uuid[]; versions uuid[]; ordinals int[]; result jsonb;
  budget float8 := greatest(1500, 40000 / jsonb_array_length(terms));
  fit text := filter || case when p ->> 'must' is not null then format(' and d.terms @@ %L::tsquery', p ->> 'must') else '' end || ' and d.version_id <> all ($1)';
begin
  execute format('with c as materialized (select c.version_id, c.ordinal, %1$s as score from public.search_chunks c %2$s
      where c.firm_id = %3$L::uuid and c.words @@ %4$L::tsquery limit 20000),
    top as (select c.version_id, c.ordinal, c.score, row_number() over (partition by c.version_id order by c.score desc, c.ordinal) as place from c),
    good as (select t.version_id from top t join public.search_documents d on d.version_id = t.version_id where t.place = 1 and %5$s order by t.score desc, t.version_id desc limit 200)
    select coalesce(array_agg(t.version_id), ''{}''), coalesce(array_agg(t.ordinal), ''{}'') from top t where t.place <= 3 and t.version_id in (select good.version_id from good)',
    internal.chunk_score(terms), internal.chunk_facts(average), firm, internal.rarest(terms, budget), fit) into versions, ordinals using without;
  -- and by their titles alone
  execute format('select coalesce(array_agg(d.version_id), ''{}'') from (select d.version_id from public.search_documents d where %s and d.terms @@ %L::tsquery order by d.title_length, d.version_id desc limit 100) d',
    fit, internal.rarest(terms, budget, 'title')) into ids using without;
  ids := ids || versions;
  execute format('select coalesce(jsonb_agg(to_jsonb(x)), ''[]'') from (select x.* from (%s) x order by x.score desc, x.version_id desc limit 200) x',
    internal.search_scores(firm, (p - 'whole') || '{"phrases": [], "together": null}', terms, average, internal.chosen_chunks(firm), 0)) into result using ids, versions, ordinals;
  return result;
end $$;

create function internal.chosen_chunks(firm uuid) returns text
language sql immutable set search_path = pg_catalog, pg_temp as
$f$ select format('select c.* from (select distinct * from unnest($2, $3)) w(id, n) join public.search_chunks c on c.firm_id = %L::uuid and c.version_id = w.id and c.ordinal = w.n', firm) $f$;

-- Hits that were found by their title or not scored get a passage: the first chunk with one of the words.
create function internal.search_places(firm uuid, terms jsonb, hits jsonb) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $f$
  select coalesce(jsonb_agg(case when h.hit -> 'ordinals' <> '[]' then h.hit else h.hit || jsonb_build_object('ordinals', coalesce(
      (select jsonb_build_array(c.ordinal) from public.search_chunks c where c.firm_id = firm and c.version_id = (h.hit ->> 'version_id')::uuid
        and (c.words @@ coalesce(internal.rarest(terms, 'infinity'), '')::tsquery) is true order by c.ordinal limit 1), '[]')) end order by h.n), '[]')
    from jsonb_array_elements(hits) with ordinality h(hit, n)
$f$;

-- Where the documents that match are few enough to be scored each: through the index of words where one is rare, else
-- through their own chunks, the first of each.
create function internal.search_chunks_of(firm uuid, terms jsonb, documents int, size bigint) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select case when size > 2000 and (terms -> 0 ->> 'chunks')::float8 <= 20000
    then format('select c.* from public.search_chunks c where c.firm_id = %L::uuid and c.words @@ %L::tsquery and (c.version_id = any ($1)) is true', firm, internal.rarest(terms, least(size, 20000)))
    else format('select c.* from unnest($1) v(id) cross join lateral (select c.* from public.search_chunks c where c.firm_id = %L::uuid and c.version_id = v.id and c.ordinal < %s and (c.words @@ %L::tsquery) is true) c',
      firm, greatest(10, 8000 / greatest(documents, 1)), coalesce(internal.rarest(terms, 'infinity'), '')) end
$f$;

-- p: the plan (src/modules/search/query/plan.ts); f: filters; p_after: class, score and version of the last hit before.
-- Classes: 2 a phrase or a title has the words, 1 the document has all, 0 some.
create function doors.search(p jsonb, f jsonb, p_limit int, p_after jsonb, p_facets boolean) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set jit = off set work_mem = '48MB' as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) = any ('{user,system}') then nullif(current_setting('app.firm_id', true), '')::uuid end;
  most constant int := 800; -- so many documents are scored each; of more, the best candidates
  filter text; matches text; statement text; source text; terms jsonb; facets jsonb := '{}'; partial jsonb := '[]'; hits jsonb;
  total float8; average float8; size bigint; found int; ids uuid[]; versions uuid[]; ordinals int[];
begin
  if firm is null then return jsonb_build_object('total', 0, 'facets', facets, 'hits', partial, 'partial', 0); end if;
  select greatest(t.chunks, 1), greatest(t.words / greatest(t.chunks, 1), 1) into total, average from public.search_totals t where t.firm_id = firm;
  total := coalesce(total, 1); average := coalesce(average, 1);
  filter := internal.search_filter(firm, f);
  matches := internal.search_matches(firm, p, filter);
  terms := internal.search_weights(firm, p, total);
  execute format('select coalesce(array_agg(d.version_id), ''{}''), coalesce(sum(d.chunks), 0) from (select * from (%s) d limit %s) d', matches, most + 1) into ids, size;
  found := cardinality(ids);
  if found <= most then
    if p_facets and found > 0 then execute internal.search_facets(internal.search_among(firm, '$1')) into found, facets using ids; end if;
    source := internal.search_chunks_of(firm, terms, found, size);
  else
    if p_facets then execute internal.search_facets(matches) into found, facets; end if;
    select x.versions, x.ordinals into versions, ordinals from internal.search_candidates(firm, p, terms, filter) x;
    if (p ->> 'plain')::boolean then ids := versions;
    else execute format('select coalesce(array_agg(d.version_id), ''{}'') from (%s) d where d.version_id = any ($1)', matches) into ids using versions; end if;
    source := internal.chosen_chunks(firm);
  end if;
  statement := format('select x.* from (%s) x', internal.search_scores(firm, p, terms, average, source, 1));
  if versions is not null and (p_after is not null or cardinality(ids) < p_limit) then
    statement := statement || format(' union all select d.version_id, d.document_id, d.case_id, 1, 0::numeric, ''{}''::int[] from (select * from (%s) d where d.version_id <> all ($1)
      and ($4::int is null or (1, 0::numeric, d.version_id) < ($4, $5, $6)) order by d.version_id desc limit $7) d', matches);
  elsif versions is null and found < 50 and (p ->> 'some')::boolean and jsonb_array_length(terms) > 0 then
    partial := internal.search_partial(firm, p, terms, average, filter, ids);
    if p_facets and found = 0 and jsonb_array_length(partial) > 0 then
      execute internal.search_facets(internal.search_among(firm, '(array(select (h ->> ''version_id'')::uuid from jsonb_array_elements($1) h))')) into size, facets using partial;
    end if;
    statement := statement || ' union all select h.* from jsonb_to_recordset($8) h(version_id uuid, document_id uuid, case_id uuid, class int, score numeric, ordinals int[])';
  end if;
  execute format('select coalesce(jsonb_agg(to_jsonb(x) order by x.class desc, x.score desc, x.version_id desc), ''[]'') from (select * from (%s) x
    where $4::int is null or (x.class, x.score, x.version_id) < ($4, $5, $6) order by x.class desc, x.score desc, x.version_id desc limit $7) x', statement)
    into hits using ids, versions, ordinals, (p_after ->> 0)::int, (p_after ->> 1)::numeric, (p_after ->> 2)::uuid, p_limit, partial;
  return jsonb_build_object('total', found, 'facets', facets, 'hits', internal.search_places(firm, terms, hits), 'partial', jsonb_array_length(partial));
end $$;

create function internal.search_among(firm uuid, versions text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as
$f$ select format('select d.* from public.search_documents d where d.firm_id = %L::uuid and d.part = 0 and d.version_id = any (%s)', firm, versions) $f$;
alter function doors.search(jsonb, jsonb, int, jsonb, boolean) owner to {{engine}};
revoke execute on function doors.search(jsonb, jsonb, int, jsonb, boolean) from public;
grant execute on function doors.search(jsonb, jsonb, int, jsonb, boolean) to {{app}};

-- migrate: down
drop function doors.search(jsonb, jsonb, int, jsonb, boolean), internal.search_among(uuid, text), internal.search_chunks_of(uuid, jsonb, int, bigint), internal.search_places(uuid, jsonb, jsonb),
  internal.chosen_chunks(uuid), internal.search_partial(uuid, jsonb, jsonb, float8, text, uuid[]), internal.search_candidates(uuid, jsonb, jsonb, text), internal.search_facets(text),
  internal.search_scores(uuid, jsonb, jsonb, float8, text, int), internal.rarest(jsonb, float8, text), internal.search_weights(uuid, jsonb, float8), internal.chunk_score(jsonb), internal.chunk_facts(float8),
  internal.times_of_rank(), internal.search_matches(uuid, jsonb, text), internal.search_phrases(uuid, jsonb), internal.search_match(uuid, jsonb, jsonb, text), internal.search_filter(uuid, jsonb);
