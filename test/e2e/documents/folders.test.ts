import { beforeEach, describe, expect, test } from 'vitest';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { change, newDocument, read } from './fixtures.js';

interface Folder { id: string; caseId: string; parentId: string | null; name: string; documentCount: number; version: number; code?: string; errors?: { pointer: string }[] }

let firm: TestFirm;
let person: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  person = await firm.person('paralegal');
  about = await newCase(firm);
});
const make = (name: string, parentId?: string | null, caseId = about.id) => send<Folder>(person, 'POST', '/v1/folders', { caseId, name, ...(parentId !== undefined && { parentId }) });
const tree = async (caseId = about.id) => (await send<{ data: Folder[] }>(person, 'GET', `/v1/folders?caseId=${caseId}`)).body.data;

test('folders make a tree, with how many documents are in each', async () => {
  const { body: pleadings, status, headers } = await make('Pleadings');
  expect([status, headers.get('location')]).toEqual([201, `/v1/folders/${pleadings.id}`]);
  const { body: motions } = await make('Motions', pleadings.id);
  await newDocument(person, about.id, { folderId: motions.id });
  const gone = await newDocument(person, about.id, { folderId: motions.id });
  await change(person, 'DELETE', `/v1/documents/${gone.id}`);
  expect((await tree()).map(({ name, parentId, documentCount }) => [name, parentId, documentCount])).toEqual([['Motions', pleadings.id, 1], ['Pleadings', null, 0]]);
  expect((await send<Folder>(person, 'GET', `/v1/folders/${motions.id}`)).body).toMatchObject({ name: 'Motions', caseId: about.id, documentCount: 1, version: 1 });
});

describe('a name', () => {
  test('is unique in its place, whatever its case, and free in another', async () => {
    const { body: first } = await make('Discovery');
    expect((await make('DISCOVERY')).body).toMatchObject({ code: 'folder_name_taken', errors: [{ pointer: '/name' }] });
    expect((await make('Discovery', first.id)).status).toBe(201);
    expect((await make('Discovery', null, (await newCase(firm)).id)).status).toBe(201);
  });

  test('that is written with other characters for the same letters is the same', async () => {
    await make('Bücher');
    expect((await make('Bu\u0308cher')).status).toBe(409);
  });

  test.each(['a/b', 'a\\b', '..', '.', 'a\u0007b', 'a\nb'])('%j is none', async (name) => {
    expect((await make(name)).body.code).toBe('invalid_folder_name');
  });
});

describe('moving', () => {
  test('a folder takes along what is in it, and never into itself', async () => {
    const { body: a } = await make('A');
    const { body: b } = await make('B', a.id);
    const { body: c } = await make('C', b.id);
    for (const parentId of [a.id, b.id, c.id]) expect((await change<Folder>(person, 'PATCH', `/v1/folders/${a.id}`, { parentId })).body.code).toBe('folder_in_itself');
    expect((await change<Folder>(person, 'PATCH', `/v1/folders/${b.id}`, { parentId: null, name: 'B2' })).body).toMatchObject({ parentId: null, name: 'B2' });
    expect((await change<Folder>(person, 'PATCH', `/v1/folders/${a.id}`, { parentId: c.id })).body.parentId).toBe(c.id);
  });

  test('goes no deeper than 32, by whatever way', async () => {
    let parent: string | null = null;
    for (let depth = 1; depth <= 32; depth++) parent = (await make(`D${depth}`, parent)).body.id;
    expect((await make('D33', parent)).body.code).toBe('folders_too_deep');
    const { body: other } = await make('Other');
    await make('Below', other.id);
    const deep = (await tree()).find(({ name }) => name === 'D31')!;
    expect((await change<Folder>(person, 'PATCH', `/v1/folders/${other.id}`, { parentId: deep.id })).body.code).toBe('folders_too_deep');
  });

  test('stays within the case', async () => {
    const elsewhere = (await make('Elsewhere', null, (await newCase(firm)).id)).body;
    const { body: mine } = await make('Mine');
    expect((await change<Folder>(person, 'PATCH', `/v1/folders/${mine.id}`, { parentId: elsewhere.id })).body.code).toBe('unknown_folder');
    expect((await make('Mine too', elsewhere.id)).body.code).toBe('unknown_folder');
  });
});

describe('deleting', () => {
  test('wants an empty folder, and says what is in it', async () => {
    const { body: folder } = await make('Full');
    await make('Inner', folder.id);
    await newDocument(person, about.id, { folderId: folder.id });
    expect((await change(person, 'DELETE', `/v1/folders/${folder.id}`)).body).toMatchObject({ code: 'folder_not_empty', documents: 1, folders: 1 });
  });

  test('passes over the trash; what comes back from there is in no folder', async () => {
    const { body: folder } = await make('Old');
    const document = await newDocument(person, about.id, { folderId: folder.id });
    await change(person, 'DELETE', `/v1/documents/${document.id}`);
    expect((await change(person, 'DELETE', `/v1/folders/${folder.id}`)).status).toBe(204);
    expect((await change(person, 'POST', `/v1/documents/${document.id}/restore`)).body).toMatchObject({ folderId: null, deletedAt: null });
    expect((await read(person, document.id)).folderId).toBeNull();
  });
});

test('a change wants the state that was read', async () => {
  const { body: folder, headers } = await make('One');
  expect((await send(person, 'PATCH', `/v1/folders/${folder.id}`, { name: 'Two' })).status).toBe(428);
  const etag = (await send(person, 'GET', `/v1/folders/${folder.id}`)).headers.get('etag')!;
  expect(headers.get('etag')).toBe(etag);
  expect((await change<Folder>(person, 'PATCH', `/v1/folders/${folder.id}`, { name: 'Two' }, { 'if-match': etag })).status).toBe(200);
  expect((await change<Folder>(person, 'PATCH', `/v1/folders/${folder.id}`, { name: 'Three' }, { 'if-match': etag })).status).toBe(412);
});

test('folders of a hidden case are not there, and nothing is made in them', async () => {
  const { body: folder } = await make('Secret');
  await wallOff(firm, about.id, person);
  expect((await send(person, 'GET', `/v1/folders?caseId=${about.id}`)).status).toBe(404);
  expect((await send(person, 'GET', `/v1/folders/${folder.id}`)).status).toBe(404);
  expect((await change(person, 'PATCH', `/v1/folders/${folder.id}`, { name: 'Mine' })).status).toBe(404);
  expect((await make('Another')).body.code).toBe((await make('Another', null, '0198b0c4-7a00-7000-8000-000000000001')).body.code);
});

test('who only reads makes no folder', async () => {
  const reader = await firm.person('readonly');
  expect((await send(reader, 'POST', '/v1/folders', { caseId: about.id, name: 'No' })).status).toBe(403);
});
