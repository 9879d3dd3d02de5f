-- Work on a case is given to people: who of them sees the case. And what the lists of notes, tasks and events sort by.

-- migrate: up
-- Seats and walls of others are nobody's to read, hence a door. It answers only about a case that the caller sees.
create function doors.who_sees_case(p_case uuid, p_users uuid[]) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) = any ('{user,system}') then nullif(current_setting('app.firm_id', true), '')::uuid end;
  visible boolean;
begin
  if firm is null or not exists (select from public.cases c where c.firm_id = firm and c.id = p_case) then return; end if;
  execute format('select %s from (select $1 as id) x', internal.case_rule('x.id', null, true)) into visible using p_case;
  if visible is not true then return; end if;
  return query select u.id from public.users u
    where u.firm_id = firm and u.id = any (p_users) and u.status <> 'deactivated'
      and not exists (select from public.case_screens s where s.firm_id = firm and s.user_id = u.id and s.case_id = p_case
        and s.starts_at <= now() and (s.ends_at is null or s.ends_at > now()))
      and (not exists (select from public.case_restrictions r where r.firm_id = firm and r.case_id = p_case)
        or exists (select from public.case_seats m where m.firm_id = firm and m.user_id = u.id and m.case_id = p_case));
end $$;
alter function doors.who_sees_case(uuid, uuid[]) owner to {{engine}};
revoke execute on function doors.who_sees_case(uuid, uuid[]) from public;
grant execute on function doors.who_sees_case(uuid, uuid[]) to {{app}};

-- pinned notes first, then the newest
create index case_notes_rank_idx on case_notes (firm_id, case_id,
  ((case when pinned then 1000000000000 else 0 end) + extract(epoch from created_at - timestamptz '2000-01-01 00:00:00+00')), id);
-- sorts of lists are never null: what is not due comes last
create index case_tasks_case_due_idx on case_tasks (firm_id, case_id, (coalesce(due_on, date '9999-12-31')), id);
create index case_tasks_mine_due_idx on case_tasks (firm_id, assignee_id, (coalesce(due_on, date '9999-12-31')), id);
create index case_tasks_all_due_idx on case_tasks (firm_id, (coalesce(due_on, date '9999-12-31')), id);
create index case_tasks_priority_idx on case_tasks (firm_id, (array_position('{low,normal,high,urgent}'::text[], priority)), id);
-- what goes on for days is in a range though it began before it
create index case_events_long_idx on case_events (firm_id, ends_at) where ends_at - starts_at > interval '1 day';

-- migrate: down
drop index case_events_long_idx, case_tasks_priority_idx, case_tasks_all_due_idx, case_tasks_mine_due_idx, case_tasks_case_due_idx, case_notes_rank_idx;
drop function doors.who_sees_case(uuid, uuid[]);
