import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type Person } from '../../support/factories.js';
import { bearer, expectProblem, faults, granted, raw, refused } from '../support/check.js';
import { asFirm, deactivate } from '../support/fixtures.js';

const start = async (person: Person) => granted(await person.api.POST('/v1/audit-events/verifications'));
const ticketFor = async (person: Person, id: string) => granted(await person.api.POST('/v1/tasks/{id}/ticket', { params: { path: { id } } }));

interface Message {
  event: string;
  id: string;
  task: { status: string; progress: number; total: number | null; message: string | null; version: number };
}

/** Opens a stream as a browser’s EventSource would: no header, only the URL. */
async function open(url: string) {
  const response = await fetch(`${(await testApp()).url}${url}`, { headers: { accept: 'text/event-stream' } });
  return { response, messages: messagesOf(response) };
}

async function* messagesOf(response: Response): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(text.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      text = text.slice(end + 2);
      yield { event: fields['event']!, id: fields['id']!, task: JSON.parse(fields['data']!) as Message['task'] };
    }
  }
}

const next = async (messages: AsyncGenerator<Message>) => (await messages.next()).value as Message;

test('a stream tells of each change of its task and ends with it', async () => {
  const firm = await newFirm();
  const { drainJobs } = await testApp();
  const task = await start(firm.admin);
  const { url, expiresAt } = await ticketFor(firm.admin, task.id);
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_500);
  const { response, messages } = await open(url);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  expect(await next(messages)).toMatchObject({ event: 'task', id: '1', task: { ...task } });
  // as a worker elsewhere would report
  await asFirm(firm, `update tasks set status = 'processing', started_at = now(), progress = 40, total = 100, message = 'two fifths' where id = $1`, [task.id]);
  expect(await next(messages)).toMatchObject({ id: '2', task: { status: 'processing', progress: 40, total: 100, message: 'two fifths' } });
  await drainJobs();
  expect(await next(messages)).toMatchObject({ task: { status: 'completed', progress: 100, result: { intact: true } } });
  expect(await messages.next()).toEqual({ done: true, value: undefined });
});

test('a stream of a task that is over already says so and ends', async () => {
  const firm = await newFirm();
  const task = await start(firm.admin);
  await (await testApp()).drainJobs();
  const { messages } = await open((await ticketFor(firm.admin, task.id)).url);
  expect((await next(messages)).task.status).toBe('completed');
  expect((await messages.next()).done).toBe(true);
});

test('a ticket opens its stream once, within a minute, and no other', async () => {
  const firm = await newFirm();
  const [task, other] = [await start(firm.admin), await start(firm.admin)];
  const http = await raw();
  const { ticket, url } = await ticketFor(firm.admin, task.id);
  const stream = (id: string, value: string) => http.get(`/v1/tasks/${id}/stream?ticket=${value}`);
  expectProblem(await stream(other.id, ticket), 401, 'ticket_refused');
  await (await testApp()).drainJobs();
  const first = await open(url);
  for await (const message of first.messages) expect(message.event).toBe('task');
  expectProblem(await http.get(url), 401, 'ticket_refused');
  const { ticket: old } = await ticketFor(firm.admin, task.id);
  await asFirm(firm, `update task_tickets set expires_at = now() - interval '1 second'`);
  expectProblem(await stream(task.id, old), 401, 'ticket_refused');
  const { ticket: fresh } = await ticketFor(firm.admin, task.id);
  for (const fake of ['nonsense', fresh.slice(0, -1) + (fresh.endsWith('A') ? 'B' : 'A'), firm.admin.refreshToken]) {
    expectProblem(await stream(task.id, fake), 401, 'ticket_refused');
  }
  expect(faults(expectProblem(await http.get(`/v1/tasks/${task.id}/stream`), 400, 'validation_failed'))).toContain('ticket: is_string');
  expectProblem(await http.get(`/v1/tasks/${task.id}/stream?ticket=`).set(bearer(firm.admin)), 400, 'validation_failed'); // a header is no ticket
});

test('of two who come with one ticket at the same time, one gets in', async () => {
  const firm = await newFirm();
  const task = await start(firm.admin);
  await (await testApp()).drainJobs();
  const { url } = await ticketFor(firm.admin, task.id);
  const answers = await Promise.all([open(url), open(url), open(url)]);
  expect(answers.map(({ response }) => response.status).sort()).toEqual([200, 401, 401]);
  await Promise.all(answers.map(({ response }) => response.text()));
});

test('the stream of a person shut out meanwhile ends', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const task = await start(partner);
  const { messages } = await open((await ticketFor(partner, task.id)).url);
  expect((await next(messages)).task.status).toBe('pending');
  await deactivate(firm, partner);
  expect((await messages.next()).done).toBe(true);
  await (await testApp()).drainJobs();
});

test('a task is its owner’s: nobody else sees it, follows it or gets a ticket for it, the administrator included', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const task = await start(partner);
  const params = { path: { id: task.id } };
  refused(await firm.admin.api.GET('/v1/tasks/{id}', { params }), 404, 'not_found');
  refused(await firm.admin.api.POST('/v1/tasks/{id}/ticket', { params }), 404, 'not_found');
  expect(granted(await firm.admin.api.GET('/v1/tasks')).data).toEqual([]);
  refused(await firm.admin.api.POST('/v1/tasks/{id}/ticket', { params: { path: { id: randomUUID() } } }), 404, 'not_found');
  await (await testApp()).drainJobs();
});

test('a person finds his tasks, newest first, by state and kind', async () => {
  const firm = await newFirm();
  const [first, second] = [await start(firm.admin), await start(firm.admin)];
  const ids = async (query: object) => granted(await firm.admin.api.GET('/v1/tasks', { params: { query } })).data.map(({ id }) => id);
  expect(await ids({})).toEqual([second.id, first.id]);
  expect(await ids({ limit: 1, sort: 'createdAt' })).toEqual([first.id]);
  await asFirm(firm, `update tasks set status = 'failed', finished_at = now(), error = '{"code": "x", "title": "X"}' where id = $1`, [first.id]);
  expect(await ids({ status: 'failed' })).toEqual([first.id]);
  expect(await ids({ status: 'pending', kind: 'audit.verify' })).toEqual([second.id]);
  expect(await ids({ kind: 'something.else' })).toEqual([]);
  refused(await firm.admin.api.GET('/v1/tasks', { params: { query: { status: 'done' as never } } }), 400, 'validation_failed');
  await (await testApp()).drainJobs();
  // a task that has ended stays as it is, although its job runs afterwards
  expect(await ids({ status: 'failed' })).toEqual([first.id]);
  expect(await ids({ status: 'completed' })).toEqual([second.id]);
});
