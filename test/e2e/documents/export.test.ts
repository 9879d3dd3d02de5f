import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { ArchivePaths } from '../../../src/modules/documents/bulk/archive-paths.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { download, formOf, sendForm, uploadDocument } from '../../support/uploads.js';
import { unzip } from '../../support/zips.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { asFirm, rowsOf, trail } from '../support/fixtures.js';
import { change } from './fixtures.js';

interface Manifest { case: { id: string; number: string; title: string }; exportedAt: string; exportedBy: string; versions: string; filters: object; count: number; files: { path: string; documentId: string; title: string; version: number; size: number; sha256: string; mediaType: string; author: string | null; date: string | null; note: string | null }[] }

let firm: TestFirm;
let author: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm, { title: 'Meridian lease' });
});

const path = (query = '') => `/v1/cases/${about.id}/documents/export${query}`;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
async function folder(name: string, parent?: string): Promise<string> {
  const id = newId();
  await asFirm(firm, 'insert into folders (firm_id, id, case_id, parent_id, name) values ($1, $2, $3, $4, $5)', [firm.id, id, about.id, parent ?? null, name]);
  return id;
}
async function exported(query = '', as = author): Promise<{ files: Map<string, Buffer>; manifest: Manifest; csv: string; headers: Headers }> {
  const { status, headers, bytes } = await download(as, path(query));
  expect(status).toBe(200);
  const files = await unzip(bytes);
  const [manifest, csv] = [JSON.parse(files.get('manifest.json')!.toString()) as Manifest, files.get('manifest.csv')!.toString()];
  files.delete('manifest.json');
  files.delete('manifest.csv');
  return { files, manifest, csv, headers };
}
/** Documents with the same file. */
async function copies(of: string, count: number): Promise<void> {
  const { database } = await testApp();
  await database.write({ kind: 'system', firmId: firm.id }, () => database.batch([
    { text: 'insert into documents (firm_id, id, case_id, title) select firm_id, gen_random_uuid(), case_id, title from documents, generate_series(1, $2::int) where id = $1', values: [of, count] },
    { text: `insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
      select d.firm_id, gen_random_uuid(), d.case_id, d.id, v.object_id, v.sha256, v.size, v.media_type, v.file_name, v.author_id from documents d, document_versions v where v.document_id = $1 and d.current_version = 0`, values: [of] },
  ]));
}
async function inQuarantine(): Promise<string[]> {
  const root = join((await testApp()).environment.DATA_DIR, 'quarantine');
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'owner.json').map(({ name }) => name);
}

describe('an export', () => {
  test('has every document at its place, byte for byte, and lists it twice', async () => {
    const pleadings = await folder('Pleadings');
    const drafts = await folder('Drafts: 2026?', pleadings);
    const bytes = randomBytes(300_000);
    const made = [
      await uploadDocument(author, about.id, { name: 'Motion.txt', bytes: 'To dismiss' }, { folderId: pleadings, documentDate: '2026-03-04', authorName: 'A. Lawyer' }),
      await uploadDocument(author, about.id, { name: 'scan.dat', bytes }, { folderId: drafts, title: '=HYPERLINK("x")' }),
      await uploadDocument(author, about.id, { name: 'leer.txt', bytes: '' }),
    ];
    const { files, manifest, csv, headers } = await exported();
    const [{ number }] = await rowsOf<{ number: string }>(firm, 'select number from cases where id = $1', [about.id]) as [{ number: string }];
    expect(headers.get('content-type')).toBe('application/zip');
    expect(headers.get('content-disposition')).toContain(`${number} documents.zip`);
    expect(headers.get('cache-control')).toContain('no-store');
    expect([...files.keys()].sort()).toEqual(['Pleadings/Drafts_ 2026_/scan.dat', 'Pleadings/Motion.txt', 'leer.txt']);
    expect(files.get('Pleadings/Drafts_ 2026_/scan.dat')!.equals(bytes)).toBe(true);
    expect(manifest).toMatchObject({ case: { id: about.id, number, title: 'Meridian lease' }, exportedBy: author.id, versions: 'current', filters: {}, count: 3 });
    expect(manifest.files[0]).toMatchObject({ path: 'Pleadings/Motion.txt', documentId: made[0]!.id, title: 'Motion', version: 1, size: 10, mediaType: 'text/plain', author: 'A. Lawyer', date: '2026-03-04', note: null });
    for (const file of manifest.files) expect(sha256(files.get(file.path)!)).toBe(file.sha256);
    const lines = csv.replace(/^\ufeff/, '').trim().split('\r\n');
    expect(lines[0]).toBe('"path","documentId","title","version","size","sha256","mediaType","author","date","note"');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain(`"'=HYPERLINK(""x"")"`); // no formula when it is opened
    expect(await inQuarantine()).toEqual([]);
  });

  test('takes the newest versions, or all of them; what is in the trash stays out', async () => {
    const kept = await uploadDocument(author, about.id, { name: 'Lease.txt', bytes: 'first' });
    await sendForm(author, `/v1/documents/${kept.id}/versions`, formOf({}, { name: 'Lease final.txt', bytes: 'second' }), { 'if-match': '*' });
    const trashed = await uploadDocument(author, about.id, { name: 'gone.txt', bytes: 'gone' });
    expect((await change(author, 'DELETE', `/v1/documents/${trashed.id}`)).status).toBe(204);
    expect([...(await exported()).files].map(([name, bytes]) => [name, bytes.toString()])).toEqual([['Lease final.txt', 'second']]);
    const all = await exported('?versions=all');
    expect([...all.files].map(([name, bytes]) => [name, bytes.toString()])).toEqual([['Lease (v1).txt', 'first'], ['Lease final (v2).txt', 'second']]);
    expect(all.manifest.files.map(({ version }) => version)).toEqual([1, 2]);
  });

  test('gives files of the same name names of their own, also where only the case of letters differs', async () => {
    for (const name of ['a.txt', 'A.TXT', 'a.txt', 'manifest.json', 'CON.txt']) await uploadDocument(author, about.id, { name, bytes: `named ${name} ${newId()}` });
    const { files, manifest } = await exported();
    expect([...files.keys()]).toEqual(['a.txt', 'A (2).TXT', 'a (3).txt', 'manifest (2).json', '_CON.txt']);
    expect(manifest.count).toBe(5);
  });

  test('can be of one folder with what is below it, or of one type', async () => {
    const [a, b] = [await folder('A'), await folder('B')];
    const below = await folder('Below', a);
    await uploadDocument(author, about.id, { name: '1.txt', bytes: '1' }, { folderId: a });
    await uploadDocument(author, about.id, { name: '2.txt', bytes: '2' }, { folderId: below, type: 'contract' });
    await uploadDocument(author, about.id, { name: '3.txt', bytes: '3' }, { folderId: b, type: 'contract' });
    await uploadDocument(author, about.id, { name: '4.txt', bytes: '4' });
    expect([...(await exported(`?folderId=${a}`)).files.keys()]).toEqual(['A/1.txt', 'A/Below/2.txt']);
    const contracts = await exported('?type=contract');
    expect([...contracts.files.keys()]).toEqual(['A/Below/2.txt', 'B/3.txt']);
    expect(contracts.manifest.filters).toEqual({ type: 'contract' });
    expect((await download(author, path(`?folderId=${newId()}`))).status).toBe(404);
    expect((await download(author, path('?versions=some'))).status).toBe(400);
    expect((await download(author, path('?colour=red'))).status).toBe(400);
  });

  test('goes through more documents than one batch', async () => {
    const { id } = await uploadDocument(author, about.id, { name: 'copy.txt', bytes: 'copied' });
    await copies(id, 450);
    const { files, manifest } = await exported();
    expect([files.size, manifest.count, new Set(manifest.files.map(({ documentId }) => documentId)).size]).toEqual([451, 451, 451]);
  });

  test('of a case without documents is an empty archive with its manifest', async () => {
    const { files, manifest } = await exported();
    expect(files.size).toBe(0);
    expect(manifest).toMatchObject({ count: 0, files: [] });
  });

  test('is on the audit trail and the timeline before the first byte, once for each', async () => {
    await exported('?versions=all&type=other');
    expect((await download(author, path(), {}, 'HEAD')).status).toBe(200);
    const events = await trail(firm, { table: 'document_exports' });
    expect(events).toMatchObject([{ action: 'insert', userId: author.id, caseId: about.id, after: { versions: 'all', filters: { type: 'other' } } }]);
    const told = (await send<{ data: { text: string; kind: string }[] }>(author, 'GET', `/v1/cases/${about.id}/timeline?kind=document`)).body.data;
    expect(told).toMatchObject([{ kind: 'document', text: 'Associate Person1 exported the documents of the case' }]);
  });

  test('says in its manifest which bytes are missing, and has the rest', async () => {
    const lost = await uploadDocument(author, about.id, { name: 'lost.txt', bytes: `lost ${newId()}` });
    await uploadDocument(author, about.id, { name: 'there.txt', bytes: 'there' });
    const [object] = await rowsOf<{ id: string; sha256: string }>(firm, 'select o.id, o.sha256 from storage_objects o join document_versions v on v.object_id = o.id where v.document_id = $1', [lost.id]);
    rmSync(join((await testApp()).environment.DATA_DIR, 'storage', firm.id, object!.sha256.slice(0, 2), `${object!.sha256}-${object!.id}`));
    const { files, manifest } = await exported();
    expect([...files.keys()]).toEqual(['there.txt']);
    expect(manifest.files.map(({ path: name, note }) => [name, note])).toEqual([['lost.txt', 'missing: the store has no such object'], ['there.txt', null]]);
  });

  test('is not there for who does not see the case', async () => {
    await uploadDocument(author, about.id, { bytes: 'secret' });
    await wallOff(firm, about.id, author);
    const hidden = await download(author, path());
    const none = await download(author, path().replace(about.id, newId()));
    expect([hidden.status, none.status]).toEqual([404, 404]);
    expect(await rowsOf(firm, 'select id from document_exports')).toEqual([]);
  });

  test('ends with its reader, and holds no connection of the database meanwhile', async () => {
    for (let i = 0; i < 4; i++) await uploadDocument(author, about.id, { name: `${i}.dat`, bytes: randomBytes(3_000_000) });
    const { url, database } = await testApp();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${path()} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${author.token}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause(); // a reader that stands still
    await expect.poll(() => database.poolState().inUse).toBe(0);
    expect((await inQuarantine()).length).toBe(2); // the manifest in the making
    expect((await send(author, 'GET', `/v1/cases/${about.id}`)).status).toBe(200);
    socket.destroy();
    await expect.poll(inQuarantine).toEqual([]);
  });

  test('breaks off where the case is hidden in the middle of it', async () => {
    for (let i = 0; i < 3; i++) await uploadDocument(author, about.id, { name: `${i}.dat`, bytes: randomBytes(3_000_000) });
    const [first] = await rowsOf<{ id: string }>(firm, 'select id from documents order by id limit 1');
    await copies(first!.id, 200); // more than one batch, so that it asks again
    const { url } = await testApp();
    const answer = await fetch(url + path(), { headers: { authorization: `Bearer ${author.token}` } });
    const reader = answer.body!.getReader();
    await reader.read();
    await wallOff(firm, about.id, author);
    await expect((async () => {
      while (!(await reader.read()).done);
    })()).rejects.toThrow();
    await expect.poll(inQuarantine).toEqual([]);
  });
});

describe('paths of an archive', () => {
  test.each<[string[], string, string]>([
    [[], '../../etc/passwd', '.._.._etc_passwd'], [['..'], 'x.txt', '_/x.txt'], [['a/b', 'c\\d'], 'e|f?.txt', 'a_b/c_d/e_f_.txt'], [['trailing. '], 'dot.', 'trailing/dot'],
    [[], 'nul', '_nul'], [[], 'com1.tar.gz', '_com1.tar.gz'], [[], '', '_'], [[], 'turn\u202Etxt.exe', 'turntxt.exe'], [['line\nbreak'], 'tab\t.txt', 'line_break/tab_.txt'],
  ])('%j %j is %j', (folders, name, wanted) => {
    expect(new ArchivePaths().take(folders, name)).toBe(wanted);
  });

  test('are no longer than systems take, and keep their extension', () => {
    const long = new ArchivePaths().take([], `${'ä'.repeat(400)}.docx`);
    expect([[...long].length, long.endsWith('.docx')]).toEqual([150, true]);
  });
});
