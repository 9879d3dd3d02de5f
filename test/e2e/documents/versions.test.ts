import { beforeEach, describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { download, formOf, sendForm, sha256, uploadDocument, type UploadedDocument } from '../../support/uploads.js';
import { watchStatements } from '../../support/statement-watch.js';
import { any, newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { granted, refused } from '../support/check.js';
import { asFirm } from '../support/fixtures.js';

let firm: TestFirm;
let author: Person;
let about: TestCase;
let document: UploadedDocument;
beforeEach(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm);
  document = await uploadDocument(author, about.id, { name: 'draft.txt', bytes: 'first draft' });
});

const path = (number: string | number = '1') => ({ path: { id: document.id, number: String(number) } });
const add = (bytes: string, headers: Record<string, string> = { 'if-match': '*' }, as = author, fields: Record<string, string> = {}) =>
  sendForm(as, `/v1/documents/${document.id}/versions`, formOf(fields, { name: 'draft.txt', bytes }), headers);
const versions = async (query: object = {}) => granted(await author.api.GET('/v1/documents/{id}/versions', { params: { path: { id: document.id }, query } }));

describe('versions', () => {
  test('are added, listed and read; the typed client sends them too', async () => {
    const second = await add('second draft', { 'if-match': '*' }, author, { comment: 'with comments' });
    expect(second).toMatchObject({ status: 201, body: {
      documentId: document.id, number: 2, isCurrent: true, fileName: 'draft.txt', mediaType: 'text/plain', nameMatches: true, size: 12, sha256: sha256('second draft'), comment: 'with comments', restoredFrom: null,
      author: { id: author.id, name: 'Associate Person1' }, text: { status: 'pending', reason: null, pageCount: null, charCount: null, truncated: false },
    } });
    expect(second.headers.get('location')).toBe(`/v1/documents/${document.id}/versions/2`);
    const third = await author.api.POST('/v1/documents/{id}/versions', {
      params: { path: { id: document.id }, header: any }, body: { file: new File(['third draft'], 'Brief (final).md', { type: 'text/markdown' }), comment: 'as sent' },
    });
    expect(granted(third)).toMatchObject({ number: 3, fileName: 'Brief (final).md', mediaType: 'text/markdown', declaredType: 'text/markdown', comment: 'as sent' });
    expect((await versions()).data.map(({ number, isCurrent }) => [number, isCurrent])).toEqual([[3, true], [2, false], [1, false]]);
    expect(granted(await author.api.GET('/v1/documents/{id}/versions/{number}', { params: path(2) }))).toEqual({ ...second.body, isCurrent: false });
  });

  test('stand page by page, in a fixed number of statements', async () => {
    for (const text of ['b', 'c', 'd', 'e']) expect((await add(text)).status).toBe(201);
    const seen: number[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await versions({ limit: 2, sort: 'number', count: true, ...(cursor && { cursor }) });
      expect(page.total).toBe(5);
      seen.push(...page.data.map(({ number }) => number));
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    const watch = watchStatements();
    try {
      const counts: number[] = [];
      for (const limit of [1, 5]) {
        watch.reset();
        await versions({ limit });
        counts.push(watch.statements);
      }
      expect(counts[0]).toBe(counts[1]);
    } finally {
      watch.stop();
    }
  });

  test('want the state of the document they are meant for', async () => {
    const { body } = await add('no header', {});
    expect(body['code']).toBe('precondition_required');
    expect(await add('stale', { 'if-match': '"99"' })).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    const { version } = (await asRow())!;
    expect((await add('fresh', { 'if-match': `"${version}"` })).status).toBe(201);
    expect(await add('fresh no more', { 'if-match': `"${version}"` })).toMatchObject({ status: 412 });
    expect((await versions()).data).toHaveLength(2);
  });

  test('bring an old one back as a new one, with the same bytes stored once', async () => {
    await add('second');
    const restored = granted(await author.api.POST('/v1/documents/{id}/versions/{number}/restore', { params: { ...path(1), header: any }, body: { comment: 'the first was better' } }));
    expect(restored).toMatchObject({ number: 3, isCurrent: true, restoredFrom: 1, sha256: sha256('first draft'), comment: 'the first was better', author: { id: author.id } });
    expect((await download(author, `/v1/documents/${document.id}/content`)).text).toBe('first draft');
    refused(await author.api.POST('/v1/documents/{id}/versions/{number}/restore', { params: { ...path(9), header: any }, body: {} }), 404, 'not_found');
  });

  test('are not for a document in the trash, of a hidden case or of another firm, nor for who only reads', async () => {
    const walled = await firm.person('associate');
    await wallOff(firm, about.id, walled);
    const stranger = (await newFirm()).admin;
    for (const person of [walled, stranger]) {
      expect((await add('x', { 'if-match': '*' }, person)).status).toBe(404);
      for (const route of ['/v1/documents/{id}/versions/{number}', '/v1/documents/{id}/versions/{number}/passages'] as const) refused(await person.api.GET(route, { params: path() }), 404, 'not_found');
      for (const tail of ['content', 'versions', 'versions/1/content', 'versions/1/text']) expect((await download(person, `/v1/documents/${document.id}/${tail}`)).status).toBe(404);
      refused(await person.api.POST('/v1/documents/{id}/versions/{number}/links', { params: path(), body: {} }), 404, 'not_found');
    }
    expect((await add('x', { 'if-match': '*' }, await firm.person('readonly'))).status).toBe(403);
    await asFirm(firm, `update documents set deleted_at = now() where id = $1`, [document.id]);
    expect(await add('x')).toMatchObject({ status: 409, body: { code: 'document_in_trash' } });
    refused(await author.api.POST('/v1/documents/{id}/versions/{number}/restore', { params: { ...path(), header: any }, body: {} }), 409, 'document_in_trash');
  });

  test('by another person are refused while somebody has the document checked out, before the bytes have come', async () => {
    granted(await author.api.POST('/v1/documents/{id}/check-out', { params: { path: { id: document.id } }, body: { reason: 'at it' } }));
    const other = await firm.person('associate');
    expect(await add('x', { 'if-match': '*' }, other)).toMatchObject({ status: 409, body: { code: 'checked_out' } });
    expect((await add('mine', { 'if-match': '*' }, author, { checkIn: 'true' })).status).toBe(201);
    expect((await add('free again', { 'if-match': '*' }, other)).status).toBe(201);
  });

  test.each(['0', '-1', '1.5', 'x', '99999999999', '01'])('have numbers, and %s is none', async (number) => {
    refused(await author.api.GET('/v1/documents/{id}/versions/{number}', { params: path(number) }), 400, 'validation_failed');
    expect((await download(author, `/v1/documents/${document.id}/versions/${number}/content`)).status).toBe(400);
  });

  test('queue their text', async () => {
    const jobs = await asFirm2(`select payload ->> 'versionId' as id from jobs where name = 'documents.extract'`);
    expect(jobs).toHaveLength(1);
  });
});

const asFirm2 = async (text: string, values: unknown[] = []) => {
  const { database } = await testApp();
  return database.read({ kind: 'system', firmId: firm.id }, () => database.query<{ id: string; version: number }>(text, values));
};
const asRow = async () => (await asFirm2('select id, version from documents where id = $1', [document.id]))[0];

describe('the text of a version', () => {
  const pages = ['On page one stands this.\n', 'On page two, at some length, stands that. ', 'It goes on.\n', 'Page three is short.'];
  async function extracted(): Promise<void> {
    const [version] = await asFirm2('select id from document_versions where document_id = $1', [document.id]);
    const { database } = await testApp();
    await database.write({ kind: 'system', firmId: firm.id }, async () => {
      await database.execute(`delete from document_chunks where version_id = $1`, [version!.id]);
      await database.execute(`update document_texts set status = 'extracted', page_count = 3, char_count = $2, finished_at = now() where version_id = $1`, [version!.id, pages.join('').length]);
      let offset = 0;
      for (const [ordinal, text] of pages.entries()) {
        await database.execute(`insert into document_chunks (firm_id, version_id, ordinal, case_id, document_id, page, char_offset, text) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [firm.id, version!.id, ordinal, about.id, document.id, [1, 2, 2, 3][ordinal], offset, text]);
        offset += text.length;
      }
    });
  }
  const text = (query = '') => download(author, `/v1/documents/${document.id}/versions/1/text${query}`);

  test('is read whole, by page, and in pieces', async () => {
    await extracted();
    const whole = await text();
    expect([whole.status, whole.headers.get('content-type'), whole.text]).toEqual([200, 'text/plain; charset=utf-8', pages.join('')]);
    expect((await text('?page=2')).text).toBe(pages[1]! + pages[2]!);
    expect((await text('?page=4')).status).toBe(404);
    expect((await text('?page=0')).status).toBe(400);
    const first = granted(await author.api.GET('/v1/documents/{id}/versions/{number}/passages', { params: { ...path(), query: { limit: 3, count: true } } }));
    expect(first).toMatchObject({ total: 4, data: [{ id: '0', page: 1, charOffset: 0 }, { id: '1', page: 2, charOffset: 25 }, { id: '2', page: 2 }] });
    const rest = granted(await author.api.GET('/v1/documents/{id}/versions/{number}/passages', { params: { ...path(), query: { cursor: first.nextCursor! } } }));
    expect([...first.data, ...rest.data].map((piece) => piece.text)).toEqual(pages);
    expect(granted(await author.api.GET('/v1/documents/{id}/versions/{number}/passages', { params: { ...path(), query: { page: 2 } } })).data).toHaveLength(2);
  });

  test('that is long comes in many short flights', async () => {
    await extracted();
    const [version] = await asFirm2('select id from document_versions where document_id = $1', [document.id]);
    await asFirm(firm, `insert into document_chunks (firm_id, version_id, ordinal, case_id, document_id, page, char_offset, text)
      select $1, $2, n, $3, $4, 3, n * 1000, repeat(chr(97 + n % 26), 999) || chr(10) from generate_series(4, 1203) n`, [firm.id, version!.id, about.id, document.id]);
    const whole = await text();
    expect(whole.bytes.length).toBe(pages.join('').length + 1_200_000);
    expect(whole.text.endsWith(`${String.fromCharCode(97 + 1203 % 26).repeat(999)}\n`)).toBe(true);
  });

  test('that is not there is said with status and reason', async () => {
    expect(JSON.parse((await text()).text)).toMatchObject({ code: 'text_pending', extraction: { status: 'pending', reason: null } });
    expect((await text()).headers.get('retry-after')).toBe('2');
    const [version] = await asFirm2('select id from document_versions where document_id = $1', [document.id]);
    await asFirm(firm, `update document_texts set status = 'encrypted', reason = 'It wants a password.', finished_at = now() where version_id = $1`, [version!.id]);
    expect((await text()).status).toBe(409);
    expect(JSON.parse((await text()).text)).toMatchObject({ code: 'text_missing', status: 409, detail: 'It wants a password.', extraction: { status: 'encrypted', reason: 'It wants a password.' } });
  });

  test('of a restricted or walled case is on the audit trail who read it, of another one not', async () => {
    await extracted();
    const reads = () => asFirm2(`select row_id as id from audit_events where action = 'document.read'`);
    await text();
    expect(await reads()).toEqual([]);
    await wallOff(firm, about.id, await firm.person('associate'));
    await text('?page=1');
    granted(await author.api.GET('/v1/documents/{id}/versions/{number}/passages', { params: path() }));
    expect(await reads()).toHaveLength(2);
  });
});
