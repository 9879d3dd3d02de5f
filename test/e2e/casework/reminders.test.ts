import { beforeEach, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { granted } from '../support/check.js';
import { asFirm, deactivate, rowsOf } from '../support/fixtures.js';
import { any, inHours, newCase, notified, wallOff, type TestCase } from './fixtures.js';

let firm: TestFirm;
let me: Person;
let responsible: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  [me, responsible] = [await firm.person('associate'), await firm.person('partner')];
  about = await newCase(firm, { responsible });
});

const plan = async (body: object = {}) =>
  granted(await me.api.POST('/v1/cases/{id}/events', { params: { path: { id: about.id } }, body: { title: 'Hearing', startsAt: inHours(2), timeZone: 'UTC', reminders: [60], attendees: [{ userId: me.id }], ...body } as never }));
const change = async (id: string, body: object) => granted(await me.api.PATCH('/v1/case-events/{id}', { params: { path: { id }, header: any }, body }));
const reminded = async (person: Person) => (await notified(person)).filter(({ kind }) => kind === 'reminder');
const waiting = () => rowsOf<{ runAt: string }>(firm, `select run_at as "runAt" from jobs where name = 'casework.remind' and status = 'pending' order by run_at`);

/** The clock goes on: events and their reminders lie that much earlier. Reminders first, so that the events seem not to move. */
async function later(hours: number): Promise<void> {
  await asFirm(firm, `update case_event_reminders set due_at = due_at - make_interval(hours => $1)`, [hours]);
  await asFirm(firm, `update case_events set starts_at = starts_at - make_interval(hours => $1)`, [hours]);
  const { database, drainJobs } = await testApp();
  // the runner's own clock cannot be turned: the jobs that would be due by then are made anew, for now
  const events = await rowsOf<{ id: string }>(firm, 'select id from case_events order by starts_at');
  await database.write({ kind: 'system', firmId: firm.id }, () => database.batch(events.map(({ id }, i) => ({
    text: `insert into jobs (firm_id, id, name, payload) values ($1, gen_random_uuid(), 'casework.remind', jsonb_build_object('eventId', $2::uuid, 'run', $3::int))`, values: [firm.id, id, i],
  }))));
  await drainJobs();
}

test('attendees and the responsible attorney are reminded, once, when the time has come', async () => {
  const event = await plan({ attendees: [{ userId: me.id }, { contactId: about.contactId }] });
  const [job] = await waiting();
  expect(Math.abs(Date.parse(job!.runAt) - (Date.parse(event.startsAt) - 3_600_000))).toBeLessThan(5_000);
  await later(0);
  expect(await reminded(me)).toEqual([]);
  await later(1);
  const [reminder] = await reminded(me);
  expect(reminder).toMatchObject({ kind: 'reminder', title: expect.stringMatching(/^\d+ \w+ \d{4}, \d\d:\d\d: Hearing \(.+\)$/), subjectType: 'case_event', subjectId: event.id });
  expect(await reminded(responsible)).toHaveLength(1);
  await later(0);
  expect(await reminded(me)).toHaveLength(1);
});

test('whose time has come already is sent at once, by the job that was made with it', async () => {
  const { drainJobs } = await testApp();
  await plan({ reminders: [180, 1] });
  await drainJobs();
  expect(await reminded(me)).toHaveLength(1);
  expect(await waiting()).toHaveLength(1); // for the last minute
});

test('two runners at once remind once', async () => {
  const { drainJobs } = await testApp();
  const { id } = await plan({ reminders: [180] });
  for (let i = 0; i < 3; i++) await asFirm(firm, `insert into jobs (firm_id, id, name, payload) values ($1, gen_random_uuid(), 'casework.remind', jsonb_build_object('eventId', $2::uuid))`, [firm.id, id]);
  await Promise.all([drainJobs(), drainJobs()]);
  expect(await reminded(me)).toHaveLength(1);
});

test('an event that moves reminds of the new time and not of the old one', async () => {
  const { drainJobs } = await testApp();
  const { id } = await plan({ startsAt: inHours(2), reminders: [60] });
  await change(id, { startsAt: inHours(26) });
  expect(await waiting()).toHaveLength(2); // the first will find nothing to send
  await later(2);
  expect(await reminded(me)).toEqual([]);
  // moved to where its reminder is due: sent once; moved again after that: once more
  await change(id, { startsAt: inHours(0.5) });
  await drainJobs();
  expect(await reminded(me)).toHaveLength(1);
  await change(id, { title: 'Hearing, room 4' });
  await drainJobs();
  expect(await reminded(me)).toHaveLength(1);
  await change(id, { startsAt: inHours(0.25) });
  await drainJobs();
  expect(await reminded(me)).toHaveLength(2);
});

test('a cancelled event reminds nobody; scheduled again, it does', async () => {
  const { drainJobs } = await testApp();
  const { id } = await plan();
  await change(id, { status: 'cancelled' });
  await later(1);
  expect(await reminded(me)).toEqual([]);
  await change(id, { status: 'scheduled' });
  await drainJobs();
  expect(await reminded(me)).toHaveLength(1);
});

test('an event that was moved into the past, or removed, reminds nobody', async () => {
  const first = await plan();
  const second = await plan();
  await change(first.id, { startsAt: inHours(-3) });
  granted({ ...(await me.api.DELETE('/v1/case-events/{id}', { params: { path: { id: second.id }, header: any } })), data: {} });
  await later(1);
  expect(await reminded(me)).toEqual([]);
});

test('who is walled off, left out, deactivated or has declined is not reminded', async () => {
  const [screened, declined, gone, outside] = [await firm.person('partner'), await firm.person('associate'), await firm.person('associate'), await firm.person('admin')];
  const { id } = await plan({ attendees: [{ userId: screened.id }, { userId: declined.id, response: 'declined' }, { userId: gone.id }] });
  await wallOff(firm, about.id, screened);
  await deactivate(firm, gone);
  await later(1);
  for (const person of [declined, outside]) expect(await reminded(person)).toEqual([]);
  const rows = await rowsOf<{ userId: string }>(firm, `select user_id as "userId" from notifications where subject_id = $1`, [id]);
  expect(rows.map(({ userId }) => userId)).toEqual([responsible.id]);
});

test('where nobody attends and nobody is responsible, whoever planned it is reminded', async () => {
  about = await newCase(firm);
  await plan({ attendees: [] });
  await later(1);
  expect(await reminded(me)).toHaveLength(1);
});
