import { beforeAll, describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { addText, addTextVersion, ids, search, type Answer, type NewText } from './fixtures.js';

let firm: TestFirm;
let one: TestCase;
let two: TestCase;
beforeAll(async () => {
  firm = await newFirm();
  [one, two] = [await newCase(firm, { title: 'Harbor lease' }), await newCase(firm, { title: 'Orchard sale' })];
});
type Page = NonNullable<NewText['pages']>[number];
const add = async (text: Page | Page[], more: object = {}) => (await addText(firm, { caseId: one.id, pages: Array.isArray(text) ? text : [text], ...more })).id;
const find = (q: string, more = {}) => ids(firm.admin, q, more);

describe('the query', () => {
  let lease: string;
  let sale: string;
  let both: string;
  beforeAll(async () => {
    lease = await add('The tenant Quillfeather shall pay the rent of $1,234.50 before the fifth day of every month.', { title: 'Lease of the warehouse', author: 'Ada Lovelace', type: 'contract', tags: ['riverside'] });
    sale = await add('The seller Quillfeather delivers forty bales of wool; the price is payable on delivery.', { title: 'Sale of wool', author: 'Ben Bitdiddle', type: 'letter' });
    both = await add('Quillfeather, seller and tenant, pays rent for the wool store.', { title: 'Side letter', type: 'letter' });
  });

  test.each<[string, () => string[]]>([
    ['quillfeather tenant', () => [both, lease]],
    ['quillfeather rent -wool', () => [lease]],
    ['quillfeather NOT tenant', () => [sale]],
    ['"shall pay the rent"', () => [lease]],
    ['"rent the pay"', () => []],
    ['"price is payable" OR "fifth day"', () => [lease, sale]],
    ['quillfeather (bales OR month)', () => [lease, sale]],
    ['quillfeather -(bales OR month)', () => [both]],
    ['quillfeather -"rent for the wool"', () => [lease, sale]],
    ['quillf*', () => [both, lease, sale]],
    ['quillf* month', () => [lease]],
    ['title:lease quillfeather', () => [lease]],
    ['title:"sale of wool"', () => [sale]],
    ['author:lovelace', () => [lease]],
    ['type:letter quillfeather', () => [both, sale]],
    ['tag:riverside', () => [lease]],
    ['quillfeather -type:letter', () => [lease]],
    ['quillfeather 1234.50', () => [lease]],
    ['quillfeather 1,234.50', () => [lease]],
    ['warehouse', () => [lease]], // in the title alone
    ['"lease of the warehouse"', () => [lease]],
  ])('%s', async (q, expected) => {
    expect((await find(q)).sort()).toEqual(expected().sort());
  });

  test('is explained as it was understood', async () => {
    expect((await search(firm.admin, 'quillfeather (bales OR month) -draft')).interpretedAs).toBe('quillfeather AND (bales OR month) AND NOT draft');
    const broken = await search(firm.admin, 'quillfeather "shall pay');
    expect(broken).toMatchObject({ interpretedAs: 'quillfeather AND "shall pay"', warnings: ['A quotation mark is missing; the phrase is read to the end.'] });
    expect(broken.data.filter(({ match }) => match !== 'some').map(({ documentId }) => documentId)).toEqual([lease]);
    expect((await search(firm.admin, 'quillfeather) (rent')).warnings).toEqual(['A parenthesis is closed that was not opened; it is left out.', 'A parenthesis is not closed; it is read to the end.']);
    expect((await search(firm.admin, 'the of and')).warnings[0]).toMatch(/stand everywhere/);
    expect((await search(firm.admin, '??')).data).toEqual([]);
  });

  test('that only leaves out, and modes that are not there yet, are refused', async () => {
    expect((await send(firm.admin, 'GET', '/v1/search?q=-rent'))).toMatchObject({ status: 400, body: { code: 'search_only_exclusions' } });
    for (const mode of ['semantic', 'hybrid']) expect(await send(firm.admin, 'GET', `/v1/search?q=rent&mode=${mode}`)).toMatchObject({ status: 422, body: { code: 'search_mode_unavailable' } });
    expect(await send(firm.admin, 'GET', '/v1/search')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect((await send(firm.admin, 'GET', '/v1/search?q=rent&mode=fulltext')).status).toBe(200);
  });
});

describe('words', () => {
  test('are found in any form, with and without accents, ligatures and case', async () => {
    const id = await add('Les dépositions of Mr. Šimánková were ﬁled; the companies indemnified themselves. O’Grady’s naïve résumé.');
    for (const q of ['deposition simankova', 'DÉPOSITION', 'filing simankova', 'company simankova', 'indemnify simankova', 'indemnifying simankova', 'ogrady', "o'grady", 'resume naive ogrady']) expect(await find(q), q).toEqual([id]);
  });

  test('of numbers, dates, addresses and dockets are found as they are written', async () => {
    const id = await add('Docket 1:26-cv-04711, invoice 2025-00017 of 12/31/2025 over €7,250,000.00; write to clerk@court.example or J.P. Morgan, d/b/a Acme.');
    for (const q of ['1:26-cv-04711', '04711', '2025-00017', '12/31/2025', '7250000', '7,250,000', 'clerk@court.example', 'clerk acme', 'J.P. Morgan', 'JP Morgan', 'd/b/a Acme', 'dba acme']) expect(await find(q), q).toEqual([id]);
    for (const q of ['1:27-cv-04711', '12/30/2025', '725000']) expect(await find(q), q).toEqual([]);
  });

  test('citations and sections are one word each, however they are written', async () => {
    const roe = await add('As held in Roe v. Wade, 410 U.S. 113 (1973), and again in 123 F. Supp. 2d 45.');
    const section = await add('An action under 42 U.S.C. § 1983(a) is not one under Sec. 1985, nor under section 12.4 of the agreement.');
    const year = await add('The building was finished in 1983 and sold in 410 parts to 113 buyers.');
    for (const q of ['410 U.S. 113', '410 US 113', '410 U. S. 113', '"410 U.S. 113"', '123 F.Supp.2d 45']) expect(await find(q), q).toEqual([roe]);
    for (const q of ['§ 1983', '§1983', 'Sec. 1983', 'section 1983', 'Section 1983(a)', '42 U.S.C. § 1983', '42 USC 1983', 'section 1985', '§ 12.4']) expect(await find(q), q).toEqual([section]);
    expect(await find('§ 1983(b)')).toEqual([]);
    expect(await find('1983')).toEqual([year]);
    expect((await find('410 113')).sort()).toEqual([year]);
    const [hit] = (await search(firm.admin, 'section 1983')).data;
    expect(hit!.passages[0]!.html).toContain('<mark>42 U.S.C. § 1983(a)</mark>');
  });

  test('of a phrase are found over the cut between two chunks, on the page where it begins', async () => {
    const id = await add(['first page without anything, ending with the marmalade', 'embargo of the second page, which goes on for a while'], {});
    const { data } = await search(firm.admin, '"marmalade embargo of the second"');
    expect(data.map(({ documentId, page }) => [documentId, page])).toEqual([[id, 1]]);
    expect((await search(firm.admin, 'embargo')).data[0]).toMatchObject({ documentId: id, page: 2 });
  });

  test('of a citation that is cut in two are one all the same', async () => {
    const id = await add([{ page: null, text: 'zebrawood is governed by section ' }, { page: null, text: '4711 of the code' }]);
    expect(await find('zebrawood § 4711')).toEqual([id]);
    expect(await find('zebrawood 4711')).toEqual([]);
  });
});

describe('the order', () => {
  test('is phrase and title, then all words, then some; rare and frequent words first', async () => {
    const filler = 'nothing of interest stands in this sentence about the weather and the harbour.';
    const title = await add(`galvanic isolator. ${filler}`, { title: 'Galvanic isolator' });
    const phrase = await add(`${filler} the galvanic isolator is broken`);
    const all = await add(`the isolator, as ${filler} is of course galvanic`);
    const some = await add(`only galvanic ${filler}`);
    const { data, partial, total } = await search(firm.admin, 'galvanic isolator');
    expect(data.map(({ documentId, match }) => [documentId, match])).toEqual([[title, 'phrase'], [phrase, 'phrase'], [all, 'all'], [some, 'some']]);
    expect({ partial, total }).toEqual({ partial: 1, total: 3 });
    const scores = data.map(({ score }) => score);
    expect(scores[0]).toBeGreaterThan(scores[1]!);
    const often = await add('galvanic galvanic galvanic galvanic cell', {});
    expect((await find('galvanic cell galvanic'))[0]).toBe(often);
  });

  test('of a long sentence finds its document and page among others that have the words too', async () => {
    const sentence = 'The lessee shall at its own expense keep the premises insured against fire and flood for the full replacement value thereof';
    const words = sentence.split(' ');
    await add(Array.from({ length: 6 }, (_, i) => `${words.slice(i * 3, i * 3 + 4).toReversed().join(' xylophone ')} and more`));
    const id = await add(['something else on page one', 'and on page two', `On the third: ${sentence}, unless agreed otherwise.`]);
    const { data } = await search(firm.admin, sentence);
    expect(data[0]).toMatchObject({ documentId: id, page: 3, match: 'phrase' });
  });

  test('is kept from page to page, and no document is left out or comes twice', async () => {
    const made = await Promise.all(Array.from({ length: 23 }, (_, i) => add(`persimmon ${'persimmon '.repeat(i % 4)} number ${i} ${i % 2 ? 'tangelo' : ''}`)));
    const whole = await search(firm.admin, 'persimmon tangelo', { limit: 100 });
    const found: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 20; pages++) {
      const answer: Answer = await search(firm.admin, 'persimmon tangelo', { limit: 5, ...(cursor && { cursor }) });
      found.push(...answer.data.map(({ documentId }) => documentId));
      expect(answer.facets === undefined, 'facets on the first page only').toBe(pages > 0);
      cursor = answer.nextCursor;
    }
    expect(found).toEqual(whole.data.map(({ documentId }) => documentId));
    expect([...found].sort()).toEqual([...made].sort());
    const first = await search(firm.admin, 'persimmon', { limit: 5 });
    for (const [q, cursor] of [['tangelo', first.nextCursor!], ['persimmon', 'bm9uc2Vuc2U'], ['persimmon', Buffer.from('["x",1,2,3]').toString('base64url')]]) {
      expect(await send(firm.admin, 'GET', `/v1/search?q=${q}&cursor=${cursor}`), q).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    }
  });
});

describe('a hit', () => {
  test('tells document, version, page, passage and place, as text and as harmless HTML', async () => {
    const text = `${'Padding of the page. '.repeat(30)}Then <script>alert("kumquat")</script> & the kumquat clause applies. ${'More of it. '.repeat(30)}`;
    const { id, versionId } = await addText(firm, { caseId: one.id, title: 'Kumquat memorandum', type: 'memo', date: '2024-05-06', pages: ['first', text] });
    const { data } = await search(firm.admin, 'kumquat clause');
    const [hit] = data;
    expect(hit).toMatchObject({
      documentId: id, versionId, versionNumber: 1, title: 'Kumquat memorandum', titleMatches: [{ start: 0, end: 7 }], type: 'memo', caseId: one.id, caseTitle: 'Harbor lease', documentDate: '2024-05-06', page: 2, folderId: null, privilege: 'none',
    });
    const [passage] = hit!.passages;
    expect(passage!.text.length).toBeLessThan(400);
    expect((`first${text}`).slice(passage!.offset, passage!.offset + passage!.text.length)).toBe(passage!.text);
    expect(passage!.matches.map(({ start, end }) => passage!.text.slice(start, end))).toEqual(['kumquat', 'kumquat clause']);
    expect(passage!.html).toContain('&lt;script&gt;alert(&quot;<mark>kumquat</mark>&quot;)&lt;/script&gt; &amp; the <mark>kumquat clause</mark>');
    expect(passage!.html).not.toContain('<script');
  });
});

describe('filters and facets', () => {
  test('agree: a facet counts what its filter returns', async () => {
    const add2 = (more: object) => addText(firm, { caseId: one.id, pages: ['tamarillo harvest'], ...more });
    const made = await Promise.all([
      add2({ type: 'memo', author: 'Ada', date: '2020-01-05', privilege: 'work_product', tags: ['a', 'b'] }), add2({ type: 'memo', author: 'Ben', date: '2021-06-05', tags: ['b'] }),
      add2({ type: 'letter', author: 'Ada', date: '2021-12-31', caseId: two.id }), add2({ type: 'letter', date: '2022-01-01', caseId: two.id, privilege: 'attorney_client' }),
    ]);
    const { facets, total } = await search(firm.admin, 'tamarillo');
    expect(total).toBe(4);
    expect(facets).toEqual({
      case: [one.id, two.id].sort().map((value) => expect.objectContaining({ value, count: 2 })), type: [{ value: 'letter', count: 2 }, { value: 'memo', count: 2 }],
      author: [{ value: 'Ada', count: 2 }, { value: '', count: 1 }, { value: 'Ben', count: 1 }], year: [{ value: '2021', count: 2 }, { value: '2020', count: 1 }, { value: '2022', count: 1 }],
    });
    expect(facets!.case.find(({ value }) => value === two.id)).toMatchObject({ title: 'Orchard sale' });
    for (const [kind, parameter] of [['case', 'caseId'], ['type', 'type'], ['author', 'author'], ['year', 'year']] as const) {
      for (const { value, count } of facets![kind]) if (value !== '') expect((await search(firm.admin, 'tamarillo', { [parameter]: value })).total, `${parameter}=${value}`).toBe(count);
    }
    const of = (...n: number[]) => n.map((i) => made[i]!.id).sort();
    for (const [filter, expected] of [
      [{ dateFrom: '2021-06-05', dateTo: '2021-12-31' }, of(1, 2)], [{ privilege: 'work_product,attorney_client' }, of(0, 3)], [{ tag: 'b' }, of(0, 1)], [{ tag: 'a,zzz' }, of(0)], [{ type: 'memo,letter', author: 'Ada' }, of(0, 2)],
      [{ caseId: two.id, year: 2022 }, of(3)], [{ type: 'nothing' }, []],
    ] as const) expect((await find('tamarillo', filter)).sort(), JSON.stringify(filter)).toEqual(expected);
  });

  test('by client and by folder with its subfolders', async () => {
    const outer = (await send<{ id: string }>(firm.admin, 'POST', '/v1/folders', { caseId: one.id, name: 'Outer' })).body.id;
    const inner = (await send<{ id: string }>(firm.admin, 'POST', '/v1/folders', { caseId: one.id, name: 'Inner', parentId: outer })).body.id;
    const [a, b, c] = [await add('loquat', { folderId: outer }), await add('loquat', { folderId: inner }), await add('loquat', { caseId: two.id })];
    expect((await find('loquat', { folderId: outer })).sort()).toEqual([a, b].sort());
    expect(await find('loquat', { folderId: inner })).toEqual([b]);
    const { body } = await send<{ clientId: string }>(firm.admin, 'GET', `/v1/cases/${two.id}`);
    expect(await find('loquat', { clientId: body.clientId })).toEqual([c]);
  });
});

describe('versions, trash and changes', () => {
  test('the newest version is found, or with versions=all each that has it', async () => {
    const { id, versionId } = await addText(firm, { caseId: one.id, pages: ['medlar and quince'] });
    const second = await addTextVersion(firm, id, ['medlar and pear']);
    expect((await search(firm.admin, 'medlar')).data.map((hit) => [hit.versionId, hit.versionNumber])).toEqual([[second, 2]]);
    expect(await find('quince medlar')).toEqual([]);
    const all = await search(firm.admin, 'medlar', { versions: 'all' });
    expect(all.data.map((hit) => hit.versionId).sort()).toEqual([versionId, second].sort());
    expect((await search(firm.admin, 'quince', { versions: 'all' })).data[0]).toMatchObject({ documentId: id, versionNumber: 1 });
  });

  test('what is in the trash is not found until it comes back', async () => {
    const id = await add('feijoa contract');
    const move = (how: string) => send(firm.admin, 'POST', `/v1/documents/${id}/${how}`, {}, { 'if-match': '*' });
    expect((await send(firm.admin, 'DELETE', `/v1/documents/${id}`, undefined, { 'if-match': '*' })).status).toBeLessThan(300);
    expect((await search(firm.admin, 'feijoa')).total).toBe(0);
    expect((await search(firm.admin, 'feijoa', { versions: 'all' })).data).toEqual([]);
    expect((await move('restore')).body).toMatchObject({ id });
    expect(await find('feijoa')).toEqual([id]);
  });
});

test('other titles, authors, types, tags and dates are found, and the old ones are not', async () => {
  const { id } = await addText(firm, { caseId: one.id, title: 'Pomelo draft', author: 'Grace Hopper', type: 'memo', date: '2020-02-02', pages: ['pomelo text'] });
  const changed = await send(firm.admin, 'PATCH', `/v1/documents/${id}`, { title: 'Yuzu final', authorName: 'Alan Kay', type: 'letter', tags: ['citrus'], documentDate: '2021-03-03' }, { 'if-match': '*' });
  expect(changed.status).toBe(200);
  const { facets } = await search(firm.admin, 'pomelo'); // at once
  expect(facets).toMatchObject({ type: [{ value: 'letter' }], author: [{ value: 'Alan Kay' }], year: [{ value: '2021' }] });
  await (await testApp()).drainJobs();
  for (const q of ['yuzu', 'title:final', 'author:kay', 'type:letter pomelo', 'tag:citrus', 'pomelo text']) expect(await find(q), q).toEqual([id]);
  for (const q of ['title:pomelo', 'draft pomelo', 'author:hopper', 'type:memo pomelo']) expect(await find(q), q).toEqual([]);
});

test('a document that moves counts in the case it came to and is hidden with it; one that is purged is gone from the statistics too', async () => {
  const shut = await newCase(firm, { title: 'Shut', members: [firm.admin], restricted: true });
  const stranger = await firm.person('partner');
  const id = await add('jabuticaba syrup');
  const stays = await add('jabuticaba jelly');
  for (let i = 0; i < 4; i++) await add(`other ${i}`);
  const weight = async () => (await search(firm.admin, 'jabuticaba')).data.find(({ documentId }) => documentId === stays)!.score;
  expect((await ids(stranger, 'jabuticaba')).sort()).toEqual([id, stays].sort());
  expect((await send(firm.admin, 'POST', `/v1/documents/${id}/move`, { caseId: shut.id }, { 'if-match': '*' })).status).toBe(200);
  expect(await search(stranger, 'jabuticaba')).toMatchObject({ total: 1, facets: { case: [{ value: one.id, count: 1 }] } });
  expect((await search(firm.admin, 'jabuticaba')).facets!.case.map(({ value }) => value).sort()).toEqual([one.id, shut.id].sort());
  const before = await weight();
  expect((await send(firm.admin, 'DELETE', `/v1/documents/${id}`, undefined, { 'if-match': '*' })).status).toBeLessThan(300);
  const purged = await send(firm.admin, 'POST', `/v1/documents/${id}/purge`, { reason: 'made by mistake' }, { 'if-match': '*' });
  expect(purged.status, JSON.stringify(purged.body)).toBeLessThan(300);
  expect(await weight(), 'the word is rarer now').toBeGreaterThan(before);
});

describe('walls', () => {
  test('hide documents from hits, counts, facets and partial matches', async () => {
    const shut = await newCase(firm, { title: 'Secret merger', members: [firm.admin] });
    const person = await firm.person('associate');
    const open = await add('durian shipment');
    const hidden = await add('durian shipment of the hidden kind', { caseId: shut.id, author: 'Hidden Author', type: 'hiddentype', date: '1999-01-01' });
    expect((await ids(person, 'durian')).sort()).toEqual([open, hidden].sort());
    await wallOff(firm, shut.id, person);
    for (const q of ['durian', 'durian shipment kind', 'title:merger durian', 'author:hidden', 'hidd* durian', '"hidden kind"', 'durian OR hidden', 'type:hiddentype']) {
      const answer = await search(person, q, { versions: 'all' });
      expect(JSON.stringify({ ...answer, interpretedAs: '' }), q).not.toMatch(new RegExp(`${hidden}|${shut.id}|hiddentype|Hidden Author|hidden kind|1999`));
      expect(answer.total, q).toBe(/^durian( OR hidden)?$/.test(q) ? 1 : 0);
    }
    expect((await search(person, 'durian', { caseId: shut.id })).total).toBe(0);
    expect((await ids(firm.admin, 'durian')).sort()).toEqual([open, hidden].sort());
  });

  test('a case that is restricted takes its documents along, and gives them back', async () => {
    const about = await newCase(firm, { title: 'Quiet', members: [firm.admin] });
    const person = await firm.person('partner');
    const id = await add('cherimoya accord', { caseId: about.id });
    const set = async (access: string) => expect((await send(firm.admin, 'PATCH', `/v1/cases/${about.id}`, { access }, { 'if-match': '*' })).status).toBe(200);
    expect(await ids(person, 'cherimoya')).toEqual([id]);
    await set('restricted');
    expect((await search(person, 'cherimoya')).facets).toEqual({ case: [], type: [], author: [], year: [] });
    const added = await add('cherimoya annex', { caseId: about.id }); // indexed while it is restricted
    expect(await ids(person, 'cherimoya')).toEqual([]);
    expect((await find('cherimoya')).sort()).toEqual([id, added].sort());
    await set('open');
    expect((await ids(person, 'cherimoya')).sort()).toEqual([id, added].sort());
  });

  test('another firm finds nothing', async () => {
    await add('rambutan');
    expect((await search((await newFirm()).admin, 'rambutan')).total).toBe(0);
  });
});
