-- The guard of a unit of work is one statement, which also asks whether the connection acts as the app role. That it does
-- not is no fault of the caller's credential.

-- migrate: up
create function doors.refuse(wrong_role boolean) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if wrong_role then raise exception 'this session does not act as the role that serves requests' using errcode = 'LX500'; end if;
  return doors.refuse();
end $$;
revoke execute on function doors.refuse(boolean) from public;
grant execute on function doors.refuse(boolean) to {{app}};

-- migrate: down
drop function doors.refuse(boolean);
