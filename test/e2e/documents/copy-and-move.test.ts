import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { download } from '../../support/uploads.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { ask, change, newAttachment, newDocument, read, type Doc } from './fixtures.js';

let firm: TestFirm;
let person: Person;
let from: TestCase;
let to: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  person = await firm.person('associate');
  [from, to] = [await newCase(firm, { title: 'From' }), await newCase(firm, { title: 'To' })];
});
const folderIn = async (caseId: string, name = 'Folder') => (await send(person, 'POST', '/v1/folders', { caseId, name })).body['id']!;
const move = (id: string, body: object, query = '') => change(person, 'POST', `/v1/documents/${id}/move${query}`, body);
const copy = (id: string, body?: object, headers = {}) => change(person, 'POST', `/v1/documents/${id}/copy`, body, headers);

describe('moving', () => {
  test('to a folder and out of it', async () => {
    const { id } = await newDocument(person, from.id);
    const folderId = await folderIn(from.id);
    expect((await move(id, { folderId })).body).toMatchObject({ caseId: from.id, folderId });
    expect((await move(id, { folderId: null })).body).toMatchObject({ caseId: from.id, folderId: null });
    expect((await move(id, {})).body.code).toBe('nowhere_to_move');
  });

  test('to another case takes along all that belongs to the document', async () => {
    const { id } = await newDocument(person, from.id, { folderId: await folderIn(from.id) }, 'bytes on the move');
    await change(person, 'POST', `/v1/documents/${id}/versions/1/restore`);
    await (await testApp()).drainJobs();
    const attachment = await newAttachment(firm, id);
    await send(person, 'POST', `/v1/documents/${id}/check-out`, { expiresInMinutes: 60 });
    const partner = await firm.person('partner');
    const held = (await send(partner, 'POST', '/v1/holds', { documentId: id, name: 'Over', reason: 'was needed' })).body['id']!;
    await send(partner, 'POST', `/v1/holds/${held}/release`, { reason: 'settled' }, { 'if-match': '*' });
    const before = await ask<{ table: string; n: number }>(firm, COUNTS, [from.id]);
    expect(Object.fromEntries(before.map(({ table, n }) => [table, n]))).toEqual({ documents: 2, document_versions: 3, document_texts: 3, document_chunks: 2, document_checkouts: 1, holds: 1 });

    const { status, body } = await move(id, { caseId: to.id });
    expect([status, body.caseId, body.folderId, body.currentVersion.number]).toEqual([200, to.id, null, 2]);
    expect(await ask(firm, COUNTS, [to.id])).toEqual(before);
    expect((await ask<{ n: number }>(firm, COUNTS, [from.id])).map(({ n }) => n)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await read(person, attachment)).toMatchObject({ caseId: to.id, folderId: null, parentId: id });
    expect((await download(person, `/v1/documents/${id}/versions/1/content`)).text).toBe('bytes on the move');
  });
  const COUNTS = ['documents', 'document_versions', 'document_texts', 'document_chunks', 'document_checkouts', 'holds']
    .map((table, i) => `select ${i} as place, '${table}' as table, (select count(*)::int from ${table} t where t.case_id = $1) as n`).join(' union all ') + ' order by place';

  test('to a folder of another case, with the attachments', async () => {
    const { id } = await newDocument(person, from.id);
    const attachment = await newAttachment(firm, id);
    const folderId = await folderIn(to.id);
    expect((await move(id, { caseId: to.id, folderId })).body).toMatchObject({ caseId: to.id, folderId });
    expect(await read(person, attachment)).toMatchObject({ caseId: to.id, folderId, parentId: id });
  });

  test('an attachment alone makes it a document of its own, unless it stays in the case', async () => {
    const { id } = await newDocument(person, from.id);
    const attachment = await newAttachment(firm, id);
    expect((await move(attachment, { folderId: await folderIn(from.id) })).body.parentId).toBe(id);
    expect((await move(attachment, { caseId: to.id })).body).toMatchObject({ caseId: to.id, parentId: null });
    expect((await read(person, id)).caseId).toBe(from.id);
  });

  test('by dry run says what would be and moves nothing', async () => {
    const { id } = await newDocument(person, from.id);
    expect((await move(id, { caseId: to.id }, '?dryRun=true')).body.caseId).toBe(to.id);
    expect((await read(person, id)).caseId).toBe(from.id);
  });

  test('is refused where the place is none, hidden, archived, or the document on hold', async () => {
    const { id } = await newDocument(person, from.id);
    const [hidden, archived] = [await newCase(firm), await newCase(firm)];
    const secretFolder = await folderIn(hidden.id);
    await wallOff(firm, hidden.id, person);
    await ask(firm, `update cases set status = 'closed', closed_on = '2026-06-01' where id = $1`, [archived.id]);
    await ask(firm, `update cases set status = 'archived' where id = $1`, [archived.id]);
    const [secret, nothing] = [await move(id, { caseId: hidden.id }), await move(id, { caseId: newId() })];
    expect([secret.body.code, nothing.body.code]).toEqual(['unknown_case', 'unknown_case']);
    expect((await move(id, { folderId: secretFolder })).body.code).toBe('unknown_folder');
    expect((await move(id, { folderId: await folderIn(to.id) })).body.code).toBe('unknown_folder');
    expect((await move(id, { caseId: archived.id })).body.code).toBe('case_archived');
    await send(await firm.person('partner'), 'POST', '/v1/holds', { caseId: from.id, name: 'Preserve', reason: 'letter' });
    expect((await move(id, { caseId: to.id })).body.code).toBe('on_hold');
    expect((await move(id, { folderId: await folderIn(from.id, 'Inside') })).status).toBe(200);
  });

  test('is told in both cases, and neither learns of the other', async () => {
    const folderId = await folderIn(from.id);
    const { id } = await newDocument(person, from.id, { title: 'Lease', folderId });
    await newAttachment(firm, id);
    await move(id, { caseId: to.id });
    const trail = await ask<{ case_id: string; before: object; after: object }>(firm, `select case_id, before, after from audit_events where table_name = 'documents' and row_id = $1 and before is not null`, [id]);
    expect(JSON.stringify(trail.map(({ before, after }) => [before, after]))).not.toMatch(new RegExp(`${from.id}|${to.id}`));
    const inNew = await ask(firm, `select before, after from audit_events where case_id = $1`, [to.id]);
    expect(JSON.stringify(inNew)).not.toContain(folderId);
    const told = async (caseId: string) => JSON.stringify((await send<{ data: { summary: string }[] }>(firm.admin, 'GET', `/v1/cases/${caseId}/timeline`)).body.data);
    expect(await told(to.id)).toMatch(/moved the document “Lease” here from another case/);
    expect(await told(from.id)).toMatch(/moved the document “Lease” to another case/);
  });
});

describe('copying', () => {
  test('makes a document of its own on the same stored file', async () => {
    const source = await newDocument(person, from.id, { title: 'Form', type: 'form', tags: 'template', metadata: '{"a":1}', privilege: 'work_product', folderId: await folderIn(from.id) }, 'to be copied');
    const { status, headers, body } = await copy(source.id);
    expect([status, headers.get('location')]).toEqual([201, `/v1/documents/${body.id}`]);
    expect(body).toMatchObject({ caseId: from.id, folderId: source.folderId, title: 'Form', type: 'form', tags: ['template'], metadata: { a: 1 }, privilege: 'work_product', currentVersion: { number: 1, sha256: source.currentVersion.sha256 } });
    const { body: elsewhere } = await copy(source.id, { caseId: to.id, title: 'Copy' });
    expect(elsewhere).toMatchObject({ caseId: to.id, folderId: null, title: 'Copy' });
    expect((await ask(firm, 'select id from storage_objects'))).toHaveLength(1);
    // each goes its own way
    const partner = await firm.person('partner');
    await change(person, 'DELETE', `/v1/documents/${source.id}`);
    expect((await change<{ files: number }>(partner, 'POST', `/v1/documents/${source.id}/purge`, { reason: 'old' })).body.files).toBe(0);
    await (await testApp()).drainJobs();
    expect((await download(person, `/v1/documents/${elsewhere.id}/content`)).text).toBe('to be copied');
    expect((await read(person, elsewhere.id)).currentVersion).toMatchObject({ textStatus: 'extracted' });
  });

  test('takes the current version, and says where it comes from', async () => {
    const { id } = await newDocument(person, from.id, { title: 'Draft' });
    await change(person, 'POST', `/v1/documents/${id}/versions/1/restore`);
    const { body } = await copy(id);
    const { body: version } = await send(person, 'GET', `/v1/documents/${body.id}/versions/1`);
    expect(version).toMatchObject({ number: 1, comment: 'Copy of version 2 of Draft', author: { id: person.id } });
  });

  test('sent twice under one key makes one', async () => {
    const { id } = await newDocument(person, from.id);
    const key = { 'idempotency-key': newId() };
    const [one, two] = [await copy(id, {}, key), await copy(id, {}, key)];
    expect([two.status, two.body.id]).toEqual([201, one.body.id]);
    expect((await send<{ data: Doc[] }>(person, 'GET', `/v1/documents?caseId=${from.id}`)).body.data).toHaveLength(2);
  });

  test('is refused into what is none, hidden or of another case', async () => {
    const { id } = await newDocument(person, from.id);
    await wallOff(firm, to.id, person);
    expect((await copy(id, { caseId: to.id })).body.code).toBe('unknown_case');
    expect((await copy(id, { folderId: newId() })).body.code).toBe('unknown_folder');
    expect((await change(await firm.person('readonly'), 'POST', `/v1/documents/${id}/copy`, {})).status).toBe(403);
  });
});
