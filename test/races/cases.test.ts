import { beforeAll, describe, expect, test } from 'vitest';
import { testApp, type TestApp } from '../support/app.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { atOnce, send } from '../support/http.js';
import { newClient } from '../e2e/cases/fixtures.js';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
const CLIENTS = 50;

interface Made { number: string; clientId: string; openedOn: string | null; code?: string }

/** The firm's template and what its sequence counts by. */
async function firmWith(caseNumberTemplate: string, scope: string | null): Promise<TestFirm> {
  const firm = await newFirm();
  await app.database.write({ kind: 'system', firmId: firm.id }, () => app.database.execute('update firms set case_number_template = $1, case_number_scope = $2', [caseNumberTemplate, scope]));
  return firm;
}

/** Fifty at once: of each five, two are aborted (one by a dry run, one by its last statement), and one says it is of another year. */
async function rush(firm: TestFirm, clients: string[]): Promise<Made[]> {
  const answers = await atOnce(CLIENTS, (n) => {
    const clientId = clients[n % clients.length]!;
    const body = { title: `Case ${n}`, clientId, status: 'open', openedOn: n % 5 === 4 ? '2019-05-05' : '2026-05-05' };
    if (n % 5 === 1) return send<Made>(firm.admin, 'POST', '/v1/cases?dryRun=true', body);
    // the number is taken by then: the party's dates are looked at when its row is written
    if (n % 5 === 3) return send<Made>(firm.admin, 'POST', '/v1/cases', { ...body, parties: [{ contact: { kind: 'person', familyName: 'Late' }, role: 'witness', since: '2026-02-02', until: '2026-01-01' }] });
    return send<Made>(firm.admin, 'POST', '/v1/cases', body);
  });
  answers.forEach(({ status, body }, n) => expect([n, status, body.code]).toEqual([n, n % 5 === 3 ? 422 : 201, n % 5 === 3 ? 'party_dates' : undefined]));
  return answers.filter((_, n) => n % 5 !== 1 && n % 5 !== 3).map(({ body }) => body);
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const values = (made: Made[]) => made.map(({ number }) => Number(/\d+$/.exec(number)![0])).toSorted((a, b) => a - b);

describe('50 clients opening cases at once, two in five aborted, get numbers without gap or double', () => {
  test('counted by firm', async () => {
    const firm = await firmWith('M-{seq:4}', null);
    const clients = [await newClient(firm, 'One'), await newClient(firm, 'Two')];
    const first = await rush(firm, clients);
    expect(values(first)).toEqual(upTo(30));
    expect(values([...first, ...(await rush(firm, clients))])).toEqual(upTo(60));
    const { rows } = { rows: await app.database.read({ kind: 'system', firmId: firm.id }, () => app.database.query<{ number: string }>('select number from cases order by number')) };
    expect(rows.map(({ number }) => number)).toEqual(upTo(60).map((n) => `M-${String(n).padStart(4, '0')}`));
  });

  test('counted by year', async () => {
    const firm = await firmWith('{year}-{seq:5}', null);
    const made = await rush(firm, [await newClient(firm)]);
    for (const [year, count] of [['2026', 20], ['2019', 10]] as const) expect(values(made.filter(({ number }) => number.startsWith(year)))).toEqual(upTo(count));
  });

  test('counted by client', async () => {
    const firm = await firmWith('{client}/{seq:3}', null);
    const clients = [await newClient(firm, 'One'), await newClient(firm, 'Two'), await newClient(firm, 'Three')];
    const made = await rush(firm, clients);
    expect(made).toHaveLength(30);
    for (const clientId of clients) {
      const own = made.filter((one) => one.clientId === clientId);
      expect(values(own)).toEqual(upTo(own.length));
      expect(new Set(own.map(({ number }) => number.split('/')[0])).size).toBe(1);
    }
  });

  test('counted by firm though the year stands in the number', async () => {
    const firm = await firmWith('{year}-{seq:5}', 'firm');
    expect(values(await rush(firm, [await newClient(firm)]))).toEqual(upTo(30));
  });
});

describe('the last member of a restricted case', () => {
  test('stays when two take each other off at once', async () => {
    const firm = await newFirm();
    const partner = await firm.person('partner');
    const clientId = await newClient(firm);
    for (let round = 0; round < 5; round++) {
      const { body: one } = await send<{ id: string; members: { id: string; userId: string }[] }>(firm.admin, 'POST', '/v1/cases', { title: 'Restricted', clientId, access: 'restricted', members: [{ userId: partner.id, role: 'lead' }] });
      expect(one).toHaveProperty('members');
      const answers = await Promise.all(one.members.map(({ id, userId }) => send(userId === partner.id ? firm.admin : partner, 'DELETE', `/v1/cases/${one.id}/members/${id}`, undefined, { 'if-match': '*' })));
      const left = await app.database.read({ kind: 'system', firmId: firm.id }, () => app.database.query('select id from case_members where case_id = $1', [one.id]));
      expect({ left: left.length, done: answers.filter(({ status }) => status === 204).length }).toEqual({ left: 1, done: 1 });
    }
  });
});
