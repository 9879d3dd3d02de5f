import { beforeAll, expect, test } from 'vitest';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { addClient, addCompany, addEmail, addName, addPerson, check, type Hit } from './fixtures.js';

// What a firm knows, and what it is asked. Both tables run against one firm that holds all of the names at once, so that
// a hit is never there for want of others.
const COMPANY = /\b(Inc|LLC|Ltd|GmbH|Bank|Corp|Co|Motors|Shipping|Holdings|LLP|S\.A\.|Tech|Works|America|Ohio|Partners|Volkswagen)\b/;
const MATCH: [asked: string, known: string, reason: string, least: number][] = [
  ['John Smith', 'John Smith', 'exact', 1],
  ['JOHN SMITH', 'John Smith', 'exact', 1],
  ['Smith, John', 'John Smith', 'exact', 1],
  ['Smith John', 'John Smith', 'word_order', 0.97],
  ['Jon Smyth', 'John Smith', 'phonetic', 0.75],
  ['J. R. Whitmore', 'John Robert Whitmore', 'initials', 0.85],
  ['J Whitmore', 'John Robert Whitmore', 'initials', 0.6],
  ['Whitmore, J. R.', 'John Robert Whitmore', 'initials', 0.85],
  ['John Robert Farnsworth', 'J. R. Farnsworth', 'initials', 0.85],
  ['John Farnsworth', 'J. R. Farnsworth', 'initials', 0.6],
  ['John Whitmore', 'John Robert Whitmore', 'trigram', 0.7],
  ['Harold James Baxter', 'Harold Baxter', 'trigram', 0.7],
  ['Dr. Harold Baxter Jr.', 'Harold Baxter', 'exact', 1],
  ['Mueller', 'Jürgen Müller', 'phonetic', 0.5],
  ['Jurgen Muller', 'Jürgen Müller', 'exact', 1],
  ['Kathryn Doyle', 'Catherine Doyle', 'phonetic', 0.8],
  ['Micheal Brannigan', 'Michael Brannigan', 'phonetic', 0.8],
  ['Stephen Kowalsky', 'Steven Kowalski', 'phonetic', 0.7],
  ['Siobhan OBrien', 'Siobhán O’Brien', 'exact', 1],
  ['Jean Luc Renard', 'Jean-Luc Renard', 'exact', 1],
  ['Maria Delacruz', 'María De La Cruz', 'trigram', 0.8],
  ['Иванова Мария', 'Мария Иванова', 'word_order', 0.97],
  ['Acme Widgets', 'Acme Widgets Inc', 'exact', 1],
  ['ACME WIDGETS, L.L.C.', 'Acme Widgets Inc', 'exact', 1],
  ['The Acme Widgets Company', 'Acme Widgets Inc', 'exact', 1],
  ['Acme', 'Acme Widgets Inc', 'trigram', 0.5],
  ['Nordwind Shiping', 'Northwind Shipping GmbH', 'phonetic', 0.7],
  ['Globaltech Corp', 'Global Tech Inc', 'phonetic', 0.8],
  ['Smith and Sons', 'Smith & Sons Ltd', 'exact', 1],
  ['Volkswagon AG', 'Volkswagen', 'phonetic', 0.8],
  ['First National Bank', 'First National Bank of Ohio', 'trigram', 0.7],
  ['Cobalt Holdings', 'Cobalt Partners', 'trigram', 0.6],
  ['Ironwood Works of Delaware', 'Ironwood Works LLC', 'trigram', 0.6],
];
const APART: [asked: string, known: string][] = [
  ['Jane Smith', 'John Smith'],
  ['John Smithers', 'John Smith'],
  ['Mary Stone', 'Mark Stone'],
  ['J. W. Farnsworth', 'J. R. Farnsworth'],
  ['John William Whitmore', 'John Robert Whitmore'],
  ['K Doyle', 'Catherine Doyle'],
  ['Harold Dexter', 'Harold Baxter'],
  ['General Mills', 'General Motors'],
  ['Bank of Austria', 'Bank of America'],
  ['Acne Studios', 'Acme Widgets Inc'],
  ['4M Works', '3M Works'],
  ['Northwind Airlines', 'Northwind Shipping GmbH'],
  ['Micron', 'Microsoft Corp'],
  ['Smithfield Foods', 'John Smith'],
  ['John', 'Mark Stone'],
  ['Zzyzx Qwrt', 'John Smith'],
];

let firm: TestFirm;
const ids = new Map<string, string>();
beforeAll(async () => {
  firm = await newFirm();
  for (const name of new Set([...MATCH, ...APART].map(([, known]) => known))) {
    ids.set(name, await (COMPANY.test(name) || /^\d/.test(name) ? addCompany(firm, name) : addPerson(firm, name)));
  }
});
const find = async (asked: string, known: string): Promise<Hit | undefined> => (await check(firm.admin, [asked])).names[0]!.hits.find(({ contact }) => contact?.id === ids.get(known));

test.each(MATCH)('%s finds %s', async (asked, known, reason, least) => {
  const hit = await find(asked, known);
  expect(hit, 'not found').toBeDefined();
  expect({ reasons: hit!.reasons, name: hit!.matchedName }).toEqual({ reasons: [reason], name: known });
  expect(hit!.score).toBeGreaterThanOrEqual(least);
  expect(hit!.score === 1).toBe(reason === 'exact');
});

test.each(APART)('%s is not %s', async (asked, known) => {
  expect(await find(asked, known)).toBeUndefined();
});

test('other names, e-mail addresses and tax numbers lead to a contact, and say which of them did', async () => {
  const own = await newFirm();
  const contact = await addPerson(own, 'Greta Lindholm');
  await addName(own, contact, 'maiden', 'Greta Aspelund');
  await addName(own, contact, 'alias', 'Die Löwin');
  await addEmail(own, contact, 'Greta@Lindholm.example');
  await addClient(own, contact, { tax_id: '12-345 678' });
  const report = await check(own.admin, ['Aspelund, Greta', 'die lowin', { name: 'Nobody Else', email: 'greta@lindholm.example' }, { name: 'Nobody Else', taxId: '12345678' }, 'Nobody Else']);
  expect(report.names.map(({ hits }) => hits.map(({ contact: of, reasons, source, matchedName }) => [of!.id, source, matchedName, ...reasons]))).toEqual([
    [[contact, 'maiden', 'Greta Aspelund', 'exact', 'former_name']],
    [[contact, 'alias', 'Die Löwin', 'exact', 'alias']],
    [[contact, 'email', 'Greta@Lindholm.example', 'email']],
    [[contact, 'tax_id', '12-345 678', 'tax_id']],
    [],
  ]);
});

test('a common name gives fifty hits, best first, and says that there are more', async () => {
  const own = await newFirm();
  for (let n = 0; n < 53; n++) await addPerson(own, `${'Abcdefghijklmnopqrstuvwxyz'[n % 26]}${'aeiou'[n % 5]}rvin Tremblay`);
  await addPerson(own, 'Tremblay');
  const [term] = (await check(own.admin, ['Tremblay'])).names;
  expect({ hits: term!.hits.length, truncated: term!.truncated, first: term!.hits[0]!.matchedName }).toEqual({ hits: 50, truncated: true, first: 'Tremblay' });
  const scores = term!.hits.map(({ score }) => score!);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});
