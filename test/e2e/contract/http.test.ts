import { afterAll, beforeAll, expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { bearer, expectProblem, raw } from '../support/check.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

const APP = 'https://app.example';
let place: OwnApp;
beforeAll(async () => {
  place = await ownApp({ CORS_ORIGINS: `${APP}, https://other.example`, BODY_LIMIT_KB: '16', NODE_ENV: 'production' });
});
afterAll(() => place.close());

test('HEAD answers as GET does, without the body', async () => {
  const firm = await newFirm();
  const http = await raw();
  for (const path of ['/v1/me', '/v1/me?fields=email', '/v1/users?limit=1', `/v1/users/${firm.admin.id}`, '/v1/firm', '/v1/reference/roles']) {
    const [get, head] = [await http.get(path).set(bearer(firm.admin)), await http.head(path).set(bearer(firm.admin))];
    expect([head.status, head.text ?? ''], path).toEqual([200, '']);
    for (const name of ['etag', 'content-type', 'content-length', 'cache-control']) expect(head.headers[name], `${path} ${name}`).toBe(get.headers[name]);
  }
  expect((await http.head('/v1/me')).status).toBe(401);
  expect((await http.head('/v1/nothing').set(bearer(firm.admin))).status).toBe(404);
});

test('a trailing slash does not matter', async () => {
  const firm = await newFirm();
  expect((await (await raw()).get('/v1/firm/').set(bearer(firm.admin))).body.id).toBe(firm.id);
});

test('answers tell browsers and caches how to treat them', async () => {
  const firm = await newFirm();
  const { headers } = await (await raw()).get('/v1/me').set(bearer(firm.admin));
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff', 'x-frame-options': expect.any(String), 'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringContaining("default-src 'none'"), 'cache-control': 'private, no-cache',
  });
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['server']).toBeUndefined();
  expect(headers['strict-transport-security']).toBeUndefined(); // the developer’s machine has no TLS
});

test('in production browsers are told to come back by TLS only', async () => {
  const { headers } = await (await raw(place)).get('/health/live');
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
});

test('a browser page of an allowed origin may call with all the headers the contract knows, and read all it answers', async () => {
  const preflight = await (await raw(place)).options('/v1/firm').set({
    origin: APP, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization,content-type,if-match',
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers['access-control-allow-origin']).toBe(APP);
  expect(preflight.headers['access-control-max-age']).toBe('86400');
  const list = (name: string) => preflight.headers[name]!.toLowerCase().split(', ');
  expect(list('access-control-allow-methods')).toEqual(expect.arrayContaining(['get', 'post', 'put', 'patch', 'delete']));
  expect(list('access-control-allow-headers')).toEqual(
    expect.arrayContaining(['authorization', 'content-type', 'if-match', 'if-none-match', 'idempotency-key', 'x-request-id', 'x-reason']));
  const answer = await (await raw(place)).get('/v1/me').set('origin', APP);
  expect(answer.headers['access-control-allow-origin']).toBe(APP);
  expect(answer.headers['vary']).toContain('Origin');
  expect(answer.headers['access-control-expose-headers']!.split(', ')).toEqual(
    expect.arrayContaining(['etag', 'location', 'retry-after', 'x-request-id', 'idempotency-replayed', 'ratelimit-remaining']));
});

test('a browser page of any other origin is not let in', async () => {
  for (const origin of ['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'http://localhost:5173', 'null']) {
    const http = await raw(place);
    const preflight = await http.options('/v1/firm').set({ origin, 'access-control-request-method': 'GET' });
    const answer = await http.get('/v1/me').set('origin', origin);
    expect(preflight.headers['access-control-allow-origin'], origin).toBeUndefined();
    expect(answer.headers['access-control-allow-origin'], origin).toBeUndefined();
  }
});

test('in development a page on localhost may call, whatever its port, and no other', async () => {
  const http = await raw();
  const allowed = async (origin: string) => (await http.get('/v1/me').set('origin', origin)).headers['access-control-allow-origin'];
  expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
  expect(await allowed('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080');
  expect(await allowed('http://localhost.evil.example')).toBeUndefined();
  expect(await allowed(APP)).toBeUndefined();
});

test('how large a body may be is a setting', async () => {
  const firm = await newFirm(place);
  const http = await raw(place);
  const change = (title: string) => http.patch('/v1/me').set(bearer(firm.admin)).set('if-match', '*').send({ title });
  expectProblem(await change('x'.repeat(16 * 1024)), 413, 'payload_too_large');
  expectProblem(await change('x'.repeat(15 * 1024)), 400, 'validation_failed');
});

test('in production there is no outbox to read other people’s links in', async () => {
  const firm = await newFirm(place);
  expectProblem(await (await raw(place)).get('/v1/dev/outbox').set(bearer(firm.admin)), 404, 'not_found');
  const partner = await firm.person('partner');
  expectProblem(await (await raw(place)).get('/v1/dev/outbox').set(bearer(partner)), 403, 'forbidden');
});
