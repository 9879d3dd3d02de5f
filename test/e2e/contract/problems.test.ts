import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm } from '../../support/factories.js';
import { bearer, expectProblem, faults, raw } from '../support/check.js';

const user = (slug: string) => ({ email: `dana@${slug}.example`, givenName: 'Dana', familyName: 'Reyes', role: 'associate' });

test('a body that is no JSON, or no object, is refused as such', async () => {
  const firm = await newFirm();
  const http = await raw();
  const send = (body: string) => http.post('/v1/users').set(bearer(firm.admin)).set('content-type', 'application/json').send(body);
  for (const body of ['{"email":', '{email:1}', '{"a":1}}', '\u0000', "{'a':1}", '{"__proto__":{"x":1}}']) {
    expectProblem(await send(body), 400, 'bad_request');
  }
  for (const body of ['[]', 'null', '"text"', '5', 'true']) {
    expect(faults(expectProblem(await send(body), 400, 'validation_failed')), body).toEqual([': is_object']);
  }
});

test('unknown members of a body and unknown parameters of a query are named, each', async () => {
  const firm = await newFirm();
  const http = await raw();
  const body = await http.post('/v1/users').set(bearer(firm.admin)).send({ ...user(firm.slug), isAdmin: true, 'a b': 1, constructor: 1 });
  expect(faults(expectProblem(body, 400, 'validation_failed'))).toEqual(['/a b: unknown_field', '/constructor: unknown_field', '/isAdmin: unknown_field']);
  const list = await http.get('/v1/users?limit=1&order=name&page=2').set(bearer(firm.admin));
  expect(faults(expectProblem(list, 400, 'validation_failed'))).toEqual(['order: unknown_field', 'page: unknown_field']);
  // where a route takes no query at all, the pipeline and not a class refuses it
  const one = await http.get(`/v1/users/${firm.admin.id}?verbose=1`).set(bearer(firm.admin));
  expect(faults(expectProblem(one, 400, 'validation_failed'))).toEqual(['verbose: unknown_field']);
  const change = await http.post('/v1/users?notify=false').set(bearer(firm.admin)).send(user(firm.slug));
  expect(faults(expectProblem(change, 400, 'validation_failed'))).toEqual(['notify: unknown_field']);
});

test('a body where a route takes none is refused and does nothing; an empty object is as good as none', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const http = await raw();
  const deactivate = (body: unknown) =>
    http.post(`/v1/users/${person.id}/deactivate`).set(bearer(firm.admin)).set('if-match', '*').set('content-type', 'application/json').send(JSON.stringify(body));
  expect(faults(expectProblem(await deactivate({ on: '2030-01-01', silently: true }), 400, 'validation_failed'))).toEqual(['/on: unknown_field', '/silently: unknown_field']);
  for (const body of [['2030-01-01'], 'later', 5]) expect(faults(expectProblem(await deactivate(body), 400, 'validation_failed'))).toEqual([': is_object']);
  expect((await http.get(`/v1/users/${person.id}`).set(bearer(firm.admin))).body).toMatchObject({ status: 'active' });
  expect((await deactivate({})).status).toBe(200);
  const removed = await http.delete('/v1/firm/logo').set(bearer(firm.admin)).send({ really: true });
  expect(faults(expectProblem(removed, 400, 'validation_failed'))).toEqual(['/really: unknown_field']);
});

test('an id in the path must be one', async () => {
  const firm = await newFirm();
  const http = await raw();
  for (const id of ['1', 'me', `${firm.admin.id}0`, `${firm.admin.id.slice(0, -1)}g`, 'null', '%00', '..%2f..%2fetc']) {
    const problem = expectProblem(await http.get(`/v1/users/${id}`).set(bearer(firm.admin)), 400, 'validation_failed');
    expect(faults(problem), id).toEqual(['id: is_uuid']);
  }
  expect((await http.get(`/v1/users/${firm.admin.id.toUpperCase()}`).set(bearer(firm.admin))).status).toBe(200);
});

test('a path that is no URL is refused as such', async () => {
  expectProblem(await (await raw()).get('/v1/users/%zz'), 400, 'bad_request');
});

test('a path that does not exist is not found, whoever asks', async () => {
  const firm = await newFirm();
  const http = await raw();
  for (const path of ['/', '/v1', '/v2/me', '/v1/nothing', '/v1/firm/', '/v1//firm'].filter((path) => path !== '/v1/firm/')) {
    const problem = expectProblem(await http.get(path).set(bearer(firm.admin)), 404, 'not_found');
    expect(problem.instance).toBe(path);
    expectProblem(await http.get(path), 404, 'not_found');
  }
});

test('a path that exists, asked with a method it does not know, says which it does', async () => {
  const http = await raw();
  const expected = [
    ['put', '/v1/firm', 'GET, HEAD, PATCH'], ['delete', '/v1/users', 'GET, HEAD, POST'], ['post', `/v1/users/${randomUUID()}`, 'GET, HEAD, PATCH'],
    ['get', '/v1/auth/login', 'POST'], ['patch', '/health/live', 'GET, HEAD'],
  ] as const;
  for (const [method, path, allow] of expected) {
    const response = await http[method](path).send();
    expectProblem(response, 405, 'method_not_allowed');
    expect(response.headers['allow']).toBe(allow);
  }
});

test('without a credential nothing is said but that one is needed', async () => {
  const problem = expectProblem(await (await raw()).get(`/v1/users/${randomUUID()}`), 401, 'unauthenticated');
  expect(Object.keys(problem).sort()).toEqual(['code', 'instance', 'requestId', 'status', 'title', 'type']);
});

test('a body larger than the limit, or of another kind than JSON, is refused before it is read', async () => {
  const firm = await newFirm();
  const http = await raw();
  const post = (type: string, body: string) => http.post('/v1/users').set(bearer(firm.admin)).set('content-type', type).send(body);
  expectProblem(await post('application/json', JSON.stringify({ ...user(firm.slug), title: 'x'.repeat(1024 * 1024) })), 413, 'payload_too_large');
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x', 'application/jsonx']) {
    expectProblem(await post(type, JSON.stringify(user(firm.slug))), 415, 'unsupported_media_type');
  }
  expect((await post('application/json; charset=utf-8', JSON.stringify(user(firm.slug)))).status).toBe(201);
});

test('headers beyond the limit, and what is not HTTP, are answered and not just cut off', async () => {
  const { url } = await testApp();
  const talk = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (data) => (answer += data)).on('end', () => resolve(answer)).on('error', reject);
    });
  const tooLarge = await talk(`GET /v1/me HTTP/1.1\r\nhost: x\r\nx-much: ${'y'.repeat(20_000)}\r\n\r\n`);
  expect(tooLarge).toMatch(/^HTTP\/1\.1 431 /);
  const [head, body] = tooLarge.split('\r\n\r\n');
  expect(head).toContain('content-type: application/problem+json');
  expect(JSON.parse(body!)).toMatchObject({ status: 431, code: 'headers_too_large', type: 'urn:lexiflow:problem:headers_too_large' });
  const nonsense = await talk('HELO mail.example\r\n\r\n');
  expect(nonsense).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(nonsense.split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, code: 'bad_request' });
});

test('a change without If-Match is told what it lacks, before anything else about it is said', async () => {
  const firm = await newFirm();
  const http = await raw();
  for (const [method, path] of [
    ['patch', '/v1/firm'], ['patch', '/v1/me'], ['patch', `/v1/users/${firm.admin.id}`], ['post', `/v1/users/${firm.admin.id}/deactivate`],
    ['post', `/v1/users/${firm.admin.id}/reactivate`], ['patch', `/v1/api-keys/${randomUUID()}`],
  ] as const) {
    expectProblem(await http[method](path).set(bearer(firm.admin)).send({}), 428, 'precondition_required');
  }
});

test('every answer carries the id of its request: the caller’s own where it is harmless, otherwise a new one', async () => {
  const firm = await newFirm();
  const http = await raw();
  const ask = async (id?: string) => {
    const request = http.get('/v1/me').set(bearer(firm.admin));
    return (await (id === undefined ? request : request.set('x-request-id', id))).headers['x-request-id'];
  };
  expect(await ask('front-end:42.a_B')).toBe('front-end:42.a_B');
  const fresh = [await ask(), await ask(), await ask('short'), await ask('with blanks in it'), await ask('x'.repeat(101)), await ask('<script>alert</script>')];
  expect(new Set(fresh).size).toBe(fresh.length);
  for (const id of fresh) expect(id).toMatch(/^[\w-]{8,40}$/);
  const problem = expectProblem(await http.get('/v1/nothing').set('x-request-id', 'mine-12345'), 404, 'not_found');
  expect(problem.requestId).toBe('mine-12345');
});

test('an instant is one that exists, with an offset that exists; whatever else it says is a fault of the request', async () => {
  const firm = await newFirm();
  const http = await raw();
  const since = (instant: string) => http.get(`/v1/users?updatedSince=${encodeURIComponent(instant)}`).set(bearer(firm.admin));
  for (const instant of ['2026-11-21T09:30:00-23:59', '2026-02-30T00:00:00Z', '2026-11-21T25:00:00Z', '2026-11-21', 'infinity', '2026-11-21T09:30:00']) {
    const response = await since(instant);
    const problem = expectProblem(response, 400, 'validation_failed');
    expect(faults(problem).every((fault) => fault.startsWith('updatedSince: ')), instant).toBe(true);
    expect(response.text).not.toMatch(/select|postgres|\/src\/|node_modules/i);
  }
  for (const instant of ['9999-12-31T23:59:59.999999999Z', '1600-01-01T00:00:00+14:00', '2026-11-21T09:30-05:00']) expect((await since(instant)).status, instant).toBe(200);
});
