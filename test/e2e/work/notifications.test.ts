import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { Mail } from '../../../src/modules/mail/mail.service.js';
import { Notifications } from '../../../src/modules/notifications/notifications.service.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';

async function notify(firm: TestFirm, person: Person, title: string, kind: 'reminder' | 'mention' | 'system' = 'reminder', subjectId?: string): Promise<void> {
  const { app, database } = await testApp();
  await database.write({ kind: 'system', firmId: firm.id }, () =>
    app.get(Notifications).notify({ userId: person.id, kind, title, ...(subjectId && { subjectType: 'case', subjectId }) }));
}
const list = async (person: Person, query: object = {}) => granted(await person.api.GET('/v1/notifications', { params: { query } })).data;
const unread = async (person: Person) => granted(await person.api.GET('/v1/notifications/summary')).unread;

test('a person reads what he should know, newest first, and what is read is read', async () => {
  const firm = await newFirm();
  const subject = randomUUID();
  await notify(firm, firm.admin, 'First');
  await notify(firm, firm.admin, 'Second', 'mention', subject);
  const [second, first] = await list(firm.admin);
  expect(second).toMatchObject({ title: 'Second', kind: 'mention', subjectType: 'case', subjectId: subject, readAt: null });
  expect(first).toMatchObject({ title: 'First', kind: 'reminder', subjectType: null, subjectId: null, body: null });
  expect([await unread(firm.admin), granted(await firm.admin.api.GET('/v1/me')).unreadNotifications]).toEqual([2, 2]);

  const params = { path: { id: second!.id } };
  const read = granted(await firm.admin.api.POST('/v1/notifications/{id}/read', { params }));
  expect(read.readAt).toEqual(expect.any(String));
  expect(granted(await firm.admin.api.POST('/v1/notifications/{id}/read', { params })).readAt).toBe(read.readAt); // the first time counts
  expect(granted(await firm.admin.api.GET('/v1/notifications/{id}', { params }))).toEqual(granted(await firm.admin.api.POST('/v1/notifications/{id}/read', { params })));
  expect(await unread(firm.admin)).toBe(1);
  expect(granted(await firm.admin.api.POST('/v1/notifications/{id}/unread', { params })).readAt).toBeNull();
  expect(await unread(firm.admin)).toBe(2);
});

test('all are marked read at once, one’s own and no others', async () => {
  const firm = await newFirm();
  const person = await firm.person('readonly');
  for (const to of [firm.admin, firm.admin, person]) await notify(firm, to, 'Note');
  expect(granted(await firm.admin.api.POST('/v1/notifications/read-all'))).toEqual({ updated: 2 });
  expect(granted(await firm.admin.api.POST('/v1/notifications/read-all'))).toEqual({ updated: 0 });
  expect([await unread(firm.admin), await unread(person)]).toEqual([0, 1]);
});

test('they are found by kind and by whether they were read', async () => {
  const firm = await newFirm();
  await notify(firm, firm.admin, 'A', 'mention');
  await notify(firm, firm.admin, 'B');
  await notify(firm, firm.admin, 'C');
  const titles = async (query: object) => (await list(firm.admin, query)).map(({ title }) => title);
  const [c] = await list(firm.admin);
  granted(await firm.admin.api.POST('/v1/notifications/{id}/read', { params: { path: { id: c!.id } } }));
  expect(await titles({ unread: true })).toEqual(['B', 'A']);
  expect(await titles({ unread: false })).toEqual(['C']);
  expect(await titles({ kind: 'mention' })).toEqual(['A']);
  expect(await titles({ kind: 'reminder', unread: true })).toEqual(['B']);
  expect(granted(await firm.admin.api.GET('/v1/notifications', { params: { query: { unread: true, count: true, limit: 1 } } })).total).toBe(2);
  refused(await firm.admin.api.GET('/v1/notifications', { params: { query: { kind: 'spam' as never } } }), 400, 'validation_failed');
});

test('nobody sees or touches another’s, neither in the firm nor outside', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const person = await firm.person('associate');
  await notify(firm, person, 'Private');
  const [note] = await list(person);
  const params = { path: { id: note!.id } };
  for (const { api } of [firm.admin, other.admin]) {
    refused(await api.GET('/v1/notifications/{id}', { params }), 404, 'not_found');
    refused(await api.POST('/v1/notifications/{id}/read', { params }), 404, 'not_found');
    refused(await api.POST('/v1/notifications/{id}/unread', { params }), 404, 'not_found');
    expect(granted(await api.GET('/v1/notifications')).data).toEqual([]);
  }
  expect(await unread(person)).toBe(1);
});

test('a task that ends tells its owner, in words and with the way to it', async () => {
  const firm = await newFirm();
  const task = granted(await firm.admin.api.POST('/v1/audit-events/verifications'));
  expect(await unread(firm.admin)).toBe(0);
  await (await testApp()).drainJobs();
  expect(await list(firm.admin)).toMatchObject([{ kind: 'task', title: 'Done: audit.verify', subjectType: 'task', subjectId: task.id, readAt: null }]);
});

test('a title longer than a line can show is cut, not refused, and not in the middle of a sign', async () => {
  const firm = await newFirm();
  await notify(firm, firm.admin, '😀'.repeat(400));
  expect((await list(firm.admin))[0]!.title).toBe('😀'.repeat(300));
});

test('what is told about a case goes the way of the case: a wall raised later hides notification and mail, and lifting it shows them again', async () => {
  const { app, database } = await testApp();
  const firm = await newFirm();
  const [screened, other] = [await firm.person('admin'), await firm.person('admin')];
  const caseId = await newCase(firm);
  await database.write({ kind: 'system', firmId: firm.id }, async () => {
    await app.get(Notifications).notifyAll([screened.id, other.id], { kind: 'reminder', title: 'Hearing tomorrow', subjectType: 'case', subjectId: caseId, caseId });
    await app.get(Notifications).notifyAll([screened.id, other.id], { kind: 'system', title: 'Of no case' });
    await app.get(Mail).send({ to: `x@${firm.slug}.example`, subject: 'Hearing tomorrow', text: 'At nine.', caseId });
    await app.get(Mail).send({ to: `x@${firm.slug}.example`, subject: 'Of no case', text: 'Hello.' });
  });
  await (await testApp()).drainJobs();
  const sees = async (person: Person) => ({
    titles: (await list(person)).map(({ title }) => title),
    total: granted(await person.api.GET('/v1/notifications', { params: { query: { count: true } } })).total,
    unread: [await unread(person), granted(await person.api.GET('/v1/me')).unreadNotifications],
    mails: granted(await person.api.GET('/v1/dev/outbox')).data.map(({ subject, status }) => `${subject}: ${status}`),
  });
  const all = { titles: ['Of no case', 'Hearing tomorrow'], total: 2, unread: [2, 2], mails: ['Of no case: logged', 'Hearing tomorrow: logged'] };
  const [, reminder] = await list(screened);
  expect(reminder).toMatchObject({ caseId, subjectId: caseId });
  expect((await list(screened))[0]!.caseId).toBeNull();
  expect([await sees(screened), await sees(other)]).toEqual([all, all]);

  const wall = newId();
  await database.write({ kind: 'system', firmId: firm.id }, () =>
    database.execute(`insert into case_walls (firm_id, id, case_id, user_id, reason) values ($1, $2, $3, $4, 'Worked for the other side')`, [firm.id, wall, caseId, screened.id]));
  expect(await sees(screened)).toEqual({ titles: ['Of no case'], total: 1, unread: [1, 1], mails: ['Of no case: logged'] });
  expect(await sees(other)).toEqual(all);
  const params = { path: { id: reminder!.id } };
  refused(await screened.api.GET('/v1/notifications/{id}', { params }), 404, 'not_found');
  refused(await screened.api.POST('/v1/notifications/{id}/read', { params }), 404, 'not_found');
  expect(granted(await screened.api.POST('/v1/notifications/read-all'))).toEqual({ updated: 1 });

  await database.write({ kind: 'system', firmId: firm.id }, () =>
    database.execute(`update case_walls set ends_at = now(), lifted_at = now(), lift_reason = 'It was somebody else' where id = $1`, [wall]));
  expect(await sees(screened)).toEqual({ ...all, unread: [1, 1] });
});

/** An open case, made as an import would make it. */
async function newCase(firm: TestFirm): Promise<string> {
  const { database } = await testApp();
  const id = newId();
  await database.write({ kind: 'system', firmId: firm.id }, async () => {
    await database.execute(`insert into contacts (firm_id, id, kind, company_name) values ($1, $2, 'company', 'Client')`, [firm.id, id]);
    await database.execute(`insert into clients (firm_id, id, contact_id) values ($1, $2, $2)`, [firm.id, id]);
    await database.execute(`insert into cases (firm_id, id, title, client_id, status, opened_on) values ($1, $2, 'Case', $2, 'open', '2026-01-05')`, [firm.id, id]);
  });
  return id;
}
