import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { asFirm } from '../support/fixtures.js';
import { any, newCase, wallOff, type TestCase } from './fixtures.js';

let firm: TestFirm;
let me: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  me = await firm.person('associate');
  about = await newCase(firm);
});

const AT = { title: 'Hearing', startsAt: '2027-03-01T14:30:00Z' };
const add = (body: object = {}, as: Person = me, caseId = about.id) => as.api.POST('/v1/cases/{id}/events', { params: { path: { id: caseId } }, body: { ...AT, ...body } as never });
const get = (id: string, as: Person = me) => as.api.GET('/v1/case-events/{id}', { params: { path: { id } } });
const change = (id: string, body: object, as: Person = me, header: object = any) => as.api.PATCH('/v1/case-events/{id}', { params: { path: { id }, header: header as never }, body: body as never });
const calendar = async (query: object = {}, as: Person = me) => granted(await as.api.GET('/v1/case-events', { params: { query } })).data.map(({ title }) => title);

describe('an event', () => {
  test('is planned with all there is to say, read, changed and removed', async () => {
    const made = await add({
      kind: 'hearing', description: 'Oral argument', location: 'Courtroom 14C', endsAt: '2027-03-01T16:00:00Z', timeZone: 'America/New_York', reminders: [1440, 60],
      attendees: [{ userId: me.id, response: 'accepted' }, { contactId: about.contactId }],
    });
    const event = granted(made);
    expect(event).toMatchObject({
      caseId: about.id, case: { title: 'Meridian lease' }, kind: 'hearing', title: 'Hearing', description: 'Oral argument', location: 'Courtroom 14C', startsAt: '2027-03-01T14:30:00Z',
      endsAt: '2027-03-01T16:00:00Z', allDay: false, timeZone: 'America/New_York', localStart: '2027-03-01T09:30', localEnd: '2027-03-01T11:00', status: 'scheduled', reminders: [1440, 60],
      attendees: [{ userId: me.id, contactId: null, name: 'Associate Person1', response: 'accepted' }, { userId: null, contactId: about.contactId, name: 'Meridian', response: 'needs_action' }],
      createdBy: { id: me.id }, version: 1,
    });
    expect(made.response.headers.get('location')).toBe(`/v1/case-events/${event.id}`);
    expect(etagOf(await get(event.id))).toBe(etagOf(made));
    expect(granted(await change(event.id, { location: null, reminders: [], kind: 'deadline', status: 'done' }))).toMatchObject({ location: null, reminders: [], kind: 'deadline', status: 'done', version: 2 });
    refused(await change(event.id, { title: 'x' }, me, { 'If-Match': etagOf(made) }), 412, 'precondition_failed');
    expect((await me.api.DELETE('/v1/case-events/{id}', { params: { path: { id: event.id }, header: any } })).response.status).toBe(204);
    refused(await get(event.id), 404, 'not_found');
  });

  test('lies in the firm’s time zone unless told, and moves as a whole', async () => {
    await asFirm(firm, `update firms set time_zone = 'Europe/Berlin'`);
    const { id, timeZone } = granted(await add({ endsAt: '2027-03-01T15:30:00Z' }));
    expect(timeZone).toBe('Europe/Berlin');
    expect(granted(await change(id, { startsAt: '2027-03-05T08:00:00+01:00' }))).toMatchObject({ startsAt: '2027-03-05T07:00:00Z', endsAt: '2027-03-05T08:00:00Z', localStart: '2027-03-05T08:00' });
    expect(granted(await change(id, { endsAt: null })).endsAt).toBeNull();
  });

  test('of whole days begins and ends at midnight of its time zone, across the change of clocks too', async () => {
    const { id, ...event } = granted(await add({ allDay: true, startsAt: '2027-03-13T15:00:00Z', endsAt: '2027-03-14T15:00:00Z', timeZone: 'America/New_York' }));
    expect(event).toMatchObject({ localStart: '2027-03-13T00:00', localEnd: '2027-03-15T00:00', endsAt: '2027-03-15T04:00:00Z' });
    expect(granted(await change(id, { startsAt: '2027-03-20T15:00:00Z' }))).toMatchObject({ localStart: '2027-03-20T00:00', localEnd: '2027-03-22T00:00' });
    expect(granted(await change(id, { timeZone: 'Asia/Tokyo' }))).toMatchObject({ localStart: '2027-03-20T00:00', localEnd: '2027-03-22T00:00' });
    expect(granted(await change(id, { endsAt: '2027-03-20T15:00:00Z' }))).toMatchObject({ localStart: '2027-03-20T00:00', localEnd: '2027-03-21T00:00' });
    expect(granted(await add({ allDay: true, timeZone: 'UTC' }))).toMatchObject({ localStart: '2027-03-01T00:00', localEnd: '2027-03-02T00:00' });
  });

  test('has attendees that are written as a whole, and are part of its version', async () => {
    const other = await firm.person('partner');
    const event = granted(await add({ attendees: [{ userId: me.id }, { userId: other.id }] }));
    const changed = granted(await change(event.id, { attendees: [{ userId: other.id, response: 'declined' }, { contactId: about.contactId }] }));
    expect(changed.attendees.map(({ name, response }) => [name, response])).toEqual([['Partner Person2', 'declined'], ['Meridian', 'needs_action']]);
    expect([changed.attendees[0]!.id, changed.version]).toEqual([event.attendees[1]!.id, 2]);
    expect(granted(await change(event.id, { attendees: [{ userId: other.id }, { contactId: about.contactId }] }))).toEqual(changed);
    expect(granted(await change(event.id, { attendees: [] })).attendees).toEqual([]);
  });

  test('is attended by people who see the case and by contacts that can be seen', async () => {
    const screened = await firm.person('partner');
    await wallOff(firm, about.id, screened);
    const at = (list: object[]) => add({ attendees: list });
    expect(faults(refused(await at([{ userId: me.id }, { userId: screened.id }]), 422, 'attendee_cannot_see_case'))).toEqual(['/attendees/1/userId: attendee_cannot_see_case']);
    expect(faults(refused(await at([{ userId: newId() }]), 422, 'unknown_person'))).toEqual(['/attendees/0/userId: unknown_person']);
    expect(faults(refused(await at([{ contactId: newId() }]), 422, 'unknown_contact'))).toEqual(['/attendees/0/contactId: unknown_contact']);
    expect(faults(refused(await at([{}]), 422, 'attendee_needs_one'))).toEqual(['/attendees/0: attendee_needs_one']);
    expect(faults(refused(await at([{ userId: me.id, contactId: about.contactId }]), 422, 'attendee_needs_one'))).toEqual(['/attendees/0: attendee_needs_one']);
    expect(faults(refused(await at([{ userId: me.id }, { userId: me.id }]), 422, 'repeated_attendee'))).toEqual(['/attendees/1: repeated_attendee']);
    const secret = await newCase(firm, { members: [screened], restricted: true });
    refused(await at([{ contactId: secret.contactId }]), 422, 'unknown_contact');
  });

  test('does not show a contact to whom he is hidden, and his list does not send him away', async () => {
    const insider = await firm.person('partner');
    const secret = await newCase(firm, { members: [insider], restricted: true });
    const event = granted(await add({ attendees: [{ contactId: secret.contactId }] }, insider));
    const seen = await get(event.id);
    expect(granted(seen).attendees).toEqual([]);
    expect(JSON.stringify(seen.data)).not.toContain(secret.contactId);
    granted(await change(event.id, { attendees: [{ userId: me.id }] }));
    expect(granted(await get(event.id, insider)).attendees.map(({ contactId }) => contactId)).toEqual([secret.contactId, null]);
  });

  test.each([
    [{ startsAt: undefined }, 400, 'validation_failed', '/startsAt: matches'],
    [{ startsAt: '2027-03-01' }, 400, 'validation_failed', '/startsAt: matches'],
    [{ endsAt: '2027-03-01T14:29:59Z' }, 422, 'event_ends_before_start', '/endsAt: event_ends_before_start'],
    [{ timeZone: 'Mars/Olympus' }, 422, 'unknown_time_zone', '/timeZone: unknown_time_zone'],
    [{ kind: 'party' }, 400, 'validation_failed', '/kind: is_in'],
    [{ reminders: [1, 2, 3, 4, 5, 6] }, 400, 'validation_failed', '/reminders: array_max_size'],
    [{ reminders: [5, 5] }, 400, 'validation_failed', '/reminders: array_unique'],
    [{ reminders: [-1] }, 400, 'validation_failed', '/reminders: min'],
    [{ attendees: [{ name: 'x' }] }, 400, 'validation_failed', '/attendees/0/name: unknown_field'],
  ])('is refused where it stands: %#', async (body, status, code, fault) => {
    expect(faults(refused(await add(body), status, code))).toContain(fault);
  });
});

describe('the calendar', () => {
  test('has what goes on in a range, of what kind, for whom', async () => {
    const other = await firm.person('partner');
    const mine = await newCase(firm, { title: 'Mine', responsible: me });
    const e = async (title: string, startsAt: string, body: object = {}, caseId = about.id) => granted(await add({ title, startsAt, ...body }, me, caseId)).id;
    await e('trial', '2027-01-10T09:00:00Z', { endsAt: '2027-02-20T17:00:00Z', kind: 'trial' });
    await e('overnight', '2027-02-01T22:00:00Z', { endsAt: '2027-02-02T02:00:00Z', attendees: [{ userId: other.id }] });
    await e('before', '2027-02-01T10:00:00Z', { endsAt: '2027-02-01T11:00:00Z' });
    await e('deadline', '2027-02-03T00:00:00Z', { kind: 'deadline', attendees: [{ contactId: about.contactId }] });
    await e('call', '2027-02-04T10:00:00Z', { kind: 'call', attendees: [{ userId: me.id }] });
    await e('other case', '2027-02-05T10:00:00Z', {}, mine.id);
    expect(await calendar()).toEqual(['trial', 'before', 'overnight', 'deadline', 'call', 'other case']);
    expect(await calendar({ from: '2027-02-02T00:00:00Z', to: '2027-02-04T10:00:00Z' })).toEqual(['trial', 'overnight', 'deadline']);
    expect(await calendar({ from: '2027-02-20T17:00:01Z' })).toEqual([]);
    expect(await calendar({ kind: ['deadline', 'call'] })).toEqual(['deadline', 'call']);
    expect(await calendar({ attendeeId: other.id })).toEqual(['overnight']);
    expect(await calendar({ attendeeId: about.contactId })).toEqual(['deadline']);
    expect(await calendar({ mine: true })).toEqual(['call', 'other case']);
    expect(await calendar({ caseId: mine.id, status: 'scheduled' })).toEqual(['other case']);
    expect(await calendar({ sort: '-startsAt', limit: 2 })).toEqual(['other case', 'call']);
    const ofCase = granted(await me.api.GET('/v1/cases/{id}/events', { params: { path: { id: mine.id }, query: { count: true } } }));
    expect([ofCase.data.map(({ title }) => title), ofCase.total]).toEqual([['other case'], 1]);
  });

  test('shows nothing of hidden cases and costs one statement', async () => {
    for (let i = 0; i < 3; i++) granted(await add({ attendees: [{ userId: me.id }, { contactId: about.contactId }] }));
    const { id } = granted(await add());
    const watch = watchStatements();
    try {
      for (const limit of [1, 3]) {
        watch.reset();
        expect(await calendar({ limit, from: '2027-01-01T00:00:00Z', mine: true })).toHaveLength(limit);
        expect(watch.statements).toBe(1);
      }
    } finally {
      watch.stop();
    }
    await wallOff(firm, about.id, me);
    expect(await calendar()).toEqual([]);
    expect(await calendar({ attendeeId: about.contactId })).toEqual([]);
    refused(await me.api.GET('/v1/cases/{id}/events', { params: { path: { id: about.id } } }), 404, 'not_found');
    refused(await get(id), 404, 'not_found');
    refused(await change(id, { title: 'x' }), 404, 'not_found');
    refused(await add(), 404, 'not_found');
  });
});
