/** The door finds, the policies give: the rows are read as the caller. Three kinds, one statement. */
export const QUICK_SEARCH = `with f as materialized (select * from doors.quick_search($1, $2, $3))
  select f.kind as type, f.id, c.title, concat_ws(' · ', c.number, n.name, c.docket_number) as subtitle, f.score::float8 as score
    from f join cases c on c.id = f.id join clients k on k.firm_id = c.firm_id and k.id = c.client_id join contacts n on n.firm_id = k.firm_id and n.id = k.contact_id
    where f.kind = 'case'
  union all
  select f.kind, f.id, n.name, concat_ws(' · ', k.number, o.names, e.email), f.score::float8
    from f join clients k on k.id = f.id join contacts n on n.firm_id = k.firm_id and n.id = k.contact_id
    left join lateral (select string_agg(x.name, ', ' order by x.name) as names from contact_names x where x.firm_id = n.firm_id and x.contact_id = n.id) o on true
    left join lateral (select x.email from contact_emails x where x.firm_id = n.firm_id and x.contact_id = n.id order by x.position, x.id limit 1) e on true
    where f.kind = 'client'
  union all
  select f.kind, f.id, n.name, concat_ws(' · ', o.names, e.email, n.job_title), f.score::float8
    from f join contacts n on n.id = f.id
    left join lateral (select string_agg(x.name, ', ' order by x.name) as names from contact_names x where x.firm_id = n.firm_id and x.contact_id = n.id) o on true
    left join lateral (select x.email from contact_emails x where x.firm_id = n.firm_id and x.contact_id = n.id order by x.position, x.id limit 1) e on true
    where f.kind = 'contact'
  order by score desc, type, title, id`;
