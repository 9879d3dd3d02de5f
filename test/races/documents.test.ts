import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { testApp, type TestApp } from '../support/app.js';
import { newFirm, type Person, type TestFirm } from '../support/factories.js';
import { atOnce, send, type Answer } from '../support/http.js';
import { download } from '../support/uploads.js';
import { asLogin } from '../support/wire.js';
import { newCase, type TestCase } from '../e2e/casework/fixtures.js';
import { ask, change, newDocument, type Doc } from '../e2e/documents/fixtures.js';

let app: TestApp;
let firm: TestFirm;
let partner: Person;
let about: TestCase;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  firm = await newFirm();
  partner = await firm.person('partner');
  about = await newCase(firm);
});

type Said = Answer<{ code?: string }>;
const ROUNDS = 8;
const folder = async (name: string, parentId: string | null = null) => (await send(partner, 'POST', '/v1/folders', { caseId: about.id, name, parentId })).body['id']!;
const trashed = async () => {
  const document = await newDocument(partner, about.id);
  await change(partner, 'DELETE', `/v1/documents/${document.id}`);
  return document;
};
const purge = (id: string): Promise<Said> => change(partner, 'POST', `/v1/documents/${id}/purge`, { reason: 'race' });

/** Does something in a transaction that stays open until `meanwhile` waits for one of its locks; then both go on. */
async function whileOpen<T>(work: () => Promise<unknown>, meanwhile: () => Promise<T>): Promise<T> {
  let going: Promise<T> | undefined;
  await app.database.write({ kind: 'system', firmId: firm.id }, async () => {
    await work();
    going = meanwhile();
    await asLogin(async (client) => {
      const waiting = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and state = 'active' and usename = current_user and datname = current_database()`;
      // bounded: where nobody waits, the outcome tells
      for (let i = 0; i < 100 && (await client.query<{ n: number }>(waiting)).rows[0]!.n < 1; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    });
  });
  return going!;
}
const placeHold = (documentId: string | null) => () => app.database.execute(`insert into holds (firm_id, id, case_id, document_id, name, reason) values ($1, $2, $3, $4, 'Preserve', 'race')`, [firm.id, newId(), about.id, documentId]);

test('two moves never make a circle of folders together', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b] = [await folder(`A${round}`), await folder(`B${round}`)];
    // each into a folder inside the other: no row is locked by both
    const [inA, inB] = [await folder('inside', a), await folder('inside', b)];
    const said = await Promise.all([change(partner, 'PATCH', `/v1/folders/${a}`, { parentId: inB }), change(partner, 'PATCH', `/v1/folders/${b}`, { parentId: inA })]);
    expect(said.map(({ status, body }) => [status, body.code]).toSorted()).toEqual([[200, undefined], [422, 'folder_in_itself']]);
    expect(await ask(firm, 'select id from folders where id = any ($1) and parent_id is null', [[a, b]])).toHaveLength(1);
  }
});

test('one name goes to one folder', async () => {
  const said = await atOnce(8, (n) => send(partner, 'POST', '/v1/folders', { caseId: about.id, name: n % 2 ? 'Pleadings' : 'PLEADINGS' }));
  expect(said.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(7).fill(409)]);
});

test('a document that comes into a folder keeps it from being deleted', async () => {
  const folderId = await folder('Target');
  const { id } = await newDocument(partner, about.id);
  const into = () => app.database.execute('update documents set folder_id = $2 where id = $1', [id, folderId]);
  const said = await whileOpen(into, () => change(partner, 'DELETE', `/v1/folders/${folderId}`));
  expect([said.status, said.body.code]).toEqual([409, 'folder_not_empty']);
  // and where nobody asked first
  await change(partner, 'POST', `/v1/documents/${id}/move`, { folderId: null });
  const refused = await whileOpen(into, () => ask(firm, 'delete from folders where id = $1', [folderId]).then(() => 'deleted', (error: { constraint?: string }) => error.constraint));
  expect(refused).toBe('folders_empty_check');
  expect(await ask(firm, 'select folder_id from documents where id = $1', [id])).toEqual([{ folder_id: folderId }]);
});

describe.each([['on the document', (id: string) => id], ['on the case', () => null]])('a hold that is being placed %s', (_, on) => {
  test('is waited for by a purge, which is then refused', async () => {
    const { id } = await trashed();
    const said = await whileOpen(placeHold(on(id)), () => purge(id));
    expect([said.status, said.body.code]).toEqual([409, 'on_hold']);
    expect(await ask(firm, 'select id from document_versions where document_id = $1', [id])).toHaveLength(1);
  });

  test('is waited for by a move to another case, which is then refused', async () => {
    const { id } = await newDocument(partner, about.id);
    const { id: caseId } = await newCase(firm);
    const said = await whileOpen(placeHold(on(id)), () => change(partner, 'POST', `/v1/documents/${id}/move`, { caseId }));
    expect([said.status, said.body.code]).toEqual([409, 'on_hold']);
    expect(await ask(firm, 'select case_id from documents where id = $1', [id])).toEqual([{ case_id: about.id }]);
  });
});

test('a hold that comes while a document is purged finds none', async () => {
  const { id } = await trashed();
  const said = await whileOpen(() => app.database.execute(`select doors.purge_document($1, 'race')`, [id]), () => send<{ code?: string }>(partner, 'POST', '/v1/holds', { documentId: id, name: 'Late', reason: 'too late' }));
  expect([said.status, said.body.code]).toEqual([422, 'unknown_document']);
  expect(await ask(firm, 'select id from holds')).toEqual([]);
});

describe('purge against copy', () => {
  // a copy and a purge of the last document with a file: either the copy has its bytes, or there is none
  test('never leaves a copy without its bytes', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const text = `round ${round} ${newId()}`;
      const [source, twin] = [await newDocument(partner, about.id, {}, text), await newDocument(partner, about.id, {}, text)];
      await change(partner, 'DELETE', `/v1/documents/${twin.id}`);
      const [purged, copied] = await Promise.all([purge(twin.id), change<Doc>(partner, 'POST', `/v1/documents/${source.id}/copy`, {})]);
      expect([purged.status, copied.status]).toEqual([200, 201]);
      await app.drainJobs();
      for (const { id } of [source, copied.body]) expect((await download(partner, `/v1/documents/${id}/content`)).text).toBe(text);
    }
  });

  test('a version made of an object that is being let go is refused, and one being made keeps it', async () => {
    const { id } = await trashed();
    const { id: otherId } = await newDocument(partner, about.id);
    const [version] = await ask<{ object_id: string }>(firm, 'select object_id from document_versions where document_id = $1', [id]);
    const insert = () => app.database.execute(`insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
      select firm_id, $2, case_id, $3, id, sha256, size, 'text/plain', 'late.txt', $4 from (select o.*, $5::uuid as case_id from storage_objects o where o.id = $1) o`, [version!.object_id, newId(), otherId, partner.id, about.id]);
    const late = await whileOpen(() => app.database.execute(`select doors.purge_document($1, 'race')`, [id]),
      () => app.database.write({ kind: 'system', firmId: firm.id }, insert).then(() => 'made', (error: { constraint?: string; original?: { constraint?: string } }) => error.constraint ?? error.original?.constraint));
    expect(late).toBe('document_versions_object_check');

    const second = await trashed();
    const [kept] = await ask<{ object_id: string }>(firm, 'select object_id from document_versions where document_id = $1', [second.id]);
    version!.object_id = kept!.object_id;
    const said = await whileOpen(insert, () => purge(second.id));
    expect([said.status, (said.body as { files?: number }).files]).toEqual([200, 0]);
    expect(await ask(firm, 'select state from storage_objects where id = $1', [kept!.object_id])).toEqual([{ state: 'stored' }]);
  });
});

test('versions made at once are numbered without gap or double', async () => {
  const { id } = await newDocument(partner, about.id);
  const said = await atOnce(12, () => change<{ number: number }>(partner, 'POST', `/v1/documents/${id}/versions/1/restore`, {}));
  expect(said.map(({ body }) => body.number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n + 2));
  expect(await ask(firm, 'select current_version from documents where id = $1', [id])).toEqual([{ current_version: 13 }]);
});

test('purged twice at once, it is purged once', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await trashed();
    const said = await Promise.all([purge(id), purge(id)]);
    expect(said.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  }
});

test('restored and purged at once, it is one of both', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await trashed();
    const [purged, restored] = await Promise.all([purge(id), change(partner, 'POST', `/v1/documents/${id}/restore`)]);
    const left = await ask(firm, 'select id from documents where id = $1 and deleted_at is null', [id]);
    expect([[200, 404, 0], [409, 200, 1]]).toContainEqual([purged.status, restored.status, left.length]);
  }
});
