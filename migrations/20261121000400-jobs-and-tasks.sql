-- Work that outlives a request: jobs, the tasks a caller can watch, notifications, e-mails; and repeated requests.

-- migrate: up
create table jobs (
  firm_id uuid not null,
  id uuid not null,
  name text not null,
  payload jsonb not null default '{}',
  -- set: the job sees what this user sees; null: the firm's own work
  run_as uuid,
  status text not null default 'pending',
  run_at timestamptz not null default clock_timestamp(),
  attempts int not null default 0,
  max_attempts int not null default 8,
  -- at most one pending job of a key, so that "soon after a change" does not pile up
  unique_key text,
  locked_by text,
  locked_until timestamptz,
  last_error text,
  finished_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint jobs_pk primary key (firm_id, id),
  constraint jobs_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict,
  constraint jobs_run_as_fk foreign key (firm_id, run_as) references users (firm_id, id) on delete cascade on update restrict,
  constraint jobs_status_check check (status in ('pending', 'running', 'completed', 'dead')),
  constraint jobs_attempts_check check (attempts between 0 and max_attempts and max_attempts between 1 and 100),
  constraint jobs_lock_check check ((status = 'running') = (locked_until is not null)),
  constraint jobs_payload_check check (length(payload::text) <= 65536)
);
create index jobs_ready_idx on jobs (run_at, id) where status = 'pending';
create index jobs_lease_idx on jobs (locked_until) where status = 'running';
create index jobs_finished_idx on jobs (finished_at) where status in ('completed', 'dead');
create index jobs_run_as_idx on jobs (firm_id, run_as) where run_as is not null;
create unique index jobs_unique_key on jobs (firm_id, name, unique_key) where status = 'pending' and unique_key is not null;
call internal.protect('jobs', 'user,system,credential');
call internal.touched('jobs');
grant select, insert on jobs to {{app}};

-- Takes up to p_limit jobs that are due (or whose runner died), for p_lease seconds. No two runners get the same one.
create function doors.claim_jobs(p_worker text, p_names text[], p_limit int, p_lease int)
returns table (firm_id uuid, id uuid, name text, payload jsonb, run_as uuid, attempts int, max_attempts int)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  with waiting as (
    select j.firm_id, j.id from public.jobs j
    where j.status = 'pending' and j.run_at <= clock_timestamp() and j.name = any (p_names)
    order by j.run_at, j.id limit p_limit for update skip locked),
  orphaned as (
    select j.firm_id, j.id from public.jobs j
    where j.status = 'running' and j.locked_until < clock_timestamp() and j.name = any (p_names) and j.attempts < j.max_attempts
    order by j.locked_until limit p_limit for update skip locked),
  due as (select * from orphaned union all select * from waiting limit p_limit)
  update public.jobs j
    set status = 'running', attempts = j.attempts + 1, locked_by = p_worker, locked_until = clock_timestamp() + make_interval(secs => p_lease)
    from due where j.firm_id = due.firm_id and j.id = due.id
  returning j.firm_id, j.id, j.name, j.payload, j.run_as, j.attempts, j.max_attempts
$$;

-- What became of a claimed job: 'completed', 'retry' (after p_delay seconds, dead when out of attempts) or 'dead'.
-- False when the lease was lost meanwhile: somebody else has the job now, and this outcome does not count.
create function doors.settle_job(p_firm uuid, p_id uuid, p_worker text, p_outcome text, p_error text, p_delay numeric) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.jobs j set
    status = s.status, finished_at = case when s.status <> 'pending' then clock_timestamp() end,
    run_at = case when s.status = 'pending' then clock_timestamp() + make_interval(secs => p_delay::float8) else j.run_at end,
    locked_by = null, locked_until = null, last_error = left(p_error, 2000)
  from (
    select r.firm_id, r.id, case when p_outcome = 'completed' then 'completed' when p_outcome = 'retry' and r.attempts < r.max_attempts
      -- a newer job of the same key already waits: it will do this one's work
      and not exists (select from public.jobs w where w.firm_id = r.firm_id and w.name = r.name and w.unique_key = r.unique_key and w.status = 'pending')
      then 'pending' else 'dead' end as status
    from public.jobs r where r.firm_id = p_firm and r.id = p_id and r.status = 'running' and r.locked_by = p_worker for update) s
  where j.firm_id = s.firm_id and j.id = s.id;
  return found;
end $$;

create function doors.extend_job(p_firm uuid, p_id uuid, p_worker text, p_lease int) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.jobs j set locked_until = clock_timestamp() + make_interval(secs => p_lease)
  where j.firm_id = p_firm and j.id = p_id and j.status = 'running' and j.locked_by = p_worker;
  return found;
end $$;

-- Jobs whose runner died on the last attempt are dead; what is long finished goes. Also other rows nobody asks for again.
create function doors.sweep() returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare dead int; jobs_gone int; keys_gone int; sessions_gone int;
begin
  update public.jobs set status = 'dead', finished_at = clock_timestamp(), locked_by = null, locked_until = null,
      last_error = coalesce(last_error, 'the runner stopped during the last attempt')
    where status = 'running' and locked_until < clock_timestamp() and attempts >= max_attempts;
  get diagnostics dead = row_count;
  delete from public.jobs where (status = 'completed' and finished_at < clock_timestamp() - interval '7 days')
    or (status = 'dead' and finished_at < clock_timestamp() - interval '90 days');
  get diagnostics jobs_gone = row_count;
  delete from public.idempotency_keys where created_at < clock_timestamp() - interval '48 hours';
  get diagnostics keys_gone = row_count;
  delete from public.task_tickets where expires_at < clock_timestamp();
  delete from public.sessions where expires_at < clock_timestamp() - interval '30 days';
  get diagnostics sessions_gone = row_count;
  return jsonb_build_object('deadJobs', dead, 'jobsRemoved', jobs_gone, 'idempotencyKeysRemoved', keys_gone, 'sessionsRemoved', sessions_gone);
end $$;

-- Depth and age of the queue, for /metrics: numbers only.
create function doors.job_stats() returns table (name text, status text, jobs bigint, oldest_seconds numeric)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select j.name, j.status, count(*), coalesce(extract(epoch from clock_timestamp() - min(j.run_at)), 0)
  from public.jobs j where j.status in ('pending', 'running', 'dead') group by j.name, j.status
$$;

-- Long work as its caller sees it.
create table tasks (
  firm_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  status text not null default 'pending',
  progress int not null default 0,
  total int,
  message text,
  result jsonb,
  error jsonb,
  started_at timestamptz,
  finished_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint tasks_pk primary key (firm_id, id),
  constraint tasks_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict,
  constraint tasks_status_check check (status in ('pending', 'processing', 'completed', 'failed')),
  constraint tasks_progress_check check (progress >= 0 and (total is null or progress <= total)),
  constraint tasks_finished_check check ((status in ('completed', 'failed')) = (finished_at is not null))
);
create index tasks_user_idx on tasks (firm_id, user_id, created_at desc, id desc);
create index tasks_updated_idx on tasks (firm_id, user_id, updated_at, id);
call internal.protect('tasks', 'user,system', 'user_id');
call internal.touched('tasks');
grant select, insert, update on tasks to {{app}};

-- One-use permission to open a task's stream: a browser's EventSource sends no header.
create table task_tickets (
  firm_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint task_tickets_pk primary key (firm_id, id),
  constraint task_tickets_task_fk foreign key (firm_id, task_id) references tasks (firm_id, id) on delete cascade on update restrict,
  constraint task_tickets_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict
);
create index task_tickets_task_idx on task_tickets (firm_id, task_id);
create index task_tickets_user_idx on task_tickets (firm_id, user_id);
call internal.protect('task_tickets', 'user,system,credential');
call internal.touched('task_tickets');
grant select, insert, update, delete on task_tickets to {{app}};

create table notifications (
  firm_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  title text not null,
  body text,
  -- where it leads: a resource of the API
  subject_type text,
  subject_id uuid,
  read_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint notifications_pk primary key (firm_id, id),
  constraint notifications_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict,
  constraint notifications_kind_check check (kind in ('reminder', 'task', 'mention', 'document', 'system')),
  constraint notifications_title_check check (length(title) between 1 and 300),
  constraint notifications_subject_check check ((subject_type is null) = (subject_id is null))
);
create index notifications_user_idx on notifications (firm_id, user_id, created_at desc, id desc);
create index notifications_unread_idx on notifications (firm_id, user_id, created_at desc, id desc) where read_at is null;
create index notifications_updated_idx on notifications (firm_id, user_id, updated_at, id);
call internal.protect('notifications', 'user,system', 'user_id');
call internal.touched('notifications');
grant select, insert, update, delete on notifications to {{app}};

-- E-mails on their way. The text may hold a link with a secret, so it is emptied once the mail is handed over.
create table emails (
  firm_id uuid not null,
  id uuid not null,
  recipient text not null,
  subject text not null,
  body text,
  status text not null default 'queued',
  sent_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint emails_pk primary key (firm_id, id),
  constraint emails_firm_fk foreign key (firm_id) references firms (firm_id) on delete cascade on update restrict,
  constraint emails_status_check check (status in ('queued', 'sent', 'logged', 'failed'))
);
create index emails_created_idx on emails (firm_id, created_at desc, id desc);
call internal.protect('emails', 'user,system,credential');
call internal.touched('emails');
grant select, insert, update on emails to {{app}};

-- Answers to creating requests, so that a repeat under the same Idempotency-Key does nothing twice.
create table idempotency_keys (
  firm_id uuid not null,
  user_id uuid not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  status int not null,
  headers jsonb not null default '{}',
  body jsonb,
  -- the created resource, read again under the caller's policies before the answer is repeated
  resource_table text,
  resource_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint idempotency_keys_pk primary key (firm_id, user_id, route, key),
  constraint idempotency_keys_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update restrict,
  constraint idempotency_keys_key_check check (length(key) between 1 and 255)
);
create index idempotency_keys_created_idx on idempotency_keys (created_at);
call internal.protect('idempotency_keys', 'user,system', 'user_id');
call internal.touched('idempotency_keys');
grant select, insert on idempotency_keys to {{app}};

alter function doors.claim_jobs(text, text[], int, int) owner to {{engine}};
alter function doors.settle_job(uuid, uuid, text, text, text, numeric) owner to {{engine}};
alter function doors.extend_job(uuid, uuid, text, int) owner to {{engine}};
alter function doors.sweep() owner to {{engine}};
alter function doors.job_stats() owner to {{engine}};
revoke execute on all functions in schema doors from public;
grant execute on all functions in schema doors to {{app}};

-- migrate: down
drop function doors.job_stats(), doors.sweep(), doors.extend_job(uuid, uuid, text, int),
  doors.settle_job(uuid, uuid, text, text, text, numeric), doors.claim_jobs(text, text[], int, int);
drop table idempotency_keys, emails, notifications, task_tickets, tasks, jobs;
