// The same SELECTs as the product's, with the firm as a parameter where the product has a policy.
import { CASE_COLUMNS } from '../dist/modules/cases/cases.queries.js';
import { FIRM_COLUMNS } from '../dist/modules/firms/firms.queries.js';
import { USER_COLUMNS } from '../dist/modules/users/users.queries.js';

export const USER_BY_ID = `select ${USER_COLUMNS} from users u where u.firm_id = $1 and u.id = $2`;
export const USER_PAGE = `select ${USER_COLUMNS} from users u where u.firm_id = $1
  order by (u.family_name || ' ' || u.given_name), u.id limit $2`;
export const FIRM_BY_ID = `select ${FIRM_COLUMNS} from firms where firm_id = $1`;
export const UNREAD_OF = `select count(*)::int as unread from notifications where firm_id = $1 and user_id = $2 and read_at is null`;
export const UPDATE_USER = `update users u set title = $3 where u.firm_id = $1 and u.id = $2 returning ${USER_COLUMNS}`;

// What doors.expand_cases adds, without asking who may see it. $3 and $4: where the page before ended; null on the first.
const CASE_KEY = `(case when c.opened_on is null then date 'infinity' else c.opened_on end)`;
const CASE_NAMES = CASE_COLUMNS.split(',').map((column) => `page.${column.trim().split(/ as |\./).pop()}`).join(', ');
const casePage = (after) => `with page as materialized (select c.*, row_number() over () as "_place" from (
    select ${CASE_COLUMNS} from cases c where c.firm_id = $1${after} order by ${CASE_KEY} desc, c.id desc limit $2) c)
  select ${CASE_NAMES}, (select json_build_object('id', k.id, 'number', k.number, 'name', p.name, 'contactId', p.id, 'kind', p.kind)
      from clients k join contacts p on p.firm_id = $1 and p.id = k.contact_id where k.firm_id = $1 and k.id = page."clientId") as client,
    coalesce(m.list, '[]') as members,
    (select json_build_object('id', e.id, 'title', e.title, 'kind', e.kind, 'allDay', e.all_day, 'startsAt', to_char(e.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      from case_events e where e.firm_id = $1 and e.case_id = page.id and e.kind in ('deadline', 'filing', 'hearing', 'trial') and e.status = 'scheduled'
        and e.starts_at >= now() order by e.starts_at, e.id limit 1) as "nextDeadline"
  from page left join (select s.case_id as of_case, json_agg(json_build_object('id', s.id, 'userId', s.user_id, 'name', u.name, 'initials', u.initials, 'role', s.role)
      order by u.family_name, u.given_name, s.id) as list
    from case_members s join users u on u.firm_id = $1 and u.id = s.user_id
    where s.firm_id = $1 and s.case_id = any (array(select page.id from page)) group by s.case_id) m on m.of_case = page.id order by page."_place"`;
export const CASE_PAGE = casePage('');
export const CASE_PAGE_AFTER = casePage(` and (${CASE_KEY}, c.id) < ($3::date, $4::uuid)`);
