import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { testApp, type TestApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { watchStatements } from '../../support/statement-watch.js';
import { etagOf, granted, refused } from '../support/check.js';
import { asFirm, trail } from '../support/fixtures.js';

// Walls through the API. That nothing else tells of a hidden case is proven in test/rules/wall-matrix.test.ts.

const YEAR = 365 * 86_400_000;
const inYears = (n: number) => new Date(Date.now() + n * YEAR).toISOString();
const any = { 'If-Match': '*' };

let app: TestApp;
let firm: TestFirm;
let partner: Person;
beforeAll(async () => {
  [app, firm] = [await testApp(), await newFirm()];
  partner = await firm.person('partner');
});

/** A case of the firm, with these members. */
async function newCase(members: Person[] = [], access = 'open'): Promise<string> {
  const [contact, client, id] = [newId(), newId(), newId()];
  await app.database.write({ kind: 'system', firmId: firm.id }, () => app.database.batch([
    { text: `insert into contacts (firm_id, id, kind, company_name) values ($1, $2, 'company', 'Meridian')`, values: [firm.id, contact] },
    { text: 'insert into clients (firm_id, id, contact_id) values ($1, $2, $3)', values: [firm.id, client, contact] },
    { text: `insert into cases (firm_id, id, title, client_id) values ($1, $2, 'Meridian lease', $3)`, values: [firm.id, id, client] },
    ...members.map((person) => ({ text: `insert into case_members (firm_id, id, case_id, user_id, role) values ($1, $2, $3, $4, 'attorney')`, values: [firm.id, newId(), id, person.id] })),
    ...(access === 'open' ? [] : [{ text: 'update cases set access = $2 where id = $1', values: [id, access] }]),
  ]));
  return id;
}
const build = (caseId: string, person: { id: string }, body: object = {}, as: Person = partner) =>
  as.api.POST('/v1/cases/{id}/walls', { params: { path: { id: caseId } }, body: { userId: person.id, reason: 'Former counsel of the other side', ...body } });
const wallsOf = (caseId: string, as: Person, query: object = {}) => as.api.GET('/v1/cases/{id}/walls', { params: { path: { id: caseId }, query } });
const lift = (wall: { id: string; caseId: string }, as: Person = partner, header: object = any) =>
  as.api.POST('/v1/cases/{id}/walls/{wallId}/lift', { params: { path: { id: wall.caseId, wallId: wall.id }, header: header as never }, body: { reason: 'Consent given' } });
const change = (wall: { id: string; caseId: string }, body: object, as: Person = partner, header: object = any) =>
  as.api.PATCH('/v1/cases/{id}/walls/{wallId}', { params: { path: { id: wall.caseId, wallId: wall.id }, header: header as never }, body });
/** Whether the case is there for this person. */
const sees = async (person: Person, caseId: string) => (await wallsOf(caseId, person)).response.status === 200;

describe('a wall', () => {
  test('hides the case from an administrator who is a member, at once, and lifting it gives all back', async () => {
    const admin = await firm.person('admin');
    const caseId = await newCase([admin]);
    expect(await sees(admin, caseId)).toBe(true);
    const wall = granted(await build(caseId, admin));
    expect(wall).toMatchObject({ caseId, userId: admin.id, status: 'in_effect', endsAt: null, createdBy: partner.id, caseTitle: 'Meridian lease', liftedAt: null, version: 1 });
    expect(await sees(admin, caseId)).toBe(false);
    expect(granted(await admin.api.GET('/v1/walls', { params: { query: { userId: admin.id } } })).data).toEqual([]);

    const lifted = granted(await lift(wall));
    expect(lifted).toMatchObject({ status: 'lifted', liftedBy: partner.id, liftReason: 'Consent given', version: 2 });
    expect(Date.parse(lifted.endsAt!)).toBeLessThanOrEqual(Date.now());
    expect(await sees(admin, caseId)).toBe(true);
    // the seat was without effect, not gone
    expect(await asFirm(firm, `update case_members set role = 'lead' where case_id = $1 and user_id = $2`, [caseId, admin.id])).toBe(1);
  });

  test('to come or over hides nothing, but is never told to whom it names', async () => {
    const admin = await firm.person('admin');
    const caseId = await newCase();
    const wall = granted(await build(caseId, admin, { startsAt: inYears(1) }));
    expect(wall.status).toBe('to_come');
    const other = granted(await build(caseId, await firm.person('associate')));
    const seen = async () => granted(await wallsOf(caseId, admin, { count: true }));
    expect((await seen()).data.map(({ id }) => id)).toEqual([other.id]);
    expect((await seen()).total).toBe(1);
    refused(await admin.api.GET('/v1/cases/{id}/walls/{wallId}', { params: { path: { id: caseId, wallId: wall.id } } }), 404, 'not_found');
    expect(granted(await admin.api.GET('/v1/audit-events', { params: { query: { table: 'case_walls', caseId } } })).data.map(({ rowId }) => rowId)).toEqual([other.id]);
    expect(await trail(firm, { table: 'case_walls', caseId })).toHaveLength(2);

    // lifted before it began: no time at all, which overlaps nothing
    expect(granted(await lift(wall))).toMatchObject({ status: 'lifted', startsAt: wall.startsAt, endsAt: wall.startsAt });
    granted(await build(caseId, admin, { startsAt: inYears(1), endsAt: inYears(2) }));
    expect(await sees(admin, caseId)).toBe(true);
    expect((await seen()).total).toBe(1);
  });

  test('that has run out lets the person in again by itself', async () => {
    const associate = await firm.person('admin');
    const caseId = await newCase();
    granted(await build(caseId, associate, { endsAt: new Date(Date.now() + 1_500).toISOString() }));
    expect(await sees(associate, caseId)).toBe(false);
    await expect.poll(() => sees(associate, caseId), { timeout: 10_000, interval: 200 }).toBe(true);
    const { data } = granted(await wallsOf(caseId, partner, { status: 'over' }));
    expect(data).toMatchObject([{ userId: associate.id, status: 'over' }]);
    refused(await change(data[0]!, { endsAt: null }), 409, 'wall_over');
    refused(await lift(data[0]!), 409, 'wall_over');
  });

  test('works against API keys and sessions in use alike', async () => {
    const admin = await firm.person('admin');
    const caseId = await newCase();
    const { key } = granted(await admin.api.POST('/v1/api-keys', { body: { name: 'in use' } }));
    const path = `/v1/cases/${caseId}/walls`;
    expect((await send({ token: key! }, 'GET', path)).status).toBe(200);
    granted(await build(caseId, admin));
    expect((await send({ token: key! }, 'GET', path)).status).toBe(404);
  });
});

test('a stored answer is not repeated to somebody walled off since', async () => {
  const associate = await firm.person('associate');
  const caseId = await newCase([associate]);
  const post = () => send(associate, 'POST', `/v1/cases/${caseId}/notes`, { body: 'Settlement at 2 million' }, { 'idempotency-key': 'the-same-key' });
  expect((await post()).status).toBe(201);
  expect((await post()).headers.get('idempotency-replayed')).toBe('true');
  granted(await build(caseId, associate));
  const { status, body } = await post();
  expect({ status, code: body['code'] }).toEqual({ status: 404, code: 'not_found' });
});

describe('building', () => {
  test('asks for walls.manage', async () => {
    const caseId = await newCase();
    const associate = await firm.person('associate');
    refused(await build(caseId, partner, {}, associate), 403, 'forbidden');
    refused(await wallsOf(caseId, associate), 403, 'forbidden');
    refused(await associate.api.GET('/v1/walls'), 403, 'forbidden');
  });

  test('refuses walls that overlap, naming the way out', async () => {
    const caseId = await newCase();
    const person = await firm.person('associate');
    const first = granted(await build(caseId, person, { startsAt: inYears(1), endsAt: inYears(2) }));
    expect(refused(await build(caseId, person), 409, 'wall_overlaps').detail).toMatch(/lift it first/);
    granted(await build(caseId, person, { startsAt: inYears(2) })); // where one ends the next may begin
    refused(await change(first, { endsAt: inYears(3) }), 409, 'wall_overlaps');
    granted(await build(await newCase(), person)); // another case
  });

  test('refuses oneself, however the id is written', async () => {
    const caseId = await newCase();
    expect(refused(await build(caseId, partner), 409, 'wall_yourself').errors).toMatchObject([{ pointer: '/userId' }]);
    refused(await build(caseId, { id: partner.id.toUpperCase() }), 409, 'wall_yourself');
    await expect(app.database.write({ kind: 'job', firmId: firm.id, userId: partner.id }, () =>
      app.database.execute(`insert into case_walls (firm_id, id, case_id, user_id, reason) values ($1, $2, $3, $4, 'myself')`, [firm.id, newId(), caseId, partner.id]))).rejects.toMatchObject({ code: '42501' });
  });

  test('keeps a member who sees a restricted case', async () => {
    const [a, b] = [await firm.person('admin'), await firm.person('admin')];
    const caseId = await newCase([a, b], 'restricted');
    granted(await build(caseId, a, { startsAt: inYears(1) }, b)); // a will be walled off
    expect(refused(await build(caseId, b, {}, a), 409, 'wall_last_member').errors).toMatchObject([{ pointer: '/userId' }]);
    granted(await build(caseId, await firm.person('associate'), {}, a)); // no member: costs nobody his place
    await expect(asFirm(firm, 'delete from case_members where case_id = $1 and user_id = $2', [caseId, b.id])).rejects.toMatchObject({ constraint: 'case_members_last_check' });
  });

  test('a case whose only member is walled off cannot be restricted', async () => {
    const member = await firm.person('associate');
    const caseId = await newCase([member]);
    granted(await build(caseId, member));
    await expect(asFirm(firm, `update cases set access = 'restricted' where id = $1`, [caseId])).rejects.toMatchObject({ constraint: 'cases_restricted_members_check' });
  });

  test('refuses times that make no wall', async () => {
    const caseId = await newCase();
    const person = await firm.person('associate');
    expect(refused(await build(caseId, person, { startsAt: inYears(-1) }), 422, 'wall_starts_in_past').errors).toMatchObject([{ pointer: '/startsAt' }]);
    expect(refused(await build(caseId, person, { endsAt: inYears(-1) }), 422, 'wall_ends_too_early').errors).toMatchObject([{ pointer: '/endsAt' }]);
    refused(await build(caseId, person, { startsAt: inYears(2), endsAt: inYears(1) }), 422, 'wall_ends_too_early');
    const wall = granted(await build(caseId, person));
    refused(await change(wall, { endsAt: inYears(-1) }), 422, 'wall_ends_too_early');
    expect(granted(await wallsOf(caseId, partner)).data).toMatchObject([{ endsAt: null, version: 1 }]);
  });

  test('refuses somebody who is not of the firm, and a case that is not there', async () => {
    const stranger = (await newFirm()).admin;
    expect(refused(await build(await newCase(), stranger), 422, 'wall_unknown_person').errors).toMatchObject([{ pointer: '/userId' }]);
    refused(await build(newId(), partner), 404, 'not_found');
    refused(await build(await newCase(), partner, {}, stranger), 404, 'not_found');
  });

  test('a repeat with the same key gives the same wall, a dry run none', async () => {
    const caseId = await newCase();
    const body = { userId: (await firm.person('associate')).id, reason: 'twice' };
    const key = { 'Idempotency-Key': newId() };
    const dry = await partner.api.POST('/v1/cases/{id}/walls', { params: { path: { id: caseId }, query: { dryRun: true } }, body });
    granted(dry);
    expect(granted(await wallsOf(caseId, partner)).data).toEqual([]);
    const once = granted(await partner.api.POST('/v1/cases/{id}/walls', { params: { path: { id: caseId }, header: key }, body }));
    expect(granted(await partner.api.POST('/v1/cases/{id}/walls', { params: { path: { id: caseId }, header: key }, body })).id).toBe(once.id);
    expect(granted(await wallsOf(caseId, partner)).data).toHaveLength(1);
  });

  test('and changing it wants the state one has seen', async () => {
    const caseId = await newCase();
    const made = await build(caseId, await firm.person('associate'));
    const wall = granted(made);
    refused(await change(wall, { reason: 'x' }, partner, {}), 428, 'precondition_required');
    const changed = granted(await change(wall, { reason: 'Said more exactly', endsAt: inYears(1) }, partner, { 'If-Match': etagOf(made) }));
    expect(changed).toMatchObject({ reason: 'Said more exactly', version: 2, status: 'in_effect' });
    const stale = await lift(wall, partner, { 'If-Match': etagOf(made) });
    refused(stale, 412, 'precondition_failed');
    expect(etagOf(stale)).toMatch(/^"2\./);
    expect(granted(await change(wall, { endsAt: null })).endsAt).toBeNull();
  });
});

test('walls of all cases are listed for whom sees the cases, at a fixed number of statements', async () => {
  const person = await firm.person('associate');
  const cases = [await newCase(), await newCase(), await newCase([firm.admin], 'restricted')];
  for (const caseId of cases) granted(await build(caseId, person, {}, firm.admin));
  const query = { userId: person.id, count: true, limit: 200 };
  const all = granted(await firm.admin.api.GET('/v1/walls', { params: { query } }));
  expect(all.data.map(({ caseId }) => caseId).sort()).toEqual([...cases].sort());
  const watch = watchStatements();
  const some = granted(await partner.api.GET('/v1/walls', { params: { query } }));
  const { statements } = watch;
  watch.reset();
  granted(await partner.api.GET('/v1/walls', { params: { query: { ...query, limit: 1 } } }));
  expect([statements, watch.statements]).toEqual([2, 2]);
  watch.stop();
  expect({ total: some.total, cases: some.data.map(({ caseId }) => caseId).sort() }).toEqual({ total: 2, cases: cases.slice(0, 2).sort() });
});

describe('attempts', () => {
  const attempts = async (person: { id: string }, action = 'access.screened', as: Person = firm.admin) =>
    granted(await as.api.GET('/v1/audit-events', { params: { query: { action, userId: person.id, limit: 200 } } })).data;

  test('of a person walled off are recorded, answered like a row that is not there, and not told to him, then or later', async () => {
    const admin = await firm.person('admin');
    const caseId = await newCase([admin]);
    const wall = granted(await build(caseId, admin));
    const other = granted(await build(caseId, await firm.person('associate')));
    const watch = watchStatements();
    const asked = async (path: string, method = 'GET', body?: object) => {
      watch.reset();
      const { status, body: problem, headers } = await send<Record<string, unknown>>(admin, method, path, body, { 'x-request-id': 'attempt-of-a-wall', 'if-match': '*' });
      const { instance: _, ...rest } = problem;
      return { status, rest, headers: [...headers].filter(([name]) => !['date', 'ratelimit-remaining', 'ratelimit-reset'].includes(name)), statements: watch.statements, flights: watch.flights };
    };
    const none = newId();
    for (const [path, method, body] of [
      [`/v1/cases/{}/walls`, 'GET'], [`/v1/cases/{}/walls/${other.id}`, 'GET'], [`/v1/cases/{}/walls`, 'POST', { userId: partner.id, reason: 'x' }],
      [`/v1/cases/{}/walls/${other.id}`, 'PATCH', { reason: 'x' }], [`/v1/cases/{}/walls/${other.id}/lift`, 'POST', { reason: 'x' }],
    ] as [string, string, object?][]) {
      const missing = await asked(path.replace('{}', none).replace(other.id, none), method, body);
      expect(missing).toMatchObject({ status: 404, rest: { code: 'not_found' } });
      expect(await asked(path.replace('{}', caseId), method, body), `${method} ${path}`).toEqual(missing);
    }
    watch.stop();
    const events = await attempts(admin);
    expect(events.map(({ table, rowId, caseId: about, requestId }) => ({ table, rowId, about, requestId })).toReversed()).toEqual([
      { table: 'cases', rowId: caseId }, { table: 'case_walls', rowId: other.id }, { table: 'cases', rowId: caseId }, { table: 'case_walls', rowId: other.id }, { table: 'case_walls', rowId: other.id },
    ].map((event) => ({ ...event, about: caseId, requestId: 'attempt-of-a-wall' })));
    expect(events[0]).toMatchObject({ actorKind: 'user', address: expect.stringMatching(/127/) });
    expect(await attempts(admin, 'access.screened', admin)).toEqual([]);
    granted(await lift(wall));
    expect(await sees(admin, caseId)).toBe(true);
    expect(await attempts(admin, 'access.screened', admin)).toEqual([]);
    expect(await attempts(admin)).toHaveLength(5);
  });

  test('of somebody who is no member of a restricted case are recorded as such, for those who see it', async () => {
    const caseId = await newCase([firm.admin], 'restricted');
    refused(await wallsOf(caseId, partner), 404, 'not_found');
    expect(await attempts(partner, 'access.restricted')).toMatchObject([{ table: 'cases', rowId: caseId, caseId }]);
    expect(await attempts(partner, 'access.restricted', await firm.person('admin'))).toEqual([]);
  });

  test('at what is not there, belongs to another firm or may be seen are none', async () => {
    const stranger = (await newFirm()).admin;
    const caseId = await newCase();
    const before = await trail(firm, { count: true });
    refused(await wallsOf(caseId, stranger), 404, 'not_found');
    refused(await wallsOf(newId(), partner), 404, 'not_found');
    refused(await partner.api.GET('/v1/cases/{id}/walls/{wallId}', { params: { path: { id: caseId, wallId: newId() } } }), 404, 'not_found');
    expect(await trail(firm, { count: true })).toEqual(before);
    for (const action of ['access.screened', 'access.restricted']) expect(await attempts(stranger, action, stranger)).toEqual([]);
  });

  test('leave a trail that verifies, hidden rows included, for whoever asks', async () => {
    const admin = await firm.person('admin');
    granted(await build(await newCase(), admin));
    const [whole, part] = [granted(await firm.admin.api.GET('/v1/audit-events/verify')), granted(await admin.api.GET('/v1/audit-events/verify'))];
    expect(whole).toMatchObject({ intact: true, firstBroken: null });
    const { unsealedAgeSeconds: _, ...same } = whole;
    expect(part).toMatchObject(same);
    const total = async (as: Person) => granted(await as.api.GET('/v1/audit-events', { params: { query: { count: true, limit: 1 } } })).total!;
    expect(await total(admin)).toBeLessThan(await total(firm.admin));
  });
});
