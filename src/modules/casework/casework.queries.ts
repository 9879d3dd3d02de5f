/** The case as notes, tasks and events show it; `alias` is the row under it. */
export const caseOf = (alias: string): string =>
  `(select jsonb_build_object('id', c.id, 'number', c.number, 'title', c.title, 'status', c.status) from cases c where c.firm_id = ${alias}.firm_id and c.id = ${alias}.case_id) as "case"`;

/** A person by the column that names him; null where it names nobody. */
export const personOf = (alias: string, column: string, as: string): string =>
  `(select jsonb_build_object('id', u.id, 'name', u.name) from users u where u.firm_id = ${alias}.firm_id and u.id = ${alias}.${column}) as "${as}"`;

/** The case, when the caller sees it, and whether he leads it: as its lead member or its responsible attorney. */
export const CASE_AT_HAND = `select c.id, c.number, c.title, c.status, c.responsible_attorney_id is not distinct from $2::uuid
    or exists (select from case_members m where m.firm_id = c.firm_id and m.case_id = c.id and m.user_id = $2::uuid and m.role = 'lead') as leads
  from cases c where c.id = $1`;

/** Of some people: who is there, who is active, and who sees the case. */
export const PEOPLE_FOR_CASE = `select u.id, u.name, u.status, u.id in (select w from doors.who_sees_case($1::uuid, $2::uuid[]) w) as sees
  from users u where u.id = any ($2::uuid[])`;

export const VISIBLE_CONTACTS = `select k.id from contacts k where k.id = any ($1::uuid[])`;

export const NAME_OF = `select u.name from users u where u.id = $1`;
