-- The sort keys of cases, as CASE where they were COALESCE: PostgreSQL does not know that COALESCE tells nothing (it stands
-- not on the list of leakproof expressions), so under row-level security no condition on it reached the index, and page
-- 1,000 read all the pages before. The planner treats both alike in every other way.

-- migrate: up
drop index cases_opened_idx, cases_closed_idx, cases_limitation_idx, cases_status_idx, cases_practice_area_idx, cases_client_idx, cases_responsible_attorney_idx, cases_restricted_idx;
create index cases_opened_idx on cases (firm_id, (case when opened_on is null then date 'infinity' else opened_on end), id);
create index cases_closed_idx on cases (firm_id, (case when closed_on is null then date 'infinity' else closed_on end), id);
create index cases_limitation_idx on cases (firm_id, (case when limitation_on is null then date 'infinity' else limitation_on end), id);
create index cases_status_idx on cases (firm_id, status, (case when opened_on is null then date 'infinity' else opened_on end), id);
create index cases_practice_area_idx on cases (firm_id, practice_area, (case when opened_on is null then date 'infinity' else opened_on end), id);
create index cases_client_idx on cases (firm_id, client_id, (case when opened_on is null then date 'infinity' else opened_on end), id);
create index cases_responsible_attorney_idx on cases (firm_id, responsible_attorney_id, (case when opened_on is null then date 'infinity' else opened_on end), id);
create index cases_restricted_idx on cases (firm_id, (case when opened_on is null then date 'infinity' else opened_on end), id) where access = 'restricted';

create or replace function internal.case_sort_key(sort text) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $f$
  select case ltrim(sort, '-')
    when 'openedOn' then array['(case when c.opened_on is null then date ''infinity'' else c.opened_on end)', 'date']
    when 'closedOn' then array['(case when c.closed_on is null then date ''infinity'' else c.closed_on end)', 'date']
    when 'limitationOn' then array['(case when c.limitation_on is null then date ''infinity'' else c.limitation_on end)', 'date']
    when 'number' then array['c.number', 'text']
    when 'title' then array['c.title', 'text']
    when 'createdAt' then array['c.created_at', 'timestamptz']
    when 'updatedAt' then array['c.updated_at', 'timestamptz'] end
$f$;

-- migrate: down
drop index cases_opened_idx, cases_closed_idx, cases_limitation_idx, cases_status_idx, cases_practice_area_idx, cases_client_idx, cases_responsible_attorney_idx, cases_restricted_idx;
create index cases_opened_idx on cases (firm_id, coalesce(opened_on, date 'infinity'), id);
create index cases_closed_idx on cases (firm_id, coalesce(closed_on, date 'infinity'), id);
create index cases_limitation_idx on cases (firm_id, coalesce(limitation_on, date 'infinity'), id);
create index cases_status_idx on cases (firm_id, status, coalesce(opened_on, date 'infinity'), id);
create index cases_practice_area_idx on cases (firm_id, practice_area, coalesce(opened_on, date 'infinity'), id);
create index cases_client_idx on cases (firm_id, client_id, coalesce(opened_on, date 'infinity'), id);
create index cases_responsible_attorney_idx on cases (firm_id, responsible_attorney_id, coalesce(opened_on, date 'infinity'), id);
create index cases_restricted_idx on cases (firm_id, coalesce(opened_on, date 'infinity'), id) where access = 'restricted';
