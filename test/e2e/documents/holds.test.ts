import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { actorOf } from '../../support/actors.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { asFirm, trail } from '../support/fixtures.js';
import { change, newAttachment, newDocument, read, type Doc } from './fixtures.js';

interface Hold { id: string; caseId: string; documentId: string | null; documentTitle: string | null; name: string; reason: string; active: boolean; placedBy: { id: string } | null; releasedBy: { id: string } | null; releasedAt: string | null; releaseReason: string | null; version: number; code?: string }
interface Page { data: Hold[]; nextCursor: string | null; total?: number }

let firm: TestFirm;
let author: Person;
let partner: Person;
let about: TestCase;
let document: Doc;
beforeEach(async () => {
  firm = await newFirm();
  [author, partner] = [await firm.person('associate'), await firm.person('partner')];
  about = await newCase(firm);
  document = await newDocument(author, about.id);
});

const place = (body: object, as = partner, headers: Record<string, string> = {}) => send<Hold>(as, 'POST', '/v1/holds', { name: 'Preservation', reason: 'A dispute is to be expected', ...body }, headers);
const release = (id: string, as = partner, path = '/release') => change<Hold>(as, 'POST', `/v1/holds/${id}${path}`, { reason: 'Settled' });
const list = async (query: string, as = author) => (await send<Page>(as, 'GET', `/v1/holds?${query}`)).body;
const trash = (id: string) => change(author, 'DELETE', `/v1/documents/${id}`);
const purge = (id: string) => change<{ holds?: { name: string }[] }>(firm.admin, 'POST', `/v1/documents/${id}/purge`, { reason: 'No longer needed' });
const move = (id: string, caseId: string) => change<{ holds?: { name: string }[] }>(author, 'POST', `/v1/documents/${id}/move`, { caseId });

/** A statement as the application role, for somebody who is signed in: what is left when the code forgets to ask. */
async function asPerson(person: Person, sql: string, values: unknown[]): Promise<string> {
  const { database } = await testApp();
  return database.write(actorOf(person), () => database.execute(sql, values)).then(() => 'done', (error: Error & { constraint?: string; code?: string }) => error.constraint ?? error.code ?? error.message);
}

describe('a hold', () => {
  test('is placed on a document or a case, changed, released for good, and stays', async () => {
    const placed = await place({ documentId: document.id });
    expect(placed).toMatchObject({ status: 201, body: { caseId: about.id, documentId: document.id, documentTitle: document.title, name: 'Preservation', active: true, placedBy: { id: partner.id }, releasedAt: null, version: 1 } });
    expect(placed.headers.get('location')).toBe(`/v1/holds/${placed.body.id}`);
    expect((await read(author, document.id)).onHold).toBe(true);
    const { id } = placed.body;
    expect(await change<Hold>(partner, 'PATCH', `/v1/holds/${id}`, { name: 'Meridian' }, { 'if-match': placed.headers.get('etag')! })).toMatchObject({ status: 200, body: { name: 'Meridian', version: 2 } });
    expect((await change(partner, 'PATCH', `/v1/holds/${id}`, { name: 'Late' }, { 'if-match': placed.headers.get('etag')! })).status).toBe(412);
    expect((await send(partner, 'POST', `/v1/holds/${id}/release`, { reason: 'x' })).status).toBe(428);
    expect(await release(id, partner, '/release?dryRun=true')).toMatchObject({ status: 200, body: { active: false } });
    expect((await send<Hold>(author, 'GET', `/v1/holds/${id}`)).body.active).toBe(true);
    expect(await release(id)).toMatchObject({ status: 200, body: { active: false, releasedBy: { id: partner.id }, releaseReason: 'Settled', releasedAt: expect.any(String) } });
    expect(await release(id)).toMatchObject({ status: 409, body: { code: 'hold_released' } });
    expect(await change(partner, 'PATCH', `/v1/holds/${id}`, { name: 'Rewritten' })).toMatchObject({ status: 409, body: { code: 'hold_released' } });
    expect((await read(author, document.id)).onHold).toBe(false);
    expect((await send<Hold>(author, 'GET', `/v1/holds/${id}`)).body).toMatchObject({ name: 'Meridian', active: false });
    const events = await trail(firm, { table: 'holds' });
    expect(events.map(({ action }) => action)).toEqual(['update', 'update', 'insert']);
  });

  test('is final once released, and its words with it, whatever SQL says', async () => {
    const { id } = (await place({ caseId: about.id })).body;
    await release(id);
    const refused = ['holds_release_final_check'];
    expect(refused).toContain(await asPerson(partner, 'update holds set released_at = null, released_by = null, release_reason = null where id = $1', [id]));
    expect(refused).toContain(await asPerson(partner, `update holds set release_reason = 'another' where id = $1`, [id]));
    expect(refused).toContain(await asPerson(partner, `update holds set reason = 'another' where id = $1`, [id]));
    expect(refused).toContain(await asPerson(partner, `update holds set name = 'another' where id = $1`, [id]));
    expect(await asPerson(partner, 'update holds set document_id = $2 where id = $1', [id, document.id])).toBe('holds_document_id_fixed_check');
    expect(await asPerson(partner, 'delete from holds where id = $1', [id])).toBe('42501');
  });

  test('is placed by partners and administrators, and seen by everybody who sees the case', async () => {
    expect((await place({ documentId: document.id }, author)).status).toBe(403);
    const { id } = (await place({ documentId: document.id })).body;
    const reader = await firm.person('readonly');
    expect((await send(reader, 'GET', `/v1/holds/${id}`)).status).toBe(200);
    expect((await release(id, author)).status).toBe(403);
    await wallOff(firm, about.id, partner);
    expect((await send(partner, 'GET', `/v1/holds/${id}`)).status).toBe(404);
    expect((await list('count=true', partner))).toEqual({ data: [], nextCursor: null, total: 0 });
    expect((await release(id)).status).toBe(404);
    expect(await place({ caseId: about.id })).toMatchObject({ status: 422, body: { code: 'unknown_case' } });
    expect(await place({ documentId: document.id })).toMatchObject({ status: 422, body: { code: 'unknown_document' } });
    expect(await asPerson(partner, `update holds set released_at = now(), release_reason = 'x' where id = $1`, [id])).toBe('done'); // it finds no row
    expect((await send<Hold>(author, 'GET', `/v1/holds/${id}`)).body.active).toBe(true);
  });

  test.each([[{}, 422, 'hold_needs_one'], [{ caseId: newId(), documentId: newId() }, 422, 'hold_needs_one'], [{ caseId: newId() }, 422, 'unknown_case'], [{ documentId: newId() }, 422, 'unknown_document'], [{ caseId: 'x' }, 400, 'validation_failed'], [{ documentId: newId(), name: ' ' }, 400, 'validation_failed']])('refuses %j', async (body, status, code) => {
    expect(await place(body)).toMatchObject({ status, body: { code } });
  });

  test('is made once for one Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'hold-1' };
    const [first, again] = [await place({ caseId: about.id }, partner, key), await place({ caseId: about.id }, partner, key)];
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect((await list('active=true')).data).toHaveLength(1);
  });

  test('is found by case, by document (with what holds its case), and by whether it holds', async () => {
    const other = await newDocument(author, about.id);
    const far = await newCase(firm);
    const ids: string[] = [];
    for (const body of [{ documentId: document.id }, { documentId: other.id }, { caseId: about.id }, { caseId: far.id }]) ids.push((await place(body)).body.id);
    await release(ids[2]!);
    const found = async (query: string) => (await list(query)).data.map(({ id }) => ids.indexOf(id)).sort();
    expect(await found('')).toEqual([0, 1, 2, 3]);
    expect(await found(`caseId=${about.id}`)).toEqual([0, 1, 2]);
    expect(await found(`documentId=${document.id}`)).toEqual([0, 2]);
    expect(await found(`documentId=${document.id}&active=true`)).toEqual([0]);
    expect(await found('active=false')).toEqual([2]);
    expect(await found(`caseId=${newId()}`)).toEqual([]);
    const first = await list('limit=3&sort=placedAt&count=true');
    expect(first.total).toBe(4);
    const rest = await list(`limit=3&sort=placedAt&cursor=${first.nextCursor}`);
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(ids);
  });
});

describe.each(['document', 'case'] as const)('while a hold on the %s is active', (kind) => {
  let holds: string[];
  beforeEach(async () => {
    const target = kind === 'case' ? { caseId: about.id } : { documentId: document.id };
    holds = [(await place({ ...target, name: 'First' })).body.id, (await place({ ...target, name: 'Second' })).body.id];
  });

  test('the document is trashed and restored, and purged when the last hold is released', async () => {
    expect((await trash(document.id)).status).toBe(204);
    expect((await change(author, 'POST', `/v1/documents/${document.id}/restore`)).status).toBe(200);
    await trash(document.id);
    for (const [n, id] of holds.entries()) {
      const refused = await purge(document.id);
      expect(refused).toMatchObject({ status: 409, body: { code: 'on_hold' } });
      expect(refused.body.holds?.map(({ name }) => name)).toEqual(['First', 'Second'].slice(n));
      expect(await asPerson(firm.admin, `select doors.purge_document($1, 'past the code')`, [document.id])).toBe('documents_held_check');
      await release(id);
    }
    expect((await purge(document.id)).status).toBe(200);
    expect((await send(author, 'GET', `/v1/documents/${document.id}`)).status).toBe(404);
  });

  test('it does not leave its case, nor is it deleted past the door, by anybody', async () => {
    const far = await newCase(firm);
    expect(await move(document.id, far.id)).toMatchObject({ status: 409, body: { code: 'on_hold', holds: [{ name: 'First' }, { name: 'Second' }] } });
    expect(await asPerson(author, 'update documents set case_id = $2 where id = $1', [document.id, far.id])).toBe('documents_held_check');
    expect(await asPerson(author, 'delete from document_versions where document_id = $1', [document.id])).toBe('42501');
    expect(await asPerson(author, 'delete from documents where id = $1', [document.id])).toBe('42501');
    for (const id of holds) await release(id);
    expect((await move(document.id, far.id)).status).toBe(200);
    expect((await send<Hold>(author, 'GET', `/v1/holds/${holds[0]}`)).body.caseId).toBe(kind === 'case' ? about.id : far.id);
  });

  test('the expiry of the trash passes it over, and takes it once it is free', async () => {
    const free = await newDocument(author, (await newCase(firm)).id);
    for (const { id } of [document, free]) {
      await trash(id);
      await asFirm(firm, `update documents set deleted_at = now() - interval '90 days' where id = $1`, [id]);
    }
    await expire();
    expect((await send(author, 'GET', `/v1/documents/${free.id}`)).status).toBe(404);
    expect((await send(author, 'GET', `/v1/documents/${document.id}`)).status).toBe(200);
    for (const id of holds) await release(id);
    await expire();
    expect((await send(author, 'GET', `/v1/documents/${document.id}`)).status).toBe(404);
  });

  test('its stored file is not marked for removal, and stays downloadable', async () => {
    await trash(document.id);
    await purge(document.id);
    expect(await asPerson(firm.admin, `update storage_objects set state = 'removing' where sha256 = $1`, [(await read(author, document.id)).currentVersion.sha256])).toBe('storage_objects_in_use_check');
    await (await testApp()).drainJobs();
    expect((await change(author, 'POST', `/v1/documents/${document.id}/restore`)).status).toBe(200);
    const { url } = await testApp();
    expect((await fetch(`${url}/v1/documents/${document.id}/content`, { headers: { authorization: `Bearer ${author.token}` } })).status).toBe(200);
  });
});

test('a hold on an attachment keeps the message it came with from leaving, and from being purged', async () => {
  const attachment = await newAttachment(firm, document.id, 'Annex');
  const far = await newCase(firm);
  const { id } = (await place({ documentId: attachment, name: 'Annex only' })).body;
  expect(await move(document.id, far.id)).toMatchObject({ status: 409, body: { code: 'on_hold', holds: [{ name: 'Annex only' }] } });
  expect(await asPerson(author, 'update documents set case_id = $2 where id = $1', [document.id, far.id])).toBe('documents_held_check');
  await trash(document.id);
  expect(await purge(document.id)).toMatchObject({ status: 409, body: { code: 'on_hold' } });
  await release(id);
  expect((await purge(document.id)).status).toBe(200);
});

test('a hold on a case holds documents that come later, and archived cases are held like others', async () => {
  await place({ caseId: about.id });
  const later = await newDocument(author, about.id);
  await trash(later.id);
  expect(await purge(later.id)).toMatchObject({ status: 409, body: { code: 'on_hold' } });
  await asFirm(firm, `update cases set status = 'closed', closed_on = '2026-02-02' where id = $1`, [about.id]);
  await asFirm(firm, `update cases set status = 'archived' where id = $1`, [about.id]);
  const placed = await place({ caseId: about.id, name: 'After the end' });
  expect(placed.status).toBe(201);
  expect((await release(placed.body.id)).status).toBe(200);
});

test('closing a case tells of its holds, and is not stopped by them', async () => {
  const ids = [(await place({ caseId: about.id, name: 'Whole case' })).body.id, (await place({ documentId: document.id, name: 'One document' })).body.id];
  await release((await place({ caseId: about.id, name: 'Over' })).body.id);
  const closed = await change<{ status: string; standsOpen: object[]; notices: object[] }>(author, 'POST', `/v1/cases/${about.id}/close`);
  expect(closed).toMatchObject({ status: 200, body: { status: 'closed', standsOpen: [], notices: [{ name: 'active_holds', count: 2, items: [{ id: ids[0], title: 'Whole case' }, { id: ids[1], title: 'One document' }] }] } });
  expect((await list('active=true')).data).toHaveLength(2);
});

/** As the schedule does it. */
async function expire(): Promise<void> {
  const { app, database } = await testApp();
  const { ExpireTrashJob } = await import('../../../src/modules/documents/jobs/expire-trash.job.js');
  const actor = { kind: 'system' as const, firmId: firm.id };
  await app.get(ExpireTrashJob, { strict: false }).handle({}, {
    id: newId(), name: 'documents.expire_trash', firmId: firm.id, userId: null, attempt: 1, lastAttempt: false, signal: new AbortController().signal,
    read: (work) => database.read(actor, work), write: (work) => database.write(actor, work),
  });
}
