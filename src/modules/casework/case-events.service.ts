import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { assertTimeZone } from '../../common/validation/time-zone.js';
import { Database } from '../../database/database.js';
import { assertChanging, CaseStanding } from '../cases/case-standing.service.js';
import type { CaseEventDto, CaseEventsQuery, CreateCaseEvent, EventAttendee, EventAttendeeDto, EventsOfCaseQuery, UpdateCaseEvent } from './case-events.dto.js';
import * as sql from './case-events.queries.js';
import { CasePeople } from './case-people.service.js';
import * as errors from './casework.errors.js';
import { VISIBLE_CONTACTS } from './casework.queries.js';
import { Reminders } from './reminders.service.js';

interface Times {
  startsAt: string;
  endsAt: string | null;
}

@Injectable()
export class CaseEvents {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
    private readonly people: CasePeople,
    private readonly reminders: Reminders,
  ) {}

  list(query: CaseEventsQuery): Promise<Page<CaseEventDto>> {
    return listPage<CaseEventDto>(this.database, sql.EVENT_LIST, query, sql.eventFilters(this.database.userId, query));
  }

  async listOfCase(caseId: string, query: EventsOfCaseQuery): Promise<Page<CaseEventDto>> {
    await this.cases.assertVisible(caseId);
    return listPage<CaseEventDto>(this.database, sql.EVENT_LIST, query, sql.eventFilters(this.database.userId, { ...query, caseId }));
  }

  get(id: string): Promise<CaseEventDto> {
    return this.one(sql.EVENT_BY_ID, id);
  }

  async create(caseId: string, input: CreateCaseEvent): Promise<CaseEventDto> {
    assertTimeZone(input.timeZone);
    await this.cases.assertChanging(caseId);
    const attendees = await this.attendees(caseId, [], input.attendees ?? []);
    const timeZone = input.timeZone ?? (await this.database.first<{ timeZone: string }>(sql.FIRM_TIME_ZONE))!.timeZone;
    const times = await this.times(undefined, input, timeZone);
    const id = newId();
    await this.database.execute(sql.INSERT_EVENT, [
      this.database.firmId, id, caseId, input.kind ?? 'event', input.title, input.description ?? null, input.location ?? null, times.startsAt, times.endsAt,
      input.allDay ?? false, timeZone, input.reminders ?? [], this.database.userId,
    ]);
    if (attendees.length > 0) await this.writeAttendees(caseId, id, attendees);
    await this.reminders.scheduleNext(id);
    return this.get(id);
  }

  async update(id: string, changes: UpdateCaseEvent): Promise<CaseEventDto> {
    assertTimeZone(changes.timeZone);
    const event = await this.lock(id);
    const attendees = changes.attendees && (await this.attendees(event.caseId, event.attendees, changes.attendees));
    const attendeesChanged = attendees !== undefined && JSON.stringify(attendees.map(essence)) !== JSON.stringify(event.attendees.map(essence));
    const timed = [changes.startsAt, changes.endsAt, changes.allDay, changes.timeZone].some((value) => value !== undefined);
    const times = timed ? await this.times(event, changes, changes.timeZone ?? event.timeZone) : {};
    // the attendees are part of the event: its version counts changes of both
    const update = sql.updateEvent(id, { ...changes, ...times }, attendeesChanged);
    if (update) await this.database.execute(update.text, update.values);
    if (attendeesChanged) await this.writeAttendees(event.caseId, id, attendees);
    await this.reminders.scheduleNext(id);
    return this.get(id);
  }

  async remove(id: string): Promise<void> {
    await this.lock(id);
    await this.database.execute(sql.DELETE_EVENT, [id]);
  }

  /** When it starts and ends: an end that is not given moves with the start, and whole days stay whole days. */
  private async times(current: CaseEventDto | undefined, wish: UpdateCaseEvent, timeZone: string): Promise<Times> {
    const startsAt = wish.startsAt ?? current!.startsAt;
    let endsAt = wish.endsAt;
    if (endsAt === undefined && current?.endsAt) {
      endsAt = new Date(Date.parse(current.endsAt) + Date.parse(startsAt) - Date.parse(current.startsAt)).toISOString();
    }
    if (endsAt && Date.parse(endsAt) < Date.parse(startsAt)) {
      throw faultAt(errors.eventEndsBeforeStart, '/endsAt', `It starts at ${startsAt}.`);
    }
    if (!(wish.allDay ?? current?.allDay)) return { startsAt, endsAt: endsAt ?? null };
    const had = current?.allDay ? current : undefined;
    const zoneOfStart = wish.startsAt === undefined && had ? had.timeZone : timeZone;
    const end = had && wish.endsAt === undefined ? null : (endsAt ?? null);
    return (await this.database.first<{ startsAt: string; endsAt: string }>(sql.WHOLE_DAYS, [
      startsAt, zoneOfStart, end, timeZone, had?.startsAt ?? null, had?.endsAt ?? null, had?.timeZone ?? timeZone,
    ]))!;
  }

  /** The attendees as they are to be: known ones keep their id and, unless told, their answer. */
  private async attendees(caseId: string, current: readonly EventAttendeeDto[], wanted: readonly EventAttendee[]): Promise<EventAttendeeDto[]> {
    const known = new Map(current.map((attendee) => [attendee.userId ?? attendee.contactId, attendee]));
    const seen = new Set<string>();
    const result = wanted.map(({ userId, contactId, response }, index) => {
      const who = (userId ?? contactId)?.toLowerCase();
      if (!who || (userId && contactId)) throw faultAt(errors.attendeeNeedsOne, `/attendees/${index}`);
      if (seen.has(who)) throw faultAt(errors.repeatedAttendee, `/attendees/${index}`);
      seen.add(who);
      const before = known.get(who);
      return {
        id: before?.id ?? newId(), userId: userId ? who : null, contactId: contactId ? who : null, name: before?.name ?? '',
        response: response ?? before?.response ?? 'needs_action',
      };
    });
    const added = result.map((attendee, index) => ({ ...attendee, index })).filter(({ name }) => name === '');
    await this.people.assertSee(caseId, added.flatMap(({ userId, index }) => (userId ? [{ id: userId, pointer: `/attendees/${index}/userId` }] : [])), errors.attendeeCannotSeeCase);
    const contacts = added.filter(({ contactId }) => contactId !== null);
    if (contacts.length > 0) {
      const rows = await this.database.query<{ id: string }>(VISIBLE_CONTACTS, [contacts.map(({ contactId }) => contactId)]);
      const missing = contacts.find(({ contactId }) => !rows.some(({ id }) => id === contactId));
      if (missing) throw faultAt(errors.unknownContact, `/attendees/${missing.index}/contactId`);
    }
    return result;
  }

  private async writeAttendees(caseId: string, eventId: string, attendees: readonly EventAttendeeDto[]): Promise<void> {
    await this.database.execute(sql.WRITE_ATTENDEES, [this.database.firmId, caseId, eventId, JSON.stringify(attendees)]);
  }

  private async lock(id: string): Promise<CaseEventDto> {
    const event = await this.one(sql.LOCK_EVENT, id);
    assertFresh(event, event);
    assertChanging(event.case);
    return event;
  }

  private async one(text: string, id: string): Promise<CaseEventDto> {
    const event = await this.database.first<CaseEventDto>(text, [id]);
    if (!event) throw notFound();
    return event;
  }
}

const essence = ({ id, response }: EventAttendeeDto): string => `${id} ${response}`;
