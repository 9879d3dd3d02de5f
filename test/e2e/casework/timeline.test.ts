import { beforeEach, describe, expect, test } from 'vitest';
import { KIND_OF_TABLE, SUBJECTS, UNTOLD } from '../../../src/modules/casework/timeline.kinds.js';
import { newId } from '../../../src/common/ids.js';
import { actorOf } from '../../support/actors.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { faults, granted, refused } from '../support/check.js';
import { asFirm, rowsOf } from '../support/fixtures.js';
import { any, newCase, wallOff, type TestCase } from './fixtures.js';

let firm: TestFirm;
let me: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  me = await firm.person('associate');
  about = await newCase(firm);
});

const list = (query: object = {}, as: Person = me) => as.api.GET('/v1/cases/{id}/timeline', { params: { path: { id: about.id }, query } });
const texts = async (query: object = {}, as: Person = me) => granted(await list(query, as)).data.map(({ text }) => text);
const path = (id: string) => ({ params: { path: { id }, header: any } });
const at = (id: string) => ({ params: { path: { id } } });
/** An instant that compares as text, to the microsecond. */
const moment = (instant: string) => (instant.includes('.') ? instant.slice(0, -1).padEnd(26, '0') : `${instant.slice(0, -1)}.000000`);
/** Writes as a person, past the API: as the routes of other modules do. */
async function as(person: Person, sql: string, values: unknown[]): Promise<void> {
  const { database } = await testApp();
  await database.write(actorOf(person), () => database.execute(sql, values));
}

describe('the timeline', () => {
  test('tells in sentences what happened to the case, its members and its parties', async () => {
    const grace = await firm.person('partner');
    const person = newId();
    await as(me, `insert into contacts (firm_id, id, kind, given_name, family_name) values ($1, $2, 'person', 'Grace', 'Hopper')`, [firm.id, person]);
    const [member, party] = [newId(), newId()];
    await as(me, `update cases set title = 'New title', description = $2 where id = $1`, [about.id, 'x'.repeat(3000)]);
    await as(me, `update cases set status = 'on_hold' where id = $1`, [about.id]);
    await as(me, `update cases set status = 'closed', closed_on = '2026-06-01', responsible_attorney_id = $2 where id = $1`, [about.id, grace.id]);
    await as(me, `insert into case_members (firm_id, id, case_id, user_id, role) values ($1, $2, $3, $4, 'paralegal')`, [firm.id, member, about.id, grace.id]);
    await as(me, `update case_members set role = 'lead' where id = $1`, [member]);
    await as(me, `delete from case_members where id = $1`, [member]);
    await as(me, `insert into case_parties (firm_id, id, case_id, contact_id, role) values ($1, $2, $3, $4, 'expert')`, [firm.id, party, about.id, person]);
    await as(me, `update case_parties set note = 'knows', until = '2027-01-01' where id = $1`, [party]);
    await as(me, `delete from case_parties where id = $1`, [party]);
    await asFirm(firm, `update cases set access = 'open', tags = '{a}' where id = $1`, [about.id]);
    expect(await texts()).toEqual([
      'LexiFlow changed tags of the case',
      'Associate Person1 removed Grace Hopper as expert',
      'Associate Person1 changed note and until of Grace Hopper',
      'Associate Person1 added Grace Hopper as expert',
      'Associate Person1 took Partner Person2, lead, off the case',
      'Associate Person1 made Partner Person2 lead instead of paralegal',
      'Associate Person1 added Partner Person2 to the case as paralegal',
      'Associate Person1 moved the case from on hold to closed and made Partner Person2 responsible attorney',
      'Associate Person1 moved the case from open to on hold',
      'Associate Person1 changed description and title of the case',
      'LexiFlow opened the case',
    ]);
    const { data } = granted(await list({ kind: 'party', sort: 'occurredAt' }));
    expect(data[1]).toMatchObject({ kind: 'party', action: 'changed', actor: { kind: 'user', id: me.id, name: 'Associate Person1' }, subjectType: 'case_party', subjectId: party, changes: ['note', 'until'], reason: null });
    expect(data.map(({ action }) => action)).toEqual(['added', 'changed', 'removed']);
    expect(JSON.stringify(data)).not.toContain('knows');
  });

  test('tells of notes, tasks and events through the API', async () => {
    const other = await firm.person('partner');
    const { api } = me;
    const note = granted(await api.POST('/v1/cases/{id}/notes', { ...at(about.id), body: { body: 'SECRET words' } }));
    granted(await api.PATCH('/v1/case-notes/{id}', { ...path(note.id), body: { pinned: true } }));
    await api.DELETE('/v1/case-notes/{id}', path(note.id));
    const task = granted(await api.POST('/v1/cases/{id}/tasks', { ...at(about.id), body: { title: 'File', items: [{ title: 'Sign' }], assigneeId: other.id } }));
    granted(await api.PATCH('/v1/case-tasks/{id}', { ...path(task.id), body: { items: [{ ...task.items[0]!, done: true }, { title: 'Send' }], dueOn: '2026-12-01' } }));
    granted(await api.PATCH('/v1/case-tasks/{id}', { ...path(task.id), body: { title: 'File it', priority: 'high' } }));
    granted(await other.api.POST('/v1/case-tasks/{id}/complete', path(task.id)));
    await api.DELETE('/v1/case-tasks/{id}', path(task.id));
    const event = granted(await api.POST('/v1/cases/{id}/events', { ...at(about.id), body: { title: 'Argument', kind: 'hearing', startsAt: '2027-01-01T10:00:00Z', attendees: [{ userId: other.id }] } }));
    granted(await api.PATCH('/v1/case-events/{id}', { ...path(event.id), body: { startsAt: '2027-01-02T10:00:00Z', attendees: [{ contactId: about.contactId }] } }));
    granted(await api.PATCH('/v1/case-events/{id}', { ...path(event.id), body: { status: 'cancelled' } }));
    const told = (await texts({ kind: ['note', 'task', 'event'] })).toReversed();
    const I = 'Associate Person1';
    // what one statement did stands in no promised order
    expect(told.slice(0, 4)).toEqual([`${I} wrote a note`, `${I} pinned a note`, `${I} removed a note`, `${I} added the task “File” for Partner Person2`]);
    expect(told.slice(4, 7).sort()).toEqual([`${I} added “Send” to the checklist of the task “File it”`, `${I} moved the due date of the task “File it” from none to 2026-12-01`, `${I} ticked “Sign” off the checklist`]);
    expect(told.slice(7, 11)).toEqual([`${I} changed priority and title of the task “File it”`, 'Partner Person2 completed the task “File it”', `${I} removed the task “File it”`, `${I} scheduled a hearing: “Argument”`]);
    expect(told.slice(11, 14).sort()).toEqual([`${I} added Meridian to “Argument”`, `${I} moved “Argument”`, `${I} took Partner Person2 off “Argument”`]);
    expect(told.slice(14)).toEqual([`${I} cancelled “Argument”`]);
    expect(JSON.stringify((await list()).data)).not.toContain('SECRET');
  });

  test('is read page by page in both directions, by kind, person and time', async () => {
    for (let i = 0; i < 9; i++) await as(i % 3 === 0 ? firm.admin : me, `insert into case_notes (firm_id, id, case_id, body, author_id) values ($1, $2, $3, $4, $5)`, [firm.id, newId(), about.id, `${i}`, me.id]);
    for (const sort of ['-occurredAt', 'occurredAt']) {
      const whole = granted(await list({ sort, limit: 200 })).data.map(({ id }) => id);
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = granted(await list({ sort, limit: 4, ...(cursor && { cursor }) }));
        seen.push(...page.data.map(({ id }) => id));
        if (!page.nextCursor) break;
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(whole);
      expect(seen).toHaveLength(10);
      expect(new Set(seen).size).toBe(10);
    }
    expect(await texts({ userId: firm.admin.id })).toHaveLength(3);
    expect(granted(await list({ kind: 'note', count: true, limit: 1 })).total).toBe(9);
    expect(await texts({ kind: 'wall' })).toEqual([]);
    const { data } = granted(await list({ sort: 'occurredAt' }));
    const [from, to] = [data[4]!.occurredAt, data[7]!.occurredAt]; // several may be of the same moment
    const between = data.filter(({ occurredAt }) => moment(occurredAt) >= moment(from) && moment(occurredAt) < moment(to));
    expect(await texts({ from, to })).toHaveLength(between.length);
    expect(between.length).toBeGreaterThan(0);
    expect(faults(refused(await list({ kind: 'gossip' }), 400, 'validation_failed'))).toEqual(['kind: is_in']);
  });

  test('costs three statements whatever stands on it', async () => {
    granted(await me.api.POST('/v1/cases/{id}/tasks', { ...at(about.id), body: { title: 'x', assigneeId: firm.admin.id } }));
    const event = { title: 'y', startsAt: '2027-01-01T10:00:00Z', attendees: [{ userId: firm.admin.id }, { contactId: about.contactId }] };
    for (let i = 0; i < 5; i++) granted(await me.api.POST('/v1/cases/{id}/events', { ...at(about.id), body: event }));
    const watch = watchStatements();
    try {
      for (const limit of [1, 5]) {
        watch.reset();
        expect(await texts({ limit })).toHaveLength(limit);
        expect(watch.statements).toBe(3);
      }
    } finally {
      watch.stop();
    }
  });

  test('of a hidden or foreign case is not there', async () => {
    const screened = await firm.person('admin');
    await wallOff(firm, about.id, screened);
    for (const person of [screened, (await newFirm()).admin]) refused(await list({}, person), 404, 'not_found');
    granted(await list({}, await firm.person('readonly')));
  });

  test('tells of walls to those who manage them, and of refused access to those who read the trail', async () => {
    const [partner, screened] = [await firm.person('partner'), await firm.person('associate')];
    await wallOff(firm, about.id, screened);
    refused(await list({}, screened), 404, 'not_found');
    const secret = [`LexiFlow walled Associate Person3 off from the case`, `Associate Person3 was refused access`];
    expect(await texts({ kind: ['wall', 'refused_access'], sort: 'occurredAt' }, partner)).toEqual(secret);
    expect(JSON.stringify(await list({}, partner))).not.toContain('counsel of the other side');
    expect(await texts({ kind: ['wall', 'refused_access'] })).toEqual([]);
    expect(granted(await list({ count: true })).total).toBe(1);
  });

  test('does not name a contact who is hidden', async () => {
    const insider = await firm.person('partner');
    const secret = await newCase(firm, { members: [insider], restricted: true });
    granted(await insider.api.POST('/v1/cases/{id}/events', { ...at(about.id), body: { title: 'Call', startsAt: '2027-01-01T10:00:00Z' } }));
    await asFirm(firm, `update contacts set company_name = 'Hidden Holding' where id = $1`, [secret.contactId]);
    const [{ id }] = (await rowsOf<{ id: string }>(firm, 'select id from case_events')) as [{ id: string }];
    granted(await insider.api.PATCH('/v1/case-events/{id}', { ...path(id), body: { attendees: [{ contactId: secret.contactId }] } }));
    expect((await texts({}, insider))[0]).toBe('Partner Person2 added Hidden Holding to “Call”');
    expect((await texts())[0]).toBe('Partner Person2 added somebody to “Call”');
    granted(await insider.api.PATCH('/v1/case-events/{id}', { ...path(id), body: { attendees: [] } }));
    expect((await texts())[0]).toBe('Partner Person2 took somebody off “Call”');
    const everything = JSON.stringify((await list()).data);
    expect(everything).not.toContain('Hidden');
    expect(everything).not.toContain(secret.contactId);
  });
});

test('every audited table that names a case has its sentences, or a reason to have none', async () => {
  const tables = await rowsOf<{ name: string }>(firm, `select c.relname::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
      and (c.relname = 'cases' or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'case_id' and not a.attisdropped))
      and exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = c.oid and p.proname = 'audit')`);
  const known = new Set([...Object.keys(KIND_OF_TABLE), ...Object.keys(UNTOLD)]);
  expect(tables.length).toBeGreaterThan(9);
  expect(tables.map(({ name }) => name).filter((name) => !known.has(name)), 'give these sentences in timeline.sentences.ts and a kind in timeline.kinds.ts').toEqual([]);
  const there = new Set(tables.map(({ name }) => name));
  expect(Object.keys(KIND_OF_TABLE).filter((name) => !there.has(name))).toEqual([]);
  expect(Object.keys(SUBJECTS)).toEqual(Object.keys(KIND_OF_TABLE));
});
