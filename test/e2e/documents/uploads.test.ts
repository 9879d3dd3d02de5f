import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { formOf, sendForm, sha256, uploadDocument, download } from '../../support/uploads.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';

let firm: TestFirm;
let author: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm);
});

/** Files of running uploads; the process' own mark and the folders of its readers aside. */
async function inQuarantine(): Promise<string[]> {
  const { environment } = await testApp();
  const root = join(environment.DATA_DIR, 'quarantine');
  return readdirSync(root).flatMap((folder) => readdirSync(join(root, folder), { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== 'owner.json').map(({ name }) => name);
}
async function inStore(firmId: string): Promise<string[]> {
  const { environment } = await testApp();
  const root = join(environment.DATA_DIR, 'storage', firmId);
  return existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name) : [];
}
const documents = async (firmId = firm.id): Promise<number> => {
  const { database } = await testApp();
  return database.read({ kind: 'system', firmId }, async () => (await database.first<{ n: number }>('select count(*)::int as n from documents'))!.n);
};
const nothingStayed = async () => {
  expect(await documents()).toBe(0);
  expect(await inQuarantine()).toEqual([]);
  await expect.poll(() => inStore(firm.id)).toEqual([]);
};

describe('a document is uploaded', () => {
  test('with its fields, and comes back byte for byte', async () => {
    const bytes = randomBytes(300_000);
    const { status, headers, body } = await sendForm(author, '/v1/documents', formOf({
      caseId: about.id, title: 'Motion to dismiss', type: 'pleading', status: 'final', authorName: 'A. Lawyer', documentDate: '2026-05-01', tags: 'urgent, sealed', metadata: '{"exhibit":"A"}',
      privilege: 'work_product', comment: 'as filed',
    }, { name: 'motion.bin', type: 'application/x-odd', bytes }));
    expect({ status, body }).toMatchObject({ status: 201, body: {
      caseId: about.id, title: 'Motion to dismiss', type: 'pleading', status: 'final', authorName: 'A. Lawyer', documentDate: '2026-05-01', tags: ['urgent', 'sealed'], metadata: { exhibit: 'A' }, privilege: 'work_product',
      currentVersion: { number: 1, fileName: 'motion.bin', size: 300_000, sha256: sha256(bytes) },
    } });
    expect(headers.get('location')).toBe(`/v1/documents/${body['id']}`);
    expect(headers.get('etag')).toMatch(/^"\d+\./);
    const version = await author.api.GET('/v1/documents/{id}/versions/{number}', { params: { path: { id: body['id'] as string, number: '1' } } });
    expect(version.data).toMatchObject({ number: 1, comment: 'as filed', declaredType: 'application/x-odd', mediaType: 'application/octet-stream', author: { id: author.id }, text: { status: 'pending' } });
    expect((await download(author, `/v1/documents/${body['id']}/content`)).bytes.equals(bytes)).toBe(true);
    expect(await inQuarantine()).toEqual([]);
  });

  test('with as little as a case and a file; the title is the name without its extension', async () => {
    const made = await uploadDocument(author, about.id, { name: 'Engagement letter.txt', bytes: 'Dear client' });
    expect(made).toMatchObject({ title: 'Engagement letter', type: 'other', status: 'draft', privilege: 'none', tags: [], metadata: {} });
  });

  test('also when the fields come behind the file, and fields left empty count as absent', async () => {
    const form = formOf({}, { bytes: 'late fields' });
    for (const [name, value] of Object.entries({ caseId: about.id, title: '', authorId: '', tags: '' })) form.append(name, value);
    const { status, body } = await sendForm(author, '/v1/documents', form);
    expect({ status, body }).toMatchObject({ status: 201, body: { title: 'brief', tags: [] } });
  });

  test('with nothing in it', async () => {
    const made = await uploadDocument(author, about.id, { name: 'empty.txt', bytes: '' });
    const { headers, bytes } = await download(author, `/v1/documents/${made.id}/content`);
    expect([headers.get('content-length'), bytes.length]).toEqual(['0', 0]);
  });

  test.each([['../../etc/passwd', 'passwd'], ['..\\..\\boot.ini', 'boot.ini'], ['Entwurf \u202Etxt.pdf', 'Entwurf txt.pdf'], ['Verträge – 契約.pdf', 'Verträge – 契約.pdf']])('named %j, it is kept as %j', async (given, kept) => {
    const made = await uploadDocument(author, about.id, { name: given, bytes: `named ${given}` });
    expect((made['currentVersion'] as { fileName: string }).fileName).toBe(kept);
    expect(await inStore(firm.id)).toEqual([expect.stringMatching(/^[0-9a-f]{64}-[0-9a-f-]{36}$/)]);
  });

  test('whose content is something else than its name says is kept, and said so', async () => {
    const made = await uploadDocument(author, about.id, { name: 'contract.pdf', bytes: '<html><script>alert(1)</script></html>' });
    const { data } = await author.api.GET('/v1/documents/{id}/versions', { params: { path: { id: made.id } } });
    expect(data!.data).toMatchObject([{ mediaType: 'text/html', nameMatches: false, fileName: 'contract.pdf' }]);
  });
});

describe('an upload is refused, and nothing stays', () => {
  test.each<[string, (form: FormData) => void, number, string, RegExp]>([
    ['without a file', (form) => form.delete('file'), 400, 'validation_failed', /\/file/],
    ['without a case', (form) => form.delete('caseId'), 400, 'validation_failed', /\/caseId/],
    ['with an unknown field', (form) => form.append('colour', 'red'), 400, 'validation_failed', /\/colour.*unknown_field/s],
    ['with a prototype for a field', (form) => form.append('__proto__', 'x'), 400, 'validation_failed', /unknown_field/],
    ['with a field twice that is no list', (form) => form.append('title', 'a second'), 400, 'validation_failed', /\/title/],
    ['with a status there is not', (form) => form.set('status', 'nearly'), 400, 'validation_failed', /\/status/],
    ['with metadata that is no object', (form) => form.set('metadata', '[1]'), 400, 'validation_failed', /\/metadata/],
    ['with a text for a file', (form) => (form.delete('file'), form.set('file', 'text')), 400, 'validation_failed', /is_file/],
    ['with two files', (form) => form.append('file', new Blob(['2']), 'second.txt'), 400, 'bad_request', /1 file/],
    ['with a file under another name', (form) => form.append('attachment', new Blob(['2']), 'second.txt'), 400, 'validation_failed', /attachment/],
    ['with a field beyond all measure', (form) => form.set('comment', 'x'.repeat(70_000)), 400, 'validation_failed', /comment/],
    ['into a folder there is not', (form) => form.set('folderId', randomUUID()), 422, 'unknown_folder', /folderId/],
    ['into a case there is not', (form) => form.set('caseId', randomUUID()), 422, 'unknown_case', /caseId/],
    ['with a program', (form) => (form.delete('file'), form.set('file', new Blob(['#!/bin/sh\nrm -rf ~']), 'notes.txt')), 415, 'file_type_refused', /script/],
    ['with a file named as a program', (form) => (form.delete('file'), form.set('file', new Blob(['x']), 'invoice.pdf.exe')), 415, 'file_type_refused', /\.exe/],
  ])('%s', async (_what, spoil, status, code, words) => {
    const form = formOf({ caseId: about.id, title: 'Spoilt' }, { bytes: 'some text' });
    spoil(form);
    const answer = await sendForm(author, '/v1/documents', form);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(JSON.stringify(answer.body)).toMatch(words);
    await nothingStayed();
  });

  test('as JSON, and a form where JSON is wanted', async () => {
    const { url } = await testApp();
    const json = await fetch(`${url}/v1/documents`, { method: 'POST', headers: { authorization: `Bearer ${author.token}`, 'content-type': 'application/json' }, body: '{}' });
    expect([json.status, ((await json.json()) as { code: string }).code]).toEqual([415, 'multipart_expected']);
    expect(await sendForm(author, '/v1/clients', formOf({}, { bytes: 'x' }))).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  test('without a credential, without the permission, behind a wall, on an archived case', async () => {
    const form = () => formOf({ caseId: about.id }, { bytes: 'x' });
    expect((await sendForm(undefined, '/v1/documents', form())).status).toBe(401);
    expect((await sendForm(await firm.person('readonly'), '/v1/documents', form())).status).toBe(403);
    const walled = await firm.person('associate');
    await wallOff(firm, about.id, walled);
    expect(await sendForm(walled, '/v1/documents', form())).toMatchObject({ status: 422, body: { code: 'unknown_case' } });
    const behind = formOf({}, { bytes: 'x' });
    behind.append('caseId', about.id);
    expect(await sendForm(walled, '/v1/documents', behind)).toMatchObject({ status: 422, body: { code: 'unknown_case' } });
    const { database } = await testApp();
    for (const status of ['closed', 'archived']) await database.write({ kind: 'system', firmId: firm.id }, () => database.execute(`update cases set status = $1, closed_on = '2026-06-01' where id = $2`, [status, about.id]));
    expect(await sendForm(author, '/v1/documents', form())).toMatchObject({ status: 409, body: { code: 'case_archived' } });
    await nothingStayed();
  });
});

/** Writes HTTP by hand: what a client sends that breaks off, trickles or lies. */
async function raw(head: Record<string, string>, method = 'POST', path = '/v1/documents') {
  const { url } = await testApp();
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text)).on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const lines = Object.entries({ host: 'localhost', authorization: `Bearer ${author.token}`, ...head }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  return { socket, closed, answer: () => answer };
}
const MULTIPART = 'multipart/form-data; boundary=b';
const part = (name: string, value: string, fileName?: string) => `--b\r\ncontent-disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n\r\n${value}`;

describe('on the line', () => {
  test('a case that is not there is said before the file has come', async () => {
    const { socket, answer } = await raw({ 'content-type': MULTIPART, 'content-length': '50000000' });
    socket.write(`${part('caseId', randomUUID())}\r\n${part('file', 'the first bytes', 'a.txt')}`);
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 422 [\s\S]*unknown_case/);
    socket.destroy();
    await nothingStayed();
  });

  test('a client that breaks off leaves nothing', async () => {
    const { socket } = await raw({ 'content-type': MULTIPART, 'content-length': '50000000' });
    socket.write(`${part('caseId', about.id)}\r\n${part('file', 'half a file', 'a.txt')}`);
    await expect.poll(inQuarantine).toHaveLength(1);
    socket.destroy();
    await expect.poll(inQuarantine).toEqual([]);
    await nothingStayed();
  });

  test('a form that ends before its end is refused', async () => {
    const body = `${part('caseId', about.id)}\r\n${part('file', 'half a file', 'a.txt')}`;
    const { answer, socket } = await raw({ 'content-type': MULTIPART, 'content-length': String(Buffer.byteLength(body)) });
    socket.write(body);
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*upload_broken/);
    socket.destroy();
    await nothingStayed();
  });

  test.each(['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary="'])('%s is no form', async (type) => {
    const { answer, socket } = await raw({ 'content-type': type, 'content-length': '5' });
    socket.write('--b--');
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  test('a file that says it is larger than the limit is refused before it comes', async () => {
    const { environment } = await testApp();
    const { answer, socket } = await raw({ 'content-type': MULTIPART, 'content-length': String((environment.UPLOAD_LIMIT_MB + 100) * 1024 * 1024) });
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*upload_too_large[\s\S]*At most 2048 MB/);
    socket.destroy();
  });

  test('one that turns out larger is cut off', async () => {
    const { environment } = await testApp();
    const before = environment.UPLOAD_LIMIT_MB;
    environment.UPLOAD_LIMIT_MB = 1;
    try {
      expect(await sendForm(author, '/v1/documents', formOf({ caseId: about.id }, { bytes: new Uint8Array(1024 * 1024 + 1) }))).toMatchObject({ status: 413, body: { code: 'upload_too_large', detail: 'At most 1 MB a file.' } });
      expect((await sendForm(author, '/v1/documents', formOf({ caseId: about.id }, { bytes: new Uint8Array(1024 * 1024) }))).status).toBe(201);
    } finally {
      environment.UPLOAD_LIMIT_MB = before;
    }
    expect(await inQuarantine()).toEqual([]);
  });

  test('one that stands still is ended', async () => {
    const { environment } = await testApp();
    const before = environment.TRANSFER_STALL_SECONDS;
    environment.TRANSFER_STALL_SECONDS = 1;
    try {
      const { socket, answer, closed } = await raw({ 'content-type': MULTIPART, 'content-length': '50000000' });
      socket.write(`${part('caseId', about.id)}\r\n${part('file', 'and then silence', 'a.txt')}`);
      await expect.poll(answer, { timeout: 5_000 }).toMatch(/^HTTP\/1\.1 408 [\s\S]*upload_stalled/);
      await closed; // the line is cut a moment later, though the client says nothing
    } finally {
      environment.TRANSFER_STALL_SECONDS = before;
    }
    await nothingStayed();
  });
});

describe('Idempotency-Key', () => {
  test('a repeat with the same fields and bytes is the same document; other bytes or fields are refused', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const form = (bytes = 'same', title = 'One') => formOf({ caseId: about.id, title }, { name: 'a.txt', bytes });
    const first = await sendForm(author, '/v1/documents', form(), key);
    const again = await sendForm(author, '/v1/documents', form(), key);
    expect(again).toMatchObject({ status: 201, body: { id: first.body['id'] } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await sendForm(author, '/v1/documents', form('other'), key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await sendForm(author, '/v1/documents', form('same', 'Two'), key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await documents()).toBe(1);
    await expect.poll(() => inStore(firm.id)).toHaveLength(1);
    expect(await inQuarantine()).toEqual([]);
  });
});

describe('the same bytes', () => {
  test('are stored once in a firm, and once more in another', async () => {
    const bytes = randomBytes(5_000);
    const other = await newFirm();
    const theirs = await newCase(other);
    for (let i = 0; i < 3; i++) await uploadDocument(author, about.id, { name: `${i}.bin2`, bytes });
    await uploadDocument(other.admin, theirs.id, { name: 'x.bin2', bytes });
    await expect.poll(() => inStore(firm.id)).toHaveLength(1);
    await expect.poll(() => inStore(other.id)).toHaveLength(1);
  });

  test('many at once are one object', async () => {
    const bytes = randomBytes(5_000);
    const made = await Promise.all(Array.from({ length: 8 }, (_, i) => uploadDocument(author, about.id, { name: `${i}.bin2`, bytes })));
    await expect.poll(() => inStore(firm.id)).toHaveLength(1);
    for (const { id } of made) expect((await download(author, `/v1/documents/${id}/content`)).bytes.equals(bytes)).toBe(true);
  });
});
