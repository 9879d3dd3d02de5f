-- Hidden cases leave no trace in what is told about them, and whoever tries to reach one leaves a trace himself.

-- migrate: up
-- A reminder or mail about a case goes the way of the case. Null: it is about no case.
alter table notifications add column case_id uuid;
alter table notifications add constraint notifications_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict;
create index notifications_case_idx on notifications (firm_id, case_id) where case_id is not null;
call internal.hide_cases('notifications');
alter table emails add column case_id uuid;
alter table emails add constraint emails_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict;
create index emails_case_idx on emails (firm_id, case_id) where case_id is not null;
call internal.hide_cases('emails');

-- After a 404 by id: whether the row is there and hidden from the caller. A walled-off person's attempt is recorded as
-- access.screened, anybody else's at a restricted case as access.restricted. The answer is for tests: a route gives
-- the same 404 either way.
create function doors.was_walled(p_table text, p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  me uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  origin jsonb := coalesce(nullif(current_setting('app.origin', true), '')::jsonb, '{}');
  about_case uuid; about_contact uuid; visible boolean; screen uuid;
begin
  if current_setting('app.actor_kind', true) is distinct from 'user' or firm is null or me is null then return false; end if;
  if p_table = 'cases' then
    select c.id into about_case from public.cases c where c.firm_id = firm and c.id = p_id;
  elsif p_table in ('case_members', 'case_parties', 'case_walls', 'case_notes', 'case_tasks', 'case_task_items', 'case_events', 'case_event_attendees', 'conflict_checks') then
    execute format('select t.case_id from public.%I t where t.firm_id = $1 and t.id = $2', p_table) into about_case using firm, p_id;
  elsif p_table = 'contacts' then
    select c.id into about_contact from public.contacts c where c.firm_id = firm and c.id = p_id;
  elsif p_table in ('clients', 'contact_names', 'contact_emails', 'contact_phones', 'contact_addresses') then
    execute format('select t.contact_id from public.%I t where t.firm_id = $1 and t.id = $2', p_table) into about_contact using firm, p_id;
  else
    raise exception 'no rows of % are hidden', p_table using errcode = '22023';
  end if;
  if about_case is null and about_contact is null then return false; end if;
  if about_case is not null then
    execute format('select %s from (select $1 as id) x', internal.case_rule('x.id', null, true)) into visible using about_case;
  else
    execute format('select %s from (select $1 as id) x', internal.contact_rule('x.id', true)) into visible using about_contact;
  end if;
  if visible then return false; end if;
  select s.case_id into screen from public.case_screens s
    where s.firm_id = firm and s.user_id = me and s.starts_at <= now() and (s.ends_at is null or s.ends_at > now())
      and (s.case_id = about_case or exists (select from public.contact_cases l where l.firm_id = firm and l.contact_id = about_contact and l.case_id = s.case_id))
    order by s.case_id limit 1;
  if about_case is null then
    about_case := coalesce(screen, (select l.case_id from public.contact_cases l where l.firm_id = firm and l.contact_id = about_contact order by l.case_id limit 1));
  end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id)
  values (firm, internal.audit_clock(), 'user', me, left(origin ->> 'requestId', 200), left(origin ->> 'address', 100),
    case when screen is null then 'access.restricted' else 'access.screened' end, p_table, p_id, about_case);
  return true;
end $$;
alter function doors.was_walled(text, uuid) owner to {{engine}};
revoke execute on function doors.was_walled(text, uuid) from public;
grant execute on function doors.was_walled(text, uuid) to {{app}};

-- migrate: down
drop function doors.was_walled(text, uuid);
drop policy emails_case on emails;
alter table emails drop column case_id;
drop policy notifications_case on notifications;
alter table notifications drop column case_id;
