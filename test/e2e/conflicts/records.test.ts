import { expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { faults, granted, refused } from '../support/check.js';
import { addCase, addClient, addCompany, addParty, addPerson, addRelation, check, decide, reread } from './fixtures.js';

test('a hit says which cases the contact is known from, and as what, closed ones too', async () => {
  const firm = await newFirm();
  const contact = await addPerson(firm, 'Ottilie Brandt');
  const client = await addClient(firm, contact);
  const other = await addClient(firm, await addCompany(firm, 'Somebody Else Inc'));
  const own = await addCase(firm, client, { title: 'Her own' });
  const closed = await addCase(firm, other, { title: 'Against her', status: 'closed', closed_on: '2026-03-01' });
  await addParty(firm, closed, contact, 'defendant');
  await addParty(firm, closed, contact, 'witness');
  const report = await check(firm.admin, ['Brandt, Ottilie'], { purpose: 'A new client' });
  const [hit] = report.names[0]!.hits;
  expect(hit!.cases.map(({ id, title, roles, status }) => ({ id, title, roles, status })).sort((a, b) => (a.title < b.title ? -1 : 1))).toEqual([
    { id: closed, title: 'Against her', roles: ['defendant', 'witness'], status: 'closed' },
    { id: own, title: 'Her own', roles: ['client'], status: 'open' },
  ]);
  expect(report).toMatchObject({ status: 'open', purpose: 'A new client', askedBy: { id: firm.admin.id }, terms: ['Brandt, Ottilie'] });
  expect(await reread(firm.admin, report.id)).toEqual(report);
});

test('who is related to a match is found where a case knows him, and the relation is told', async () => {
  const firm = await newFirm();
  const parent = await addCompany(firm, 'Globex Holding');
  const daughter = await addCompany(firm, 'Initech Ltd');
  const spouse = await addPerson(firm, 'Nobody Known');
  await addRelation(firm, parent, daughter, 'parent_company');
  await addRelation(firm, spouse, daughter, 'spouse');
  await addCase(firm, await addClient(firm, parent), { title: 'For the parent' });
  const report = await check(firm.admin, ['Initech']);
  expect(report.names[0]!.hits.map(({ contact, via, reasons, score }) => ({ contact: contact!.id, via: via && [via.contact.id, via.relation, via.inverse], reasons, score }))).toEqual([
    { contact: daughter, via: null, reasons: ['exact'], score: 1 },
    { contact: parent, via: [daughter, 'parent_company', true], reasons: ['exact', 'related'], score: 0.7 },
  ]);
  expect(report.names[0]!.hits[1]!.cases.map(({ title }) => title)).toEqual(['For the parent']);
});

test('decisions are appended, and the check comes to what they say', async () => {
  const firm = await newFirm();
  for (const name of ['Mira Falk', 'Myra Falk']) await addPerson(firm, name);
  const { id, names: [term] } = await check(firm.admin, ['Mira Falk']);
  const [first, second] = term!.hits;
  const statusAfter = async (body: Parameters<typeof decide>[2]) => granted(await decide(firm.admin, id, body)).status;
  expect(await statusAfter({ hitId: first!.id, decision: 'cleared', reason: 'Another person' })).toBe('open');
  expect(await statusAfter({ hitId: second!.id, decision: 'waived', reason: 'Both agreed' })).toBe('waived');
  expect(await statusAfter({ hitId: second!.id, decision: 'declined', reason: 'Agreement withdrawn' })).toBe('declined');
  expect(await statusAfter({ decision: 'cleared', reason: 'Matter dropped' })).toBe('cleared');
  const report = await reread(firm.admin, id);
  expect(report.decisions.map(({ hitId, decision, reason, decidedBy }) => [hitId, decision, reason, decidedBy!.id])).toEqual([
    [first!.id, 'cleared', 'Another person', firm.admin.id], [second!.id, 'waived', 'Both agreed', firm.admin.id],
    [second!.id, 'declined', 'Agreement withdrawn', firm.admin.id], [null, 'cleared', 'Matter dropped', firm.admin.id],
  ]);
  expect(report.names[0]!.hits.map(({ decision }) => decision!.decision)).toEqual(['cleared', 'declined']);
});

test('nothing found is clear; a decision needs a reason and a hit of this check', async () => {
  const firm = await newFirm();
  const { id, status } = await check(firm.admin, ['Nobody Atall']);
  expect(status).toBe('clear');
  await addPerson(firm, 'Tilda Marsh');
  const other = await check(firm.admin, ['Tilda Marsh']);
  const problem = refused(await decide(firm.admin, id, { hitId: other.names[0]!.hits[0]!.id, decision: 'cleared', reason: 'x' }), 422, 'unknown_conflict_hit');
  expect(faults(problem)).toEqual(['/hitId: unknown_conflict_hit']);
  refused(await decide(firm.admin, id, { decision: 'cleared', reason: '' }), 400, 'validation_failed');
  refused(await decide(firm.admin, id, { decision: 'perhaps' as 'cleared', reason: 'x' }), 400, 'validation_failed');
  refused(await firm.admin.api.POST('/v1/conflict-checks', { body: { names: [] } }), 400, 'validation_failed');
  refused(await firm.admin.api.POST('/v1/conflict-checks', { body: { names: Array.from({ length: 21 }, () => ({ name: 'x' })) } }), 400, 'validation_failed');
  refused(await firm.admin.api.POST('/v1/conflict-checks', { body: { names: [{ name: 'x' }], caseId: id } }), 422, 'unknown_case');
});

test('odd names are looked for without harm', async () => {
  const firm = await newFirm();
  for (const name of ['.', '%', '_', "'", '&', 'a', 'Inc', 'x'.repeat(300), `${'ab '.repeat(99)}ab`, '李雷', '😀', 'The', ', ,', '\\', '1', 'ß'.repeat(150)]) {
    expect((await check(firm.admin, [name])).status, name).toBe('clear');
  }
});

test('checks are listed by case, state, asker and time', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const caseId = await addCase(firm, await addClient(firm, await addCompany(firm, 'Listed Inc')));
  const first = await check(firm.admin, ['Listed'], { caseId });
  const second = await check(partner, ['Unlisted Nobody']);
  const list = async (query: object) => granted(await firm.admin.api.GET('/v1/conflict-checks', { params: { query } })).data.map(({ id }) => id);
  expect(await list({})).toEqual([second.id, first.id]);
  expect(await list({ caseId })).toEqual([first.id]);
  expect(await list({ status: 'clear' })).toEqual([second.id]);
  expect(await list({ askedById: partner.id })).toEqual([second.id]);
  expect(await list({ from: second.createdAt })).toEqual([second.id]);
  expect(await list({ to: second.createdAt })).toEqual([first.id]);
});

test('who works on cases checks, partners decide, readers do neither', async () => {
  const firm = await newFirm();
  const { id } = await check(await firm.person('paralegal'), ['Nobody']);
  refused(await decide(await firm.person('paralegal'), id, { decision: 'cleared', reason: 'x' }), 403, 'forbidden');
  granted(await decide(await firm.person('partner'), id, { decision: 'cleared', reason: 'x' }));
  refused(await (await firm.person('readonly')).api.GET('/v1/conflict-checks'), 403, 'forbidden');
});

test('reading a check takes six statements, however much was found', async () => {
  const firm = await newFirm();
  const small = await check(firm.admin, ['Nobody']);
  for (let n = 0; n < 10; n++) await addCase(firm, await addClient(firm, await addPerson(firm, `Vera${n} Winterbourne`)));
  const large = await check(firm.admin, ['Winterbourne', 'Vera Winterbourne', 'Winterborne']);
  expect(large.names[0]!.hits.length).toBe(10);
  const watch = watchStatements();
  try {
    for (const { id } of [small, large]) {
      watch.reset();
      await reread(firm.admin, id);
      expect(watch.texts.filter((text) => /conflict/.test(text)).length).toBe(6);
    }
  } finally {
    watch.stop();
  }
});
