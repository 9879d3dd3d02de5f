-- For the command line, which goes through the store firm by firm.

-- migrate: up
-- Firms that have something in the store: ids only.
create function doors.stored_firms() returns table (firm_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select distinct o.firm_id from public.storage_objects o order by 1
$$;
alter function doors.stored_firms() owner to {{engine}};
revoke execute on function doors.stored_firms() from public;
grant execute on function doors.stored_firms() to {{app}};

-- migrate: down
drop function doors.stored_firms();
