-- Work on a case: notes, tasks with checklists, events and deadlines with attendees and reminders.
-- ("tasks" is the table of long-running work, hence case_tasks.)

-- migrate: up
create table case_notes (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  body text not null,
  pinned boolean not null default false,
  author_id uuid not null,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_notes_pk primary key (firm_id, id),
  constraint case_notes_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint case_notes_author_fk foreign key (firm_id, author_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_notes_body_check check (length(btrim(body)) between 1 and 50000)
);
create index case_notes_case_idx on case_notes (firm_id, case_id, created_at desc, id desc);
create index case_notes_author_idx on case_notes (firm_id, author_id);
create index case_notes_updated_idx on case_notes (firm_id, updated_at, id);
call internal.protect_case('case_notes');
call internal.touched('case_notes');
call internal.fixed('case_notes', 'case_id', 'author_id');
call internal.audited('case_notes');
grant select, insert, update, delete on case_notes to {{app}};

create table case_tasks (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  title text not null,
  description text,
  assignee_id uuid,
  due_on date,
  priority text not null default 'normal',
  status text not null default 'open',
  position int not null default 0,
  completed_at timestamptz,
  completed_by uuid,
  created_by uuid,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_tasks_pk primary key (firm_id, id),
  constraint case_tasks_case_key unique (firm_id, case_id, id),
  constraint case_tasks_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint case_tasks_assignee_fk foreign key (firm_id, assignee_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_tasks_completed_by_fk foreign key (firm_id, completed_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_tasks_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_tasks_title_check check (length(btrim(title)) between 1 and 300),
  constraint case_tasks_description_check check (length(description) <= 20000),
  constraint case_tasks_priority_check check (priority in ('low', 'normal', 'high', 'urgent')),
  constraint case_tasks_status_check check (status in ('open', 'in_progress', 'done', 'cancelled')),
  constraint case_tasks_completed_check check ((status = 'done') = (completed_at is not null) and (completed_by is null or completed_at is not null))
);
create index case_tasks_case_idx on case_tasks (firm_id, case_id, position, id);
create index case_tasks_assignee_idx on case_tasks (firm_id, assignee_id, due_on, id);
create index case_tasks_due_idx on case_tasks (firm_id, due_on, id) where status in ('open', 'in_progress');
create index case_tasks_completed_by_idx on case_tasks (firm_id, completed_by) where completed_by is not null;
create index case_tasks_created_by_idx on case_tasks (firm_id, created_by) where created_by is not null;
create index case_tasks_updated_idx on case_tasks (firm_id, updated_at, id);
call internal.protect_case('case_tasks');
call internal.touched('case_tasks');
call internal.fixed('case_tasks', 'case_id');
call internal.audited('case_tasks');
grant select, insert, update, delete on case_tasks to {{app}};

create table case_task_items (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  task_id uuid not null,
  title text not null,
  done boolean not null default false,
  position int not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_task_items_pk primary key (firm_id, id),
  constraint case_task_items_task_fk foreign key (firm_id, case_id, task_id) references case_tasks (firm_id, case_id, id) on delete cascade on update restrict,
  constraint case_task_items_title_check check (length(btrim(title)) between 1 and 300)
);
create index case_task_items_task_idx on case_task_items (firm_id, case_id, task_id, position, id);
create index case_task_items_order_idx on case_task_items (firm_id, task_id, position, id);
call internal.protect_case('case_task_items');
call internal.touched('case_task_items');
call internal.fixed('case_task_items', 'case_id', 'task_id');
call internal.audited('case_task_items');
grant select, insert, update, delete on case_task_items to {{app}};

create table case_events (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  kind text not null default 'event',
  title text not null,
  description text,
  location text,
  starts_at timestamptz not null,
  ends_at timestamptz,
  all_day boolean not null default false,
  time_zone text not null,
  status text not null default 'scheduled',
  -- minutes before the start
  reminders int[] not null default '{}',
  created_by uuid,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_events_pk primary key (firm_id, id),
  constraint case_events_case_key unique (firm_id, case_id, id),
  constraint case_events_case_fk foreign key (firm_id, case_id) references cases (firm_id, id) on delete cascade on update restrict,
  constraint case_events_created_by_fk foreign key (firm_id, created_by) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_events_kind_check check (kind in ('event', 'deadline', 'hearing', 'meeting', 'deposition', 'mediation', 'trial', 'filing', 'call', 'other')),
  constraint case_events_title_check check (length(btrim(title)) between 1 and 300),
  constraint case_events_description_check check (length(description) <= 20000),
  constraint case_events_location_check check (length(location) <= 300),
  constraint case_events_time_zone_check check (length(time_zone) between 1 and 64),
  constraint case_events_range_check check (ends_at >= starts_at),
  constraint case_events_status_check check (status in ('scheduled', 'done', 'cancelled')),
  constraint case_events_reminders_check check (cardinality(reminders) <= 5 and array_position(reminders, null) is null
    and 0 <= all (reminders) and 525600 >= all (reminders))
);
create index case_events_case_idx on case_events (firm_id, case_id, starts_at, id);
create index case_events_starts_idx on case_events (firm_id, starts_at, id);
-- the next deadline of a case, and what stands open when it is closed
create index case_events_deadline_idx on case_events (firm_id, case_id, starts_at, id) where kind in ('deadline', 'filing', 'hearing', 'trial') and status = 'scheduled';
create index case_events_created_by_idx on case_events (firm_id, created_by) where created_by is not null;
create index case_events_updated_idx on case_events (firm_id, updated_at, id);
call internal.protect_case('case_events');
call internal.touched('case_events');
call internal.fixed('case_events', 'case_id');
call internal.audited('case_events');
grant select, insert, update, delete on case_events to {{app}};

create table case_event_attendees (
  firm_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  event_id uuid not null,
  user_id uuid,
  contact_id uuid,
  response text not null default 'needs_action',
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint case_event_attendees_pk primary key (firm_id, id),
  constraint case_event_attendees_who_key unique nulls not distinct (firm_id, event_id, user_id, contact_id),
  constraint case_event_attendees_event_fk foreign key (firm_id, case_id, event_id) references case_events (firm_id, case_id, id) on delete cascade on update restrict,
  constraint case_event_attendees_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete restrict on update restrict,
  constraint case_event_attendees_contact_fk foreign key (firm_id, contact_id) references contacts (firm_id, id) on delete cascade on update restrict,
  constraint case_event_attendees_who_check check (num_nonnulls(user_id, contact_id) = 1),
  constraint case_event_attendees_response_check check (response in ('needs_action', 'accepted', 'declined', 'tentative'))
);
create index case_event_attendees_event_idx on case_event_attendees (firm_id, case_id, event_id);
create index case_event_attendees_user_idx on case_event_attendees (firm_id, user_id, event_id) where user_id is not null;
create index case_event_attendees_contact_idx on case_event_attendees (firm_id, contact_id) where contact_id is not null;
call internal.protect_case('case_event_attendees', contact_column => 'contact_id');
call internal.touched('case_event_attendees');
call internal.fixed('case_event_attendees', 'case_id', 'event_id', 'user_id', 'contact_id');
call internal.audited('case_event_attendees');
grant select, insert, update, delete on case_event_attendees to {{app}};

-- One row per reminder of an event to come; sent_at says that it went out. Kept from case_events.
create table case_event_reminders (
  firm_id uuid not null,
  case_id uuid not null,
  event_id uuid not null,
  minutes int not null,
  due_at timestamptz not null,
  sent_at timestamptz,
  constraint case_event_reminders_pk primary key (firm_id, event_id, minutes),
  constraint case_event_reminders_event_fk foreign key (firm_id, case_id, event_id) references case_events (firm_id, case_id, id) on delete cascade on update restrict
);
create index case_event_reminders_event_idx on case_event_reminders (firm_id, case_id, event_id);
create index case_event_reminders_due_idx on case_event_reminders (firm_id, due_at) where sent_at is null;
call internal.protect_case('case_event_reminders');
grant select, insert, update, delete on case_event_reminders to {{app}};

-- As the caller, who sees the event: no door. An event that moves reminds anew; past ones do not remind.
create function internal.plan_reminders() returns trigger
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from public.case_event_reminders r where r.firm_id = new.firm_id and r.event_id = new.id
    and (new.status <> 'scheduled' or r.minutes <> all (new.reminders));
  if new.status = 'scheduled' and new.starts_at > clock_timestamp() then
    insert into public.case_event_reminders as r (firm_id, case_id, event_id, minutes, due_at)
      select new.firm_id, new.case_id, new.id, m, new.starts_at - make_interval(mins => m) from (select distinct unnest(new.reminders) as m) w
    on conflict on constraint case_event_reminders_pk do update set due_at = excluded.due_at, sent_at = null where r.due_at <> excluded.due_at;
  end if;
  return null;
end $$;
create trigger case_events_reminders_insert after insert on case_events for each row when (cardinality(new.reminders) > 0) execute function internal.plan_reminders();
create trigger case_events_reminders_update after update on case_events for each row
  when ((old.starts_at, old.status, old.reminders) is distinct from (new.starts_at, new.status, new.reminders)) execute function internal.plan_reminders();

-- migrate: down
drop table case_event_reminders, case_event_attendees, case_events, case_task_items, case_tasks, case_notes;
drop function internal.plan_reminders();
