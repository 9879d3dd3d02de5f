import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onServer, testApp } from '../../support/app.js';
import { newFirm, type Person } from '../../support/factories.js';
import { bearer, expectProblem, granted, raw } from '../support/check.js';
import { asFirm, changeRole, rowsOf } from '../support/fixtures.js';

const post = async (person: Pick<Person, 'token'>, path: string, key: string, body: object, headers: Record<string, string> = {}) =>
  (await raw()).post(path).set(bearer(person)).set('idempotency-key', key).set(headers).send(body);
const somebody = (slug: string, name = 'dana') => ({ email: `${name}@${slug}.example`, givenName: 'Dana', familyName: 'Reyes', role: 'associate' });

test('a repeated request does nothing twice: it gets the first answer again, and is told so', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  const first = await post(firm.admin, '/v1/users', key, somebody(firm.slug));
  expect([first.status, first.headers['idempotency-replayed']]).toEqual([201, undefined]);
  for (let i = 0; i < 2; i++) {
    const again = await post(firm.admin, '/v1/users', key, somebody(firm.slug));
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    for (const name of ['etag', 'location', 'content-type', 'cache-control']) expect(again.headers[name], name).toBe(first.headers[name]);
    expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  }
  expect(granted(await firm.admin.api.GET('/v1/users', { params: { query: { count: true } } })).total).toBe(2);
  const invitations = await rowsOf(firm, `select id from jobs where name = 'auth.invite'`);
  expect(invitations).toHaveLength(1);
});

test('the answer is repeated as it was, also after the resource has changed', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  const first = await post(firm.admin, '/v1/users', key, somebody(firm.slug));
  granted(await firm.admin.api.PATCH('/v1/users/{id}', { params: { path: { id: first.body.id }, header: { 'If-Match': '*' } }, body: { title: 'Later' } }));
  const again = await post(firm.admin, '/v1/users', key, somebody(firm.slug));
  expect(again.body).toEqual(first.body);
});

test('a key is good for one request: another body or query under it is refused', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  await post(firm.admin, '/v1/users', key, somebody(firm.slug));
  expectProblem(await post(firm.admin, '/v1/users', key, somebody(firm.slug, 'erik')), 422, 'idempotency_key_reused');
  expectProblem(await post(firm.admin, '/v1/users', key, { ...somebody(firm.slug), title: 'x' }), 422, 'idempotency_key_reused');
  expect(granted(await firm.admin.api.GET('/v1/users', { params: { query: { count: true } } })).total).toBe(2);
});

test('a key belongs to its user and its route', async () => {
  const firm = await newFirm();
  const other = await firm.person('admin');
  const key = randomUUID();
  expect((await post(firm.admin, '/v1/users', key, somebody(firm.slug))).status).toBe(201);
  expect((await post(firm.admin, '/v1/api-keys', key, { name: 'x' })).status).toBe(201);
  const theirs = await post(other, '/v1/users', key, somebody(firm.slug, 'erik'));
  expect([theirs.status, theirs.headers['idempotency-replayed']]).toEqual([201, undefined]);
});

test('a secret is not repeated: the second answer is the first without it', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  const first = await post(firm.admin, '/v1/api-keys', key, { name: 'Calendar sync' });
  expect(first.body.key).toMatch(/^lfk_/);
  const again = await post(firm.admin, '/v1/api-keys', key, { name: 'Calendar sync' });
  const { key: _, ...rest } = first.body;
  expect([again.status, again.headers['idempotency-replayed'], again.body]).toEqual([201, 'true', rest]);
  const [stored] = await rowsOfUser(firm.admin, firm.id);
  expect(stored).not.toContain(first.body.key.slice(-43));
});

test('what went wrong is not kept: the same key may be tried again', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  expectProblem(await post(firm.admin, '/v1/users', key, { ...somebody(firm.slug), role: 'emperor' }), 400, 'validation_failed');
  expectProblem(await post(firm.admin, '/v1/users', key, { ...somebody(firm.slug), email: firm.admin.email }), 409, 'email_taken');
  const made = await post(firm.admin, '/v1/users', key, somebody(firm.slug));
  expect([made.status, made.headers['idempotency-replayed']]).toEqual([201, undefined]);
});

test('what its maker may not see any more is not shown to him by way of an old answer', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  const first = await post(firm.admin, '/v1/api-keys', key, { name: 'x' });
  await asFirm(firm, 'delete from api_keys where id = $1', [first.body.id]);
  expectProblem(await post(firm.admin, '/v1/api-keys', key, { name: 'x' }), 404, 'not_found');
});

test('who may not do it any more is refused, whatever he did under this key before', async () => {
  const firm = await newFirm();
  const other = await firm.person('admin');
  const key = randomUUID();
  expect((await post(other, '/v1/users', key, somebody(firm.slug))).status).toBe(201);
  await changeRole(firm, other, 'associate');
  const { body } = await (await raw()).post('/v1/auth/refresh').send({ refreshToken: other.refreshToken });
  expectProblem(await post({ token: body.accessToken }, '/v1/users', key, somebody(firm.slug)), 403, 'forbidden');
});

test('a rehearsal keeps nothing, and a key sent with it is as new', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  expect((await post(firm.admin, '/v1/users?dryRun=true', key, somebody(firm.slug))).status).toBe(201);
  const real = await post(firm.admin, '/v1/users', key, somebody(firm.slug));
  expect([real.status, real.headers['idempotency-replayed']]).toEqual([201, undefined]);
});

test('a task is started once under one key', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  const [first, again] = [await post(firm.admin, '/v1/audit-events/verifications', key, {}), await post(firm.admin, '/v1/audit-events/verifications', key, {})];
  expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([202, 202, 'true']);
  expect(again.body.id).toBe(first.body.id);
  expect(granted(await firm.admin.api.GET('/v1/tasks', { params: { query: { count: true } } })).total).toBe(1);
});

test.each(['', ' ', 'with blank', 'ä', 'x'.repeat(256)])('the key "%.20s" is none', async (key) => {
  const firm = await newFirm();
  const response = await post(firm.admin, '/v1/users', key, somebody(firm.slug));
  const problem = expectProblem(response, 400, 'bad_request');
  expect(problem.errors).toEqual([expect.objectContaining({ parameter: 'Idempotency-Key' })]);
});

test('of several equal requests at once, one works; the others hear of it or get its answer', async () => {
  const firm = await newFirm();
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(firm.admin, '/v1/users', key, somebody(firm.slug))));
  expect(answers.filter(({ status, headers }) => status === 201 && !headers['idempotency-replayed'])).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status !== 201) expect(expectProblem(answer, 409, 'request_in_flight').requestId).toBeTruthy();
  }
  expect(granted(await firm.admin.api.GET('/v1/users', { params: { query: { count: true } } })).total).toBe(2);
});

// The embedded engine is one session: there is no second request while the first is at work.
test.runIf(onServer)('while a request is being worked on, a repeat is told to come back', async () => {
  const firm = await newFirm();
  const { database } = await testApp();
  const key = randomUUID();
  const body = somebody(firm.slug);
  const [held, release] = gate();
  const [taken, take] = gate();
  // Somebody else is about to take the same e-mail address: whoever wants it waits for the outcome.
  const rival = database.write({ kind: 'system', firmId: firm.id }, async () => {
    await database.execute(
      `insert into users (firm_id, id, email, given_name, family_name, role) values ($1, gen_random_uuid(), $2, 'R', 'Ival', 'associate')`, [firm.id, body.email]);
    take();
    await held;
    throw new Error('changed my mind');
  }).catch((error: Error) => error.message);
  await taken;
  const both = [post(firm.admin, '/v1/users', key, body), post(firm.admin, '/v1/users', key, body)];
  const refusal = await Promise.race(both); // one of them has begun and waits; the other need not
  expectProblem(refusal, 409, 'request_in_flight');
  expect(refusal.headers['retry-after']).toBe('1');
  release();
  expect(await rival).toBe('changed my mind');
  const answer = (await Promise.all(both)).find((one) => one !== refusal)!;
  expect([answer.status, answer.headers['idempotency-replayed']]).toEqual([201, undefined]);
  expect((await post(firm.admin, '/v1/users', key, body)).body).toEqual(answer.body);
});

function gate(): [Promise<void>, () => void] {
  let open = (): void => {};
  return [new Promise<void>((resolve) => (open = resolve)), () => open()];
}

/** Kept answers are their maker’s alone, so they are read as he would. */
async function rowsOfUser(person: Person, firmId: string): Promise<string[]> {
  const { database } = await testApp();
  const rows = await database.read({ kind: 'job', firmId, userId: person.id }, () => database.query<{ whole: string }>('select to_jsonb(k)::text as whole from idempotency_keys k'));
  return rows.map(({ whole }) => whole);
}
