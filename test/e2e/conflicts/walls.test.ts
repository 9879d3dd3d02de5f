import { expect, test } from 'vitest';
import type { Person, TestFirm } from '../../support/factories.js';
import { newFirm } from '../../support/factories.js';
import { asFirm } from '../support/fixtures.js';
import { granted, refused } from '../support/check.js';
import { addCase, addClient, addCompany, addMember, addParty, addPerson, addRelation, addWall, check, decide, reread, type Hit } from './fixtures.js';

/** A firm whose administrator is walled off from one case and no member of another; a partner sees both. */
async function divided(): Promise<{ firm: TestFirm; partner: Person; walled: string; restricted: string; hidden: string; open: string }> {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const other = await addClient(firm, await addCompany(firm, 'Plain Client Inc'));
  const walled = await addCase(firm, other, { title: 'Walled matter' });
  const restricted = await addCase(firm, other, { title: 'Restricted matter' });
  const open = await addCase(firm, other, { title: 'Open matter' });
  await addMember(firm, restricted, partner);
  await asFirm(firm, `update cases set access = 'restricted' where id = $1`, [restricted]);
  const hidden = await addPerson(firm, 'Valentin Grauer');
  await addParty(firm, walled, hidden, 'defendant');
  await addWall(firm, walled, firm.admin);
  return { firm, partner, walled, restricted, hidden, open };
}
/** A hit without its id, which is another in every check. */
const nameless = (hit: Hit) => ({ ...hit, id: 'its id' });
const BARE = { hidden: true, score: null, reasons: [], matchedName: null, source: null, contact: null, via: null, cases: [], decision: null };

test('a hit behind a wall shows an administrator that it exists, and nothing else', async () => {
  const { firm, partner, walled, hidden } = await divided();
  const report = await check(firm.admin, ['Valentin Grauer', 'Nobody Atall']);
  expect(report.names[0]!.hits).toEqual([{ id: expect.any(String), ...BARE }]);
  expect(report.names[1]!.hits).toEqual([]);
  expect(report.status).toBe('open');
  expect(JSON.stringify(report)).not.toMatch(new RegExp(`${walled}|${hidden}|Walled|defendant`));
  // one who may see it sees it in the same record
  const seen = (await reread(partner, report.id)).names[0]!.hits;
  expect(seen).toMatchObject([{ hidden: false, contact: { id: hidden }, reasons: ['exact'], cases: [{ id: walled, roles: ['defendant'] }] }]);
  expect(await reread(firm.admin, report.id)).toEqual(report);
});

test('however many hidden hits there are, one of them is told a name', async () => {
  const { firm, restricted } = await divided();
  const before = await check(firm.admin, ['Valentin Grauer']);
  for (const name of ['Valentin Grauer', 'Grauer', 'Valentin A. Grauer']) await addParty(firm, restricted, await addPerson(firm, name), 'witness');
  const { names } = await check(firm.admin, ['Valentin Grauer']);
  expect(names[0]!.hits.map(nameless)).toEqual(before.names[0]!.hits.map(nameless));
});

test('of a contact known from an open case too, the hidden case stays out of the hit', async () => {
  const { firm, restricted, open } = await divided();
  const both = await addPerson(firm, 'Theodora Lenz');
  await addParty(firm, restricted, both, 'witness');
  await addParty(firm, open, both, 'expert');
  const { names } = await check(firm.admin, ['Theodora Lenz']);
  expect(names[0]!.hits).toMatchObject([{ hidden: false, contact: { id: both }, cases: [{ id: open, roles: ['expert'] }] }, { ...BARE }]);
  expect(JSON.stringify(names)).not.toMatch(/Restricted|witness/);
});

test('a relation to or from somebody hidden is a hidden hit', async () => {
  const { firm, hidden } = await divided();
  const spouse = await addPerson(firm, 'Ursula Grauer');
  await addRelation(firm, spouse, hidden, 'spouse');
  const { names } = await check(firm.admin, ['Ursula Grauer']);
  expect(names[0]!.hits).toMatchObject([{ hidden: false, contact: { id: spouse }, via: null }, { ...BARE }]);
});

test('what the asker saw is hidden from a reader who is walled off later, decisions about it too', async () => {
  const { firm, partner, open } = await divided();
  const contact = await addPerson(firm, 'Balthasar Kern');
  await addParty(firm, open, contact, 'expert');
  const report = await check(partner, ['Balthasar Kern', 'Valentin Grauer']);
  granted(await decide(partner, report.id, { hitId: report.names[0]!.hits[0]!.id, decision: 'waived', reason: 'Kern has agreed' }));
  expect((await reread(firm.admin, report.id)).decisions.length).toBe(1);
  await addWall(firm, open, firm.admin);
  const after = await reread(firm.admin, report.id);
  expect(after.names.map(({ hits }) => hits.map(nameless))).toEqual([[{ ...BARE, id: 'its id' }], [{ ...BARE, id: 'its id' }]]);
  expect(after.decisions).toEqual([]);
  refused(await decide(firm.admin, report.id, { hitId: report.names[0]!.hits[0]!.id, decision: 'cleared', reason: 'x' }), 422, 'unknown_conflict_hit');
});

test('a bare hit is decided on without being known, and that covers what was hidden then', async () => {
  const { firm, partner } = await divided();
  const { id, names } = await check(firm.admin, ['Valentin Grauer']);
  const [bare] = names[0]!.hits;
  const decided = granted(await decide(firm.admin, id, { hitId: bare!.id, decision: 'cleared', reason: 'Risk committee knows' }));
  expect(decided).toMatchObject({ status: 'cleared', decisions: [{ hitId: bare!.id, decision: 'cleared' }] });
  expect(decided.names[0]!.hits[0]!.decision).toMatchObject({ decision: 'cleared', reason: 'Risk committee knows' });
  // who sees the hit sees no bare one to decide on
  refused(await decide(partner, id, { hitId: bare!.id, decision: 'cleared', reason: 'x' }), 422, 'unknown_conflict_hit');
});

test('a check made for a hidden case is not there: by id, in lists and counts', async () => {
  const { firm, partner, walled } = await divided();
  const { id } = await check(partner, ['Nobody'], { caseId: walled });
  refused(await firm.admin.api.GET('/v1/conflict-checks/{id}', { params: { path: { id } } }), 404, 'not_found');
  refused(await decide(firm.admin, id, { decision: 'cleared', reason: 'x' }), 404, 'not_found');
  expect(granted(await firm.admin.api.GET('/v1/conflict-checks', { params: { query: { count: true } } }))).toEqual({ data: [], nextCursor: null, total: 0 });
  refused(await firm.admin.api.POST('/v1/conflict-checks', { body: { names: [{ name: 'x' }], caseId: walled } }), 422, 'unknown_case');
  const stranger = await newFirm();
  refused(await stranger.admin.api.GET('/v1/conflict-checks/{id}', { params: { path: { id } } }), 404, 'not_found');
  expect((await check(stranger.admin, ['Valentin Grauer', 'Plain Client'])).status).toBe('clear');
});
