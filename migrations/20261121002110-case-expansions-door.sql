-- What ?expand= adds to cases: client, people, parties, the next deadline. Who sees a case sees these of it (a contact that
-- is known through a visible case is visible), so the door asks once per case what the policies of six tables would ask
-- once per row: a page of 50 with three expansions takes a third of the time. See docs/decisions/0006-case-lists.md.

-- migrate: up
do $do$ begin
  execute format($create$
create function doors.expand_cases(p_ids uuid[], p_names text[])
returns table (case_id uuid, client json, "responsibleAttorney" json, "originatingAttorney" json, members json, parties json, "nextDeadline" json)
language plpgsql stable security definer rows 51 set search_path = pg_catalog, public, pg_temp as $f$
#variable_conflict use_column
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  ids uuid[]; with_client boolean := 'client' = any (p_names); with_attorneys boolean := 'attorneys' = any (p_names);
  with_members boolean := 'members' = any (p_names); with_parties boolean := 'parties' = any (p_names); with_deadline boolean := 'nextDeadline' = any (p_names);
begin
  if firm is null or coalesce(current_setting('app.actor_kind', true), '') not in ('user', 'system') or cardinality(p_ids) > 201 then return; end if;
  ids := array(select c.id from public.cases c where c.firm_id = firm and c.id = any (p_ids) and %s);
  return query
  select c.id,
    case when with_client then (select json_build_object('id', k.id, 'number', k.number, 'name', p.name, 'contactId', p.id, 'kind', p.kind)
      from public.clients k join public.contacts p on p.firm_id = firm and p.id = k.contact_id where k.firm_id = firm and k.id = c.client_id) end,
    case when with_attorneys then (select json_build_object('id', u.id, 'name', u.name, 'initials', u.initials) from public.users u where u.firm_id = firm and u.id = c.responsible_attorney_id) end,
    case when with_attorneys then (select json_build_object('id', u.id, 'name', u.name, 'initials', u.initials) from public.users u where u.firm_id = firm and u.id = c.originating_attorney_id) end,
    case when with_members then coalesce(m.list, '[]') end,
    case when with_parties then coalesce(q.list, '[]') end,
    case when with_deadline then (select json_build_object('id', e.id, 'title', e.title, 'kind', e.kind, 'allDay', e.all_day,
        'startsAt', to_char(e.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      from public.case_events e where e.firm_id = firm and e.case_id = c.id and e.kind in ('deadline', 'filing', 'hearing', 'trial') and e.status = 'scheduled'
        and e.starts_at >= now() order by e.starts_at, e.id limit 1) end
  from public.cases c
  left join (select s.case_id as of_case, json_agg(json_build_object('id', s.id, 'userId', s.user_id, 'name', u.name, 'initials', u.initials, 'role', s.role)
      order by u.family_name, u.given_name, s.id) as list
    from public.case_members s join public.users u on u.firm_id = firm and u.id = s.user_id
    where with_members and s.firm_id = firm and s.case_id = any (ids) group by s.case_id) m on m.of_case = c.id
  left join (select s.case_id as of_case, json_agg(json_build_object('id', s.id, 'contactId', s.contact_id, 'name', p.name, 'role', s.role, 'side', s.side)
      order by s.side, p.sort_name, s.id) as list
    from public.case_parties s join public.contacts p on p.firm_id = firm and p.id = s.contact_id
    where with_parties and s.firm_id = firm and s.case_id = any (ids) group by s.case_id) q on q.of_case = c.id
  where c.firm_id = firm and c.id = any (ids);
end $f$
$create$, internal.case_rule('c.id', $$(c.access = 'restricted')$$, true));
end $do$;
alter function doors.expand_cases(uuid[], text[]) owner to {{engine}};
revoke execute on function doors.expand_cases(uuid[], text[]) from public;
grant execute on function doors.expand_cases(uuid[], text[]) to {{app}};

-- migrate: down
drop function doors.expand_cases(uuid[], text[]);
