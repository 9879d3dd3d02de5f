import { beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { Scheduler } from '../../src/modules/jobs/scheduler.js';
import { updateUser, LOCK_USER } from '../../src/modules/users/users.queries.js';
import { testApp, type TestApp } from '../support/app.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { atOnce, send } from '../support/http.js';
import { asSuperuser, superuserUrl } from '../support/wire.js';

// The trail while many write it at once.

const WRITERS = 16;

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});

interface Verification {
  intact: boolean;
  firstBroken: unknown;
  seals: number;
  sealedEvents: number;
  unsealedEvents: number;
}
const verify = async (firm: TestFirm) => (await send<Verification>(firm.admin, 'GET', '/v1/audit-events/verify')).body;
const as = (firm: TestFirm) => ({ kind: 'system', firmId: firm.id }) as const;

async function newWriters(firm: TestFirm): Promise<string[]> {
  const ids = Array.from({ length: WRITERS }, () => newId());
  await app.database.write(as(firm), () => app.database.execute(
    `insert into users (firm_id, id, email, given_name, family_name, role, status)
     select $1, id, id || '@writers.example', 'Writer', 'Sixteen', 'paralegal', 'active' from unnest($2::uuid[]) id`, [firm.id, ids]));
  return ids;
}

/** What PATCH /v1/users/:id does, and returns how often it had to be begun. */
async function change(firm: TestFirm, id: string, title: string, requestId: string): Promise<number> {
  let attempts = 0;
  await app.database.write(as(firm), async () => {
    attempts++;
    await app.database.query(LOCK_USER, [id]);
    const { text, values } = updateUser(id, { title });
    await app.database.query(text, values);
  }, { requestId });
  return attempts;
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  return { opened: new Promise<void>((resolve) => (open = resolve)), open };
}

test('16 writers of one firm, sealed while they write: no deadlock, each change on record once, and all of it as sealed', async () => {
  const firm = await newFirm();
  const ids = await newWriters(firm);
  const scheduler = app.app.get(Scheduler);
  const asked = new Map<string, string>();
  let [attempts, writing, checks] = [0, true, 0];
  const sealing = atOnce(2, async () => {
    while (writing) await scheduler.sealAll();
  });
  const checking = (async () => {
    for (; writing; checks++) expect(await verify(firm)).toMatchObject({ intact: true, firstBroken: null });
  })();
  await atOnce(WRITERS, async (writer) => {
    for (let n = 0; n < 40; n++) {
      const [title, requestId] = [`${writer}.${n}`, newId()];
      asked.set(requestId, title);
      const begun = await change(firm, ids[n % 4 === 0 ? n % WRITERS : writer]!, title, requestId); // now and then they meet
      attempts += begun;
    }
  });
  writing = false;
  await Promise.all([sealing, checking]);
  expect(attempts).toBe(WRITERS * 40); // a deadlock would have shown as a repeated unit

  const events = await app.database.read(as(firm), () => app.database.query<{ request: string; title: string; action: string }>(
    `select request_id as request, after ->> 'title' as title, action from audit_events where request_id = any ($1)`, [[...asked.keys()]]));
  expect(events).toHaveLength(asked.size);
  expect(new Map(events.map(({ request, title }) => [request, title]))).toEqual(asked);
  expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['update']));

  await scheduler.sealAll();
  const result = await verify(firm);
  expect(result).toMatchObject({ intact: true, firstBroken: null, unsealedEvents: 0 });
  const all = await app.database.read(as(firm), () => app.database.first<{ n: number }>('select count(*)::int as n from audit_events'));
  expect(result.sealedEvents).toBe(all!.n);
  console.log(`${result.sealedEvents} events in ${result.seals} seals, verified ${checks} times while they were written`);
});

test('a transaction that is still open keeps its rows, and those after them, out of the seals', async () => {
  const firm = await newFirm();
  const [slow, quick] = (await newWriters(firm)) as [string, string];
  const scheduler = app.app.get(Scheduler);
  await scheduler.sealAll();
  const before = (await verify(firm)).sealedEvents;
  const [changed, go] = [gate(), gate()];
  const committed = app.database.write(as(firm), async () => {
    const { text, values } = updateUser(slow, { title: 'slow' });
    await app.database.query(text, values);
    changed.open();
    await go.opened;
  });
  await changed.opened;
  await change(firm, quick, 'quick', newId());
  await scheduler.sealAll();
  // the later change is committed, but sealing it would leave no place before it for the earlier one
  expect(await verify(firm)).toMatchObject({ intact: true, sealedEvents: before, unsealedEvents: 1 });
  go.open();
  await committed;
  await scheduler.sealAll();
  expect(await verify(firm)).toMatchObject({ intact: true, sealedEvents: before + 2, unsealedEvents: 0 });
});

test('a change that is rolled back is not on record', async () => {
  const firm = await newFirm();
  const requestId = newId();
  await expect(app.database.write(as(firm), async () => {
    const { text, values } = updateUser(firm.admin.id, { title: 'never' });
    await app.database.query(text, values);
    throw new Error('no');
  }, { requestId })).rejects.toThrow('no');
  expect(await app.database.read(as(firm), () => app.database.query('select id from audit_events where request_id = $1', [requestId]))).toEqual([]);
});

test.skipIf(!superuserUrl)('prints what the trail costs 16 writers (the bench measures it)', async () => {
  const firm = await newFirm();
  const ids = await newWriters(firm);
  const rate = async () => {
    const until = performance.now() + 700;
    let done = 0;
    await atOnce(WRITERS, async (writer) => {
      for (let n = 0; performance.now() < until; n++, done++) await change(firm, ids[writer]!, `${n}`, 'race');
    });
    return done / 0.7;
  };
  const rates: { on: number[]; off: number[] } = { on: [], off: [] };
  await asSuperuser(async (client) => {
    try {
      await client.query(`set lock_timeout = '5s'`);
      await rate(); // warm
      for (const state of ['on', 'off', 'off', 'on', 'on', 'off'] as const) {
        await client.query(`alter table users ${state === 'on' ? 'enable' : 'disable'} trigger users_audit`);
        rates[state].push(await rate());
      }
    } finally {
      await client.query('alter table users enable trigger users_audit');
    }
  });
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[1]!;
  const [on, off] = [median(rates.on), median(rates.off)];
  console.log(`16 writers of one firm: ${Math.round(on)} changes/s with the trail, ${Math.round(off)} without: ${(on / off).toFixed(2)}`);
});
