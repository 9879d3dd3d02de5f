import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import * as files from '../../../seeders/demo/files/index.js';
import { TextReaders } from '../../../src/modules/documents/extraction/text-readers.js';
import { objectKey } from '../../../src/modules/storage/object-store.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { uploadDocument, type UploadedDocument } from '../../support/uploads.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { asFirm, rowsOf } from '../support/fixtures.js';
import { passagesOf, stateOf, textOf } from './texts-of.js';

let firm: TestFirm;
let author: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm);
});

const drain = async () => (await testApp()).drainJobs();
const upload = (bytes: Buffer | string, name: string, fields = {}): Promise<UploadedDocument> => uploadDocument(author, about.id, { name, bytes }, fields);
async function read(bytes: Buffer | string, name: string): Promise<UploadedDocument> {
  const document = await upload(bytes, name);
  await drain();
  return document;
}
const again = (id: string, as = author) => send(as, 'POST', `/v1/documents/${id}/versions/1/extract`);

const lease = { title: 'Lease', date: '2026-03-02', blocks: ['The rent is € 2,400.', { page: true as const }, 'The term is five years.'] };

describe('the text of a version', () => {
  test.each([
    ['a.pdf', () => files.pdfOf(lease), 'application/pdf', 2], ['a.docx', () => files.docxOf(lease), /wordprocessingml/, 2], ['a.odt', () => files.odtOf(lease), /opendocument\.text/, 2],
    ['a.rtf', () => files.rtfOf(lease), 'application/rtf', 2], ['a.html', () => files.htmlOf(lease), 'text/html', null], ['a.md', () => files.markdownOf(lease), 'text/markdown', null],
    ['a.txt', () => files.textOf(lease), 'text/plain', 2], ['a.xlsx', () => files.xlsxOf([{ name: 'Lease', rows: [['The rent is € 2,400.', 'The term is five years.']] }]), /spreadsheetml/, 1],
    ['a.pptx', () => files.pptxOf([{ title: 'The rent is € 2,400.', lines: ['The term is five years.'] }]), /presentationml/, 1],
    ['a.csv', () => files.csvOf([['The rent is € 2,400.', 'The term is five years.']]), 'text/csv', null],
    ['a.eml', () => files.emlOf({ from: 'a@x.example', to: 'b@x.example', subject: 'Lease', text: 'The rent is € 2,400. The term is five years.' }), 'message/rfc822', null],
  ] as const)('%s is read after the upload', async (name, make, mediaType, pageCount) => {
    const document = await upload(await make(), name);
    expect(await stateOf(author, document.id)).toMatchObject({ status: 'pending', charCount: null });
    await drain();
    expect(await stateOf(author, document.id)).toMatchObject({ status: 'extracted', reason: null, pageCount, truncated: false });
    const text = await textOf(author, document.id);
    expect(text).toMatch(/The rent is € 2,400\.[\s\S]*The term is five years\./);
    if (pageCount === 2) expect(await textOf(author, document.id, 2)).toMatch(/^The term is five years\.\s*$/);
    const { body } = await send<{ mediaType: string }>(author, 'GET', `/v1/documents/${document.id}/versions/1`);
    expect(body.mediaType).toMatch(mediaType);
  });

  test('lies in pieces side by side, cut where sentences end, never across pages, and is found by search', async () => {
    const sentences = (page: number) => Array.from({ length: 120 }, (_, i) => `Sentence ${i} of page ${page} speaks of 😀 and of clause ${i * page}.`).join(' ');
    const document = await read(`${sentences(1)}\f${sentences(2)} unwahrscheinlich`, 'long.txt');
    const passages = await passagesOf(author, document.id);
    const whole: string = await textOf(author, document.id);
    expect(passages.map(({ text }) => text).join('')).toBe(whole);
    let offset = 0;
    for (const { charOffset, text, page } of passages) {
      expect(charOffset).toBe(offset);
      offset += [...text].length;
      expect(text.length).toBeLessThanOrEqual(2000);
      expect(text).toMatch(page === 1 ? /of page 1/ : /of page 2/);
      expect(text).not.toMatch(page === 1 ? /of page 2/ : /of page 1/);
      expect(text.trimEnd()).toMatch(/\.$|unwahrscheinlich$/);
    }
    expect((await stateOf(author, document.id)).charCount).toBe(offset);
    expect(passages.map(({ page }) => page)).toEqual(passages.map(({ page }) => page!).sort());
    const { body } = await send<{ data: { documentId?: string; document?: { id: string } }[] }>(author, 'GET', '/v1/search?q=unwahrscheinlich&mode=fulltext');
    expect(JSON.stringify(body)).toContain(document.id);
  });

  test.each([
    ['empty', (): string => ' \n ', 'a.txt'], ['image_only', () => files.scanOf(1), 'a.pdf'], ['encrypted', (): Promise<Buffer> => files.pdfOf(lease, { userPassword: 'x', ownerPassword: 'y' }), 'a.pdf'],
    ['corrupt', async () => (await files.docxOf(lease)).subarray(0, 1200), 'a.docx'], ['mislabelled', () => Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251)), 'a.pdf'],
    ['unsupported', () => files.zipOf({ 'a.txt': 'x' }), 'a.zip'],
    ['too_large', () => files.zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': `<w:document xmlns:w="w"><w:p><w:t>${'a'.repeat(70_000_000)}</w:t></w:p></w:document>` }), 'a.docx'],
  ] as const)('%s: a status, a reason, and the file as it was', async (status, make, name) => {
    const bytes = Buffer.from(await make());
    const document = await read(bytes, name);
    expect(await stateOf(author, document.id)).toMatchObject({ status, reason: expect.stringMatching(/^[A-Z].{10,}\.$/) as string, charCount: null });
    expect(await rowsOf(firm, 'select 1 from document_chunks')).toEqual([]);
    const { url } = await testApp();
    const answer = await fetch(`${url}/v1/documents/${document.id}/versions/1/content`, { headers: { authorization: `Bearer ${author.token}` } });
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('a text of 60 million characters is read to its end, in little memory', async () => {
    const line = 'The party of the first part shall indemnify the party of the second part. ';
    const bytes = Buffer.concat([Buffer.from(line.repeat(810_000)), Buffer.from('Zyzzyva stands at the end.')]);
    const document = await upload(bytes, 'long.txt');
    const before = process.memoryUsage().heapUsed;
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().heapUsed - before)), 20);
    await drain();
    clearInterval(watch);
    expect(await stateOf(author, document.id)).toMatchObject({ status: 'extracted', charCount: bytes.length });
    expect(peak).toBeLessThan(200 * 1024 ** 2);
    const [last] = await rowsOf<{ text: string }>(firm, 'select text from document_chunks order by ordinal desc limit 1');
    expect(last!.text).toMatch(/Zyzzyva stands at the end\.$/);
  }, 120_000);
});

describe('taken out again', () => {
  test('what there is stays until then, and is the same afterwards', async () => {
    const document = await read(await files.docxOf(lease), 'a.docx');
    const before = await passagesOf(author, document.id);
    expect(await again(document.id)).toMatchObject({ status: 202, body: { documentId: document.id, number: 1, status: 'extracted' } });
    expect((await again(document.id)).status).toBe(202);
    expect(await rowsOf(firm, `select 1 from jobs where name = 'documents.extract' and status = 'pending'`)).toHaveLength(1);
    await drain();
    expect(await passagesOf(author, document.id)).toEqual(before);
  });

  test('not by everybody, and not of what one does not see', async () => {
    const document = await upload('text', 'a.txt');
    expect(await again(document.id, await firm.person('readonly'))).toMatchObject({ status: 403 });
    await wallOff(firm, about.id, author);
    expect(await again(document.id)).toMatchObject({ status: 404 });
    expect(await send(firm.admin, 'POST', `/v1/documents/${document.id}/versions/2/extract`)).toMatchObject({ status: 404 });
    expect(await send(firm.admin, 'POST', `/v1/documents/${document.id}/versions/x/extract`)).toMatchObject({ status: 400 });
  });

  test('all that failed, by an administrator', async () => {
    const [one, other] = [await upload('one', 'a.txt'), await upload('other', 'b.txt')];
    await drain();
    await asFirm(firm, `update document_texts set status = 'failed', reason = 'as a test' where document_id = $1`, [one.id]);
    expect(await send(author, 'POST', '/v1/document-texts/retry')).toMatchObject({ status: 403 });
    expect(await send(firm.admin, 'POST', '/v1/document-texts/retry')).toMatchObject({ status: 202, body: { started: 1, more: false } });
    await drain();
    expect(await stateOf(author, one.id)).toMatchObject({ status: 'extracted', reason: null });
    expect(await send(firm.admin, 'POST', '/v1/document-texts/retry', { status: ['extracted'] })).toMatchObject({ status: 400 });
    expect((await stateOf(author, other.id)).status).toBe('extracted');
  });

  test('two attempts at once: the one that began last counts', async () => {
    const document = await upload('word '.repeat(2_000_000), 'a.txt');
    await asFirm(firm, `insert into jobs (firm_id, id, name, payload) select firm_id, gen_random_uuid(), name, payload from jobs where name = 'documents.extract' and firm_id = $1`, [firm.id]);
    await drain();
    expect(await stateOf(author, document.id)).toMatchObject({ status: 'extracted', charCount: 10_000_000 });
    const [sum] = await rowsOf<{ length: string; count: string }>(firm, 'select sum(length(text)) as length, count(*) as count from document_chunks');
    expect(sum!.length).toBe('10000000');
    // neither ran into the other
    expect(await rowsOf(firm, `select status, attempts from jobs where name = 'documents.extract'`)).toEqual([{ status: 'completed', attempts: 1 }, { status: 'completed', attempts: 1 }]);
  }, 60_000);
});

describe('what goes wrong around it', () => {
  test('a version that was purged meanwhile is no error', async () => {
    const document = await upload('text', 'a.txt');
    const { database } = await testApp();
    await database.write({ kind: 'system', firmId: firm.id }, async () => {
      await database.execute('update documents set deleted_at = now() where id = $1', [document.id]);
      await database.query(`select doors.purge_document($1, 'as a test')`, [document.id]);
    });
    await drain();
    expect(await rowsOf(firm, `select status, attempts from jobs where name = 'documents.extract'`)).toEqual([{ status: 'completed', attempts: 1 }]);
  });

  test('a reader that is killed is replaced, and the file is read all the same', async () => {
    const { app } = await testApp();
    const readers = app.get(TextReaders);
    const document = await upload(`{\\rtf1 ${"\\'e9\\f1 ".repeat(2_000_000)}end}`, 'a.rtf');
    const killed = new Set<number>();
    const killer = setInterval(() => {
      const pid = readers.pids[0];
      if (pid === undefined || killed.size > 0) return;
      process.kill(pid, 'SIGKILL');
      killed.add(pid);
    }, 20);
    await drain();
    clearInterval(killer);
    expect(killed.size).toBe(1);
    expect(await stateOf(author, document.id)).toMatchObject({ status: 'extracting' }); // the next attempt comes in some seconds
    await again(document.id);
    await drain();
    expect(await stateOf(author, document.id)).toMatchObject({ status: 'extracted' });
    expect(await textOf(author, document.id)).toMatch(/éé+end/);
  }, 60_000);

  test('bytes that are gone, or are others than were uploaded, end in a status after the last attempt', async () => {
    const { engine } = await testApp();
    const [gone, changed] = [await upload('one', 'a.txt'), await upload('two', 'b.txt')];
    const place = async (id: string): Promise<string> => {
      const [object] = await rowsOf<{ id: string; sha256: string }>(firm, 'select o.id, o.sha256 from storage_objects o join document_versions v on v.object_id = o.id and v.firm_id = o.firm_id where v.document_id = $1', [id]);
      return join(engine.folder.root, 'storage', objectKey({ firmId: firm.id, ...object! }));
    };
    await rm(await place(gone.id));
    await writeFile(await place(changed.id), 'TWO');
    await drain();
    for (const { id } of [gone, changed]) expect((await stateOf(author, id)).status).toBe('extracting');
    await asFirm(firm, `insert into jobs (firm_id, id, name, payload, max_attempts) select firm_id, gen_random_uuid(), name, payload, 1 from jobs where name = 'documents.extract'`);
    await drain();
    for (const { id } of [gone, changed]) expect(await stateOf(author, id)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/could not be read back/) as string });
    expect(await rowsOf(firm, 'select 1 from document_chunks')).toEqual([]);
  });
});

describe('attachments', () => {
  const note = (text: string) => Buffer.from(text);
  const mail = (subject: string, ...attachments: { fileName: string; mediaType: string; bytes: Buffer }[]) => files.emlOf({ from: 'a@x.example', to: 'b@x.example', subject, text: `Body of ${subject}`, attachments });
  const rfc822 = (fileName: string, bytes: Buffer) => ({ fileName, mediaType: 'message/rfc822', bytes });
  const children = () => rowsOf<{ id: string; title: string; parent: string | null; folderId: string | null; status: string; deleted: boolean }>(firm,
    `select d.id, d.title, p.title as parent, d.folder_id as "folderId", t.status, d.deleted_at is not null as deleted from documents d left join documents p on p.firm_id = d.firm_id and p.id = d.parent_id
     join document_versions v on v.firm_id = d.firm_id and v.document_id = d.id join document_texts t on t.firm_id = v.firm_id and t.version_id = v.id order by d.title`);

  test('become documents beside their message, messages in messages too, three deep', async () => {
    const { body: folder } = await send<{ id: string }>(author, 'POST', `/v1/folders`, { caseId: about.id, name: 'Mail' });
    let inner = mail('level 5', { fileName: 'deepest.txt', mediaType: 'text/plain', bytes: note('too deep') });
    for (const level of [4, 3, 2]) inner = mail(`level ${level}`, rfc822(`level${level + 1}.eml`, inner));
    const document = await upload(mail('level 1', rfc822('level2.eml', inner), { fileName: '../../etc/passwd.txt', mediaType: 'text/plain', bytes: note('not a path') }), 'level1.eml', { folderId: folder.id, privilege: 'attorney_client' });
    await drain();
    const found = await children();
    expect(found.map(({ title, parent, status }) => [title, parent, status])).toEqual([
      ['level1', null, 'extracted'], ['level2', 'level1', 'extracted'], ['level3', 'level2', 'extracted'], ['level4', 'level3', 'extracted'], ['passwd', 'level1', 'extracted'],
    ]);
    expect(found.every(({ folderId }) => folderId === folder.id)).toBe(true);
    expect(await stateOf(author, found[3]!.id)).toMatchObject({ reason: expect.stringMatching(/^1 of 1 attachments/) as string });
    const { body: child } = await send<Record<string, unknown>>(author, 'GET', `/v1/documents/${found[4]!.id}`);
    expect(child).toMatchObject({ caseId: about.id, parentId: document.id, privilege: 'attorney_client' });
    expect(await textOf(author, found[4]!.id)).toBe('not a path');
  });

  test('are made once, however often the text is taken out; programs are not made documents', async () => {
    const document = await read(mail('with', { fileName: 'note.txt', mediaType: 'text/plain', bytes: note('a note') }, { fileName: 'setup.exe', mediaType: 'application/x-msdownload', bytes: note('MZ') }), 'mail.eml');
    expect(await stateOf(author, document.id)).toMatchObject({ reason: expect.stringMatching(/^1 attachments are programs/) as string });
    const before = await children();
    expect(before.map(({ title }) => title)).toEqual(['mail', 'note']);
    await again(document.id);
    await drain();
    expect((await children()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect((await send(author, 'POST', `/v1/documents/${document.id}/versions/1/restore`, {}, { 'if-match': '*' })).status).toBe(201);
    await drain();
    expect((await stateOf(author, document.id, 2)).status).toBe('extracted');
    expect(new Set((await children()).map(({ id }) => id)).size).toBe(2);
  });

  test('go into the trash with a message that went there before it was read', async () => {
    const document = await upload(mail('gone', { fileName: 'note.txt', mediaType: 'text/plain', bytes: note('a note') }), 'mail.eml');
    expect((await send(author, 'DELETE', `/v1/documents/${document.id}`, undefined, { 'if-match': '*' })).status).toBeLessThan(300);
    await drain();
    expect((await children()).map(({ title, deleted }) => [title, deleted])).toEqual([['mail', true], ['note', true]]);
  });

  test('of a hidden case are hidden', async () => {
    await read(mail('secret', { fileName: 'note.txt', mediaType: 'text/plain', bytes: note('a note') }), 'mail.eml');
    const [, child] = await children();
    await wallOff(firm, about.id, author);
    expect(await send(author, 'GET', `/v1/documents/${child!.id}`)).toMatchObject({ status: 404 });
  });
});
