-- Every request asks whether its session is still good. What it asks is all in the session's own row: the role it was
-- signed in with stands there too, kept by the database, so that the guard reads one row and not two (decision 0004).

-- migrate: up
alter table sessions add column role text;
-- as the engine: the owner of the tables sees no row of theirs
set local role {{engine}};
update sessions s set role = u.role from users u where u.firm_id = s.firm_id and u.id = s.user_id;
reset role;
alter table sessions alter column role set not null;

-- The user's row is locked: a role cannot change between our reading it and our commit, nor a person be deactivated.
create function internal.standing_of_session() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare status text;
begin
  select u.role, u.status into new.role, status from public.users u where u.firm_id = new.firm_id and u.id = new.user_id for no key update;
  if status <> 'active' and new.ended_at is null then
    raise exception 'only an active user has a session' using errcode = '23514', constraint = 'sessions_active_user_check', table = 'sessions';
  end if;
  return new;
end $$;
create trigger sessions_standing before insert or update of role, user_id on sessions for each row execute function internal.standing_of_session();

create function internal.standing_of_user() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.status <> 'active' then
    update public.sessions s set ended_at = clock_timestamp(), end_reason = 'deactivated'
      where s.firm_id = new.firm_id and s.user_id = new.id and s.ended_at is null;
  elsif new.role <> old.role then
    update public.sessions s set role = new.role where s.firm_id = new.firm_id and s.user_id = new.id and s.ended_at is null;
  end if;
  return null;
end $$;
create trigger users_standing after update of role, status on users
  for each row when (new.role <> old.role or new.status <> old.status) execute function internal.standing_of_user();

alter function internal.standing_of_session() owner to {{engine}};
alter function internal.standing_of_user() owner to {{engine}};
revoke execute on function internal.standing_of_session(), internal.standing_of_user() from public;
-- a copy: the trail has it from users
drop trigger sessions_audit on sessions;
call internal.audited('sessions', 'last_used_at', 'role');

-- migrate: down
drop trigger sessions_audit on sessions;
call internal.audited('sessions', 'last_used_at');
drop trigger users_standing on users;
drop trigger sessions_standing on sessions;
drop function internal.standing_of_user(), internal.standing_of_session();
alter table sessions drop column role;
