import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { Jobs } from '../../../src/modules/jobs/jobs.service.js';
import { Scheduler } from '../../../src/modules/jobs/scheduler.js';
import { testApp } from '../../support/app.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';
import { asFirm, deactivate, mailsTo, rowsOf } from '../support/fixtures.js';

/** A job as an application without a handler’s luck would leave it: it names a mail that does not exist. */
async function hopeless(firm: TestFirm, options: { maxAttempts?: number; delaySeconds?: number; uniqueKey?: string } = {}): Promise<string> {
  const { app, database } = await testApp();
  const id = await database.write({ kind: 'system', firmId: firm.id }, () => app.get(Jobs).enqueue('mail.send', { emailId: randomUUID() }, options));
  return id!;
}
const drain = async () => (await testApp()).drainJobs();
const job = async (firm: TestFirm, id: string) => granted(await firm.admin.api.GET('/v1/jobs/{id}', { params: { path: { id } } }));
const retry = (firm: TestFirm, id: string) => firm.admin.api.POST('/v1/jobs/{id}/retry', { params: { path: { id } } });

test('a job is there if and only if what asked for it was committed, and runs once', async () => {
  const firm = await newFirm();
  const body = { email: `dana@${firm.slug}.example`, givenName: 'Dana', familyName: 'Reyes', role: 'associate' as const };
  refused(await firm.admin.api.POST('/v1/users', { body: { ...body, email: firm.admin.email } }), 409, 'email_taken');
  granted(await firm.admin.api.POST('/v1/users', { body }));
  const [waiting] = granted(await firm.admin.api.GET('/v1/jobs')).data;
  expect(waiting).toMatchObject({ name: 'auth.invite', status: 'pending', attempts: 0, runAs: null, lastError: null, finishedAt: null });
  expect(waiting).not.toHaveProperty('payload');
  await drain();
  await drain();
  const jobs = granted(await firm.admin.api.GET('/v1/jobs')).data;
  expect(jobs.map(({ name, status, attempts }) => [name, status, attempts])).toEqual([['mail.send', 'completed', 1], ['auth.invite', 'completed', 1]]);
  expect(await mailsTo(firm, body.email)).toHaveLength(1);
});

test('a job that cannot succeed is dead at once, with the reason, and waits for a person', async () => {
  const firm = await newFirm();
  const id = await hopeless(firm);
  await drain();
  expect(await job(firm, id)).toMatchObject({ status: 'dead', attempts: 1, maxAttempts: 8, lastError: 'the mail does not exist', finishedAt: expect.any(String) });
  expect(granted(await firm.admin.api.GET('/v1/jobs', { params: { query: { status: 'dead', name: 'mail.send' } } })).data.map((row) => row.id)).toEqual([id]);
  expect(granted(await firm.admin.api.GET('/v1/jobs', { params: { query: { status: 'pending' } } })).data).toEqual([]);
});

test('a dead job is run again on request, with all its attempts; a living one is not', async () => {
  const firm = await newFirm();
  const id = await hopeless(firm, { maxAttempts: 3 });
  refused(await retry(firm, id), 409, 'job_not_dead');
  await drain();
  const again = granted(await retry(firm, id));
  expect(again).toMatchObject({ id, status: 'pending', attempts: 0, finishedAt: null });
  await drain();
  expect(await job(firm, id)).toMatchObject({ status: 'dead', attempts: 1 });
});

test('what was wrong can be mended, and the dead job then does its work', async () => {
  const firm = await newFirm();
  const { app, database } = await testApp();
  const emailId = newId();
  const id = (await database.write({ kind: 'system', firmId: firm.id }, () => app.get(Jobs).enqueue('mail.send', { emailId })))!;
  await drain();
  await asFirm(firm, `insert into emails (firm_id, id, recipient, subject, body) values ($1, $2, 'late@mail.example', 'Late', 'better than never')`, [firm.id, emailId]);
  granted(await retry(firm, id));
  await drain();
  expect(await job(firm, id)).toMatchObject({ status: 'completed', attempts: 1 });
  expect(await mailsTo(firm, 'late@mail.example')).toEqual(['better than never']);
});

test('while a job of a key waits no second one is made; after it ran there can be another', async () => {
  const firm = await newFirm();
  const first = await hopeless(firm, { uniqueKey: 'soon' });
  expect(first).toEqual(expect.any(String));
  expect(await hopeless(firm, { uniqueKey: 'soon' })).toBeUndefined();
  expect(await hopeless(firm, { uniqueKey: 'another' })).toEqual(expect.any(String));
  const other = await newFirm();
  expect(await hopeless(other, { uniqueKey: 'soon' })).toEqual(expect.any(String)); // a key is the firm’s own
  await drain();
  const next = await hopeless(firm, { uniqueKey: 'soon', delaySeconds: 3600 });
  expect(next).toEqual(expect.any(String));
  refused(await retry(firm, first), 409, 'job_replaced'); // a newer one waits to do the same
});

test('a job for later is not taken now', async () => {
  const firm = await newFirm();
  const id = await hopeless(firm, { delaySeconds: 3600 });
  await drain();
  const { status, runAt } = await job(firm, id);
  expect(status).toBe('pending');
  expect(Date.parse(runAt) - Date.now()).toBeGreaterThan(3_500_000);
});

test('a job asked for by a person runs as him', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const task = granted(await partner.api.POST('/v1/audit-events/verifications'));
  const [waiting] = granted(await firm.admin.api.GET('/v1/jobs', { params: { query: { name: 'audit.verify' } } })).data;
  expect(waiting!.runAs).toBe(partner.id);
  await drain();
  expect(granted(await partner.api.GET('/v1/tasks/{id}', { params: { path: { id: task.id } } })).status).toBe('completed');
});

test('the job of a person shut out meanwhile is dead, and so is its task', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const task = granted(await partner.api.POST('/v1/audit-events/verifications'));
  await deactivate(firm, partner);
  await drain();
  const [dead] = granted(await firm.admin.api.GET('/v1/jobs', { params: { query: { name: 'audit.verify' } } })).data;
  expect(dead).toMatchObject({ status: 'dead', runAs: partner.id, lastError: 'the user it runs as is not active' });
  const [row] = await rowsOf<{ status: string; error: object }>(firm, 'select status, error from tasks where id = $1', [task.id]);
  expect(row).toMatchObject({ status: 'failed', error: { code: 'job_dead', jobId: dead!.id } });

  // let in again, he gets his answer after all
  granted(await firm.admin.api.POST('/v1/users/{id}/reactivate', { params: { path: { id: partner.id }, header: { 'If-Match': '*' } } }));
  granted(await retry(firm, dead!.id));
  await drain();
  expect((await rowsOf<{ status: string }>(firm, 'select status from tasks where id = $1', [task.id]))[0]!.status).toBe('completed');
});

test('a job whose runner died with its last attempt is found, declared dead, and can be run again', async () => {
  const firm = await newFirm();
  const { app, database } = await testApp();
  const id = await hopeless(firm, { maxAttempts: 1 });
  // a runner that takes it for a moment and is never heard of again
  const claimed = await database.write({ kind: 'guest' }, () =>
    database.query<{ id: string }>(`select id from doors.claim_jobs('a runner that dies', '{mail.send}', 100, 0)`));
  expect(claimed.map((row) => row.id)).toContain(id);
  expect((await job(firm, id)).status).toBe('running');
  refused(await retry(firm, id), 409, 'job_not_dead');
  await app.get(Scheduler).sweep();
  expect(await job(firm, id)).toMatchObject({ status: 'dead', lastError: 'the runner stopped during the last attempt' });
  granted(await retry(firm, id));
  await drain();
});

test('a job whose runner died early is taken over when its lease is over', async () => {
  const firm = await newFirm();
  const { database } = await testApp();
  const id = await hopeless(firm, { maxAttempts: 2 });
  await database.write({ kind: 'guest' }, () => database.query(`select id from doors.claim_jobs('a runner that dies', '{mail.send}', 100, 0)`));
  await new Promise((resolve) => setTimeout(resolve, 5)); // over, not just ending: the embedded clock counts milliseconds
  await drain();
  expect(await job(firm, id)).toMatchObject({ status: 'dead', attempts: 2, lastError: expect.stringContaining('does not exist') });
});

test('only who manages jobs sees them, and only those of his firm', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const partner = await firm.person('partner');
  const id = await hopeless(firm);
  await drain();
  refused(await partner.api.GET('/v1/jobs'), 403, 'forbidden');
  refused(await retry({ ...firm, admin: partner }, id), 403, 'forbidden');
  refused(await other.admin.api.GET('/v1/jobs/{id}', { params: { path: { id } } }), 404, 'not_found');
  refused(await retry(other, id), 404, 'not_found');
  expect(granted(await other.admin.api.GET('/v1/jobs')).data).toEqual([]);
  expect((await job(firm, id)).status).toBe('dead');
});
