import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/database/unit-of-work.js';
import { StorageInspection } from '../../../src/modules/storage/inspection.js';
import { objectKey } from '../../../src/modules/storage/object-store.js';
import { actorOf } from '../../support/actors.js';
import { testApp } from '../../support/app.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { download, formOf, sendForm, sha256, uploadDocument } from '../../support/uploads.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';

let firm: TestFirm;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  about = await newCase(firm);
});

const wholeFirm = (firmId: string): Actor => ({ kind: 'system', firmId });
const query = async <T extends object>(text: string, values: unknown[] = [], of = firm) => {
  const { database } = await testApp();
  return database.read(wholeFirm(of.id), () => database.query<T>(text, values));
};
const objects = (of = firm) => query<{ id: string; sha256: string; state: string }>('select id, sha256, state from storage_objects order by id', [], of);
async function pathOf(key: string): Promise<string> {
  return join((await testApp()).environment.DATA_DIR, 'storage', key);
}
async function filesOf(of = firm): Promise<string[]> {
  const root = await pathOf(of.id);
  return existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).sort() : [];
}

/** Past the API, as the command of the same name does it: from the trash, with the jobs that follow. */
async function purge(documentId: string, of = firm): Promise<number> {
  const { database } = await testApp();
  const actor = actorOf(of.admin);
  await database.write(actor, () => database.execute('update documents set deleted_at = now() where id = $1', [documentId]));
  return (await database.write(actor, () => database.first<{ marked: number }>(`select doors.purge_document($1, 'no longer needed') as marked`, [documentId])))!.marked;
}
async function sweep(): Promise<void> {
  const { app, database } = await testApp();
  await database.write({ kind: 'guest' }, () => database.first('select doors.enqueue_sweeps()'));
  // only the sweep: other jobs of other tests are none of its business
  const { SweepObjectsJob } = await import('../../../src/modules/storage/jobs/sweep-objects.job.js');
  const job = app.get(SweepObjectsJob);
  const units = { read: <T>(work: () => Promise<T>) => database.read(wholeFirm(firm.id), work), write: <T>(work: () => Promise<T>) => database.write(wholeFirm(firm.id), work) };
  await job.handle({}, { ...units, firmId: firm.id, signal: new AbortController().signal } as never);
}

describe('what is purged', () => {
  test('goes from the store, row and object; a sweep is queued once for it', async () => {
    const { id } = await uploadDocument(firm.admin, about.id, { bytes: 'short-lived' });
    expect(await filesOf()).toHaveLength(1);
    expect(await purge(id)).toBe(1);
    expect((await objects()).map(({ state }) => state)).toEqual(['removing']);
    const { database } = await testApp();
    for (let i = 0; i < 2; i++) await database.write({ kind: 'guest' }, () => database.first('select doors.enqueue_sweeps()'));
    expect(await query(`select name from jobs where name = 'documents.sweep_objects' and status = 'pending'`)).toHaveLength(1);
    await sweep();
    expect([await objects(), await filesOf()]).toEqual([[], []]);
    await sweep(); // again, after a crash between the two: no harm
  });

  test('of two firms with the same file, one keeps it', async () => {
    const bytes = randomBytes(2_000);
    const other = await newFirm();
    const [mine, theirs] = [await uploadDocument(firm.admin, about.id, { bytes }), await uploadDocument(other.admin, (await newCase(other)).id, { bytes })];
    await purge(mine.id);
    await sweep();
    expect(await filesOf()).toEqual([]);
    expect((await download(firm.admin, `/v1/documents/${mine.id}/content`)).status).toBe(404);
    expect((await download(other.admin, `/v1/documents/${theirs.id}/content`)).bytes.equals(bytes)).toBe(true);
  });

  test('while another document or version has the same bytes, the object stays', async () => {
    const [one, two] = [await uploadDocument(firm.admin, about.id, { bytes: 'shared' }), await uploadDocument(firm.admin, about.id, { bytes: 'shared' })];
    expect(await purge(one.id)).toBe(0);
    await sweep();
    expect((await download(firm.admin, `/v1/documents/${two.id}/content`)).text).toBe('shared');
    expect(await purge(two.id)).toBe(1);
  });

  test('and uploaded again before the sweep is stored anew, and the sweep leaves that alone', async () => {
    const first = await uploadDocument(firm.admin, about.id, { bytes: 'phoenix' });
    await purge(first.id);
    const second = await uploadDocument(firm.admin, about.id, { bytes: 'phoenix' });
    expect((await objects()).map(({ state }) => state).sort()).toEqual(['removing', 'stored']);
    await sweep();
    expect((await objects()).map(({ state }) => state)).toEqual(['stored']);
    expect((await download(firm.admin, `/v1/documents/${second.id}/content`)).text).toBe('phoenix');
  });
});

describe('the database holds', () => {
  test('that nothing a version refers to is marked for removal, not even where the case is hidden from who asks', async () => {
    const { id } = await uploadDocument(firm.admin, about.id, { bytes: 'needed' });
    const [object] = await objects();
    const walled = await firm.person('associate');
    await wallOff(firm, about.id, walled);
    const { database } = await testApp();
    for (const person of [firm.admin, walled]) {
      await expect(database.write(actorOf(person), () => database.execute(`update storage_objects set state = 'removing' where id = $1`, [object!.id]))).rejects.toMatchObject({ constraint: 'storage_objects_in_use_check' });
    }
    await expect(database.write(wholeFirm(firm.id), () => database.execute('delete from storage_objects where id = $1', [object!.id]))).rejects.toMatchObject({ constraint: 'storage_objects_removal_check' });
    expect((await download(firm.admin, `/v1/documents/${id}/content`)).text).toBe('needed');
  });

  test('that what is being removed does not come back, and gets no version', async () => {
    const { id } = await uploadDocument(firm.admin, about.id, { bytes: 'going' });
    await purge(id);
    const [object] = await objects();
    const { database } = await testApp();
    await expect(database.write(wholeFirm(firm.id), () => database.execute(`update storage_objects set state = 'stored' where id = $1`, [object!.id]))).rejects.toMatchObject({ constraint: 'storage_objects_removal_check' });
    const other = await uploadDocument(firm.admin, about.id, { bytes: 'staying' });
    await expect(database.write(actorOf(firm.admin), () => database.execute(
      `insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id) values ($1, $2, $3, $4, $5, $6, 5, 'text/plain', 'x', $7)`,
      [firm.id, randomUUID(), about.id, other.id, object!.id, object!.sha256, firm.admin.id]))).rejects.toMatchObject({ constraint: 'document_versions_object_check' });
  });
});

describe('an inspection', () => {
  const inspect = async () => {
    const { app } = await testApp();
    const found = await app.get(StorageInspection).inspect(wholeFirm, () => undefined);
    const mine = <T extends { key: string }>(list: T[]) => list.filter(({ key }) => key.startsWith(firm.id));
    return { missing: mine(found.missing), corrupt: mine(found.corrupt), orphaned: mine(found.orphaned), foreign: found.foreign };
  };
  const keyOf = async (text: string) => objectKey({ firmId: firm.id, id: (await objects()).find((object) => object.sha256 === sha256(text))!.id, sha256: sha256(text) });

  test('finds everything in order, then what is missing, changed, cut off, orphaned or foreign', async () => {
    const made: Record<string, string> = {};
    for (const text of ['fine', 'will vanish', 'will change', 'will be cut']) made[text] = (await uploadDocument(firm.admin, about.id, { name: `${text}.txt`, bytes: text })).id;
    expect(await inspect()).toMatchObject({ missing: [], corrupt: [], orphaned: [] });
    rmSync(await pathOf(await keyOf('will vanish')));
    writeFileSync(await pathOf(await keyOf('will change')), 'HAS changed');
    writeFileSync(await pathOf(await keyOf('will be cut')), 'will');
    const orphan = objectKey({ firmId: firm.id, id: randomUUID(), sha256: 'ab'.repeat(32) });
    mkdirSync(dirname(await pathOf(orphan)), { recursive: true });
    writeFileSync(await pathOf(orphan), 'orphan');
    writeFileSync(await pathOf('not-ours.txt'), 'foreign');
    try {
      const found = await inspect();
      expect(found.missing).toEqual([{ key: await keyOf('will vanish'), reason: 'it is not in the store', versions: [{ documentId: made['will vanish'], number: 1, fileName: 'will vanish.txt' }] }]);
      expect(found.corrupt.map(({ key, reason }) => [key, reason]).sort()).toEqual([[await keyOf('will change'), 'its content is not what was stored'], [await keyOf('will be cut'), 'it has 4 bytes instead of 11']].sort());
      expect(found.orphaned).toMatchObject([{ key: orphan, size: 6 }]);
      expect(found.foreign).toContain('not-ours.txt');
    } finally {
      rmSync(await pathOf('not-ours.txt'));
      rmSync(await pathOf(orphan), { force: true });
      for (const id of Object.values(made)) await purge(id);
      await sweep();
    }
  });

  test('removes an orphan only while it is one', async () => {
    await uploadDocument(firm.admin, about.id, { bytes: 'has a row' });
    const inspection = (await testApp()).app.get(StorageInspection);
    const key = await keyOf('has a row');
    expect(await inspection.removeOrphan({ key, size: 9, modifiedAt: new Date(0) }, wholeFirm)).toBe(false);
    expect(await filesOf()).toHaveLength(1);
  });
});

test('a version under a hold keeps its object', async () => {
  const { id } = await uploadDocument(firm.admin, about.id, { bytes: 'held' });
  const hold = await firm.admin.api.POST('/v1/holds', { body: { documentId: id, name: 'Litigation', reason: 'a suit is coming' } });
  expect(hold.response.status).toBe(201);
  await expect(purge(id)).rejects.toMatchObject({ constraint: 'documents_held_check' });
  await sweep();
  expect((await sendForm(firm.admin, '/v1/documents', formOf({ caseId: about.id }, { bytes: 'held' }))).status).toBe(201);
  await expect.poll(() => filesOf()).toHaveLength(1); // the second copy is taken away again
});
