import type { Filter, ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';
import { caseOf, personOf } from './casework.queries.js';

const LOCAL = `'YYYY-MM-DD"T"HH24:MI'`;

// A contact whom the caller may not see is not shown to him as an attendee either.
const COLUMNS = `e.id, e.case_id as "caseId", ${caseOf('e')}, e.kind, e.title, e.description, e.location, e.starts_at as "startsAt", e.ends_at as "endsAt", e.all_day as "allDay",
  e.time_zone as "timeZone", to_char(e.starts_at at time zone e.time_zone, ${LOCAL}) as "localStart", to_char(e.ends_at at time zone e.time_zone, ${LOCAL}) as "localEnd",
  e.status, e.reminders,
  (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'userId', a.user_id, 'contactId', a.contact_id, 'name', coalesce(u.name, k.name), 'response', a.response) order by a.created_at, a.id), '[]')
    from case_event_attendees a left join users u on u.firm_id = a.firm_id and u.id = a.user_id left join contacts k on k.firm_id = a.firm_id and k.id = a.contact_id
    where a.firm_id = e.firm_id and a.case_id = e.case_id and a.event_id = e.id and coalesce(u.id, k.id) is not null) as attendees,
  ${personOf('e', 'created_by', 'createdBy')}, e.version, e.created_at as "createdAt", e.updated_at as "updatedAt"`;

export const EVENT_BY_ID = `select ${COLUMNS} from case_events e where e.id = $1`;
export const LOCK_EVENT = `${EVENT_BY_ID} for update`;
export const DELETE_EVENT = `delete from case_events where id = $1`;
export const INSERT_EVENT = `insert into case_events (firm_id, id, case_id, kind, title, description, location, starts_at, ends_at, all_day, time_zone, reminders, created_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

const EVENT: Changeable = {
  table: 'case_events',
  columns: {
    kind: 'kind', title: 'title', description: 'description', location: 'location', startsAt: 'starts_at', endsAt: 'ends_at', allDay: 'all_day', timeZone: 'time_zone',
    status: 'status', reminders: 'reminders',
  },
};

/** An update of just the given members; `touched` counts a change of the attendees as one of the event. */
export const updateEvent = (id: string, changes: object, touched: boolean): Statement | undefined => updateOf(EVENT, [id], changes, touched);

/**
 * Whole days: the midnights at which the event starts and is over. $1 start and the zone it is a day of ($2), $3 end (null:
 * as many days as it had), $4 the zone of the event; $5 and $6 the days it had, as instants of the zone $7.
 */
export const WHOLE_DAYS = `select d.first at time zone $4 as "startsAt", case when $3::timestamptz is null then d.first + make_interval(days => d.days)
      when date_trunc('day', d.last) = d.last and d.last > d.first then d.last else date_trunc('day', d.last) + interval '1 day' end at time zone $4 as "endsAt"
  from (select date_trunc('day', $1::timestamptz at time zone $2) as first, $3::timestamptz at time zone $4 as last,
    greatest(1, coalesce(($6::timestamptz at time zone $7)::date - ($5::timestamptz at time zone $7)::date, 1)) as days) d`;

export const FIRM_TIME_ZONE = `select f.time_zone as "timeZone" from firms f`;

/** The attendees become those wanted; who is not visible to the caller stays. $1 firm, $2 case, $3 event, $4 the attendees. */
export const WRITE_ATTENDEES = `with wanted as (select w.* from jsonb_to_recordset($4::jsonb) w(id uuid, "userId" uuid, "contactId" uuid, response text)),
  gone as (delete from case_event_attendees a where a.event_id = $3 and a.id not in (select w.id from wanted w)
    and (a.contact_id is null or a.contact_id in (select k.id from contacts k where k.id = a.contact_id))),
  changed as (update case_event_attendees a set response = w.response from wanted w where a.event_id = $3 and a.id = w.id and a.response <> w.response)
  insert into case_event_attendees (firm_id, id, case_id, event_id, user_id, contact_id, response)
    select $1, w.id, $2, $3, w."userId", w."contactId", w.response from wanted w where not exists (select from case_event_attendees a where a.event_id = $3 and a.id = w.id)`;

export const EVENT_LIST: ListSpec = {
  select: COLUMNS,
  from: 'case_events e',
  id: { column: 'e.id', type: 'uuid' },
  sorts: { startsAt: { column: 'e.starts_at', type: 'timestamptz' }, updatedAt: { column: 'e.updated_at', type: 'timestamptz' } },
  defaultSort: 'startsAt',
  updatedColumn: 'e.updated_at',
};

interface EventFilter {
  caseId?: string; from?: string; to?: string; kind?: readonly string[]; status?: readonly string[]; attendeeId?: string; mine?: boolean;
}

const ATTENDED = (who: string): string => `exists (select from case_event_attendees a where a.firm_id = e.firm_id and a.case_id = e.case_id and a.event_id = e.id and ${who})`;

export const eventFilters = (me: string, query: EventFilter): (Filter | false)[] => [
  query.caseId !== undefined && ['e.case_id = $::uuid', query.caseId],
  // What lasts longer than a day is looked up beside it, so that the range of starts stays one of the index.
  query.from !== undefined && [`coalesce(e.ends_at, e.starts_at) >= $::timestamptz and e.starts_at >= (select least($::timestamptz - interval '1 day', min(l.starts_at))
    from case_events l where l.ends_at - l.starts_at > interval '1 day' and l.ends_at >= $::timestamptz)`, query.from],
  query.to !== undefined && ['e.starts_at < $::timestamptz', query.to],
  query.kind !== undefined && ['e.kind = any ($::text[])', query.kind],
  query.status !== undefined && ['e.status = any ($::text[])', query.status],
  query.attendeeId !== undefined && [ATTENDED('$::uuid in (a.user_id, a.contact_id)'), query.attendeeId],
  query.mine !== undefined && [`${query.mine ? '' : 'not '}(${ATTENDED('a.user_id = $::uuid')}
    or exists (select from cases c where c.firm_id = e.firm_id and c.id = e.case_id and c.responsible_attorney_id = $::uuid))`, me],
];

/** When the next reminder of an event is due, if any is to come. */
export const NEXT_REMINDER = `select extract(epoch from r.due_at)::bigint::text as due, greatest(0, least(2000000000, ceil(extract(epoch from r.due_at - clock_timestamp()))))::int as "delaySeconds"
  from case_event_reminders r where r.event_id = $1 and r.sent_at is null order by r.due_at limit 1`;

/** Takes what is due, so that nobody else sends it; `current` when it is one of the start the event still has. */
export const TAKE_DUE_REMINDERS = `update case_event_reminders r set sent_at = clock_timestamp() from case_events e
  where r.event_id = $1 and r.sent_at is null and r.due_at <= clock_timestamp() and e.firm_id = r.firm_id and e.id = r.event_id
  returning e.status = 'scheduled' and r.due_at = e.starts_at - make_interval(mins => r.minutes) as current`;

/** What a reminder says, and the ids of those it is meant for who see the case as it is now. */
export const REMINDER = `select e.case_id as "caseId", e.kind, e.title, c.number, to_char(e.starts_at at time zone e.time_zone, case when e.all_day then 'FMDD Mon YYYY' else 'FMDD Mon YYYY, HH24:MI' end) as at,
    e.time_zone as "timeZone", array(select w from doors.who_sees_case(e.case_id, case when p.ids = '{}' then array[e.created_by] else p.ids end) w) as "userIds"
  from case_events e join cases c on c.firm_id = e.firm_id and c.id = e.case_id
  cross join lateral (select array(select a.user_id from case_event_attendees a where a.firm_id = e.firm_id and a.case_id = e.case_id and a.event_id = e.id and a.user_id is not null and a.response <> 'declined'
    union select c.responsible_attorney_id where c.responsible_attorney_id is not null) as ids) p
  where e.id = $1`;
