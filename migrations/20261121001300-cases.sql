-- Cases, who works on them, who takes part in them, and who is walled off from them.

-- migrate: up
create table cases (
  firm_id uuid not null,
  id uuid not null,
  number text not null,
  title text not null,
  description text,
  client_id uuid not null,
  practice_area text,
  jurisdiction text,
  court text,
  court_name text,
  docket_number text,
  -- the client's own number for it, printed in LEDES files
  client_matter_id text,
  responsible_attorney_id uuid,
  originating_attorney_id uuid,
  status text not null default 'intake',
  opened_on date,
  closed_on date,
  limitation_on date,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  access text not null default 'open',
  created_by uuid,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint cases_pk primary key (firm_id, id),
  constraint cases_number_key unique (firm_id, number),
  constraint cases_client_fk foreign key (firm_id, client_id) references clients (firm_id, id) on delete restrict on update restrict,
  constraint cases_responsible_attorney_fk foreign key (firm_id, responsible_attorney_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint cases_originating_attorney_fk foreign key (firm_id, originating_attorney_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint cases_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint cases_number_check check (length(btrim(number)) between 1 and 160),
  constraint cases_title_check check (length(btrim(title)) between 1 and 300),
  constraint cases_description_check check (length(description) <= 20000),
  constraint cases_codes_check check (length(practice_area) <= 60 and length(jurisdiction) <= 60 and length(court) <= 60),
  constraint cases_court_name_check check (length(court_name) <= 200),
  constraint cases_docket_number_check check (length(docket_number) <= 100),
  constraint cases_client_matter_id_check check (length(client_matter_id) <= 20),
  constraint cases_status_check check (status in ('intake', 'open', 'on_hold', 'closed', 'archived')),
  constraint cases_opened_check check (status not in ('open', 'on_hold') or opened_on is not null),
  constraint cases_closed_check check ((status in ('closed', 'archived')) = (closed_on is not null)),
  constraint cases_dates_check check (closed_on >= opened_on),
  constraint cases_tags_check check (cardinality(tags) <= 50 and array_position(tags, null) is null and length(tags::text) <= 4000),
  constraint cases_metadata_check check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 16384),
  constraint cases_access_check check (access in ('open', 'restricted'))
);
-- a case that is not opened yet sorts as the newest: sorts of lists are never null
create index cases_client_idx on cases (firm_id, client_id, coalesce(opened_on, date 'infinity'), id);
create index cases_responsible_attorney_idx on cases (firm_id, responsible_attorney_id, coalesce(opened_on, date 'infinity'), id);
create index cases_originating_attorney_idx on cases (firm_id, originating_attorney_id) where originating_attorney_id is not null;
create index cases_created_by_idx on cases (firm_id, created_by) where created_by is not null;

-- whether the case is restricted stands in the row itself
call internal.protect_by('cases', internal.case_rule('cases.id', $$(cases.access = 'restricted')$$),
  format('(%s or exists (select from public.clients k where k.firm_id = %s and k.id = cases.client_id offset 0))', internal.system_now(), internal.firm_now()));
call internal.touched('cases');
call internal.fixed('cases', 'number', 'client_id');
grant select, insert, update on cases to {{app}};

-- The number comes from the counter, inside the transaction that makes the case. Only the system may bring its own.
create function internal.number_case() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm record; year text; series text; client text;
begin
  if new.number is not null then
    if current_setting('app.actor_kind', true) = 'user' then
      raise exception 'numbers of cases are given by the counter' using errcode = '23514', constraint = 'cases_number_given_check', table = 'cases', column = 'number';
    end if;
    return new;
  end if;
  select f.case_number_template as template, f.time_zone, coalesce(f.case_number_scope, case when f.case_number_template like '%{client}%' then 'client'
      when f.case_number_template like '%{year}%' then 'year' else 'firm' end) as scope
    into firm from public.firms f where f.firm_id = new.firm_id;
  year := to_char(coalesce(new.opened_on, (clock_timestamp() at time zone firm.time_zone)::date), 'YYYY');
  select c.number into client from public.clients c where c.firm_id = new.firm_id and c.id = new.client_id;
  series := case firm.scope when 'client' then 'case:' || new.client_id when 'year' then 'case:' || year else 'case' end;
  loop
    new.number := internal.render_number(firm.template, internal.next_value(new.firm_id, series), year, client);
    -- taken by a case of another template's days, or by an imported one
    exit when not exists (select from public.cases c where c.firm_id = new.firm_id and c.number = new.number);
  end loop;
  return new;
end $$;
create trigger cases_number before insert on cases for each row execute function internal.number_case();

create function internal.check_case_status() returns trigger
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.status not in ('intake', 'open') and current_setting('app.actor_kind', true) = 'user' then
      raise exception 'a case begins as intake or open' using errcode = '23514', constraint = 'cases_first_status_check', table = 'cases', column = 'status';
    end if;
  -- the lifecycle as data; src/modules/cases/cases.states.ts says the same
  elsif not exists (select from (values ('intake', 'open'), ('intake', 'closed'), ('open', 'on_hold'), ('open', 'closed'), ('on_hold', 'open'),
      ('on_hold', 'closed'), ('closed', 'open'), ('closed', 'archived'), ('archived', 'closed')) t(from_status, to_status)
      where t.from_status = old.status and t.to_status = new.status) then
    raise exception 'a case that is % does not become %', old.status, new.status
      using errcode = '23514', constraint = 'cases_transition_check', table = 'cases', column = 'status';
  end if;
  return new;
end $$;
create trigger cases_first_status before insert on cases for each row execute function internal.check_case_status();
create trigger cases_transition before update of status on cases for each row when (old.status is distinct from new.status)
  execute function internal.check_case_status();

create table case_members (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  role text not null,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_members_pk primary key (firm_id, id),
  constraint case_members_user_key unique (firm_id, case_id, user_id),
  constraint case_members_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint case_members_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_members_role_check check (role in ('lead', 'attorney', 'associate', 'paralegal', 'billing', 'assistant', 'observer'))
);
create index case_members_user_idx on case_members (firm_id, user_id, case_id);
call internal.protect_case('case_members');
call internal.touched('case_members');
call internal.fixed('case_members', 'case_id', 'user_id');
grant select, insert, update, delete on case_members to {{app}};

create table case_parties (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  contact_id uuid not null,
  role text not null,
  side text not null default 'neutral',
  -- counsel: another party of the same case
  represented_by_id uuid,
  since date,
  until date,
  note text,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_parties_pk primary key (firm_id, id),
  constraint case_parties_case_key unique (firm_id, case_id, id),
  constraint case_parties_contact_key unique (firm_id, case_id, contact_id, role),
  constraint case_parties_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint case_parties_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete restrict on update restrict,
  constraint case_parties_represented_by_fk foreign key (firm_id, case_id, represented_by_id) references case_parties (firm_id, case_id, id)
    on delete set null (represented_by_id) on update restrict,
  constraint case_parties_role_check check (role in ('plaintiff', 'defendant', 'claimant', 'respondent', 'petitioner', 'appellant', 'appellee', 'counsel',
    'opposing_counsel', 'co_counsel', 'expert', 'judge', 'mediator', 'arbitrator', 'witness', 'insurer', 'guarantor', 'guardian', 'beneficiary', 'third_party', 'other')),
  constraint case_parties_side_check check (side in ('client', 'opposing', 'neutral')),
  constraint case_parties_self_check check (represented_by_id <> id),
  constraint case_parties_dates_check check (since <= until),
  constraint case_parties_note_check check (length(note) <= 2000)
);
create index case_parties_contact_idx on case_parties (firm_id, contact_id, case_id);
create index case_parties_represented_by_idx on case_parties (firm_id, case_id, represented_by_id) where represented_by_id is not null;
call internal.protect_case('case_parties', contact_column => 'contact_id');
call internal.touched('case_parties');
call internal.fixed('case_parties', 'case_id', 'contact_id');
grant select, insert, update, delete on case_parties to {{app}};

-- A wall is never deleted: it is lifted, and stays as evidence.
create table case_walls (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  starts_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz,
  reason text not null,
  created_by uuid,
  lifted_at timestamptz,
  lifted_by uuid,
  lift_reason text,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_walls_pk primary key (firm_id, id),
  constraint case_walls_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint case_walls_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_walls_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_walls_lifted_by_fk foreign key (firm_id, lifted_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_walls_reason_check check (length(btrim(reason)) between 1 and 2000 and length(lift_reason) <= 2000),
  -- lifted before it began: an empty range, which is no wall and overlaps none
  constraint case_walls_range_check check (ends_at >= starts_at),
  constraint case_walls_lifted_check check (lifted_at is null or ends_at is not null),
  constraint case_walls_overlap_excl exclude using gist (firm_id with =, case_id with =, user_id with =, tstzrange(starts_at, ends_at) with &&)
);
create index case_walls_case_idx on case_walls (firm_id, case_id, starts_at, id);
create index case_walls_user_idx on case_walls (firm_id, user_id);
create index case_walls_created_by_idx on case_walls (firm_id, created_by) where created_by is not null;
create index case_walls_lifted_by_idx on case_walls (firm_id, lifted_by) where lifted_by is not null;
call internal.protect_case('case_walls');
call internal.touched('case_walls');
call internal.fixed('case_walls', 'case_id', 'user_id', 'starts_at');
grant select, insert, update on case_walls to {{app}};

-- The narrow tables of access belong to these.
alter table case_restrictions add constraint case_restrictions_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict;
alter table case_seats add constraint case_seats_member_fk foreign key (firm_id, case_id, user_id) references case_members (firm_id, case_id, user_id)
  on delete cascade on update restrict;
alter table case_screens add constraint case_screens_wall_fk foreign key (firm_id, wall_id) references case_walls (firm_id, id) on delete cascade on update restrict;
alter table contact_cases
  add constraint contact_cases_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  add constraint contact_cases_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete restrict on update restrict;

create function internal.case_facts() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into public.contact_cases (firm_id, contact_id, case_id, source_id, restricted)
      select new.firm_id, c.contact_id, new.id, new.id, new.access = 'restricted' from public.clients c where c.firm_id = new.firm_id and c.id = new.client_id;
  end if;
  if new.access = 'restricted' then
    insert into public.case_restrictions (firm_id, case_id) values (new.firm_id, new.id) on conflict do nothing;
  end if;
  if tg_op = 'UPDATE' then
    if new.access = 'open' then
      delete from public.case_restrictions r where r.firm_id = new.firm_id and r.case_id = new.id;
    elsif not exists (select from public.case_members m where m.firm_id = new.firm_id and m.case_id = new.id) then
      raise exception 'a restricted case has at least one member' using errcode = '23514', constraint = 'cases_restricted_members_check', table = 'cases', column = 'access';
    end if;
    update public.contact_cases l set restricted = (new.access = 'restricted') where l.firm_id = new.firm_id and l.case_id = new.id;
  end if;
  return null;
end $$;
create trigger cases_facts_insert after insert on cases for each row execute function internal.case_facts();
create trigger cases_facts_update after update of access on cases for each row when (old.access is distinct from new.access) execute function internal.case_facts();

create function internal.member_facts() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into public.case_seats (firm_id, user_id, case_id) values (new.firm_id, new.user_id, new.case_id) on conflict do nothing;
  else
    -- two transactions may not each remove "the other one"
    perform from public.cases c where c.firm_id = old.firm_id and c.id = old.case_id and c.access = 'restricted' for no key update;
    if found and not exists (select from public.case_members m where m.firm_id = old.firm_id and m.case_id = old.case_id) then
      raise exception 'a restricted case keeps at least one member' using errcode = '23514', constraint = 'case_members_last_check', table = 'case_members';
    end if;
  end if;
  return null;
end $$;
create trigger case_members_facts after insert or delete on case_members for each row execute function internal.member_facts();

create function internal.party_facts() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    -- shared lock: a case that is being restricted or opened meanwhile changes its links too
    insert into public.contact_cases (firm_id, contact_id, case_id, source_id, restricted)
      select new.firm_id, new.contact_id, new.case_id, new.id, c.access = 'restricted' from public.cases c
      where c.firm_id = new.firm_id and c.id = new.case_id for share;
  else
    delete from public.contact_cases l where l.firm_id = old.firm_id and l.contact_id = old.contact_id and l.case_id = old.case_id and l.source_id = old.id;
  end if;
  return null;
end $$;
create trigger case_parties_facts after insert or delete on case_parties for each row execute function internal.party_facts();

create function internal.wall_facts() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.case_screens (firm_id, user_id, case_id, wall_id, starts_at, ends_at)
    values (new.firm_id, new.user_id, new.case_id, new.id, new.starts_at, new.ends_at)
  on conflict on constraint case_screens_pk do update set ends_at = excluded.ends_at;
  return null;
end $$;
create trigger case_walls_facts after insert or update on case_walls for each row execute function internal.wall_facts();

alter function internal.number_case() owner to {{engine}};
alter function internal.case_facts() owner to {{engine}};
alter function internal.member_facts() owner to {{engine}};
alter function internal.party_facts() owner to {{engine}};
alter function internal.wall_facts() owner to {{engine}};
revoke execute on function internal.number_case(), internal.case_facts(), internal.member_facts(), internal.party_facts(), internal.wall_facts() from public;

-- What a case has to say to the trail: its own id, so that its rows are hidden with it. Of a contact's rows the contacts.
alter table audit_events add column contact_ids uuid[];
create index audit_events_case_idx on audit_events (firm_id, case_id, occurred_at, id) where case_id is not null;

create or replace function internal.audit_row_hash(e public.audit_events) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(jsonb_build_array(
    e.firm_id, (extract(epoch from e.occurred_at) * 1000000)::bigint, e.id, e.xid, e.actor_kind, e.user_id, e.request_id, e.address,
    e.action, e.table_name, e.row_id, e.case_id, e.before, e.after, e.reason)::text || coalesce(to_jsonb(e.contact_ids)::text, ''), 'UTF8'))
$$;

-- Few expressions of its own: PL/pgSQL prepares each anew in every transaction, and most transactions write one row.
create or replace function internal.audit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  hidden constant text[] := coalesce(tg_argv, '{}');
  n jsonb; o jsonb; b jsonb; a jsonb;
begin
  -- the usual value is told here, without the call: this runs for every column of every row that anybody writes
  if tg_op = 'UPDATE' then
    n := to_jsonb(new);
    o := to_jsonb(old);
    select jsonb_object_agg(key, case when '*' || key <> all (hidden) and length((o -> key)::text) <= 1000 then o -> key else internal.audit_value(o -> key, '*' || key = any (hidden)) end),
        jsonb_object_agg(key, case when '*' || key <> all (hidden) and length(value::text) <= 1000 then value else internal.audit_value(value, '*' || key = any (hidden)) end)
      into b, a
      from jsonb_each(n) where value is distinct from o -> key and key not in ('updated_at', 'version') and key <> all (hidden);
    if a is null then return null; end if;
  else
    if tg_op = 'INSERT' then n := to_jsonb(new); else n := to_jsonb(old); end if;
    select jsonb_object_agg(key, case when '*' || key <> all (hidden) and length(value::text) <= 1000 then value else internal.audit_value(value, '*' || key = any (hidden)) end) into a
      from jsonb_each(n) where value <> 'null' and key not in ('firm_id', 'created_at', 'updated_at') and key <> all (hidden);
    if tg_op = 'DELETE' then b := a; a := null; end if;
  end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id, contact_ids, before, after, reason)
  select (n ->> 'firm_id')::uuid, pg_current_xact_id()::text::bigint + internal.audit_base(),
    -- no actor: somebody with the owner's rights, since row-level security lets nobody else write without one
    coalesce(nullif(current_setting('app.actor_kind', true), ''), 'operator'), nullif(current_setting('app.user_id', true), '')::uuid,
    said ->> 'requestId', said ->> 'address', coalesce(said ->> 'action', lower(tg_op)), tg_table_name,
    coalesce(n ->> 'id', n ->> 'user_id', n ->> 'firm_id')::uuid, about_case::uuid,
    case when about_case is null then nullif(array_remove(array[case when tg_table_name = 'contacts' then n ->> 'id' end, n ->> 'contact_id',
      n ->> 'from_contact_id', n ->> 'to_contact_id', n ->> 'billing_contact_id'], null), '{}')::uuid[] end,
    b, a, said ->> 'reason'
  from (values (nullif(current_setting('app.origin', true), '')::jsonb, n ->> case when tg_table_name = 'cases' then 'id' else 'case_id' end)) v(said, about_case);
  return null;
end $$;

-- Rows about hidden cases, and about contacts known only through them, are not in the trail for whom they are hidden.
call internal.hide_cases('audit_events');
do $$ begin
  execute format('create policy audit_events_contacts on audit_events as restrictive to {{app}} using (firm_id = %s and (audit_events.contact_ids is null
    or not exists (select from unnest(audit_events.contact_ids) c(id) where not (%s)))) with check (firm_id = %1$s)', internal.firm_now(), internal.contact_rule('c.id'));
end $$;

call internal.audited('cases');
call internal.audited('case_members');
call internal.audited('case_parties');
call internal.audited('case_walls');

-- migrate: down
drop policy audit_events_contacts on audit_events;
drop policy audit_events_case on audit_events;
drop index audit_events_case_idx;
create or replace function internal.audit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  origin jsonb := nullif(current_setting('app.origin', true), '');
  -- no actor: somebody with the owner's rights, since row-level security lets nobody else write without one
  kind text := coalesce(nullif(current_setting('app.actor_kind', true), ''), 'operator');
  hidden text[] := coalesce(tg_argv, '{}');
  o jsonb; n jsonb; row_now jsonb; b jsonb; a jsonb;
begin
  if tg_op <> 'INSERT' then o := to_jsonb(old); end if;
  if tg_op <> 'DELETE' then n := to_jsonb(new); end if;
  row_now := coalesce(n, o);
  -- the usual value is told here, without the call: this runs for every column of every row that anybody writes
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(key, case when '*' || key <> all (hidden) and length((o -> key)::text) <= 1000 then o -> key else internal.audit_value(o -> key, '*' || key = any (hidden)) end),
        jsonb_object_agg(key, case when '*' || key <> all (hidden) and length(value::text) <= 1000 then value else internal.audit_value(value, '*' || key = any (hidden)) end)
      into b, a
      from jsonb_each(n) where value is distinct from o -> key and key not in ('updated_at', 'version') and key <> all (hidden);
    if a is null then return null; end if;
  else
    select jsonb_object_agg(key, case when '*' || key <> all (hidden) and length(value::text) <= 1000 then value else internal.audit_value(value, '*' || key = any (hidden)) end) into a
      from jsonb_each(row_now) where value <> 'null' and key not in ('firm_id', 'created_at', 'updated_at') and key <> all (hidden);
    if tg_op = 'DELETE' then b := a; a := null; end if;
  end if;
  insert into public.audit_events (firm_id, xid, actor_kind, user_id, request_id, address, action, table_name, row_id, case_id, before, after, reason)
  values (
    (row_now ->> 'firm_id')::uuid, pg_current_xact_id()::text::bigint + internal.audit_base(), kind, nullif(current_setting('app.user_id', true), '')::uuid,
    origin ->> 'requestId', origin ->> 'address', coalesce(origin ->> 'action', lower(tg_op)), tg_table_name,
    coalesce(row_now ->> 'id', row_now ->> 'user_id', row_now ->> 'firm_id')::uuid, (row_now ->> 'case_id')::uuid, b, a, origin ->> 'reason');
  return null;
end $$;
create or replace function internal.audit_row_hash(e public.audit_events) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(jsonb_build_array(
    e.firm_id, (extract(epoch from e.occurred_at) * 1000000)::bigint, e.id, e.xid, e.actor_kind, e.user_id, e.request_id, e.address,
    e.action, e.table_name, e.row_id, e.case_id, e.before, e.after, e.reason)::text, 'UTF8'))
$$;
alter table audit_events drop column contact_ids;
alter table contact_cases drop constraint contact_cases_contact_fk, drop constraint contact_cases_case_fk;
alter table case_screens drop constraint case_screens_wall_fk;
alter table case_seats drop constraint case_seats_member_fk;
alter table case_restrictions drop constraint case_restrictions_case_fk;
drop table case_walls, case_parties, case_members, cases;
drop function internal.wall_facts(), internal.party_facts(), internal.member_facts(), internal.case_facts(), internal.check_case_status(),
  internal.number_case();
