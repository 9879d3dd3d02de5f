import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { objectKey } from '../../../src/modules/storage/object-store.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { download, formOf, sendForm, sha256, uploadDocument, type UploadedDocument, type UploadFile } from '../../support/uploads.js';
import { newCase, type TestCase } from '../casework/fixtures.js';
import { asFirm, trail } from '../support/fixtures.js';

let firm: TestFirm;
let author: Person;
let about: TestCase;
beforeAll(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm);
});

const upload = (file: UploadFile): Promise<UploadedDocument> => uploadDocument(author, about.id, file);
const get = (id: string, headers: Record<string, string> = {}, query = '', method = 'GET') => download(author, `/v1/documents/${id}/content${query}`, headers, method);
const downloads = async (id: string) => (await trail(firm, { action: 'document.downloaded' })).filter((event) => (event.after as { document_id: string }).document_id === id);

describe('a download', () => {
  test('says what it is, forbids guessing and running it, and is on the audit trail', async () => {
    const bytes = randomBytes(10_000);
    const { id } = await upload({ name: 'Beweis „A“.bin2', bytes });
    const answer = await get(id);
    expect(answer.status).toBe(200);
    expect(answer.bytes.equals(bytes)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream', 'content-length': '10000', etag: `"${sha256(bytes)}"`, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff', 'content-disposition': `attachment; filename="Beweis _A_.bin2"; filename*=UTF-8''Beweis%20%E2%80%9EA%E2%80%9C.bin2`,
    });
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    const [event, ...more] = await downloads(id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ action: 'document.downloaded', userId: author.id, table: 'document_versions', caseId: about.id, after: { document_id: id, number: 1 }, address: expect.stringMatching(/127\.0\.0\.1/) });
  });

  test('of HEAD has the headers and is no download', async () => {
    const { id } = await upload({ bytes: 'x'.repeat(1234) });
    const { status, headers, bytes } = await get(id, {}, '', 'HEAD');
    expect([status, headers.get('content-length'), headers.get('accept-ranges'), bytes.length]).toEqual([200, '1234', 'bytes', 0]);
    expect(await downloads(id)).toEqual([]);
  });

  test('that the caller has already is not sent again', async () => {
    const { id } = await upload({ bytes: 'known' });
    const etag = `"${sha256('known')}"`;
    for (const header of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const { status, headers, bytes } = await get(id, { 'if-none-match': header });
      expect([status, headers.get('etag'), bytes.length]).toEqual([304, etag, 0]);
    }
    expect((await get(id, { 'if-none-match': '"other"' })).status).toBe(200);
    expect(await downloads(id)).toHaveLength(1);
  });

  test('reads the version it names, and the current one without a name', async () => {
    const { id } = await upload({ name: 'a.txt', bytes: 'one' });
    expect((await sendForm(author, `/v1/documents/${id}/versions`, formOf({}, { name: 'b.txt', bytes: 'two' }), { 'if-match': '*' })).status).toBe(201);
    expect((await get(id)).text).toBe('two');
    expect((await download(author, `/v1/documents/${id}/versions/1/content`)).text).toBe('one');
    expect((await download(author, `/v1/documents/${id}/versions/3/content`)).status).toBe(404);
  });
});

describe('ranges', () => {
  let id: string;
  const whole = '0123456789abcdefghij';
  beforeAll(async () => {
    id = (await upload({ name: 'ranges.txt', bytes: whole })).id;
  });

  test.each([['bytes=0-4', '01234', '0-4'], ['bytes=5-', '56789abcdefghij', '5-19'], ['bytes=-3', 'hij', '17-19'], ['bytes=18-99', 'ij', '18-19'], ['bytes=-99', whole, '0-19'], ['bytes=0-0', '0', '0-0'], ['BYTES=1-2', '12', '1-2']])(
    '%s', async (range, text, said) => {
      const answer = await get(id, { range });
      expect([answer.status, answer.text, answer.headers.get('content-range'), answer.headers.get('content-length')]).toEqual([206, text, `bytes ${said}/20`, String(text.length)]);
    });

  test.each(['bytes=20-', 'bytes=99-100', 'bytes=-0'])('%s there is none of', async (range) => {
    const answer = await get(id, { range });
    expect([answer.status, answer.headers.get('content-range'), JSON.parse(answer.text).code]).toEqual([416, 'bytes */20', 'range_not_satisfiable']);
  });

  test.each(['bytes=0-1,3-4', 'bytes=5-2', 'bytes=-', 'lines=1-2', 'bytes=a-b', 'bytes', 'bytes=1-2-3', ''])('%j counts as none', async (range) => {
    expect((await get(id, { range })).text).toBe(whole);
  });

  test('hold only for the bytes the caller has', async () => {
    expect((await get(id, { range: 'bytes=0-1', 'if-range': `"${sha256(whole)}"` })).status).toBe(206);
    for (const other of ['"other"', `W/"${sha256(whole)}"`, 'Wed, 21 Oct 2026 07:28:00 GMT']) expect((await get(id, { range: 'bytes=0-1', 'if-range': other })).status).toBe(200);
  });

  test('of an empty file are none', async () => {
    const empty = await upload({ name: 'empty.txt', bytes: '' });
    expect((await get(empty.id, { range: 'bytes=0-' })).status).toBe(416);
    expect((await get(empty.id)).status).toBe(200);
  });

  test('say on the audit trail which part went out', async () => {
    const { id: part } = await upload({ bytes: 'a part of this' });
    await get(part, { range: 'bytes=2-5' });
    expect((await downloads(part))[0]!.after).toMatchObject({ from: 2, to: 5 });
  });
});

describe('shown in place', () => {
  test.each<[string, Buffer | string, string, string]>([
    ['note.txt', 'plain text', 'text/plain; charset=utf-8', 'sandbox'], ['memo.md', '# Memo <script>alert(1)</script>', 'text/plain; charset=utf-8', 'sandbox'], ['a.pdf', '%PDF-1.7\n', 'application/pdf', "default-src 'none'"],
    ['pixel.gif', Buffer.from('47494638396101000100800000ffffff0000002c00000000010001000002024401003b', 'hex'), 'image/gif', 'sandbox'],
  ])('%s', async (name, bytes, type, policy) => {
    const { id } = await upload({ name, bytes });
    const { status, headers } = await get(id, {}, '?disposition=inline');
    expect([status, headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([200, type, 'nosniff']);
    expect(headers.get('content-disposition')).toMatch(/^inline; /);
    expect(headers.get('content-security-policy')).toContain(policy);
    expect(headers.get('content-security-policy')).not.toMatch(/script-src|unsafe-eval/);
  });

  test.each<[string, string]>([
    ['page.html', '<html><script>alert(1)</script></html>'], ['picture.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'], ['letter.txt', '<!DOCTYPE html><script>alert(1)</script>'], ['feed.xml', '<?xml version="1.0"?><a/>'],
  ])('%s is not, whatever its name says', async (name, bytes) => {
    const { id } = await upload({ name, bytes });
    const answer = await get(id, {}, '?disposition=inline');
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([422, 'not_shown_inline']);
    const { headers } = await get(id);
    expect(headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });

  test('a polyglot is what its first bytes are, and runs nowhere', async () => {
    const gif = Buffer.concat([Buffer.from('47494638396101000100800000ffffff0000002c00000000010001000002024401003b', 'hex'), Buffer.from('<html><script>alert(document.domain)</script></html>')]);
    const { id } = await upload({ name: 'innocent.html', bytes: gif });
    const { headers } = await get(id, {}, '?disposition=inline');
    expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual(['image/gif', 'nosniff']);
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });
});

describe('on the line', () => {
  test('a reader who goes away closes the file; one who waits holds no connection of the database', async () => {
    const { database, url } = await testApp();
    const bytes = randomBytes(30 * 1024 * 1024);
    const { id } = await upload({ name: 'large.bin2', bytes });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let got = 0;
    socket.on('data', (chunk) => {
      got += chunk.length;
      socket.pause();
    });
    socket.write(`GET /v1/documents/${id}/content HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${author.token}\r\n\r\n`);
    await expect.poll(() => got).toBeGreaterThan(0);
    await expect.poll(() => database.poolState().inUse).toBe(0);
    expect(await openObjects()).toBe(1);
    expect((await author.api.GET('/v1/me')).response.status).toBe(200);
    socket.destroy();
    await expect.poll(openObjects).toBe(0);
  });

  test('a file that has vanished from the store is a clear problem before the first byte', async () => {
    const { environment } = await testApp();
    const { id } = await upload({ bytes: 'soon gone' });
    const { database } = await testApp();
    const [row] = await database.read({ kind: 'system', firmId: firm.id }, () => database.query<{ id: string }>('select object_id as id from document_versions where document_id = $1', [id]));
    rmSync(join(environment.DATA_DIR, 'storage', objectKey({ firmId: firm.id, id: row!.id, sha256: sha256('soon gone') })));
    const answer = await get(id);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([500, { code: 'object_missing', detail: expect.stringMatching(/storage:verify/) }]);
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(await downloads(id)).toEqual([]);
  });
});

/** Objects of the store that this process holds open. */
async function openObjects(): Promise<number> {
  const { readdirSync, readlinkSync } = await import('node:fs');
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('/storage/');
    } catch {
      return false;
    }
  }).length;
}

test('the audit trail is where it stays: nobody is told of a download he made of what is hidden from him', async () => {
  const { id } = await upload({ bytes: 'then walled' });
  const reader = await firm.person('associate');
  expect((await download(reader, `/v1/documents/${id}/content`)).status).toBe(200);
  await asFirm(firm, `insert into case_walls (firm_id, id, case_id, user_id, reason) values ($1, gen_random_uuid(), $2, $3, 'conflict')`, [firm.id, about.id, reader.id]);
  expect((await download(reader, `/v1/documents/${id}/content`)).status).toBe(404);
  expect((await downloads(id)).map(({ userId }) => userId)).toEqual([reader.id]);
});
