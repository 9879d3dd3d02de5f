/**
 * What may stand open when a case is closed. One entry per question; an issue that adds something that can stand open
 * (unbilled time, unpaid invoices, money in trust) adds its entry. `rows` is a SELECT about case $1 with the columns
 * id, title and due (a day or null), soonest first where it matters.
 */
export const CLOSING_CHECKS = [
  {
    name: 'open_tasks', title: 'Tasks that are neither done nor cancelled',
    rows: `select t.id, t.title, t.due_on as due from case_tasks t where t.case_id = $1 and t.status in ('open', 'in_progress')`,
  },
  {
    name: 'coming_events', title: 'Events and deadlines still to come',
    rows: `select e.id, e.title, (e.starts_at at time zone 'UTC')::date as due from case_events e where e.case_id = $1 and e.status = 'scheduled' and e.starts_at >= now()`,
  },
  {
    name: 'missed_deadlines', title: 'Deadlines and filings that passed without being marked done',
    rows: `select e.id, e.title, (e.starts_at at time zone 'UTC')::date as due from case_events e
      where e.case_id = $1 and e.status = 'scheduled' and e.kind in ('deadline', 'filing') and e.starts_at < now()`,
  },
  {
    name: 'checked_out_documents', title: 'Documents that somebody works on',
    rows: `select d.id, d.title, (k.expires_at at time zone 'UTC')::date as due from document_checkouts k join documents d on d.firm_id = k.firm_id and d.id = k.document_id
      where k.case_id = $1 and k.expires_at > now() and d.deleted_at is null`,
  },
] as const;

export const CLOSING_CHECK_NAMES = CLOSING_CHECKS.map(({ name }) => name);

/**
 * What goes on after a case is closed, and rightly so: it is told with the answer and stops nobody. A legal hold outlives its case
 * on purpose, so asking to acknowledge it would teach people to send its name along with others.
 */
export const CLOSING_NOTICES = [
  {
    name: 'active_holds', title: 'Legal holds, which closing does not release',
    rows: 'select h.id, h.name as title, null::date as due from holds h where h.case_id = $1 and h.released_at is null',
  },
] as const;

type Question = (typeof CLOSING_CHECKS | typeof CLOSING_NOTICES)[number];

/** All of them in one statement: those that found something, with how much and the first ten. */
const asked = (questions: readonly Question[]): string => `select s.name, s.title, s.count, s.items from (${questions.map(({ name, title, rows }, index) =>
  `select ${index} as place, '${name}' as name, '${title.replaceAll("'", "''")}' as title, (select count(*)::int from (${rows}) r) as count,
    (select coalesce(json_agg(r), '[]') from (select * from (${rows}) r order by r.due nulls last, r.id limit 10) r) as items`).join(' union all ')}) s
  where s.count > 0 order by s.place`;
export const STANDS_OPEN = asked(CLOSING_CHECKS);
export const GOES_ON = asked(CLOSING_NOTICES);
