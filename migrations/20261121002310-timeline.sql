-- What came or went together with the row it hangs on is told with that: a checklist with its task, attendees with their
-- event. Asked of the trail under its policies this cost up to 20 ms a page to plan and a second to run.

-- migrate: up
do $do$ begin
  execute format($f$
    create function doors.told_with(p_table text, p_row uuid, p_xid bigint, p_at timestamptz, p_added boolean) returns boolean
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      -- the sum keeps the planner from finding the row by its transaction, which may be as large as an import
      return exists (select from public.audit_events p where p.firm_id = %s and p.table_name = p_table and p.row_id = p_row and p.xid + 0 = p_xid
        and p.occurred_at between p_at - interval '5 minutes' and p_at + interval '5 minutes'
        and (p.before is null) = p_added and (p.after is null) <> p_added and p.case_id is not null and %s);
    end $$ $f$, internal.firm_now(), internal.case_rule('p.case_id', null, true));
end $do$;
alter function doors.told_with(text, uuid, bigint, timestamptz, boolean) owner to {{engine}};
revoke execute on function doors.told_with(text, uuid, bigint, timestamptz, boolean) from public;
grant execute on function doors.told_with(text, uuid, bigint, timestamptz, boolean) to {{app}};

-- migrate: down
drop function doors.told_with(text, uuid, bigint, timestamptz, boolean);
