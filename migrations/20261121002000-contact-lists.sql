-- What the lists of contacts and clients look up: words of names, e-mail addresses, digits of phones, tags. Row-level
-- security keeps trigrams and containment from being index conditions, hence the doors.

-- migrate: up
create index contacts_tags_idx on contacts using gin (internal.firm_words(firm_id, tags));
create index contact_emails_trigram_idx on contact_emails using gin (email public.gin_trgm_ops);
create index contact_phones_digits_idx on contact_phones using gin ((regexp_replace(phone, '[^0-9]', '', 'g')) public.gin_trgm_ops);
create index clients_number_trigram_idx on clients using gin (lower(number) public.gin_trgm_ops);

-- Ids of one page of contacts (p_of 'contacts') or clients ('clients'), in order. It re-checks firm and hidden cases.
--   p_filters: q, email, phone, tag, kind, isClient, updatedSince, status, attorneyId
--   p_key, p_id: the last row of the page before; p_limit null: all, for counting
-- A filter that few contacts fit is looked up first; one that many fit is tried along the sort's index, where the page
-- fills soon.
create function doors.contact_ids(p_of text, p_filters jsonb, p_sort text, p_descending boolean, p_key text, p_id uuid, p_limit int) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) in ('user', 'system') then nullif(current_setting('app.firm_id', true), '')::uuid end;
  clients boolean := p_of = 'clients';
  few constant int := 2000;
  text_q text := lower(p_filters ->> 'q');
  normal text := internal.normal_name(p_filters ->> 'q');
  words text[]; pattern text; lead text; digits text; found uuid[]; lookup text; lookups text[] := '{}'; conditions text[] := '{}';
  key_column text; key_type text; id_column text := case p_of when 'clients' then 'k.id' else 'c.id' end; direction text := case when p_descending then 'desc' else 'asc' end;
begin
  if firm is null then return; end if;
  key_column := case p_of || '.' || p_sort when 'contacts.name' then 'c.sort_name' when 'clients.name' then 'c.sort_name' when 'clients.number' then 'k.number'
    when 'contacts.createdAt' then 'c.created_at' when 'contacts.updatedAt' then 'c.updated_at'
    when 'clients.createdAt' then 'k.created_at' when 'clients.updatedAt' then 'k.updated_at' when 'clients.openedOn' then 'k.opened_on' end;
  if key_column is null then raise exception 'no sort % of %', p_sort, p_of using errcode = '22023'; end if;
  key_type := case p_sort when 'name' then 'text' when 'number' then 'text' when 'openedOn' then 'date' else 'timestamptz' end;

  if p_filters ? 'email' then
    lookups := lookups || 'select e.contact_id from public.contact_emails e where e.firm_id = $1 and lower(e.email) = lower($2 ->> ''email'')'::text;
    conditions := conditions || 'exists (select from public.contact_emails e where e.firm_id = $1 and e.contact_id = c.id and lower(e.email) = lower($2 ->> ''email''))'::text;
  end if;
  if p_filters ? 'phone' then
    digits := '%' || regexp_replace(p_filters ->> 'phone', '[^0-9]', '', 'g');
    lookups := lookups || 'select p.contact_id from public.contact_phones p where p.firm_id = $1 and regexp_replace(p.phone, ''[^0-9]'', '''', ''g'') like $4'::text;
    conditions := conditions || 'exists (select from public.contact_phones p where p.firm_id = $1 and p.contact_id = c.id and regexp_replace(p.phone, ''[^0-9]'', '''', ''g'') like $4)'::text;
  end if;
  if text_q is not null then
    -- an apostrophe, a percent sign: nothing is left of it in a normal name, so it is looked for as it stands
    words := case when normal = '' then array[text_q] else string_to_array(normal, ' ') end;
    words := array(select '%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%' from unnest(words) with ordinality u(w, n) order by length(w) < 3, n);
    lead := words[1];
    pattern := '%' || replace(replace(replace(text_q, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    lookups := lookups || (format('select s.contact_id from public.contact_search s where s.firm_id = $1 and %s like $6 and (s.normal || '' '' || lower(s.name)) like all ($3)',
        case when normal = '' then 'lower(s.name)' else 's.normal' end)
      || ' union all select e.contact_id from public.contact_emails e where e.firm_id = $1 and e.email like $5'
      || case when clients then ' union all select k.contact_id from public.clients k where k.firm_id = $1 and lower(k.number) like $5' else '' end);
    conditions := conditions || ('(exists (select from public.contact_search s where s.firm_id = $1 and s.contact_id = c.id and (s.normal || '' '' || lower(s.name)) like all ($3))'
      || ' or exists (select from public.contact_emails e where e.firm_id = $1 and e.contact_id = c.id and e.email like $5)'
      || case when clients then ' or lower(k.number) like $5)' else ')' end);
  end if;
  if p_filters ? 'tag' then
    lookups := lookups || 'select t.id from public.contacts t where t.firm_id = $1 and internal.firm_words(t.firm_id, t.tags) @> array[$1 || '':'' || ($2 ->> ''tag'')]'::text;
    conditions := conditions || '($2 ->> ''tag'') = any (c.tags)'::text;
  end if;
  if p_filters ? 'kind' then conditions := conditions || 'c.kind = $2 ->> ''kind'''::text; end if;
  if p_filters ? 'isClient' then
    conditions := conditions || '($2 ->> ''isClient'')::boolean = exists (select from public.clients x where x.firm_id = $1 and x.contact_id = c.id)'::text;
  end if;
  if p_filters ? 'updatedSince' then conditions := conditions || format('%s.updated_at >= ($2 ->> ''updatedSince'')::timestamptz', left(id_column, 1)); end if;
  if p_filters ? 'status' then conditions := conditions || 'k.status = $2 ->> ''status'''::text; end if;
  if p_filters ? 'attorneyId' then
    conditions := conditions || format('exists (select from public.cases x where x.firm_id = $1 and x.client_id = k.id and x.responsible_attorney_id = ($2 ->> ''attorneyId'')::uuid and %s)',
      internal.case_rule('x.id', $t$(x.access = 'restricted')$t$, true));
  end if;

  foreach lookup in array lookups loop
    execute format('select array_agg(distinct w.id) from (select u.id from (%s) u(id) limit %s) w', lookup, few + 1)
      into found using firm, p_filters, words, digits, pattern, lead;
    if found is null then return; end if;
    exit when cardinality(found) <= few;
    found := null;
  end loop;
  if found is not null then conditions := conditions || 'c.id = any ($7)'::text; end if;
  if p_id is not null then
    conditions := conditions || format('(%s, %s) %s ($8::%s, $9)', key_column, id_column, case when p_descending then '<' else '>' end, key_type);
  end if;
  return query execute format('select %1$s from public.contacts c%2$s where c.firm_id = $1 and %3$s%4$s order by %5$s %6$s, %1$s %6$s limit $10',
      id_column, case when clients then ' join public.clients k on k.firm_id = c.firm_id and k.contact_id = c.id and k.firm_id = $1' else '' end,
      internal.contact_rule('c.id', true), (select coalesce(string_agg(' and ' || x, ''), '') from unnest(conditions) x), key_column, direction)
    using firm, p_filters, words, digits, pattern, lead, found, p_key, p_id, p_limit;
end $$;

-- Contacts that may be the same as this one: an equal e-mail address, or an equal name whatever the spelling, order of
-- words or legal form, aliases included. It re-checks firm and hidden cases, of the one asked about as well.
create function doors.similar_contacts(p_id uuid) returns table (id uuid, reasons text[])
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) in ('user', 'system') then nullif(current_setting('app.firm_id', true), '')::uuid end;
begin
  if firm is null then return; end if;
  return query execute format($q$
    with same as (
      select s.contact_id, 'name' as reason from public.contact_search o join public.contact_search s on s.firm_id = $1 and s.sorted = o.sorted
        where o.firm_id = $1 and o.contact_id = $2 and o.sorted <> ''
      union select e.contact_id, 'email' from public.contact_emails o join public.contact_emails e on e.firm_id = $1 and lower(e.email) = lower(o.email)
        where o.firm_id = $1 and o.contact_id = $2)
    select c.id, array_agg(same.reason order by same.reason) from same join public.contacts c on c.firm_id = $1 and c.id = same.contact_id
    where c.id <> $2 and %s and exists (select from public.contacts me where me.firm_id = $1 and me.id = $2 and %s)
    group by c.id order by count(*) desc, c.id limit 10$q$, internal.contact_rule('c.id', true), internal.contact_rule('me.id', true))
    using firm, p_id;
end $$;

alter function doors.contact_ids(text, jsonb, text, boolean, text, uuid, int) owner to {{engine}};
alter function doors.similar_contacts(uuid) owner to {{engine}};
revoke execute on function doors.contact_ids(text, jsonb, text, boolean, text, uuid, int), doors.similar_contacts(uuid) from public;
grant execute on function doors.contact_ids(text, jsonb, text, boolean, text, uuid, int), doors.similar_contacts(uuid) to {{app}};

-- migrate: down
drop function doors.similar_contacts(uuid), doors.contact_ids(text, jsonb, text, boolean, text, uuid, int);
drop index clients_number_trigram_idx, contact_phones_digits_idx, contact_emails_trigram_idx, contacts_tags_idx;
