-- Lists of cases by tag, metadata or text: operators that row-level security keeps from being index conditions. One door
-- takes all filters, the sort key and the cursor, and gives at most limit + 1 ids in order. How it chooses its way:
-- docs/decisions/0006-case-lists.md.

-- migrate: up
-- What a case must be, as SQL over "cases c": conditions that need no door.
create function internal.case_filter(f jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select concat(
    case when f ? 'status' then format(' and c.status = any (%L::text[])', array(select jsonb_array_elements_text(f -> 'status'))) end,
    case when f ? 'clientId' then format(' and c.client_id = %L::uuid', f ->> 'clientId') end,
    case when f ? 'memberId' then format(' and exists (select from public.case_members m where m.firm_id = c.firm_id and m.case_id = c.id and m.user_id = %L::uuid)', f ->> 'memberId') end,
    case when f ? 'responsibleAttorneyId' then format(' and c.responsible_attorney_id = %L::uuid', f ->> 'responsibleAttorneyId') end,
    case when f ? 'practiceArea' then format(' and c.practice_area = %L', f ->> 'practiceArea') end,
    case when f ? 'access' then format(' and c.access = %L', f ->> 'access') end,
    case when f ? 'updatedSince' then format(' and c.updated_at >= %L::timestamptz', f ->> 'updatedSince') end,
    (select string_agg(format(' and c.%1$I %2$s %3$L::date and (case when c.%1$I is null then date ''infinity'' else c.%1$I end) %2$s %3$L::date', r.col, r.op, f ->> r.name), '' order by r.name)
      from (values ('openedFrom', 'opened_on', '>='), ('openedTo', 'opened_on', '<='), ('closedFrom', 'closed_on', '>='), ('closedTo', 'closed_on', '<='),
        ('limitationFrom', 'limitation_on', '>='), ('limitationTo', 'limitation_on', '<=')) r(name, col, op) where f ? r.name))
$f$;

-- Those that do, of one firm. indexed: written so that the indexes of words and paths match.
create function internal.case_match(firm uuid, f jsonb, indexed boolean) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $f$
  select concat(
    case when f ? 'tags' then case when indexed
      then format(' and internal.firm_words(c.firm_id, c.tags) && %L::text[]', internal.firm_words(firm, array(select jsonb_array_elements_text(f -> 'tags'))))
      else format(' and c.tags && %L::text[]', array(select jsonb_array_elements_text(f -> 'tags'))) end end,
    case when f ? 'metadata' then case when indexed
      then format(' and internal.firm_json(c.firm_id, c.metadata) @> %L::jsonb', internal.firm_json(firm, f -> 'metadata'))
      else format(' and c.metadata @> %L::jsonb', f -> 'metadata') end end,
    case when w.likes is not null then case when indexed
      then format(' and c.id in (select s.case_id from public.case_search s where s.firm_id = %L::uuid%s)', firm, w.likes)
      else format(' and exists (select from public.case_search s where s.firm_id = %L::uuid and s.case_id = c.id%s offset 0)', firm, w.likes) end end)
  from (select string_agg(format(' and s.content like %L', '%' || replace(replace(replace(lower(unaccent(q.word)), '\', '\\'), '%', '\%'), '_', '\_') || '%'), '') as likes
    from jsonb_array_elements_text(f -> 'words') q(word)) w
$f$;

create function internal.case_sort_key(sort text) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select case ltrim(sort, '-')
    when 'openedOn' then array['coalesce(c.opened_on, date ''infinity'')', 'date']
    when 'closedOn' then array['coalesce(c.closed_on, date ''infinity'')', 'date']
    when 'limitationOn' then array['coalesce(c.limitation_on, date ''infinity'')', 'date']
    when 'number' then array['c.number', 'text']
    when 'title' then array['c.title', 'text']
    when 'createdAt' then array['c.created_at', 'timestamptz']
    when 'updatedAt' then array['c.updated_at', 'timestamptz'] end
$f$;

-- The statement inside the door. way 'walk': along the sort, looking at `reach` cases at most; way 'look': through the
-- indexes of tags, metadata and text, then sorted. Both answer one row: ids, keys, and (where the walk found less than a
-- page) how many cases it looked at.
create function internal.case_page(firm uuid, f jsonb, sort text, after_key text, after_id uuid, max_rows int, way text, reach int default 2000) returns text
language sql stable set search_path = pg_catalog, pg_temp as $f$
  select case way
    when 'walk' then format($t$with c as materialized (select c.id, c.access, c.tags, c.metadata, %1$s as sort_key from public.cases c where c.firm_id = %2$L::uuid%3$s%4$s
        order by %1$s %5$s, c.id %5$s limit %6$s),
      found as materialized (select c.id, c.sort_key from c where %7$s%8$s limit %9$s)
      select coalesce((select array_agg(x.id order by x.sort_key %5$s, x.id %5$s) from found x), '{}'), coalesce((select array_agg(x.sort_key::text order by x.sort_key %5$s, x.id %5$s) from found x), '{}'),
        case when (select count(*) from found) < %9$s then (select count(*)::int from c) end$t$,
      k.key, firm, internal.case_filter(f), k.after, k.direction, reach, internal.case_rule('c.id', $$(c.access = 'restricted')$$, true), internal.case_match(firm, f, false), max_rows)
    when 'look' then format($t$with found as materialized (select c.id, %1$s as sort_key from public.cases c where c.firm_id = %2$L::uuid%3$s%4$s and %5$s%6$s),
      page as (select x.id, x.sort_key from found x order by x.sort_key %7$s, x.id %7$s limit %8$s)
      select coalesce(array_agg(x.id order by x.sort_key %7$s, x.id %7$s), '{}'), coalesce(array_agg(x.sort_key::text order by x.sort_key %7$s, x.id %7$s), '{}'), null::int from page x$t$,
      k.key, firm, internal.case_filter(f), k.after, internal.case_rule('c.id', $$(c.access = 'restricted')$$, true), internal.case_match(firm, f, true), k.direction, max_rows)
    when 'count' then format('select count(*)::int from public.cases c where c.firm_id = %L::uuid%s and %s%s',
      firm, internal.case_filter(f), internal.case_rule('c.id', $$(c.access = 'restricted')$$, true), internal.case_match(firm, f, true)) end
  from (select key[1] as key, case when sort like '-%' then 'desc' else 'asc' end as direction,
      case when after_key = 'infinity' and key[2] = 'date' and sort not like '-%' then format(' and %s = date ''infinity'' and c.id > %L::uuid', key[1], after_id)
        when after_id is not null then format(' and (%s, c.id) %s (%L::%s, %L::uuid)', key[1], case when sort like '-%' then '<' else '>' end, after_key, key[2], after_id) end as after
    from internal.case_sort_key(sort) key) k
$f$;

create function doors.find_cases(p_filter jsonb, p_sort text, p_after_key text, p_after_id uuid, p_rows int)
returns table (id uuid, sort_key text, place bigint)
language plpgsql stable security definer rows 51 set search_path = pg_catalog, public, pg_temp set jit = off as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  wanted int := least(greatest(p_rows, 1), 201);
  reach constant int := 2000;
  ids uuid[]; keys text[]; looked int;
begin
  if firm is null or coalesce(current_setting('app.actor_kind', true), '') not in ('user', 'system') then return; end if;
  if internal.case_sort_key(p_sort) is null then raise exception 'cases are not sorted by %', p_sort using errcode = '22023'; end if;
  execute internal.case_page(firm, p_filter, p_sort, p_after_key, p_after_id, wanted, 'walk', reach) into ids, keys, looked;
  if looked = reach then
    execute internal.case_page(firm, p_filter, p_sort, p_after_key, p_after_id, wanted, 'look') into ids, keys, looked;
  end if;
  return query select u.id, u.sort_key, u.place from unnest(ids, keys) with ordinality u(id, sort_key, place);
end $$;

create function doors.count_cases(p_filter jsonb) returns int
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set jit = off as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  total int;
begin
  if firm is null or coalesce(current_setting('app.actor_kind', true), '') not in ('user', 'system') then return 0; end if;
  execute internal.case_page(firm, p_filter, 'openedOn', null, null, 1, 'count') into total;
  return total;
end $$;

alter function doors.find_cases(jsonb, text, text, uuid, int) owner to {{engine}};
alter function doors.count_cases(jsonb) owner to {{engine}};
revoke execute on function doors.find_cases(jsonb, text, text, uuid, int), doors.count_cases(jsonb) from public;
grant execute on function doors.find_cases(jsonb, text, text, uuid, int), doors.count_cases(jsonb) to {{app}};

-- migrate: down
drop function doors.count_cases(jsonb), doors.find_cases(jsonb, text, text, uuid, int),
  internal.case_page(uuid, jsonb, text, text, uuid, int, text, int), internal.case_sort_key(text),
  internal.case_match(uuid, jsonb, boolean), internal.case_filter(jsonb);
