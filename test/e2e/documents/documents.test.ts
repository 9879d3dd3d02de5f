import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { ask, change, newDocument, read, type Doc } from './fixtures.js';

let firm: TestFirm;
let person: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  person = await firm.person('associate');
  about = await newCase(firm, { title: 'Meridian lease' });
});

test('a document says what it is, where it is and what is in it, in one statement', async () => {
  const made = await newDocument(person, about.id, { title: 'Lease', type: 'lease', tags: 'signed,original', metadata: '{"exhibit":"A"}', documentDate: '2026-02-03', privilege: 'work_product' }, 'Premises');
  const { body, headers } = await send<Doc>(person, 'GET', `/v1/documents/${made.id}`);
  expect(body).toMatchObject({
    id: made.id, caseId: about.id, folderId: null, parentId: null, title: 'Lease', type: 'lease', status: 'draft', authorName: null, documentDate: '2026-02-03', tags: ['signed', 'original'],
    metadata: { exhibit: 'A' }, privilege: 'work_product', checkedOutBy: null, onHold: false, deletedAt: null, createdBy: person.id,
    currentVersion: { number: 1, fileName: 'note.txt', mediaType: 'text/plain', size: 8, textStatus: expect.stringMatching(/^(pending|extracting|extracted)$/) as string },
  });
  expect(headers.get('etag')).toMatch(new RegExp(`^"${body.version}\\.`));
});

test('expansions name the case, the folder, the check-out and the holds', async () => {
  const { body: folder } = await send(person, 'POST', '/v1/folders', { caseId: about.id, name: 'Leases' });
  const made = await newDocument(person, about.id, { folderId: folder['id']! });
  await send(person, 'POST', `/v1/documents/${made.id}/check-out`, { reason: 'redlines', expiresInMinutes: 60 });
  await send(await firm.person('partner'), 'POST', '/v1/holds', { caseId: about.id, name: 'Preserve', reason: 'letter of March' });
  const { body } = await send<Doc & Record<string, unknown>>(person, 'GET', `/v1/documents/${made.id}?expand=case,folder,currentVersion,checkout,holds`);
  expect(body).toMatchObject({
    onHold: true, checkedOutBy: { id: person.id }, case: { id: about.id, title: 'Meridian lease' }, folder: { id: folder['id'], name: 'Leases', parentId: null },
    checkout: { user: { id: person.id }, reason: 'redlines' }, holds: [{ name: 'Preserve', documentId: null }],
  });
});

test('a case that is closed tells which documents somebody still works on', async () => {
  const { id } = await newDocument(person, about.id, { title: 'Unfinished' });
  await send(person, 'POST', `/v1/documents/${id}/check-out`, { expiresInMinutes: 60 });
  const { body } = await change<{ standsOpen?: object[] }>(person, 'POST', `/v1/cases/${about.id}/close`, {});
  expect(body).toMatchObject({ code: 'case_stands_open', standsOpen: [{ name: 'checked_out_documents', count: 1, items: [{ id, title: 'Unfinished' }] }] });
  expect((await change(person, 'POST', `/v1/cases/${about.id}/close`, { acknowledge: ['checked_out_documents'], reason: 'she is on leave' })).status).toBe(200);
});

test('types of documents are a list that the firm adds to', async () => {
  expect((await send(firm.admin, 'POST', '/v1/reference/document-types', { code: 'charter-party', label: 'Charter party' })).status).toBe(201);
  const own = (await send<{ data: { code: string; builtIn: boolean }[] }>(person, 'GET', '/v1/reference/document-types')).body.data.find(({ code }) => code === 'charter-party');
  expect(own).toMatchObject({ builtIn: false });
});

describe('changing', () => {
  test('sets just what is given, and clears what is null', async () => {
    const { id } = await newDocument(person, about.id, { title: 'Old', authorName: 'Grace', documentDate: '2026-01-01' });
    const { body } = await change(person, 'PATCH', `/v1/documents/${id}`, { title: 'New', status: 'final', authorId: firm.admin.id, authorName: null, tags: ['a', 'a ', 'b'], metadata: { n: 1 }, privilege: 'attorney_client' });
    expect(body).toMatchObject({ title: 'New', status: 'final', authorId: firm.admin.id, authorName: null, documentDate: '2026-01-01', tags: ['a', 'b'], metadata: { n: 1 }, privilege: 'attorney_client' });
  });

  test.each([
    ['an author who is nobody', { authorId: newId() }, 'unknown_person'], ['a status that is none', { status: 'lost' }, 'validation_failed'], ['a tag with a comma', { tags: ['a,b'] }, 'invalid_tags'],
    ['a case', { caseId: newId() }, 'validation_failed'],
  ])('refuses %s', async (_, body, code) => {
    const { id } = await newDocument(person, about.id);
    expect((await change(person, 'PATCH', `/v1/documents/${id}`, body)).body.code).toBe(code);
  });

  test('wants the state that was read, and a new version makes another state', async () => {
    const { id } = await newDocument(person, about.id);
    const etag = (await send(person, 'GET', `/v1/documents/${id}`)).headers.get('etag')!;
    expect((await change(person, 'POST', `/v1/documents/${id}/versions/1/restore`)).status).toBe(201);
    expect((await change(person, 'PATCH', `/v1/documents/${id}`, { title: 'Stale' }, { 'if-match': etag })).status).toBe(412);
    expect((await read(person, id)).currentVersion.number).toBe(2);
  });

  test('is not for who only reads, and not in an archived case', async () => {
    const { id } = await newDocument(person, about.id);
    expect((await change(await firm.person('readonly'), 'PATCH', `/v1/documents/${id}`, { title: 'No' })).status).toBe(403);
    await ask(firm, `update cases set status = 'closed', closed_on = '2026-06-01' where id = $1`, [about.id]);
    await ask(firm, `update cases set status = 'archived' where id = $1`, [about.id]);
    for (const [method, path, body] of [['PATCH', '', { title: 'No' }], ['DELETE', ''], ['POST', '/move', { folderId: null }], ['POST', '/copy']] as const) {
      expect((await change(person, method, `/v1/documents/${id}${path}`, body)).body.code, `${method} ${path}`).toBe('case_archived');
    }
  });
});

test('a document of a hidden case is not there, whatever is asked of it', async () => {
  const { id } = await newDocument(person, about.id);
  await wallOff(firm, about.id, person);
  const nowhere = newId();
  for (const [method, path, body] of [['GET', ''], ['PATCH', '', { title: 'Mine' }], ['DELETE', ''], ['POST', '/move', { folderId: null }], ['POST', '/copy'], ['POST', '/restore']] as const) {
    const [hidden, absent] = [await change(person, method, `/v1/documents/${id}${path}`, body), await change(person, method, `/v1/documents/${nowhere}${path}`, body)];
    expect([hidden.status, hidden.body.code], `${method} ${path}`).toEqual([404, 'not_found']);
    expect(absent.status).toBe(404);
  }
  const traces = await ask<{ n: number }>(firm, `select count(*)::int as n from audit_events where action = 'access.screened' and row_id = $1`, [id]);
  expect(traces[0]!.n).toBe(6);
});

// what the service says in friendly words the database holds by itself
describe('the database refuses', () => {
  const refused = (text: string, values: unknown[]) => ask(firm, text, values).then(() => 'done', (error: { code?: string; constraint?: string }) => error.constraint ?? error.code);

  test('to change or delete a version', async () => {
    const { id } = await newDocument(person, about.id);
    for (const set of [`file_name = 'other.txt'`, 'number = 7', 'author_id = author_id', `comment = 'x'`]) {
      const said = await refused(`update document_versions set ${set} where document_id = $1 returning id`, [id]);
      expect(said, set).toBe('42501');
    }
    expect(await refused('delete from document_versions where document_id = $1', [id])).toBe('42501');
    expect(await refused('delete from documents where id = $1', [id])).toBe('42501');
  });

  test('a number that is not the next, and a document without a version', async () => {
    const { id } = await newDocument(person, about.id);
    expect(await refused(`insert into document_versions (firm_id, id, case_id, document_id, number, object_id, sha256, size, media_type, file_name, author_id)
      select firm_id, $2, case_id, document_id, 3, object_id, sha256, size, media_type, file_name, author_id from document_versions where document_id = $1`, [id, newId()])).toBe('document_versions_next_check');
    expect(await refused('update documents set current_version = 2 where id = $1', [id])).toBe('documents_newest_version_check');
    expect(await refused('insert into documents (firm_id, id, case_id, title) select firm_id, $2, case_id, title from documents where id = $1', [id, newId()])).toBe('documents_first_version_check');
    expect(await refused(`insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id, restored_from)
      select firm_id, $2, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id, 5 from document_versions where document_id = $1`, [id, newId()])).toMatch(/document_versions_restored_from_(fk|check)/);
  });
});
