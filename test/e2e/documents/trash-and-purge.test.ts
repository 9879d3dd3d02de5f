import { beforeEach, describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { download } from '../../support/uploads.js';
import { asOwner } from '../../support/wire.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { ask, change, newAttachment, newDocument, read, type Doc } from './fixtures.js';

interface Purged { id: string; documents: number; versions: number; files: number; code?: string; holds?: { name: string }[] }

let firm: TestFirm;
let person: Person;
let partner: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  [person, partner] = [await firm.person('associate'), await firm.person('partner')];
  about = await newCase(firm);
});
const trash = (id: string, reason?: string) => change(person, 'DELETE', `/v1/documents/${id}${reason ? `?reason=${encodeURIComponent(reason)}` : ''}`);
const purge = (id: string, query = '', as = partner) => change<Purged>(as, 'POST', `/v1/documents/${id}/purge${query}`, { reason: 'uploaded by mistake' });
const hold = async (body: object) => (await send(partner, 'POST', '/v1/holds', { name: 'Preserve', reason: 'litigation is to be expected', ...body })).body['id']!;
const ids = async (query: string) => (await send<{ data: Doc[] }>(person, 'GET', `/v1/documents?caseId=${about.id}${query}`)).body.data.map(({ id }) => id);
const objects = () => ask<{ sha256: string; state: string }>(firm, 'select sha256, state from storage_objects order by sha256');

describe('the trash', () => {
  test('takes a document out of the list, keeps it readable, and gives it back', async () => {
    const { id } = await newDocument(person, about.id);
    expect((await trash(id, 'a duplicate')).status).toBe(204);
    expect(await ids('')).toEqual([]);
    expect(await ids('&trashed=true')).toEqual([id]);
    expect(await read(person, id)).toMatchObject({ deletedAt: expect.any(String) as string, deletedBy: person.id, deleteReason: 'a duplicate' });
    const { body } = await change(person, 'POST', `/v1/documents/${id}/restore`);
    expect(body).toMatchObject({ deletedAt: null, deletedBy: null, deleteReason: null });
    expect(await ids('')).toEqual([id]);
    const [event] = await ask<{ reason: string }>(firm, `select reason from audit_events where row_id = $1 and after ? 'deleted_at' and after ->> 'deleted_at' is not null`, [id]);
    expect(event!.reason).toBe('a duplicate');
  });

  test('takes attachments along, and gives back those that came with their e-mail', async () => {
    const { id } = await newDocument(person, about.id);
    const [early, late] = [await newAttachment(firm, id), await newAttachment(firm, id)];
    await trash(early);
    await trash(id);
    expect((await ids('&trashed=true')).toSorted()).toEqual([id, early, late].toSorted());
    await change(person, 'POST', `/v1/documents/${id}/restore`);
    expect(await ids('&trashed=true')).toEqual([early]);
  });

  test('is no place to change, move, copy or check out a document in', async () => {
    const { id } = await newDocument(person, about.id);
    await trash(id);
    for (const [method, path, body] of [['PATCH', '', { title: 'x' }], ['POST', '/move', { folderId: null }], ['POST', '/copy', {}], ['DELETE', ''], ['POST', '/check-out', {}], ['POST', '/versions/1/restore', {}]] as const) {
      expect((await change(person, method, `/v1/documents/${id}${path}`, body)).body.code, `${method} ${path}`).toBe('document_in_trash');
    }
  });

  test('takes nothing that somebody else has checked out', async () => {
    const { id } = await newDocument(person, about.id);
    await send(partner, 'POST', `/v1/documents/${id}/check-out`, { expiresInMinutes: 60 });
    expect((await trash(id)).body.code).toBe('checked_out');
  });

  test('takes what is on hold, and gives it back', async () => {
    const { id } = await newDocument(person, about.id);
    await hold({ documentId: id });
    expect((await trash(id)).status).toBe(204);
    expect((await change(person, 'POST', `/v1/documents/${id}/restore`)).status).toBe(200);
  });
});

describe('purging', () => {
  test('deletes document, versions and texts for good, and the stored file soon after', async () => {
    const { id } = await newDocument(person, about.id);
    await change(person, 'POST', `/v1/documents/${id}/versions/1/restore`);
    await (await testApp()).drainJobs();
    await trash(id);
    expect((await purge(id, '?dryRun=true')).body).toMatchObject({ documents: 1, versions: 2, files: 1 });
    expect((await read(person, id)).id).toBe(id);
    const { status, body } = await purge(id);
    expect([status, body]).toEqual([200, { id, documents: 1, versions: 2, files: 1 }]);
    expect((await send(person, 'GET', `/v1/documents/${id}`)).status).toBe(404);
    const [left] = await ask<Record<string, number>>(firm, `select (select count(*)::int from document_versions) + (select count(*)::int from document_texts) + (select count(*)::int from document_chunks) as n`);
    expect(left!['n']).toBe(0);
    await (await testApp()).drainJobs();
    expect(await objects()).toEqual([]);
    const trail = await ask<{ table_name: string; reason: string }>(firm, `select table_name, reason from audit_events where action like '%purge%' or (before is not null and after is null and table_name in ('documents', 'document_versions'))`);
    expect(trail.map(({ table_name, reason }) => `${table_name}: ${reason}`).toSorted()).toEqual(['document_versions: uploaded by mistake', 'document_versions: uploaded by mistake', 'documents: uploaded by mistake']);
  });

  test('is for what is in the trash, wants a reason, and a right of its own', async () => {
    const { id } = await newDocument(person, about.id);
    expect((await purge(id)).body.code).toBe('not_in_trash');
    await trash(id);
    expect((await change(partner, 'POST', `/v1/documents/${id}/purge`, { reason: '  ' })).body.code).toBe('validation_failed');
    expect((await purge(id, '', person)).status).toBe(403);
    expect((await send(partner, 'POST', `/v1/documents/${id}/purge`, { reason: 'x' })).status).toBe(428);
  });

  test('keeps the stored file that another document still has', async () => {
    const [one, two] = [await newDocument(person, about.id, {}, 'the same bytes'), await newDocument(person, about.id, {}, 'the same bytes')];
    await trash(one.id);
    expect((await purge(one.id)).body.files).toBe(0);
    await (await testApp()).drainJobs();
    expect((await download(person, `/v1/documents/${two.id}/content`)).text).toBe('the same bytes');
  });

  test('leaves another firm with the same file alone', async () => {
    const other = await newFirm();
    const theirs = await newDocument(other.admin, (await newCase(other)).id, {}, 'shared by chance');
    const mine = await newDocument(person, about.id, {}, 'shared by chance');
    await trash(mine.id);
    expect((await purge(mine.id)).body.files).toBe(1);
    await (await testApp()).drainJobs();
    expect((await download(other.admin, `/v1/documents/${theirs.id}/content`)).text).toBe('shared by chance');
  });

  test('takes attachments in the trash along; one that was restored becomes a document of its own', async () => {
    const { id } = await newDocument(person, about.id);
    const [gone, kept] = [await newAttachment(firm, id, 'gone'), await newAttachment(firm, id, 'kept')];
    await trash(id);
    await change(person, 'POST', `/v1/documents/${kept}/restore`);
    expect((await purge(id)).body).toMatchObject({ documents: 2, versions: 2, files: 0 });
    expect((await send(person, 'GET', `/v1/documents/${gone}`)).status).toBe(404);
    expect(await read(person, kept)).toMatchObject({ parentId: null, currentVersion: { number: 1 } });
  });
});

describe('a hold', () => {
  test.each([['on the document', (id: string) => ({ documentId: id })], ['on the case', () => ({ caseId: about.id })]])('%s forbids purging, several do so one by one, and the last release allows it', async (_, body) => {
    const { id } = await newDocument(person, about.id);
    const holds = [await hold(body(id)), await hold(body(id))];
    await trash(id);
    for (const holdId of holds) {
      expect((await purge(id)).body).toMatchObject({ code: 'on_hold', holds: expect.any(Array) as unknown[] });
      expect((await send(partner, 'POST', `/v1/holds/${holdId}/release`, { reason: 'settled' }, { 'if-match': '*' })).status).toBe(200);
    }
    expect((await purge(id)).status).toBe(200);
  });

  test('on an attachment keeps its e-mail', async () => {
    const { id } = await newDocument(person, about.id);
    await hold({ documentId: await newAttachment(firm, id) });
    await trash(id);
    expect((await purge(id)).body.code).toBe('on_hold');
  });

  test('binds the database itself, whoever asks', async () => {
    const { id } = await newDocument(person, about.id);
    await trash(id);
    const holdId = await hold({ documentId: id });
    const said = (text: string, values: unknown[]) => ask(firm, text, values).then(() => 'done', (error: { constraint?: string; code?: string }) => error.constraint ?? error.code);
    expect(await said(`select doors.purge_document($1, 'no')`, [id])).toBe('documents_held_check');
    expect(await said('update documents set case_id = $2 where id = $1', [id, (await newCase(firm)).id])).toBe('documents_held_check');
    const owner = (text: string) => asOwner(text).then(() => 'done', (error: { constraint?: string; code?: string }) => error.constraint ?? error.code);
    for (const text of [`delete from documents where id = '${id}'`, `delete from cases where id = '${about.id}'`, `delete from holds where id = '${holdId}'`, `update document_versions set comment = 'x' where document_id = '${id}'`,
      `delete from document_versions where document_id = '${id}'`, 'truncate document_versions cascade']) {
      expect(await owner(text), text).not.toBe('done');
    }
  });
});

describe('trash expiry', () => {
  const age = (id: string, days: number) => asOwner(`alter table documents disable trigger documents_touch; update documents set deleted_at = now() - interval '${days} days' where id = '${id}'; alter table documents enable trigger documents_touch`);
  const expire = async () => {
    const { database, drainJobs } = await testApp();
    await database.write({ kind: 'guest' }, () => database.execute('select doors.enqueue_trash_expiry()'));
    await drainJobs();
  };
  const there = async (...documents: string[]) => (await ask<{ id: string }>(firm, 'select id from documents where id = any ($1)', [documents])).map(({ id }) => id).toSorted();

  test('purges what is due and not held, and nothing else', async () => {
    const [due, fresh, held, live] = [await newDocument(person, about.id), await newDocument(person, about.id), await newDocument(person, about.id), await newDocument(person, about.id)];
    for (const { id } of [due, fresh, held]) await trash(id);
    await hold({ documentId: held.id });
    await age(due.id, 31);
    await age(fresh.id, 29);
    await age(held.id, 400);
    await expire();
    expect(await there(due.id, fresh.id, held.id, live.id)).toEqual([fresh.id, held.id, live.id].toSorted());
    const [event] = await ask<{ reason: string; actor_kind: string }>(firm, `select reason, actor_kind from audit_events where table_name = 'documents' and row_id = $1 and after is null`, [due.id]);
    expect(event).toEqual({ reason: 'Its days in the trash were over', actor_kind: 'system' });
  });

  test('goes by the firm’s own days, and never where it says so', async () => {
    const { id } = await newDocument(person, about.id);
    await trash(id);
    await age(id, 1000);
    expect((await change<{ trashDays: null }>(firm.admin, 'PATCH', '/v1/firm', { trashDays: null })).body.trashDays).toBeNull();
    await expire();
    expect(await there(id)).toEqual([id]);
    expect((await change<{ trashDays: number }>(firm.admin, 'PATCH', '/v1/firm', { trashDays: 999 })).body.trashDays).toBe(999);
    await expire();
    expect(await there(id)).toEqual([]);
  });

  test('waits for attachments that came into the trash later', async () => {
    const { id } = await newDocument(person, about.id);
    const attachment = await newAttachment(firm, id);
    await trash(id);
    await age(id, 40);
    await age(attachment, 10);
    await expire();
    expect(await there(id, attachment)).toEqual([id, attachment].toSorted());
    await age(attachment, 40);
    await expire();
    expect(await there(id, attachment)).toEqual([]);
  });
});

test('nobody purges what is hidden from him', async () => {
  const { id } = await newDocument(person, about.id);
  await trash(id);
  await wallOff(firm, about.id, partner);
  expect((await purge(id)).status).toBe(404);
  const { database } = await testApp();
  const [said] = await database.write({ kind: 'job', firmId: firm.id, userId: partner.id }, () => database.query<{ files: number | null }>(`select doors.purge_document($1, 'mine') as files`, [id]));
  expect(said!.files).toBeNull();
  expect((await read(person, id)).id).toBe(id);
});
