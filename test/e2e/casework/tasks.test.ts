import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { asFirm, deactivate } from '../support/fixtures.js';
import { any, newCase, notified, wallOff, type TestCase } from './fixtures.js';

let firm: TestFirm;
let me: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  me = await firm.person('associate');
  about = await newCase(firm);
});

const add = (body: object, as: Person = me, caseId = about.id) => as.api.POST('/v1/cases/{id}/tasks', { params: { path: { id: caseId } }, body: body as never });
const all = async (query: object = {}, as: Person = me) => granted(await as.api.GET('/v1/case-tasks', { params: { query } })).data;
const get = (id: string, as: Person = me) => as.api.GET('/v1/case-tasks/{id}', { params: { path: { id } } });
const change = (id: string, body: object, as: Person = me, header: object = any) => as.api.PATCH('/v1/case-tasks/{id}', { params: { path: { id }, header: header as never }, body: body as never });
const complete = (id: string, as: Person = me) => as.api.POST('/v1/case-tasks/{id}/complete', { params: { path: { id }, header: any } });
const reopen = (id: string, as: Person = me) => as.api.POST('/v1/case-tasks/{id}/reopen', { params: { path: { id }, header: any } });

describe('a task', () => {
  test('is added with all there is to say, read, changed and removed', async () => {
    const made = await add({ title: 'Draft the answer', description: 'By hand', assigneeId: me.id, dueOn: '2026-12-01', priority: 'high', position: 3, items: [{ title: 'Read the complaint', done: true }, { title: 'Write' }] });
    const task = granted(made);
    expect(task).toMatchObject({
      caseId: about.id, case: { id: about.id, title: 'Meridian lease', status: 'open' }, title: 'Draft the answer', description: 'By hand', assignee: { id: me.id }, dueOn: '2026-12-01',
      priority: 'high', status: 'open', position: 3, completedAt: null, completedBy: null, createdBy: { id: me.id }, allowedTransitions: ['in_progress', 'done', 'cancelled'], version: 1,
      items: [{ title: 'Read the complaint', done: true }, { title: 'Write', done: false }],
    });
    expect(made.response.headers.get('location')).toBe(`/v1/case-tasks/${task.id}`);
    expect(etagOf(await get(task.id))).toBe(etagOf(made));
    const cleared = granted(await change(task.id, { description: null, assigneeId: null, dueOn: null }));
    expect(cleared).toMatchObject({ description: null, assignee: null, dueOn: null, version: 2 });
    refused(await change(task.id, { title: 'x' }, me, { 'If-Match': etagOf(made) }), 412, 'precondition_failed');
    expect((await me.api.DELETE('/v1/case-tasks/{id}', { params: { path: { id: task.id }, header: any } })).response.status).toBe(204);
    refused(await get(task.id), 404, 'not_found');
  });

  test('has a checklist that is written as a whole, and is part of its version', async () => {
    const task = granted(await add({ title: 'Closing', items: [{ title: 'a' }, { title: 'b' }, { title: 'c' }] }));
    const [a, b, c] = task.items;
    const ticked = granted(await change(task.id, { items: [c!, { ...a!, done: true }, { title: 'd' }].map(({ ...item }) => item) }));
    expect(ticked.items.map(({ title, done }) => [title, done])).toEqual([['c', false], ['a', true], ['d', false]]);
    expect([ticked.items[0]!.id, ticked.items[1]!.id]).toEqual([c!.id, a!.id]);
    expect(ticked.version).toBe(2);
    const same = granted(await change(task.id, { items: ticked.items }));
    expect([same.version, same.updatedAt]).toEqual([2, ticked.updatedAt]);
    expect(granted(await change(task.id, { items: [{ id: a!.id, title: 'a' }] })).items).toEqual([{ id: a!.id, title: 'a', done: true }]);
    expect(faults(refused(await change(task.id, { items: [{ id: b!.id, title: 'gone' }] }), 422, 'unknown_checklist_item'))).toEqual(['/items/0/id: unknown_checklist_item']);
    expect(faults(refused(await change(task.id, { items: [{ id: a!.id, title: 'a' }, { id: a!.id, title: 'a' }] }), 422, 'repeated_checklist_item'))).toEqual(['/items/1/id: repeated_checklist_item']);
    expect(granted(await change(task.id, { items: [] })).items).toEqual([]);
  });

  test('is completed and reopened, and says what it can become', async () => {
    const { id } = granted(await add({ title: 'File' }));
    const done = granted(await complete(id));
    expect(done).toMatchObject({ status: 'done', completedBy: { id: me.id }, allowedTransitions: ['open'], version: 2 });
    expect(Date.parse(done.completedAt!)).toBeGreaterThan(Date.now() - 60_000);
    const problem = refused(await complete(id), 409, 'task_transition_not_allowed');
    expect(problem).toMatchObject({ allowedTransitions: ['open'] });
    expect(granted(await reopen(id))).toMatchObject({ status: 'open', completedAt: null, completedBy: null });
    refused(await reopen(id), 409, 'task_transition_not_allowed');
    expect(granted(await change(id, { status: 'in_progress', title: 'File it' }))).toMatchObject({ status: 'in_progress', title: 'File it' });
    refused(await reopen(id), 409, 'task_transition_not_allowed');
    expect(granted(await change(id, { status: 'cancelled' }))).toMatchObject({ status: 'cancelled', completedAt: null });
    refused(await change(id, { status: 'done' }), 409, 'task_transition_not_allowed');
  });

  test('goes only to people who see the case, and tells them', async () => {
    const [friend, screened, gone] = [await firm.person('billing'), await firm.person('partner'), await firm.person('associate')];
    await wallOff(firm, about.id, screened);
    await deactivate(firm, gone);
    expect(faults(refused(await add({ title: 'x', assigneeId: screened.id }), 422, 'assignee_cannot_see_case'))).toEqual(['/assigneeId: assignee_cannot_see_case']);
    expect(faults(refused(await add({ title: 'x', assigneeId: gone.id }), 422, 'unknown_person'))).toEqual(['/assigneeId: unknown_person']);
    refused(await add({ title: 'x', assigneeId: newId() }), 422, 'unknown_person');
    refused(await add({ title: 'x', assigneeId: (await newFirm()).admin.id }), 422, 'unknown_person');
    const task = granted(await add({ title: 'Send the invoice', assigneeId: friend.id }));
    expect(await notified(friend)).toMatchObject([{ kind: 'task', title: expect.stringContaining('Associate Person1 gave you the task “Send the invoice”'), subjectType: 'case_task', subjectId: task.id }]);
    granted(await change(task.id, { assigneeId: friend.id, priority: 'urgent' }));
    expect(await notified(friend)).toHaveLength(1);
    refused(await change(task.id, { assigneeId: screened.id }), 422, 'assignee_cannot_see_case');
    granted(await complete(task.id, friend));
    const outside = await firm.person('associate');
    const restricted = await newCase(firm, { members: [me], restricted: true });
    refused(await add({ title: 'x', assigneeId: outside.id }, me, restricted.id), 422, 'assignee_cannot_see_case');
    expect([...(await notified(screened)), ...(await notified(outside)), ...(await notified(me))]).toEqual([]);
  });

  test('of an archived case stays as it is', async () => {
    const { id } = granted(await add({ title: 'x' }));
    for (const status of ['closed', 'archived']) await asFirm(firm, `update cases set status = $1, closed_on = coalesce(closed_on, '2026-06-01')`, [status]);
    refused(await add({ title: 'y' }), 409, 'case_archived');
    refused(await complete(id), 409, 'case_archived');
    refused(await me.api.DELETE('/v1/case-tasks/{id}', { params: { path: { id }, header: any } }), 409, 'case_archived');
  });

  test.each([
    [{}, '/title: is_string'],
    [{ title: ' ' }, '/title: min_length'],
    [{ title: 'x'.repeat(301) }, '/title: max_length'],
    [{ title: 'x', priority: 'huge' }, '/priority: is_in'],
    [{ title: 'x', status: 'done' }, '/status: unknown_field'],
    [{ title: 'x', dueOn: '2026-02-30' }, '/dueOn: is_iso8601'],
    [{ title: 'x', items: [{ title: '' }] }, '/items/0/title: min_length'],
    [{ title: 'x', items: Array.from({ length: 101 }, () => ({ title: 'x' })) }, '/items: array_max_size'],
  ])('is refused where it stands: %#', async (body, fault) => {
    expect(faults(refused(await add(body), 400, 'validation_failed'))).toContain(fault);
  });
});

describe('lists of tasks', () => {
  test('filter and sort', async () => {
    const other = await firm.person('paralegal');
    const second = await newCase(firm, { title: 'Other' });
    const t = async (title: string, body: object, caseId = about.id) => granted(await add({ title, ...body }, me, caseId)).id;
    const a = await t('Alpha 100%', { dueOn: '2026-12-03', priority: 'low', assigneeId: me.id });
    const b = await t('Beta', { dueOn: '2026-12-01', priority: 'urgent', assigneeId: other.id, position: 2 });
    const c = await t('Gamma', { priority: 'high', position: 1 });
    const d = await t('Delta', { dueOn: '2026-12-02', assigneeId: me.id }, second.id);
    granted(await complete(d));
    const ids = async (query: object) => (await all(query)).map(({ id }) => id);
    expect(await ids({})).toEqual([b, d, a, c]);
    expect(await ids({ sort: '-priority' })).toEqual([b, c, d, a]);
    expect((await ids({ sort: '-updatedAt' }))[0]).toBe(d);
    expect(await ids({ mine: true })).toEqual([d, a]);
    expect(await ids({ assigneeId: other.id })).toEqual([b]);
    expect(await ids({ status: ['open', 'in_progress'] })).toEqual([b, a, c]);
    expect(await ids({ status: 'done,cancelled' })).toEqual([d]);
    expect(await ids({ priority: ['urgent', 'high'] })).toEqual([b, c]);
    expect(await ids({ dueFrom: '2026-12-02', dueTo: '2026-12-03' })).toEqual([d, a]);
    expect(await ids({ caseId: second.id })).toEqual([d]);
    expect(await ids({ q: '0%' })).toEqual([a]);
    const ofCase = await me.api.GET('/v1/cases/{id}/tasks', { params: { path: { id: about.id }, query: { count: true } } });
    expect([granted(ofCase).data.map(({ id }) => id), granted(ofCase).total]).toEqual([[a, c, b], 3]);
    const first = granted(await me.api.GET('/v1/case-tasks', { params: { query: { limit: 3 } } }));
    const next = granted(await me.api.GET('/v1/case-tasks', { params: { query: { limit: 3, cursor: first.nextCursor! } } }));
    expect(next.data.map(({ id }) => id)).toEqual([c]);
    expect(faults(refused(await me.api.GET('/v1/case-tasks', { params: { query: { status: ['open', 'late' as never] } } }), 400, 'validation_failed'))).toEqual(['status: is_in']);
  });

  test('show nothing of hidden cases and cost one statement', async () => {
    for (let i = 0; i < 3; i++) granted(await add({ title: `${i}`, items: [{ title: 'x' }], assigneeId: me.id }));
    const watch = watchStatements();
    try {
      for (const limit of [1, 3]) {
        watch.reset();
        expect(await all({ limit })).toHaveLength(limit);
        expect(watch.statements).toBe(1);
      }
    } finally {
      watch.stop();
    }
    await wallOff(firm, about.id, me);
    expect(granted(await me.api.GET('/v1/case-tasks', { params: { query: { count: true, mine: true } } }))).toEqual({ data: [], nextCursor: null, total: 0 });
    refused(await me.api.GET('/v1/cases/{id}/tasks', { params: { path: { id: about.id } } }), 404, 'not_found');
    refused(await add({ title: 'x' }), 404, 'not_found');
  });
});
