-- What becomes of dead jobs: the task of one fails with it, and a person may run it again. Also: holding a job that
-- already waits, so that nobody relies on one that starts too early.

-- migrate: up
create index jobs_created_idx on jobs (firm_id, created_at desc, id desc);

-- A dead job of the calling firm starts anew. A newer one of the same key stands in its way (jobs_unique_key).
create function doors.retry_job(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) in ('user', 'system') then nullif(current_setting('app.firm_id', true), '')::uuid end;
begin
  if firm is null then raise exception 'no firm' using errcode = '42501'; end if;
  update public.jobs j set status = 'pending', attempts = 0, run_at = clock_timestamp(), finished_at = null
    where j.firm_id = firm and j.id = p_id and j.status = 'dead';
  return found;
end $$;

-- Whether a job of this name and key waits; if so, no runner claims it before the calling transaction is over. Without
-- that, a writer who finds a job waiting could commit after it ran, and nothing would be done about what he wrote.
-- Writers do not wait for each other: they share the lock, and only claim_jobs, which skips locked rows, respects it.
create function doors.hold_job(p_name text, p_key text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  firm uuid := case when current_setting('app.actor_kind', true) in ('user', 'system', 'credential') then nullif(current_setting('app.firm_id', true), '')::uuid end;
begin
  if firm is null then raise exception 'no firm' using errcode = '42501'; end if;
  perform from public.jobs j where j.firm_id = firm and j.name = p_name and j.unique_key = p_key and j.status = 'pending' for key share;
  return found;
end $$;

-- However a job died (its last attempt failed, its runner vanished, its user was deactivated): whoever waits for its
-- task hears of it. The job's own error stays with the job, it may speak of what this user must not see.
create function internal.task_of_job() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  task uuid := case when new.payload ->> 'taskId' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (new.payload ->> 'taskId')::uuid end;
  ended record;
begin
  if new.status = 'dead' then
    update public.tasks t set status = 'failed', finished_at = clock_timestamp(),
        error = jsonb_build_object('code', 'job_dead', 'title', 'The work could not be finished', 'jobId', new.id)
      where t.firm_id = new.firm_id and t.id = task and t.status in ('pending', 'processing')
      returning t.user_id, t.kind into ended;
    if found then
      insert into public.notifications (firm_id, id, user_id, kind, title, body, subject_type, subject_id)
      values (new.firm_id, gen_random_uuid(), ended.user_id, 'task', left(format('Failed: %s', ended.kind), 300), 'The work could not be finished', 'task', task);
    end if;
  else
    update public.tasks t set status = 'pending', progress = 0, message = null, error = null, started_at = null, finished_at = null
      where t.firm_id = new.firm_id and t.id = task and t.status = 'failed' and t.error ->> 'code' = 'job_dead';
  end if;
  return null;
end $$;
create trigger jobs_task after update of status on jobs for each row
  when (new.payload ? 'taskId' and new.status is distinct from old.status and (new.status = 'dead' or old.status = 'dead'))
  execute function internal.task_of_job();

alter function doors.retry_job(uuid) owner to {{engine}};
alter function doors.hold_job(text, text) owner to {{engine}};
alter function internal.task_of_job() owner to {{engine}};
revoke execute on function internal.task_of_job() from public;
revoke execute on all functions in schema doors from public;
grant execute on all functions in schema doors to {{app}};

-- migrate: down
drop trigger jobs_task on jobs;
drop function internal.task_of_job(), doors.hold_job(text, text), doors.retry_job(uuid);
drop index jobs_created_idx;
