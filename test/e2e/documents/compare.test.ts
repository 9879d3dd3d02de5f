import { beforeEach, describe, expect, test } from 'vitest';
import * as files from '../../../seeders/demo/files/index.js';
import { compareTexts } from '../../../src/modules/documents/compare/compare-texts.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { download, formOf, sendForm, uploadDocument } from '../../support/uploads.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { asFirm, rowsOf } from '../support/fixtures.js';

let firm: TestFirm;
let author: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm);
});

type File = [name: string, bytes: Buffer | string];
const drain = async () => (await testApp()).drainJobs();

/** A document with these versions, all of them read. */
async function withVersions(...versions: File[]): Promise<string> {
  const [[name, bytes], ...later] = versions as [File, ...File[]];
  const { id } = await uploadDocument(author, about.id, { name, bytes });
  for (const [next, more] of later) expect((await sendForm(author, `/v1/documents/${id}/versions`, formOf({}, { name: next, bytes: more }), { 'if-match': '*' })).status).toBe(201);
  await drain();
  return id;
}

interface Comparison {
  wordsInserted: number;
  wordsDeleted: number;
  wordsUnchanged: number;
  unchangedShare: number;
  sameFile: boolean;
  approximate: boolean;
  ops: { op: string; text: string; words: number; fromPage: number | null; toPage: number | null }[];
  from: { number: number; documentId: string };
  to: { number: number; documentId: string };
}
const compare = (id: string, query = '', as = author) => send<Comparison>(as, 'GET', `/v1/documents/${id}/compare${query}`);
const said = (body: Comparison) => body.ops.map(({ op, text, words }) => (op === 'omitted' ? `…${words}` : { insert: '+', delete: '-', equal: '=' }[op]! + text.trim()));

const clauses = (rent: string, extra: string[] = []) => ['Lease', ...Array.from({ length: 12 }, (_, i) => `Clause ${i + 1} binds both parties and their successors for as long as this lease is in force.`), `The tenant pays ${rent} a month.`, ...extra].join('\n\n');

describe('two versions', () => {
  test('word by word, the newest with the one before it unless said otherwise', async () => {
    const id = await withVersions(['a.txt', clauses('2,400')], ['a.txt', clauses('2,600')], ['a.txt', clauses('2,600', ['Dogs are welcome.'])]);
    const latest = await compare(id);
    expect(latest).toMatchObject({ status: 200, body: { from: { number: 2 }, to: { number: 3 }, wordsInserted: 3, wordsDeleted: 0, sameFile: false, approximate: false } });
    const { body } = await compare(id, '?from=1&to=3&context=3');
    expect(said(body)).toEqual(['…205', '=The tenant pays', '-2,400', '+2,600', '=a month.', '+Dogs are welcome.']);
    expect(body.unchangedShare).toBeGreaterThan(0.98);
    expect(said((await compare(id, '?from=3&to=1&context=0')).body)).toEqual(['…208', '-2,600', '+2,400', '…2', '-Dogs are welcome.']);
    const full = (await compare(id, '?from=1&to=3&full=true')).body;
    expect(full.ops.filter(({ op }) => op === 'omitted')).toEqual([]);
    expect(full.ops.filter(({ op }) => op !== 'delete').map(({ text }) => text).join('')).toContain('Clause 7 binds both parties');
    expect((await compare(id, '?from=2&to=2')).body).toMatchObject({ sameFile: true, wordsInserted: 0, wordsDeleted: 0, unchangedShare: 1 });
  });

  test('of different formats: line breaks make no difference, pages are told', async () => {
    const blocks = ['The tenant shall keep the premises in good order and repair during the whole term of this lease, reasonable wear and tear excepted.', { page: true as const }, 'Rent is due on the first day of each month.'];
    const id = await withVersions(['a.docx', await files.docxOf({ title: 'Lease', blocks })], ['a.pdf', await files.pdfOf({ title: 'Lease', blocks: [...blocks.slice(0, 2), 'Rent is due on the fifth day of each month.'] })]);
    const { body } = await compare(id);
    expect(body.ops.filter(({ op }) => op !== 'equal' && op !== 'omitted')).toEqual([
      { op: 'delete', text: 'first ', words: 1, fromPage: 2, toPage: null }, { op: 'insert', text: 'fifth ', words: 1, fromPage: null, toPage: 2 },
    ]);
  });

  test('of two documents; and who read what is on record', async () => {
    await wallOff(firm, about.id, await firm.person('paralegal')); // what nobody is kept from is not recorded when read
    const [one, other] = [await withVersions(['a.txt', 'The lessee pays.']), await withVersions(['b.txt', 'The lessor pays.'])];
    const { body } = await compare(one, `?toDocument=${other}`);
    expect(body).toMatchObject({ from: { documentId: one, number: 1 }, to: { documentId: other, number: 1 } });
    expect(said(body)).toEqual(['=The', '-lessee', '+lessor', '=pays.']);
    const read = await rowsOf<{ by: string; document: string }>(firm, `select user_id as by, after ->> 'document_id' as document from audit_events where action = 'document.read'`);
    expect(read.map(({ by, document }) => [by, document]).sort()).toEqual([[author.id, one], [author.id, other]].sort());
  });
});

describe('as a page', () => {
  test('to read: nothing of it runs', async () => {
    const id = await withVersions(['a.txt', 'Plain words.'], ['a.txt', 'Plain <script>alert(1)</script> & "words".']);
    for (const answer of [await download(author, `/v1/documents/${id}/compare?format=html`), await download(author, `/v1/documents/${id}/compare`, { accept: 'text/html,*/*;q=0.8' })]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';.*sandbox$/);
      expect(answer.text).toContain('<ins>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;words&quot;.</ins>');
      expect(answer.text).toContain('<del>words.</del>');
      expect(answer.text).toContain('Legend');
      expect(answer.text).not.toMatch(/<script|onerror|javascript:/i);
    }
    expect((await download(author, `/v1/documents/${id}/compare?format=json`, { accept: 'text/html' })).headers.get('content-type')).toContain('application/json');
  });
});

describe('not compared', () => {
  test('what is not read yet, has no text, or is not there', async () => {
    const { id } = await uploadDocument(author, about.id, { name: 'a.txt', bytes: 'words' });
    expect(await compare(id)).toMatchObject({ status: 409, body: { code: 'text_pending' } });
    await drain();
    expect((await compare(id)).status).toBe(200);
    const scan = await withVersions(['a.pdf', await files.scanOf(1)]);
    expect(await compare(id, `?toDocument=${scan}`)).toMatchObject({ status: 409, body: { code: 'text_missing', detail: expect.stringContaining('pictures') as string } });
    expect(await compare(id, '?to=2')).toMatchObject({ status: 404 });
    expect(await compare(id, '?from=0')).toMatchObject({ status: 400 });
    await asFirm(firm, 'update document_texts set char_count = 4000001 where document_id = $1', [id]);
    expect(await compare(id)).toMatchObject({ status: 422, body: { code: 'too_large_to_compare' } });
  });

  test('what the caller does not see, on either side', async () => {
    const id = await withVersions(['a.txt', 'words']);
    about = await newCase(firm);
    const hidden = await withVersions(['b.txt', 'secret']);
    await wallOff(firm, about.id, author);
    for (const answer of [await compare(hidden), await compare(id, `?toDocument=${hidden}`)]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(JSON.stringify(answer.body)).not.toContain('secret');
    }
  });

  test('while the server waits: it answers others', async () => {
    const random = (seed: number) => Array.from({ length: 60_000 }, (_, i) => `w${(i * 2_654_435_761 + seed * 97) % 99_991}`).join(' ').replace(/((?:\S+ ){12})/g, '$1\n');
    const id = await withVersions(['a.txt', random(1)], ['a.txt', random(7)]);
    const comparing = compare(id);
    let answered = 0;
    let done = false;
    void comparing.finally(() => (done = true));
    while (!done && answered < 500) {
      expect((await send(author, 'GET', '/v1/me')).status).toBe(200);
      answered++;
    }
    expect((await comparing).status).toBe(200);
    expect(answered).toBeGreaterThan(5);
  }, 60_000);
});

describe('the comparison itself', () => {
  const pages = (...texts: string[]) => texts.map((text, i) => ({ page: i + 1, text }));
  const run = (from: string, to: string) => compareTexts(pages(from), pages(to), { context: Infinity, timeoutMs: 20_000 });

  test.each([
    ['nothing', '', ''], ['all new', '', 'one two three'], ['all gone', 'one two\n\nthree', ''], ['reflowed', 'one two three four five six', 'one two\nthree four\nfive six'],
    ['moved', 'a b c\nd e f\ng h i', 'g h i\na b c\nd e f'], ['replaced', 'the quick brown fox', 'a slow green turtle'], ['between', 'a b c d e f g h', 'a b X c d e Y Z g h'],
  ])('%s: both texts can be put together from it again', (_, from, to) => {
    const { ops, wordsDeleted, wordsInserted, wordsUnchanged } = run(from, to);
    const words = (...kinds: string[]) => ops.filter(({ op }) => kinds.includes(op)).map(({ text }) => text).join(' ').split(/\s+/).filter(Boolean);
    expect(words('equal', 'insert')).toEqual(to.split(/\s+/).filter(Boolean));
    expect(words('equal', 'delete')).toEqual(from.split(/\s+/).filter(Boolean));
    expect(words('equal').length).toBe(wordsUnchanged);
    expect([words('delete').length, words('insert').length]).toEqual([wordsDeleted, wordsInserted]);
  });

  test('what differs too much is told as replaced, and says so', () => {
    const words = (letter: string) => Array.from({ length: 20_000 }, (_, i) => `${letter}${i}`).join(' ');
    const { approximate, ops } = run(words('a'), words('b'));
    expect(approximate).toBe(true);
    expect(ops.map(({ op }) => op)).toEqual(['delete', 'insert']);
  });
});
