import { expect, test } from 'vitest';
import { newFirm, type Person } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { addCase, addClient, addCompany, addEmail, addName, addParty, addPerson, addWall } from '../conflicts/fixtures.js';
import { granted, refused } from '../support/check.js';

const find = async (as: Person, q: string, more: { limit?: number; types?: string } = {}) => granted(await as.api.GET('/v1/quick-search', { params: { query: { q, ...more } } })).data;
const brief = (found: Awaited<ReturnType<typeof find>>) => found.map(({ type, id }) => `${type} ${id}`);

async function office() {
  const firm = await newFirm();
  const contact = await addPerson(firm, 'Leonora Vasquez');
  const company = await addCompany(firm, 'Harborview Logistics Inc');
  const client = await addClient(firm, company);
  const lease = await addCase(firm, client, { title: 'Warehouse lease', docket_number: '1:26-cv-04711' });
  await addParty(firm, lease, contact, 'defendant');
  return { firm, contact, company, client, lease };
}

test('cases are found by number, title, docket number, client and party; the words may be beginnings', async () => {
  const { firm, lease, client } = await office();
  const number = (await find(firm.admin, 'warehouse'))[0]!.subtitle.split(' · ')[0]!;
  for (const q of [number, number.split('-').at(-1)!, 'wa', 'Wareh', 'lease ware', '04711', '1:26-cv-04711', 'vasq', 'harborv', 'WÄREHOUSE']) {
    expect(brief(await find(firm.admin, q, { types: 'case' })), q).toEqual([`case ${lease}`]);
  }
  expect(await find(firm.admin, 'ous', { types: 'case' })).toEqual([]);
  expect(brief(await find(firm.admin, 'harbor', { types: 'client,case' }))).toEqual([`client ${client}`, `case ${lease}`]);
});

test('clients and contacts are found by name, other name, number and e-mail address, mistyped too', async () => {
  const { firm, contact, client, company } = await office();
  await addName(firm, contact, 'maiden', 'Leonora Ibáñez');
  await addEmail(firm, contact, 'leo@vasquez-studio.example');
  for (const q of ['le', 'vasquez', 'Vasquez, Leonora', 'ibanez', 'vazquez', 'leonra', 'leo@vas']) expect(brief(await find(firm.admin, q, { types: 'contact' })), q).toEqual([`contact ${contact}`]);
  const [found] = await find(firm.admin, 'harborview', { types: 'client' });
  expect(found).toMatchObject({ type: 'client', id: client, title: 'Harborview Logistics Inc' });
  expect(brief(await find(firm.admin, found!.subtitle.split(' · ')[0]!, { types: 'client' }))).toEqual([`client ${client}`]);
  expect(brief(await find(firm.admin, 'harbrview', { types: 'client' }))).toEqual([`client ${client}`]);
  // who is a client shows as one, unless only contacts are asked for
  expect(brief(await find(firm.admin, 'harborview', { types: 'contact' }))).toEqual([`contact ${company}`]);
});

test('the best comes first: what begins like it, then what has such a word, then what is spelled alike', async () => {
  const firm = await newFirm();
  const names = { first: 'Marlow', second: 'Marlowe Hastings', third: 'Anselm Marlow', last: 'Gunther Barlow' };
  for (const name of Object.values(names)) await addPerson(firm, name);
  const found = await find(firm.admin, 'marlow', { types: 'contact' });
  expect(found.map(({ title }) => title)).toEqual([names.first, names.second, names.third, names.last]);
  const scores = found.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(scores[0]).toBe(1);
  expect((await find(firm.admin, 'marlow', { limit: 1 })).length).toBe(1);
});

test('matches say where to highlight, in the text as it is written', async () => {
  const firm = await newFirm();
  await addPerson(firm, 'Zoë Šimánková');
  const [found] = await find(firm.admin, 'sima');
  expect(found!.matches).toEqual([{ field: 'title', start: 4, end: 8 }]);
  const [typo] = await find(firm.admin, 'simankva');
  expect(typo!.matches).toEqual([{ field: 'title', start: 4, end: 13 }]);
});

test('hidden things are absent, and another firm finds nothing', async () => {
  const { firm, lease, contact, client } = await office();
  expect(brief(await find(firm.admin, 'vasquez')).sort()).toEqual([`case ${lease}`, `contact ${contact}`].sort());
  await addWall(firm, lease, firm.admin);
  expect(await find(firm.admin, 'vasquez')).toEqual([]);
  expect(await find(firm.admin, 'vazqez')).toEqual([]);
  expect(await find(firm.admin, '04711')).toEqual([]);
  const partner = await firm.person('partner');
  expect(brief(await find(partner, 'harborview')).sort()).toEqual([`case ${lease}`, `client ${client}`].sort());
  expect(await find((await newFirm()).admin, 'harborview')).toEqual([]);
});

test('odd questions find nothing and harm nothing; one letter and unknown types are refused', async () => {
  const { firm } = await office();
  for (const q of ['%%', '__', "''", '\\\\', '(((', '..', '😀😀', 'x'.repeat(100), '*)(', '-- ']) {
    if (q.trim().length > 1) expect(await find(firm.admin, q), q).toEqual([]);
  }
  refused(await firm.admin.api.GET('/v1/quick-search', { params: { query: { q: 'a' } } }), 400, 'validation_failed');
  refused(await firm.admin.api.GET('/v1/quick-search', { params: { query: { q: 'ab', types: 'invoice' } } }), 400, 'validation_failed');
});

test('a search is one statement', async () => {
  const { firm } = await office();
  await find(firm.admin, 'harbor');
  const watch = watchStatements();
  try {
    expect((await find(firm.admin, 'harbor')).length).toBe(2);
    expect(watch.texts.filter((text) => /quick_search/.test(text)).length).toBe(1);
    expect(watch.statements).toBe(1);
  } finally {
    watch.stop();
  }
});
