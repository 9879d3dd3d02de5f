import { beforeEach, expect, test } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { ImportJob } from '../../src/modules/documents/jobs/import.job.js';
import { newCase, type TestCase } from '../e2e/casework/fixtures.js';
import { ask, newDocument } from '../e2e/documents/fixtures.js';
import { testApp } from '../support/app.js';
import { newFirm, type Person, type TestFirm } from '../support/factories.js';
import { atOnce, send, tally } from '../support/http.js';
import { formOf, sendForm } from '../support/uploads.js';
import { zipOf } from '../support/zips.js';

let firm: TestFirm;
let people: Person[];
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  people = [await firm.person('associate'), await firm.person('associate'), await firm.person('partner')];
  about = await newCase(firm);
});

const ROUNDS = 10;
const checkOut = (as: Person, id: string) => send<{ code?: string; checkedOutBy?: { id: string }; currentVersion: number }>(as, 'POST', `/v1/documents/${id}/check-out`, {});
const version = (as: Person, id: string) => sendForm<{ code?: string; number: number }>(as, `/v1/documents/${id}/versions`, formOf({}, { bytes: `version ${newId()}` }), { 'if-match': '*' });

test('of several who check a document out at once one gets it, and the others are told who', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await newDocument(people[0]!, about.id);
    const said = await Promise.all(people.map((person) => checkOut(person, id)));
    expect(tally(said.map(({ status }) => status))).toEqual({ 200: 1, 409: 2 });
    const winner = people[said.findIndex(({ status }) => status === 200)]!;
    for (const { status, body } of said) if (status === 409) expect(body).toMatchObject({ code: 'checked_out', checkedOutBy: { id: winner.id } });
    expect(await ask(firm, 'select user_id from document_checkouts where document_id = $1', [id])).toEqual([{ user_id: winner.id }]);
  }
});

test('an expired check-out goes to one of those who come for it at once', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await newDocument(people[0]!, about.id);
    await checkOut(people[2]!, id);
    await ask(firm, `update document_checkouts set expires_at = created_at + interval '1 millisecond' where document_id = $1`, [id]);
    const said = await Promise.all(people.slice(0, 2).map((person) => checkOut(person, id)));
    expect(said.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  }
});

test('a version and a check-out by somebody else at once: it is made and seen by who checks out, or refused', async () => {
  const outcomes: string[] = [];
  for (let round = 0; round < ROUNDS * 2; round++) {
    const { id } = await newDocument(people[0]!, about.id);
    const later = new Promise((resolve) => setTimeout(resolve, round * 3)); // an upload takes its time
    const [made, taken] = await Promise.all([version(people[0]!, id), later.then(() => checkOut(people[1]!, id))]);
    expect(taken.status).toBe(200);
    // what he has in hand is what is there: nothing came in behind his back
    const [now] = await ask<{ current_version: number }>(firm, 'select current_version from documents where id = $1', [id]);
    expect(taken.body.currentVersion).toBe(now!.current_version);
    expect([made.status, made.body.code ?? 'made', now!.current_version]).toEqual(made.status === 201 ? [201, 'made', 2] : [409, 'checked_out', 1]);
    outcomes.push(made.status === 201 ? 'version first' : 'check-out first');
  }
  console.log('outcomes', tally(outcomes));
});

test('an import that several runners work on makes each document once', async () => {
  const { app, database, drainJobs } = await testApp();
  const [author] = people as [Person];
  const actor = { kind: 'job' as const, firmId: firm.id, userId: author.id };
  const names = Array.from({ length: 15 }, (_, n) => `folder ${n % 3}/${n}.txt`);
  const { status, body } = await sendForm<{ id: string }>(author, `/v1/cases/${about.id}/documents/import`,
    formOf({}, ...names.map((name) => ({ name: `up/${name}`, bytes: name })), { name: 'z.zip', bytes: zipOf(...names.map((name) => ({ name, bytes: name }))) }));
  expect(status).toBe(202);
  const run = () => app.get(ImportJob, { strict: false }).handle({ taskId: body.id, caseId: about.id, filedUnder: {} }, {
    id: newId(), name: 'documents.import', firmId: firm.id, userId: author.id, attempt: 1, lastAttempt: false, signal: new AbortController().signal,
    read: (work) => database.read(actor, work), write: (work) => database.write(actor, work),
  });
  await Promise.all([run(), run(), drainJobs()]);
  const { body: task } = await send<{ status: string; result: { created: number; files: { documentId: string }[] } }>(author, 'GET', `/v1/tasks/${body.id}`);
  expect(task).toMatchObject({ status: 'completed', result: { created: 30 } });
  const documents = await ask<{ id: string }>(firm, 'select id from documents');
  expect(new Set(task.result.files.map(({ documentId }) => documentId))).toEqual(new Set(documents.map(({ id }) => id)));
  expect(documents).toHaveLength(30);
  expect(await ask(firm, 'select name from folders where parent_id is null order by name')).toHaveLength(4); // up, folder 0, 1, 2
  const { url } = await testApp();
  await atOnce(documents.length, async (n) => expect((await fetch(`${url}/v1/documents/${documents[n]!.id}/content`, { headers: { authorization: `Bearer ${author.token}` } })).status).toBe(200));
});
