import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLexiFlow } from '../../../client/index.js';
import { Scheduler } from '../../../src/modules/jobs/scheduler.js';
import { onServer, testApp } from '../../support/app.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { eventually, granted } from '../support/check.js';
import { trail } from '../support/fixtures.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

const verify = async (firm: TestFirm) => granted(await firm.admin.api.GET('/v1/audit-events/verify'));
const change = async (firm: TestFirm, city: string) =>
  granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { city } }));

/** Seals all there is of this firm; on a server a transaction of somebody else may hold the horizon back for a moment. */
async function sealed(firm: TestFirm, scheduler: Scheduler): Promise<void> {
  await eventually(async () => (await scheduler.sealAll(), (await verify(firm)).unsealedEvents === 0));
}

test('before the first seal everything is an open tail, and the answer says how old it is', async () => {
  const firm = await newFirm();
  const result = await verify(firm);
  expect(result).toMatchObject({ intact: true, firstBroken: null, seals: 0, sealedEvents: 0, lastSeal: 0, head: '0'.repeat(64) });
  expect(result.unsealedEvents).toBe((await trail(firm)).length);
  expect(result.unsealedAgeSeconds).toBeLessThan(60);
});

test('sealing covers every event once, each seal carries the one before, and what comes later is the new tail', async () => {
  const firm = await newFirm();
  const scheduler = (await testApp()).app.get(Scheduler);
  await sealed(firm, scheduler);
  const first = await verify(firm);
  expect(first).toMatchObject({ intact: true, sealedEvents: (await trail(firm)).length, unsealedEvents: 0, unsealedAgeSeconds: 0, head: expect.stringMatching(/^(?!0{64})[0-9a-f]{64}$/) });
  expect(first.lastSeal).toBe(first.seals);
  await change(firm, 'Oslo');
  expect(await verify(firm)).toMatchObject({ intact: true, head: first.head, unsealedEvents: 1 });
  await sealed(firm, scheduler);
  const second = await verify(firm);
  expect(second).toMatchObject({ intact: true, sealedEvents: first.sealedEvents + 1, seals: first.seals + 1, unsealedEvents: 0 });
  expect(second.head).not.toBe(first.head);
});

test('a long trail is verified as a task, whose result is the same', async () => {
  const firm = await newFirm();
  const { app, drainJobs } = await testApp();
  for (let i = 0; i < 3; i++) {
    await change(firm, `City ${i}`);
    await sealed(firm, app.get(Scheduler));
  }
  const started = await firm.admin.api.POST('/v1/audit-events/verifications');
  const task = granted(started);
  expect(started.response.status).toBe(202);
  expect(started.response.headers.get('location')).toBe(`/v1/tasks/${task.id}`);
  expect(task).toMatchObject({ kind: 'audit.verify', status: 'pending', progress: 0, result: null, startedAt: null });
  await drainJobs();
  const done = granted(await firm.admin.api.GET('/v1/tasks/{id}', { params: { path: { id: task.id } } }));
  expect(done).toMatchObject({ status: 'completed', error: null, finishedAt: expect.any(String), startedAt: expect.any(String) });
  const { unsealedAgeSeconds: _, ...same } = await verify(firm);
  expect(done.result).toMatchObject(same);
});

// With the owner's rights one can do what no request can. The owner's connection needs the engine to itself where it is
// one session, so here the application is started, stopped, and started again around it.
let place: OwnApp | undefined;
const start = async () => (place = await ownApp({ LOGIN_FAILURES_ALLOWED: '10' }));
beforeAll(async () => void (await start()));
afterAll(() => place?.close());

async function asOwner(work: (query: (sql: string, values?: unknown[]) => Promise<unknown>) => Promise<void>): Promise<void> {
  const { engine } = place!;
  if (!onServer) await place!.close();
  const owner = await engine.connectOwner();
  try {
    await owner.query('begin');
    await work((sql, values) => owner.query(sql, values));
    await owner.query('commit');
  } finally {
    await owner.end();
    if (!onServer) await start();
  }
}

test.each([
  ['row altered', `update audit_events set after = '{"city": "Bergen"}' where firm_id = $1 and after ->> 'city' = 'Oslo'`],
  ['row missing', `delete from audit_events where firm_id = $1 and after ->> 'city' = 'Oslo'`],
  ['seal altered', `update audit_seals set hash = sha256(hash) where firm_id = $1 and number = (select max(number) from audit_seals where firm_id = $1)`],
  ['seal missing', `delete from audit_seals where firm_id = $1 and number = 1`],
])('tampering that even the owner’s rights allow is found: %s', async (fault, tampering) => {
  const firm = await newFirm(place);
  await sealed(firm, place!.app.get(Scheduler));
  await change(firm, 'Oslo');
  await sealed(firm, place!.app.get(Scheduler));
  const before = await verify(firm);
  const [event] = await trail(firm, { table: 'firms', action: 'update' });
  expect(before).toMatchObject({ intact: true });
  const table = tampering.includes('audit_seals') ? 'audit_seals' : 'audit_events';
  await asOwner(async (query) => {
    await query(`grant update, delete on ${table} to current_user`);
    await query(`alter table ${table} disable trigger ${table}_append_only`);
    // an owner without BYPASSRLS is held by the policies of the roles he is a member of; he knows how to satisfy them
    await query(`select set_config('app.actor_kind', 'system', true), set_config('app.firm_id', $1, true)`, [firm.id]);
    await query(tampering, [firm.id]);
    await query(`alter table ${table} enable trigger ${table}_append_only`);
    await query(`revoke update, delete on ${table} from current_user`);
  });
  // the port is another one after a restart
  const again = { ...firm, admin: { ...firm.admin, api: createLexiFlow({ baseUrl: place!.url, token: firm.admin.token }) } };
  const after = await verify(again);
  expect(after).toMatchObject({ intact: false, firstBroken: { fault, seal: fault === 'seal missing' ? 1 : before.lastSeal } });
  if (fault.startsWith('row')) expect(after.firstBroken).toMatchObject({ eventId: event!.id, occurredAt: expect.any(String) });
});
