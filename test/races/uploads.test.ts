import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../src/database/unit-of-work.js';
import { StorageInspection } from '../../src/modules/storage/inspection.js';
import { SweepObjectsJob } from '../../src/modules/storage/jobs/sweep-objects.job.js';
import { newCase, type TestCase } from '../e2e/casework/fixtures.js';
import { testApp } from '../support/app.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { atOnce, tally } from '../support/http.js';
import { download, formOf, sendForm, uploadDocument } from '../support/uploads.js';

let firm: TestFirm;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  about = await newCase(firm);
});

const wholeFirm = (firmId: string): Actor => ({ kind: 'system', firmId });
const objects = async () => {
  const { database } = await testApp();
  return database.read(wholeFirm(firm.id), () => database.query<{ state: string }>('select state from storage_objects'));
};
async function sweep(): Promise<void> {
  const { app, database } = await testApp();
  const units = { read: <T>(work: () => Promise<T>) => database.read(wholeFirm(firm.id), work), write: <T>(work: () => Promise<T>) => database.write(wholeFirm(firm.id), work) };
  await app.get(SweepObjectsJob).handle({}, { ...units, firmId: firm.id, signal: new AbortController().signal } as never);
}
/** Missing or changed objects of this firm; of what lies without a row there may be some for a moment. */
async function faults(): Promise<unknown[]> {
  const { app } = await testApp();
  const { missing, corrupt } = await app.get(StorageInspection).inspect(wholeFirm, () => undefined);
  return [...missing, ...corrupt].filter(({ key }) => key.startsWith(firm.id));
}
async function purge(id: string): Promise<number> {
  const { url } = await testApp();
  const headers = { authorization: `Bearer ${firm.admin.token}`, 'if-match': '*' };
  await fetch(`${url}/v1/documents/${id}`, { method: 'DELETE', headers });
  return (await fetch(`${url}/v1/documents/${id}/purge`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{"reason":"no longer needed"}' })).status;
}

test('the same bytes uploaded twenty times at once are one object, and every document has them', async () => {
  const bytes = randomBytes(40_000);
  const made = await atOnce(20, (i) => uploadDocument(firm.admin, about.id, { name: `${i}.dat`, bytes }));
  expect(await objects()).toEqual([{ state: 'stored' }]);
  for (const { id } of made) expect((await download(firm.admin, `/v1/documents/${id}/content`)).bytes.equals(bytes)).toBe(true);
});

test('uploads of the same bytes while they are purged and swept: whoever was answered has them', async () => {
  const bytes = randomBytes(20_000);
  let last = await uploadDocument(firm.admin, about.id, { name: 'first.dat', bytes });
  for (let round = 0; round < 12; round++) {
    const [next, ...others] = await Promise.all([
      uploadDocument(firm.admin, about.id, { name: `${round}.dat`, bytes }),
      purge(last.id),
      sweep(),
      uploadDocument(firm.admin, about.id, { name: `${round} again.dat`, bytes }),
      sweep(),
    ]);
    const again = others[2] as { id: string };
    await sweep();
    for (const id of [next!.id, again.id]) expect((await download(firm.admin, `/v1/documents/${id}/content`)).bytes.equals(bytes)).toBe(true);
    expect(await purge(again.id)).toBe(200);
    last = next!;
  }
  await sweep();
  expect(await faults()).toEqual([]);
  expect(await objects()).toEqual([{ state: 'stored' }]);
});

test('versions added at once with the same If-Match: one is taken, numbers have no gaps', async () => {
  const { id, version } = await uploadDocument(firm.admin, about.id, { bytes: 'one' });
  const add = (i: number, ifMatch: string) => sendForm(firm.admin, `/v1/documents/${id}/versions`, formOf({}, { bytes: `bytes ${i}` }), { 'if-match': ifMatch });
  expect(tally((await atOnce(8, (i) => add(i, `"${version}"`))).map(({ status }) => status))).toEqual({ 201: 1, 412: 7 });
  expect(tally((await atOnce(8, (i) => add(i + 10, '*'))).map(({ status }) => status))).toEqual({ 201: 8 });
  const { data } = await firm.admin.api.GET('/v1/documents/{id}/versions', { params: { path: { id }, query: { sort: 'number' } } });
  expect(data!.data.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('the same upload at once under one Idempotency-Key is one document', async () => {
  const bytes = randomBytes(5_000);
  const answers = await atOnce(6, () => sendForm(firm.admin, '/v1/documents', formOf({ caseId: about.id }, { name: 'a.dat', bytes }), { 'idempotency-key': 'once' }));
  const counts = tally(answers.map(({ status }) => status));
  expect(counts['201']).toBeGreaterThan(0);
  expect(Object.keys(counts).every((status) => status === '201' || status === '409')).toBe(true);
  expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body['id'])).size).toBe(1);
  const { data } = await firm.admin.api.GET('/v1/documents', { params: { query: { caseId: about.id, count: true } } });
  expect(data!.total).toBe(1);
});
