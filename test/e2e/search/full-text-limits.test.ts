import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { indexVersions } from '../../support/indexing.js';
import { watchStatements } from '../../support/statement-watch.js';
import { uploadDocument } from '../../support/uploads.js';
import { newCase } from '../casework/fixtures.js';
import { asFirm } from '../support/fixtures.js';
import { addText, ids, search } from './fixtures.js';

describe('no query', () => {
  test('is answered with a fault of ours, whatever is typed', async () => {
    const firm = await newFirm();
    const { id: caseId } = await newCase(firm);
    await addText(firm, { caseId, title: 'A lease', pages: ['the lease § 12 of "Smith" & O’Brien’s, 410 U.S. 113, a@b.example'] });
    const piece = fc.oneof(
      fc.constantFrom('"', '(', ')', '-', ' OR ', ' AND ', ' NOT ', '*', ':', '|', '&', '!', '<->', "'", '\\', '§', '“', '«', ' ', 'title:', 'author:', 'tag:', 'type:', 'case:', '§ 12', '410 U.S. 113', 'lease', 'smith', "o'brien", 'the', 'a*', 'le*', '1,234.5', '東京', '😀', '%', '_', '~3', '+', '=', '@', 'x'.repeat(90)),
      fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const query = fc.array(piece, { minLength: 1, maxLength: 14 }).map((pieces) => pieces.join(''));
    await fc.assert(fc.asyncProperty(query, fc.constantFrom('', '&versions=all', '&limit=1', '&type=a%27b', '&author=%5C'), async (q, more) => {
      const { status, body } = await send<{ code?: string }>(firm.admin, 'GET', `/v1/search?q=${encodeURIComponent(Buffer.from(q).toString())}${more}`);
      expect([200, 400], `${JSON.stringify(q)}: ${JSON.stringify(body)}`).toContain(status);
      if (status === 400) expect(['validation_failed', 'search_only_exclusions', 'bad_request'], JSON.stringify(q)).toContain(body.code);
    }), { numRuns: 120 });
  }, 120_000);

  test('of four thousand characters, of many words or deep brackets is too much', async () => {
    const firm = await newFirm();
    const { id: caseId } = await newCase(firm);
    const { id } = await addText(firm, { caseId, pages: [Array.from({ length: 100 }, (_, i) => `word${i}`).join(' ')] });
    const many = Array.from({ length: 100 }, (_, i) => `word${i}`).join(' ');
    const answer = await search(firm.admin, many);
    expect(answer.data[0]!.documentId).toBe(id);
    expect(answer.warnings).toEqual(['Only the first 48 words are looked for.']);
    expect((await search(firm.admin, `${'('.repeat(400)}word1${')'.repeat(400)}`)).warnings[0]).toMatch(/too deep|not closed/);
    expect((await send(firm.admin, 'GET', `/v1/search?q=${'a'.repeat(4001)}`)).status).toBe(400);
  });
});

describe('a long text', () => {
  test('is searchable to the last page, and so is one whose words do not fit one row', async () => {
    const firm = await newFirm();
    const { id: caseId } = await newCase(firm);
    // five megabytes of words that are all different: three rows of words
    let n = 0;
    const page = () => Array.from({ length: 60 }, () => `unique${(n++).toString(36)}word${(n * 7919).toString(36)}`).join(' ');
    const pages = Array.from({ length: 3000 }, (_, i) => (i === 0 ? `alpha boundary ${page()}` : i === 2999 ? `${page()} omega last marker phrase` : i % 500 === 1 ? `${page()} repeated` : page()));
    const { id, versionId } = await addText(firm, { caseId, title: 'Long one', pages });
    const other = await addText(firm, { caseId, pages: ['alpha repeated'] });
    expect((await search(firm.admin, '"last marker phrase"')).data.map((hit) => [hit.documentId, hit.page, hit.match])).toEqual([[id, 3000, 'phrase']]);
    // first and last words stand in different rows
    const across = await search(firm.admin, 'alpha omega');
    expect(across.data[0]).toMatchObject({ documentId: id, versionId, match: 'all' });
    expect(across.total).toBe(1);
    expect((await ids(firm.admin, 'alpha -omega'))).toEqual([other.id]);
    expect((await ids(firm.admin, 'alpha repeated')).sort()).toEqual([id, other.id].sort());
    expect(await ids(firm.admin, 'title:long "last marker"')).toEqual([id]);
    expect(await ids(firm.admin, 'alpha -"last marker"')).toEqual([other.id]);
    expect(await ids(firm.admin, '"last marker" OR (alpha repeated)')).toHaveLength(2);
  }, 180_000);
});

describe('the index', () => {
  test('is made after the extraction, by the job', async () => {
    const firm = await newFirm();
    const { id: caseId } = await newCase(firm);
    const { id } = await uploadDocument(firm.admin, caseId, { name: 'pitaya.txt', bytes: 'Dragonfruit is delivered on Tuesdays.\fPage two speaks of mangosteen.' }, { title: 'Fruit' });
    expect((await search(firm.admin, 'mangosteen')).total).toBe(0);
    await (await testApp()).drainJobs();
    expect((await search(firm.admin, 'mangosteen')).data).toMatchObject([{ documentId: id, page: 2, title: 'Fruit' }]);
  }, 60_000);

  test('counts words as often as they are there, however often it is made', async () => {
    const firm = await newFirm();
    const { database } = await testApp();
    const { id: caseId } = await newCase(firm);
    const { versionId } = await addText(firm, { caseId, pages: ['ackee ackee salt', 'ackee again', 'other'] });
    await addText(firm, { caseId, pages: ['ackee elsewhere'] });
    const score = async () => (await search(firm.admin, 'ackee salt')).data.map((hit) => hit.score);
    const before = await score();
    expect(before).toHaveLength(2);
    for (let i = 1; i <= 3; i++) {
      // the text was taken out again
      await asFirm(firm, `update document_texts set finished_at = now() + make_interval(secs => $2) where version_id = $1`, [versionId, i]);
      await indexVersions(database, firm.id, [versionId]);
    }
    expect(await score()).toEqual(before);
    // a run that broke off in the middle
    await database.write({ kind: 'system', firmId: firm.id }, () => database.first('select doors.index_chunks($1, (select finished_at from document_texts where version_id = $1), 1, 3, $2, $3, $4)', [versionId, [], [], []]));
    expect(await score()).not.toEqual(before);
    await asFirm(firm, `update document_texts set finished_at = now() + interval '1 minute' where version_id = $1`, [versionId]);
    await indexVersions(database, firm.id, [versionId]);
    expect(await score()).toEqual(before);
  });
});

test('another language of the firm makes the index anew, as a task', async () => {
  const firm = await newFirm();
  const { id: caseId } = await newCase(firm);
  const { id } = await addText(firm, { caseId, title: 'Vertrag', pages: ['Die Verträge der Mieter wurden gekündigt.'] });
  const hidden = await newCase(firm, { title: 'Shut', members: [firm.admin], restricted: true });
  const shut = await addText(firm, { caseId: hidden.id, pages: ['Weitere Verträge'] });
  expect(await ids(firm.admin, 'vertrag mietern')).toEqual([]);
  const outsider = await firm.person('admin');
  expect((await send(outsider, 'PATCH', '/v1/firm', { language: 'de-AT' }, { 'if-match': '*' })).status).toBe(200);
  await (await testApp()).drainJobs();
  const { data } = (await outsider.api.GET('/v1/tasks', { params: { query: {} } })).data!;
  expect(data.find(({ kind }) => kind === 'search.reindex')).toMatchObject({ status: 'completed' });
  expect(await ids(firm.admin, 'vertrag mietern')).toEqual([id]);
  expect((await ids(firm.admin, 'vertrag')).sort(), 'those that who changed it does not see as well').toEqual([id, shut.id].sort());
  // the same language in another country: nothing to do
  await send(outsider, 'PATCH', '/v1/firm', { language: 'de-CH' }, { 'if-match': '*' });
  expect((await outsider.api.GET('/v1/tasks', { params: { query: {} } })).data!.data.filter(({ kind }) => kind === 'search.reindex')).toHaveLength(1);
  const again = await send<{ kind: string }>(firm.admin, 'POST', '/v1/search/reindex', undefined, { 'idempotency-key': 'once' });
  expect(again).toMatchObject({ status: 202, body: { kind: 'search.reindex' } });
  expect((await send(await firm.person('associate'), 'POST', '/v1/search/reindex')).status).toBe(403);
});

test('a search is two statements, however much is found', async () => {
  const firm = await newFirm();
  const { id: caseId } = await newCase(firm);
  for (let i = 0; i < 3; i++) await addText(firm, { caseId, pages: [`salak number ${i}`, 'salak twice'] });
  await search(firm.admin, 'salak');
  const watch = watchStatements();
  try {
    expect((await search(firm.admin, 'salak "number 2" OR numb*')).data.length).toBeGreaterThan(0);
    expect(watch.statements).toBe(2);
    await search(firm.admin, 'nothingatall');
    expect(watch.statements).toBe(4);
  } finally {
    watch.stop();
  }
});
