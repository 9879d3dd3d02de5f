import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';

/** A case as it leaves the API; the order is the order of the answer. */
export const CASE_COLUMNS = `c.id, c.number, c.title, c.description, c.client_id as "clientId", c.practice_area as "practiceArea", c.jurisdiction, c.court,
  c.court_name as "courtName", c.docket_number as "docketNumber", c.client_matter_id as "clientMatterId", c.responsible_attorney_id as "responsibleAttorneyId",
  c.originating_attorney_id as "originatingAttorneyId", c.status, c.opened_on as "openedOn", c.closed_on as "closedOn", c.limitation_on as "limitationOn",
  c.tags, c.metadata, c.access, c.created_by as "createdBy", c.version, c.created_at as "createdAt", c.updated_at as "updatedAt"`;

/** What ?expand= adds: columns of doors.expand_cases(). Tags are among the columns of every case. */
const EXPANSIONS: Record<string, string> = {
  client: 'x.client', attorneys: 'x."responsibleAttorney", x."originatingAttorney"', members: 'x.members', parties: 'x.parties', nextDeadline: 'x."nextDeadline"',
};

/** A SELECT of cases and what is asked for with them, in its order: one statement and one snapshot, whatever is asked for. */
export function expanded(cases: string, expand: readonly string[]): string {
  const names = Object.keys(EXPANSIONS).filter((name) => expand.includes(name)); // in an order of ours: the same wish is the same statement
  if (names.length === 0) return cases;
  return `with page as materialized (select c.*, row_number() over () as "_place" from (${cases}) c)
    select page.*, ${names.map((name) => EXPANSIONS[name]).join(', ')}
    from page left join doors.expand_cases((select array_agg(page.id) from page), '{${names.join(',')}}') x on x.case_id = page.id order by page."_place"`;
}

export const caseById = (expand: readonly string[]): string => expanded(`select ${CASE_COLUMNS} from cases c where c.id = $1`, expand);
export const LOCK_CASE = `select ${CASE_COLUMNS} from cases c where c.id = $1 for no key update`;
/** For what stands under a case: that it is there, and whether it may change. */
export const CASE_STANDING = `select c.status from cases c where c.id = $1`;

export const CLIENT_IS_THERE = `select k.id from clients k where k.id = $1`;
export const ACTIVE_PEOPLE = `select u.id from users u where u.id = any ($1) and u.status <> 'deactivated'`;

const TODAY = `(clock_timestamp() at time zone (select f.time_zone from firms f where f.firm_id = $1))::date`;

/** As open even where it is to be restricted: nobody is a member yet, and who is none could not write it. */
export const INSERT_CASE = `insert into cases (firm_id, id, title, client_id, status, description, practice_area, jurisdiction, court, court_name, docket_number, client_matter_id,
    responsible_attorney_id, originating_attorney_id, opened_on, limitation_on, tags, metadata, created_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, case when $15::date is null and $5 = 'open' then ${TODAY} else $15::date end, $16, $17, $18, $19)`;

const CASE: Changeable = {
  table: 'cases', json: ['metadata'],
  columns: {
    title: 'title', description: 'description', practiceArea: 'practice_area', jurisdiction: 'jurisdiction', court: 'court', courtName: 'court_name',
    docketNumber: 'docket_number', clientMatterId: 'client_matter_id', responsibleAttorneyId: 'responsible_attorney_id', originatingAttorneyId: 'originating_attorney_id',
    openedOn: 'opened_on', limitationOn: 'limitation_on', tags: 'tags', metadata: 'metadata', access: 'access',
  },
};

/** An update of just the given members; undefined when there are none. */
export const updateCase = (id: string, changes: object): Statement | undefined => updateOf(CASE, [id], changes);

/** $1 firm, $2 case, $3 status, $4 the day it was opened, if it is said, $5 the day it was closed, if it is said. */
export const MOVE_CASE = `update cases set status = $3,
    opened_on = case when $3 in ('open', 'on_hold') then coalesce($4::date, opened_on, ${TODAY}) else opened_on end,
    closed_on = case when $3 in ('closed', 'archived') then coalesce($5::date, closed_on, ${TODAY}) end
  where id = $2`;

/** The reason of a command, for the trail: rows that this transaction changes from here on carry it. */
export const TELL_REASON = `select set_config('app.origin', (coalesce(nullif(current_setting('app.origin', true), '')::jsonb, '{}') || jsonb_build_object('reason', $1::text))::text, true)`;
