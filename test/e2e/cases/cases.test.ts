import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { TRANSITIONS } from '../../../src/modules/cases/cases.states.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { watchStatements } from '../../support/statement-watch.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { asFirm, deactivate, rowsOf, trail } from '../support/fixtures.js';
import { newCase, newClient, newContact, patchCase, readCase, step } from './fixtures.js';

let firm: TestFirm;
let associate: Person;
let clientId: string;
beforeAll(async () => {
  firm = await newFirm();
  associate = await firm.person('associate');
  clientId = await newClient(firm);
});
const create = (body: object, query: object = {}, as = associate) => as.api.POST('/v1/cases', { params: { query }, body: { title: 'Northwind v. Bluewater', clientId, ...body } as never });

describe('opening a case', () => {
  test('takes all there is to say, gives a number and makes its opener a member', async () => {
    const partner = await firm.person('partner');
    const expert = await newContact(firm, 'Marine Surveyors');
    const all = {
      status: 'open', description: 'Cargo lost at sea', practiceArea: 'insurance', jurisdiction: 'us-ny', court: 'nysd', courtName: 'Southern District of New York', docketNumber: '1:26-cv-01482',
      clientMatterId: 'NW-77', responsibleAttorneyId: partner.id, originatingAttorneyId: associate.id, openedOn: '2026-03-02', limitationOn: '2028-03-02',
      tags: ['maritime', 'expedited'], metadata: { costCentre: 'NY-4', team: { lead: 'x' } }, access: 'restricted',
    };
    const made = await create({ ...all, members: [{ userId: firm.admin.id, role: 'observer' }], parties: [
      { contactId: expert, role: 'expert', side: 'client', since: '2026-03-02' },
      { contact: { kind: 'person', givenName: 'Miriam', familyName: 'Osei' }, role: 'judge' },
    ] });
    const one = granted(made);
    expect(one).toMatchObject({ ...all, number: expect.stringMatching(/^2026-0*1$/), clientId, createdBy: associate.id, closedOn: null });
    expect(one.members!.map(({ userId, role }) => [userId, role])).toEqual(expect.arrayContaining([[associate.id, 'lead'], [partner.id, 'attorney'], [firm.admin.id, 'observer']]));
    expect(one.parties!.map(({ name, role, side }) => [name, role, side])).toEqual(expect.arrayContaining([['Marine Surveyors', 'expert', 'client'], ['Miriam Osei', 'judge', 'neutral']]));
    expect(made.response.headers.get('location')).toBe(`/v1/cases/${one.id}`);
    expect(await readCase(associate, one.id, { expand: 'members,parties' })).toEqual(one);
    const events = await trail(firm, { caseId: one.id });
    expect(new Set(events.map(({ table }) => table))).toEqual(new Set(['cases', 'case_members', 'case_parties']));
  });

  test('takes nothing but a title and a client, and says what can be done next', async () => {
    const one = granted(await create({}));
    expect(one).toMatchObject({ status: 'intake', access: 'open', openedOn: null, tags: [], metadata: {}, version: 1, parties: [] });
    expect(one.allowedTransitions).toEqual([{ command: 'open', to: 'open', needsReason: false }, { command: 'close', to: 'closed', needsReason: false }]);
    const opened = granted(await create({ status: 'open' }));
    expect(opened.openedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('counts on from case to case, and a dry run or a refusal leaves no gap', async () => {
    const own = await newFirm();
    const client = await newClient(own);
    const numbers = [(await newCase(own.admin, client)).number];
    const dry = granted(await own.admin.api.POST('/v1/cases', { params: { query: { dryRun: true } }, body: { title: 'For show', clientId: client } }));
    refused(await own.admin.api.POST('/v1/cases', { body: { title: 'Broken', clientId: client, status: 'open', openedOn: '2026-01-01', parties: [
      { contact: { kind: 'person', familyName: 'Late' }, role: 'witness', since: '2026-02-02', until: '2026-01-01' }] } }), 422, 'party_dates');
    numbers.push((await newCase(own.admin, client)).number, (await newCase(own.admin, client)).number);
    expect(numbers.map((number) => Number(number.split('-').pop()))).toEqual([1, 2, 3]);
    expect(dry.number).toBe(numbers[1]);
    expect(await rowsOf(own, 'select id from cases')).toHaveLength(3);
  });

  test.each([
    ['an unknown client', () => ({ clientId: newId() }), 422, 'unknown_client', '/clientId: unknown_client'],
    ['an unknown attorney', () => ({ responsibleAttorneyId: newId() }), 422, 'unknown_person', '/responsibleAttorneyId: unknown_person'],
    ['an unknown member', () => ({ members: [{ userId: newId(), role: 'lead' }] }), 422, 'unknown_person', '/members/0/userId: unknown_person'],
    ['a member twice', () => ({ members: [{ userId: firm.admin.id, role: 'lead' }, { userId: firm.admin.id.toUpperCase(), role: 'attorney' }] }), 422, 'duplicate_member', '/members/1/userId: duplicate_member'],
    ['an unknown contact', () => ({ parties: [{ contactId: newId(), role: 'judge' }] }), 422, 'unknown_contact', '/parties/0/contactId: unknown_contact'],
    ['a party that is nobody', () => ({ parties: [{ role: 'judge' }] }), 422, 'one_contact', '/parties/0/contactId: one_contact'],
    ['a company without a name', () => ({ parties: [{ contact: { kind: 'company' }, role: 'insurer' }] }), 422, 'contact_name', '/parties/0/contact/companyName: contact_name'],
    ['a party without a role', () => ({ parties: [{ contactId: newId() }] }), 400, 'validation_failed', '/parties/0/role: is_in'],
    ['a status it cannot begin with', () => ({ status: 'closed' }), 400, 'validation_failed', '/status: is_in'],
    ['a number of its own', () => ({ number: '2026-1' }), 400, 'validation_failed', '/number: unknown_field'],
    ['a tag with a comma', () => ({ tags: ['a,b'] }), 422, 'invalid_tags', '/tags: invalid_tags'],
    ['metadata that is a list', () => ({ metadata: [1] }), 400, 'validation_failed', '/metadata: is_object'],
    ['metadata without end', () => ({ metadata: { a: 'x'.repeat(17_000) } }), 400, 'validation_failed', '/metadata: max_size'],
    ['a day that is none', () => ({ limitationOn: '2026-02-30' }), 400, 'validation_failed', '/limitationOn: is_iso8601'],
  ])('with %s is refused at the right place', async (_, body, status, code, fault) => {
    expect(faults(refused(await create(body()), status, code))).toContain(fault);
  });

  test('is refused for somebody shut out, another firm’s client, and roles that only read', async () => {
    const gone = await firm.person('associate');
    await deactivate(firm, gone);
    expect(faults(refused(await create({ responsibleAttorneyId: gone.id }), 422, 'unknown_person'))).toEqual(['/responsibleAttorneyId: unknown_person']);
    const other = await newFirm();
    refused(await other.admin.api.POST('/v1/cases', { body: { title: 'Not ours', clientId } }), 422, 'unknown_client');
    for (const role of ['readonly', 'billing'] as const) refused(await create({}, {}, await firm.person(role)), 403, 'forbidden');
  });

  test('under one Idempotency-Key happens once', async () => {
    const again = () => send<{ id: string; number: string }>(associate, 'POST', '/v1/cases', { title: 'Once', clientId }, { 'idempotency-key': 'once' });
    const [first, second] = [await again(), await again()];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(second.body).toEqual(first.body);
  });
});

describe('a case', () => {
  test('is read in one statement, whatever is asked for', async () => {
    const one = await newCase(associate, clientId, { responsibleAttorneyId: firm.admin.id, parties: [{ contact: { kind: 'company', companyName: 'Bluewater' }, role: 'defendant', side: 'opposing' }] });
    await asFirm(firm, `insert into case_events (firm_id, id, case_id, kind, title, starts_at, time_zone) values ($1, $2, $3, 'deadline', 'Answer due', now() + interval '9 days', 'UTC')`, [firm.id, newId(), one.id]);
    await asFirm(firm, `insert into case_events (firm_id, id, case_id, kind, title, starts_at, time_zone) values ($1, $2, $3, 'deadline', 'Long gone', now() - interval '9 days', 'UTC')`, [firm.id, newId(), one.id]);
    const watch = watchStatements();
    try {
      await readCase(associate, one.id);
      expect(watch.statements).toBe(1);
      watch.reset();
      const whole = await readCase(associate, one.id, { expand: 'client,attorneys,members,parties,nextDeadline,tags' });
      expect(watch.statements).toBe(1);
      expect(whole).toMatchObject({
        client: { id: clientId, name: 'Northwind Shipping', kind: 'company' }, responsibleAttorney: { id: firm.admin.id, name: 'Ada Min' }, originatingAttorney: null,
        parties: [{ name: 'Bluewater', side: 'opposing' }], nextDeadline: { title: 'Answer due', kind: 'deadline', allDay: false },
      });
      expect(Date.parse(whole.nextDeadline!.startsAt)).toBeGreaterThan(Date.now());
      expect(whole.members).toHaveLength(2);
    } finally {
      watch.stop();
    }
    refused(await associate.api.GET('/v1/cases/{id}', { params: { path: { id: one.id }, query: { expand: 'invoices' } } }), 400, 'validation_failed');
    refused(await associate.api.GET('/v1/cases/{id}', { params: { path: { id: newId() } } }), 404, 'not_found');
  });

  test('changes for whoever has seen its last state', async () => {
    const one = await newCase(associate, clientId);
    const first = await patchCase(associate, one.id, { title: 'Another title', tags: [' a ', 'b', 'a'], metadata: { a: 1 }, limitationOn: '2030-01-31' }, `"${one.version}"`);
    expect(granted(first)).toMatchObject({ title: 'Another title', tags: ['a', 'b'], metadata: { a: 1 }, limitationOn: '2030-01-31', version: one.version + 1 });
    const late = await patchCase(associate, one.id, { title: 'Late' }, `"${one.version}"`);
    expect(refused(late, 412, 'precondition_failed')).toMatchObject({ currentVersion: one.version + 1 });
    expect(etagOf(late).split('.')[0]).toBe(etagOf(first).split('.')[0]);
    expect((await send(associate, 'PATCH', `/v1/cases/${one.id}`, { title: 'x' })).body).toMatchObject({ code: 'precondition_required' });
    for (const body of [{ clientId }, { status: 'closed' }, { number: '1' }, { closedOn: '2026-01-01' }]) {
      expect(faults(refused(await patchCase(associate, one.id, body as never), 400, 'validation_failed'))).toEqual([`/${Object.keys(body)[0]}: unknown_field`]);
    }
    granted(await step(associate, one.id, 'open'));
    expect(faults(refused(await patchCase(associate, one.id, { openedOn: null }), 422, 'opened_on_required'))).toEqual(['/openedOn: opened_on_required']);
    expect((await trail(firm, { table: 'cases', rowId: one.id, action: 'update' })).at(-1)).toMatchObject({ caseId: one.id, after: { title: 'Another title' } });
  });

  test('that is restricted is its members’ alone, and who restricts it is one', async () => {
    const [reader, other] = [await firm.person('associate'), await firm.person('partner')];
    const one = await newCase(associate, clientId);
    await asFirm(firm, 'delete from case_members where case_id = $1', [one.id]);
    expect(granted(await patchCase(other, one.id, { access: 'restricted' }))).toMatchObject({ access: 'restricted' });
    expect((await readCase(other, one.id, { expand: 'members' })).members).toEqual([expect.objectContaining({ userId: other.id, role: 'lead' })]);
    for (const stranger of [reader, firm.admin]) refused(await stranger.api.GET('/v1/cases/{id}', { params: { path: { id: one.id } } }), 404, 'not_found');
    refused(await patchCase(reader, one.id, { access: 'open' }), 404, 'not_found');
    granted(await patchCase(other, one.id, { access: 'open' }));
    expect((await readCase(reader, one.id)).access).toBe('open');
  });

  test('has whoever is made responsible as a member, restricted or not', async () => {
    const one = await newCase(associate, clientId, { access: 'restricted' });
    const lead = await firm.person('partner');
    refused(await lead.api.GET('/v1/cases/{id}', { params: { path: { id: one.id } } }), 404, 'not_found');
    granted(await patchCase(associate, one.id, { responsibleAttorneyId: lead.id }));
    expect((await readCase(lead, one.id, { expand: 'attorneys' })).responsibleAttorney).toMatchObject({ id: lead.id });
  });
});

describe('the life of a case', () => {
  test('goes from step to step, and each says what may come next', async () => {
    const one = await newCase(associate, clientId);
    const steps: [Parameters<typeof step>[2], object | undefined, string, string[]][] = [
      ['open', { openedOn: '2026-02-01' }, 'open', ['hold', 'close']],
      ['hold', { reason: 'Awaiting the expert' }, 'on_hold', ['resume', 'close']],
      ['resume', undefined, 'open', ['hold', 'close']],
      ['close', { closedOn: '2026-05-01' }, 'closed', ['reopen', 'archive']],
      ['archive', undefined, 'archived', ['restore']],
      ['restore', undefined, 'closed', ['reopen', 'archive']],
      ['reopen', { reason: 'Appeal filed' }, 'open', ['hold', 'close']],
    ];
    for (const [command, body, status, next] of steps) {
      const answer = granted(await step(associate, one.id, command, body));
      expect([command, answer.status, answer.allowedTransitions.map((allowed) => allowed.command)]).toEqual([command, status, next]);
      if (command === 'archive') expect(answer.closedOn).toBe('2026-05-01');
    }
    expect(await readCase(associate, one.id)).toMatchObject({ openedOn: '2026-02-01', closedOn: null, version: 8 });
    const events = await trail(firm, { table: 'cases', rowId: one.id, action: 'update' });
    expect(events.map(({ after, reason, caseId }) => [after!['status'], reason, caseId])).toEqual([
      ['open', 'Appeal filed', one.id], ['closed', null, one.id], ['archived', null, one.id], ['closed', null, one.id], ['open', null, one.id], ['on_hold', 'Awaiting the expert', one.id], ['open', null, one.id]]);
  });

  test.each(TRANSITIONS.flatMap(({ command, from }) => (['intake', 'open', 'on_hold', 'closed', 'archived'] as const).filter((status) => !from.includes(status)).map((status) => [command, status] as const)))(
    'does not allow to %s what is %s, and says what is allowed', async (command, status) => {
      const one = await newCase(associate, clientId);
      const way = { intake: [], open: ['open'], on_hold: ['open', 'hold'], closed: ['close'], archived: ['close', 'archive'] } as const;
      for (const before of way[status]) granted(await step(associate, one.id, before));
      const now = await readCase(associate, one.id);
      const problem = refused(await step(associate, one.id, command, { reason: 'because' }), 409, 'transition_not_allowed');
      expect(problem).toMatchObject({ status: 409, allowedTransitions: now.allowedTransitions, caseStatus: status });
      expect(await readCase(associate, one.id)).toEqual(now);
    });

  test('wants a reason to reopen, an ETag for every step, and the right role', async () => {
    const one = await newCase(associate, clientId);
    granted(await step(associate, one.id, 'close'));
    expect(faults(refused(await step(associate, one.id, 'reopen', {}), 400, 'validation_failed'))).toContain('/reason: is_string');
    refused(await step(associate, one.id, 'reopen', { reason: 'x' }, {}, '"1"'), 412, 'precondition_failed');
    expect((await send(associate, 'POST', `/v1/cases/${one.id}/archive`)).body).toMatchObject({ code: 'precondition_required' });
    const paralegal = await firm.person('paralegal');
    for (const command of ['close', 'reopen', 'archive', 'restore'] as const) refused(await step(paralegal, one.id, command, { reason: 'x' }), 403, 'forbidden');
    expect(granted(await step(associate, one.id, 'reopen', { reason: 'It was not over' })).openedOn).toMatch(/^\d{4}-/);
  });

  test('ends in the archive, where nothing changes', async () => {
    const one = await newCase(associate, clientId);
    granted(await step(associate, one.id, 'close'));
    granted(await step(associate, one.id, 'archive'));
    refused(await patchCase(associate, one.id, { title: 'x' }), 409, 'case_archived');
    refused(await associate.api.POST('/v1/cases/{id}/members', { params: { path: { id: one.id } }, body: { userId: firm.admin.id, role: 'observer' } }), 409, 'case_archived');
  });
});

describe('closing', () => {
  const things = async (caseId: string) => {
    for (let n = 1; n <= 12; n++) {
      await asFirm(firm, `insert into case_tasks (firm_id, id, case_id, title, due_on, status, completed_at) values ($1, $2, $3, $4, date '2026-01-01' + $5::int, $6, case when $6 = 'done' then now() end)`,
        [firm.id, newId(), caseId, `Task ${n}`, n, n === 12 ? 'done' : n % 2 ? 'open' : 'in_progress']);
    }
    for (const [title, kind, when, status] of [['Hearing', 'hearing', '5 days', 'scheduled'], ['Cancelled', 'hearing', '6 days', 'cancelled'], ['Reply', 'deadline', '-3 days', 'scheduled'], ['Lunch', 'meeting', '-3 days', 'scheduled']]) {
      await asFirm(firm, `insert into case_events (firm_id, id, case_id, kind, title, starts_at, time_zone, status) values ($1, $2, $3, $4, $5, now() + $6::interval, 'UTC', $7)`, [firm.id, newId(), caseId, kind, title, when, status]);
    }
  };

  test('lists what stands open, is refused while it does, and goes through when it is named with a reason', async () => {
    const one = await newCase(associate, clientId, { status: 'open', openedOn: '2026-01-02' });
    await things(one.id);
    const dry = granted(await step(associate, one.id, 'close', undefined, { dryRun: true }));
    expect(dry).toMatchObject({ status: 'closed', standsOpen: [{ name: 'open_tasks', count: 11 }, { name: 'coming_events', count: 1 }, { name: 'missed_deadlines', count: 1 }] });
    expect(dry.standsOpen[0]!.items.map(({ title }) => title)).toEqual(Array.from({ length: 10 }, (_, n) => `Task ${n + 1}`));
    expect(dry.standsOpen[1]!.items.map(({ title }) => title)).toEqual(['Hearing']);
    expect(dry.standsOpen[2]!.items.map(({ title }) => title)).toEqual(['Reply']);
    expect((await readCase(associate, one.id)).status).toBe('open');

    const problem = refused(await step(associate, one.id, 'close'), 409, 'case_stands_open');
    expect((problem as unknown as { standsOpen: unknown }).standsOpen).toEqual(dry.standsOpen);
    const some = refused(await step(associate, one.id, 'close', { acknowledge: ['open_tasks'], reason: 'x' }), 409, 'case_stands_open');
    expect(faults(some)).toEqual(['/acknowledge: coming_events', '/acknowledge: missed_deadlines']);
    const acknowledge = dry.standsOpen.map(({ name }) => name);
    expect(faults(refused(await step(associate, one.id, 'close', { acknowledge }), 422, 'reason_required'))).toEqual(['/reason: reason_required']);
    refused(await step(associate, one.id, 'close', { acknowledge: ['everything'] }), 400, 'validation_failed');
    const closed = granted(await step(associate, one.id, 'close', { acknowledge, reason: 'The client settled' }));
    expect(closed).toMatchObject({ status: 'closed', standsOpen: dry.standsOpen });
    expect((await trail(firm, { table: 'cases', rowId: one.id, action: 'update' }))[0]).toMatchObject({ reason: 'The client settled', after: { status: 'closed' } });
  });

  test('needs nothing where nothing stands open, and not a day before the case was opened', async () => {
    const one = await newCase(associate, clientId, { status: 'open', openedOn: '2026-01-02' });
    expect(faults(refused(await step(associate, one.id, 'close', { closedOn: '2026-01-01' }), 422, 'closed_before_opened'))).toEqual(['/closedOn: closed_before_opened']);
    expect(granted(await step(associate, one.id, 'close', { closedOn: '2026-01-02' }))).toMatchObject({ closedOn: '2026-01-02', standsOpen: [] });
  });
});
