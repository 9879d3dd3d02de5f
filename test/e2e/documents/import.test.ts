import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { ImportJob } from '../../../src/modules/documents/jobs/import.job.js';
import { TidyImportJob } from '../../../src/modules/documents/jobs/tidy-import.job.js';
import type { JobContext } from '../../../src/modules/jobs/job-handler.js';
import { StorageInspection } from '../../../src/modules/storage/inspection.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { download, formOf, sendForm, uploadDocument, type UploadFile } from '../../support/uploads.js';
import { zipOf, type RawEntry } from '../../support/zips.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { granted } from '../support/check.js';
import { asFirm, rowsOf } from '../support/fixtures.js';

interface Imported { path: string; archive?: string; outcome: string; documentId?: string; sameAs?: string; code?: string; detail?: string }
interface Result { created: number; refused: number; failed: number; skipped: number; files: Imported[] }

let firm: TestFirm;
let author: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm);
});

const send = (files: UploadFile[], fields: Record<string, string> = {}, as = author, headers: Record<string, string> = {}) =>
  sendForm<{ id: string; code?: string; status?: string; total?: number }>(as, `/v1/cases/${about.id}/documents/import`, formOf(fields, ...files), headers);
const task = async (id: string, as = author) => granted(await as.api.GET('/v1/tasks/{id}', { params: { path: { id } } }));

/** Imports, runs the job, and gives the result of the task. */
async function imported(files: UploadFile[], fields: Record<string, string> = {}): Promise<Result> {
  const { status, body } = await send(files, fields);
  expect({ status, body }).toMatchObject({ status: 202 });
  await (await testApp()).drainJobs();
  const ended = await task(body.id);
  expect(ended).toMatchObject({ status: 'completed' });
  return ended.result as unknown as Result;
}
const importZip = (...entries: RawEntry[]) => imported([{ name: 'bundle.zip', bytes: zipOf(...entries) }]);

const documents = () => rowsOf<{ id: string; title: string; type: string; tags: string[]; folder: string | null; fileName: string; sha256: string }>(firm, `
  select d.id, d.title, d.type, d.tags, v.file_name as "fileName", v.sha256,
    (with recursive up as (select f.id, f.parent_id, f.name from folders f where f.id = d.folder_id union all select f.id, f.parent_id, f.name || '/' || up.name from up join folders f on f.id = up.parent_id)
      select name from up where parent_id is null) as folder
  from documents d join document_versions v on v.document_id = d.id order by d.title`);

async function files(folder: 'storage' | 'quarantine'): Promise<string[]> {
  const { environment } = await testApp();
  const root = join(environment.DATA_DIR, folder, ...(folder === 'storage' ? [firm.id] : []));
  return existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'owner.json').map(({ name }) => name) : [];
}
/** Nothing waits any more, and the store has what versions refer to and nothing else. */
async function nothingLeft(): Promise<void> {
  expect(await rowsOf(firm, 'select id from document_import_files')).toEqual([]);
  expect(await files('quarantine')).toEqual([]);
  const objects = await rowsOf<{ key: string }>(firm, `select o.sha256 || '-' || o.id as key from storage_objects o where exists (select from document_versions v where v.object_id = o.id)`);
  await expect.poll(async () => (await files('storage')).sort()).toEqual(objects.map(({ key }) => key).sort());
}

describe('an import', () => {
  test('that waits for its job is no orphan of the store', async () => {
    const { status } = await send([{ name: 'waiting.txt', bytes: randomBytes(300) }]);
    expect([status, (await files('storage')).length]).toEqual([202, 1]);
    const inspection = (await testApp()).app.get(StorageInspection);
    const orphans: string[] = [];
    for await (const { key } of inspection.orphans((firmId) => ({ kind: 'system', firmId }))) if (key.startsWith(firm.id)) orphans.push(key);
    expect(orphans).toEqual([]);
    await (await testApp()).drainJobs();
    await nothingLeft();
  });

  test('makes a document of each file, says so, and leaves nothing behind', async () => {
    const bytes = randomBytes(200_000);
    const result = await imported([{ name: 'Lease.txt', bytes: 'The lease' }, { name: 'blob.dat', bytes }, { name: 'empty.txt', bytes: '' }], { type: 'contract', tags: 'due diligence,2026', privilege: 'work_product', status: 'final' });
    expect(result).toMatchObject({ created: 3, refused: 0, failed: 0, skipped: 0, files: [{ path: 'Lease.txt', outcome: 'created' }, { path: 'blob.dat', outcome: 'created' }, { path: 'empty.txt', outcome: 'created' }] });
    expect((await documents()).map(({ title, type, tags, folder }) => ({ title, type, tags, folder }))).toEqual(
      ['Lease', 'blob', 'empty'].map((title) => ({ title, type: 'contract', tags: ['due diligence', '2026'], folder: null })));
    expect((await download(author, `/v1/documents/${result.files[1]!.documentId}/content`)).bytes.equals(bytes)).toBe(true);
    await nothingLeft();
  });

  test('makes the folders of paths, and finds those that are there whatever their case', async () => {
    const result = await imported([{ name: 'Evidence/Photos/a.txt', bytes: 'a' }, { name: 'evidence/b.txt', bytes: 'b' }, { name: 'EVIDENCE\\photos\\c.txt', bytes: 'c' }]);
    expect(result.files.map(({ path }) => path)).toEqual(['Evidence/Photos/a.txt', 'evidence/b.txt', 'EVIDENCE/photos/c.txt']);
    expect((await documents()).map(({ title, folder }) => [title, folder])).toEqual([['a', 'Evidence/Photos'], ['b', 'Evidence'], ['c', 'Evidence/Photos']]);
  });

  test('goes into a folder', async () => {
    const [{ id }] = await rowsOf<{ id: string }>(firm, 'select gen_random_uuid() as id') as [{ id: string }];
    await asFirm(firm, `insert into folders (firm_id, id, case_id, name) values ($1, $2, $3, 'Inbox')`, [firm.id, id, about.id]);
    await imported([{ name: 'x/a.txt', bytes: 'a' }], { folderId: id });
    expect((await documents()).map(({ folder }) => folder)).toEqual(['Inbox/x']);
    const other = await newCase(firm);
    expect((await sendForm(author, `/v1/cases/${other.id}/documents/import`, formOf({ folderId: id }, { bytes: 'a' })))).toMatchObject({ status: 422, body: { code: 'unknown_folder' } });
  });

  test('refuses programs, passes litter over, and goes on', async () => {
    const result = await imported([
      { name: 'run.exe', bytes: 'MZ' }, { name: 'script.txt', bytes: '#!/bin/sh\nrm -rf /' }, { name: 'a/.DS_Store', bytes: 'x' }, { name: 'good.txt', bytes: 'good' },
    ]);
    expect(result).toMatchObject({ created: 1, refused: 2, skipped: 1 });
    expect(result.files.map(({ path, outcome, code }) => [path, outcome, code])).toEqual([
      ['run.exe', 'refused', 'file_type_refused'], ['script.txt', 'refused', 'file_type_refused'], ['a/.DS_Store', 'skipped', undefined], ['good.txt', 'created', undefined],
    ]);
    expect(result.files[1]!.detail).toMatch(/script/);
    await nothingLeft();
  });

  test('says of a file that the folder has already which document that is, and makes another', async () => {
    const first = await uploadDocument(author, about.id, { name: 'same.txt', bytes: 'the very same' });
    const result = await imported([{ name: 'again.txt', bytes: 'the very same' }, { name: 'elsewhere/again.txt', bytes: 'the very same' }, { name: 'elsewhere/third.txt', bytes: 'the very same' }]);
    expect(result.files.map(({ sameAs }) => sameAs)).toEqual([first.id, undefined, result.files[1]!.documentId]);
    expect(new Set((await documents()).map(({ id }) => id)).size).toBe(4);
    await nothingLeft();
  });

  test('is refused where its caller sees no case, or the case is archived, before bytes are taken', async () => {
    await wallOff(firm, about.id, author);
    expect(await send([{ bytes: 'x' }])).toMatchObject({ status: 404 });
    const other = await firm.person('readonly');
    expect((await send([{ bytes: 'x' }], {}, other)).status).toBe(403);
    await asFirm(firm, `update cases set status = 'closed', closed_on = '2026-02-02' where id = $1`, [about.id]);
    await asFirm(firm, `update cases set status = 'archived' where id = $1`, [about.id]);
    expect(await send([{ bytes: 'x' }], {}, firm.admin)).toMatchObject({ status: 409, body: { code: 'case_archived' } });
    await nothingLeft();
  });

  test('takes at most 200 files, and a form without any is refused', async () => {
    expect((await send(Array.from({ length: 201 }, (_, n) => ({ name: `${n}.txt`, bytes: 'x' })))).status).toBe(400);
    expect((await send([])).status).toBe(400);
    expect((await send([{ bytes: 'x' }], { colour: 'red' })).status).toBe(400);
    await nothingLeft();
  });

  test('is made once for one Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'import-1' };
    const [first, again] = [await send([{ name: 'one.txt', bytes: 'one' }], {}, author, key), await send([{ name: 'one.txt', bytes: 'one' }], {}, author, key)];
    expect([first.status, again.status, again.headers.get('idempotency-replayed'), again.body.id]).toEqual([202, 202, 'true', first.body.id]);
    expect((await send([{ name: 'one.txt', bytes: 'two' }], {}, author, key)).status).toBe(422);
    await (await testApp()).drainJobs();
    expect(await documents()).toHaveLength(1);
    await nothingLeft();
  });

  test('stops where a wall is built meanwhile, and its task is hidden with the case', async () => {
    const { body } = await send([{ name: 'secret.txt', bytes: 'secret' }]);
    await wallOff(firm, about.id, author);
    await (await testApp()).drainJobs();
    expect(await documents()).toEqual([]);
    expect((await author.api.GET('/v1/tasks/{id}', { params: { path: { id: body.id } } })).response.status).toBe(404);
    expect(JSON.stringify((await author.api.GET('/v1/tasks')).data)).not.toContain(body.id);
    expect(await rowsOf(firm, 'select status from tasks where id = $1', [body.id])).toEqual([{ status: 'failed' }]);
    const { app, database } = await testApp();
    await database.write({ kind: 'system', firmId: firm.id }, () => app.get(TidyImportJob, { strict: false }).handle({ importOf: body.id })); // as two days later
    await nothingLeft();
  });

  test('stops in the middle where a wall is built, and nothing of it is left', async () => {
    const { app, database } = await testApp();
    const { body } = await send(['a', 'b', 'c', 'd'].map((name) => ({ name: `${name}.txt`, bytes: name })));
    const actor = { kind: 'job' as const, firmId: firm.id, userId: author.id };
    let writes = 0;
    const run = app.get(ImportJob, { strict: false }).handle({ taskId: body.id, caseId: about.id, filedUnder: {} }, {
      id: newId(), name: 'documents.import', firmId: firm.id, userId: author.id, attempt: 1, lastAttempt: false, signal: new AbortController().signal,
      read: (work) => database.read(actor, work),
      write: async (work) => {
        if (++writes === 4) await wallOff(firm, about.id, author);
        return database.write(actor, work);
      },
    });
    await expect(run).rejects.toThrow(/hidden/);
    const made = (await documents()).length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(4);
    await (await testApp()).drainJobs(); // the job itself: it finds the wall at once
    expect((await documents()).length).toBe(made);
    await database.write({ kind: 'system', firmId: firm.id }, () => app.get(TidyImportJob, { strict: false }).handle({ importOf: body.id }));
    await nothingLeft();
  });

  test('that breaks off at whatever step is gone on with, and makes nothing twice', async () => {
    const { app, database, drainJobs } = await testApp();
    const actor = { kind: 'job' as const, firmId: firm.id, userId: author.id };
    for (let step = 1, broken = true; broken; step++) {
      about = await newCase(firm);
      const { body } = await send([{ name: 'a.txt', bytes: 'a' }, { name: 'b.zip', bytes: zipOf({ name: 'c.txt', bytes: 'c' }, { name: 'd.exe', bytes: 'd' }, { name: 'e.txt', bytes: 'a' }) }, { name: 'f.txt', bytes: 'f' }]);
      let writes = 0;
      const write = async <T>(work: () => Promise<T>): Promise<T> => {
        const result = await database.write(actor, work);
        if (++writes >= step) throw new Error('the process ended'); // committed, and nobody heard of it
        return result;
      };
      const context: JobContext = {
        id: newId(), name: 'documents.import', firmId: firm.id, userId: author.id, attempt: 1, lastAttempt: false, signal: new AbortController().signal,
        read: (work) => database.read(actor, work), write,
      };
      broken = await app.get(ImportJob, { strict: false }).handle({ taskId: body.id, caseId: about.id, filedUnder: {} }, context).then(() => false, () => true);
      await drainJobs();
      expect((await task(body.id)).result, `after ${step} writes`).toMatchObject({
        created: 4, refused: 1, files: [{ path: 'a.txt' }, { path: 'c.txt', archive: 'b.zip' }, { path: 'd.exe', outcome: 'refused' }, { path: 'e.txt', archive: 'b.zip' }, { path: 'f.txt' }],
      });
      const made = await rowsOf<{ title: string }>(firm, 'select title from documents where case_id = $1 order by title', [about.id]);
      expect(made.map(({ title }) => title)).toEqual(['a', 'c', 'e', 'f']);
      expect(await rowsOf(firm, 'select id from document_import_files')).toEqual([]);
      if (!broken) expect(step).toBeGreaterThan(6); // it was broken off before each of them
    }
  });

  test('that two runners work on at once makes nothing twice', async () => {
    const { app, database, drainJobs } = await testApp();
    const actor = { kind: 'job' as const, firmId: firm.id, userId: author.id };
    const names = Array.from({ length: 12 }, (_, n) => `${n}.txt`);
    const { body } = await send([...names.map((name) => ({ name: `up-${name}`, bytes: name })), { name: 'z.zip', bytes: zipOf(...names.map((name) => ({ name, bytes: name }))) }]);
    const context: JobContext = {
      id: newId(), name: 'documents.import', firmId: firm.id, userId: author.id, attempt: 1, lastAttempt: false, signal: new AbortController().signal,
      read: (work) => database.read(actor, work), write: (work) => database.write(actor, work),
    };
    await Promise.all([app.get(ImportJob, { strict: false }).handle({ taskId: body.id, caseId: about.id, filedUnder: {} }, context), drainJobs()]);
    expect((await task(body.id)).result).toMatchObject({ created: 24 });
    expect(await documents()).toHaveLength(24);
    for (const { id } of await documents()) expect((await download(author, `/v1/documents/${id}/content`)).status).toBe(200);
    await nothingLeft();
  });
});

describe('a ZIP', () => {
  test('is unpacked, folders and all, one level deep', async () => {
    const inner = zipOf({ name: 'deep.txt', bytes: 'deep' });
    const result = await importZip({ name: 'docs/', bytes: '' }, { name: 'docs/one.txt', bytes: 'one' }, { name: 'docs/more/two.txt', bytes: 'two', store: true }, { name: '__MACOSX/docs/._one.txt', bytes: 'x' }, { name: 'inner.zip', bytes: inner });
    expect(result).toMatchObject({ created: 3, skipped: 1, refused: 0, failed: 0 });
    expect(result.files.every(({ archive }) => archive === 'bundle.zip')).toBe(true);
    expect((await documents()).map(({ fileName, folder }) => [fileName, folder])).toEqual([['inner.zip', null], ['one.txt', 'docs'], ['two.txt', 'docs/more']]);
    const zip = result.files.find(({ path }) => path === 'inner.zip')!;
    expect((await download(author, `/v1/documents/${zip.documentId}/content`)).bytes.equals(inner)).toBe(true);
    await nothingLeft();
  });

  test('cannot lead out of where it is put', async () => {
    const names = ['../../etc/passwd', '/etc/shadow', '..\\..\\windows\\system.ini', 'C:\\boot.ini', './a/../b.txt', 'x/..', '....//y.txt', 'nul\0byte.txt', 'turn\u202Etxt.pdf', '//server/share/z.txt'];
    const result = await importZip(...names.map((name) => ({ name, bytes: name })));
    expect(result.files.map(({ path }) => path)).toEqual(['etc/passwd', 'etc/shadow', 'windows/system.ini', 'boot.ini', 'a/b.txt', 'x', 'y.txt', 'nulbyte.txt', 'turntxt.pdf', 'server/share/z.txt']);
    expect(result.created).toBe(names.length);
    for (const { fileName, folder } of await documents()) expect(`${folder ?? ''}/${fileName}`).not.toMatch(/\.\.|\\|[\0\u202E]|:/);
    await nothingLeft();
  });

  test.each<[string, RawEntry, string]>([
    ['a link', { name: 'link', bytes: '/etc/passwd', mode: 0o120777 }, 'zip_entry_link'],
    ['a device', { name: 'device', bytes: '', mode: 0o020666 }, 'zip_entry_link'],
    ['an encrypted file', { name: 'secret.txt', bytes: 'xxxxxxxxxxxxxxx', encrypted: true }, 'zip_entry_encrypted'],
    ['a method nobody knows', { name: 'odd.txt', bytes: 'odd', method: 99 }, 'zip_entry_unreadable'],
    ['a file whose checksum is wrong', { name: 'bent.txt', bytes: 'bent', crc: 1 }, 'zip_entry_unreadable'],
    ['a file longer than its ZIP says', { name: 'long.txt', bytes: 'x'.repeat(5000), size: 10 }, 'zip_entry_unreadable'],
    ['a file shorter than its ZIP says', { name: 'short.txt', bytes: 'x', size: 5000 }, 'zip_entry_unreadable'],
    ['a bomb', { name: 'bomb.txt', bytes: Buffer.alloc(3_000_000) }, 'zip_entry_too_large'],
    ['a program', { name: 'setup.msi', bytes: 'x' }, 'file_type_refused'],
  ])('with %s: that is refused, the rest is taken', async (_, entry, code) => {
    const result = await importZip(entry, { name: 'noise.dat', bytes: randomBytes(50_000) });
    expect(result.files).toMatchObject([{ outcome: 'refused', code, archive: 'bundle.zip' }, { outcome: 'created' }]);
    expect(await documents()).toHaveLength(1);
    await nothingLeft();
  });

  test.each<[string, () => Buffer, string]>([
    ['cut off', () => zipOf({ name: 'a.txt', bytes: randomBytes(500) }).subarray(0, 300), 'zip_unreadable'],
    ['of too many files', () => zipOf(...Array.from({ length: 2_001 }, (_, n) => ({ name: `${n}.txt`, store: true }))), 'zip_too_many_files'],
    ['that unpacks to a thousand times its size', () => zipOf(...Array.from({ length: 10 }, (_, n) => ({ name: `${n}.txt`, bytes: Buffer.alloc(1_000_000) }))), 'zip_too_large'],
  ])('%s is refused as a whole', async (_, make, code) => {
    const result = await imported([{ name: 'bad.zip', bytes: make() }, { name: 'good.txt', bytes: 'good' }]);
    expect(result).toMatchObject({ created: 1, refused: 1, files: [{ path: 'bad.zip', outcome: 'refused', code }, { path: 'good.txt', outcome: 'created' }] });
    await nothingLeft();
  });

  test('that is an office document stays one', async () => {
    const docx = zipOf({ name: '[Content_Types].xml', bytes: '<Types/>' }, { name: 'word/document.xml', bytes: '<w:document/>' });
    expect(await imported([{ name: 'letter.docx', bytes: docx }])).toMatchObject({ created: 1, files: [{ path: 'letter.docx', outcome: 'created' }] });
  });
});
