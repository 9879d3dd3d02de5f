-- ?access=restricted: few among many, in the order of the list.

-- migrate: up
create index cases_restricted_idx on cases (firm_id, coalesce(opened_on, date 'infinity'), id) where access = 'restricted';

-- migrate: down
drop index cases_restricted_idx;
