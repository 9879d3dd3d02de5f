import { afterAll, beforeAll, expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { bearer, expectProblem, raw } from '../support/check.js';
import { newKey } from '../support/fixtures.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

const LIMIT = 10;
let place: OwnApp;
beforeAll(async () => {
  place = await ownApp({ RATE_LIMIT_PER_MINUTE: String(LIMIT), TRUST_PROXY: 'true' });
});
afterAll(() => place.close());

test('each credential has so many requests a minute, is told how many are left, and when to come back', async () => {
  const firm = await newFirm(place);
  const http = await raw(place);
  const me = () => http.get('/v1/me').set(bearer(firm.admin));
  const first = await me();
  expect(first.headers).toMatchObject({ 'ratelimit-limit': String(LIMIT), 'ratelimit-remaining': String(LIMIT - 1) });
  expect(Number(first.headers['ratelimit-reset'])).toBeLessThanOrEqual(60);
  for (let i = 1; i < LIMIT; i++) expect((await me()).status).toBe(200);
  const refused = await me();
  const problem = expectProblem(refused, 429, 'too_many_requests');
  const wait = Number(refused.headers['retry-after']);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  expect(problem.detail).toBe(`Wait ${wait} seconds.`);
  expect(refused.headers['ratelimit-remaining']).toBe('0');
});

test('the limit of one is not the limit of another: session, key and address count by themselves', async () => {
  const firm = await newFirm(place);
  const http = await raw(place);
  const { key } = await newKey(firm.admin);
  const ask = async (headers: Record<string, string>) => (await http.get('/v1/me').set(headers)).status;
  while ((await ask(bearer(firm.admin))) !== 429);
  expect(await ask({ authorization: `Bearer ${key}` })).toBe(200);
  const other = await newFirm(place);
  expect(await ask(bearer(other.admin))).toBe(200);
  const from = { 'x-forwarded-for': '192.0.2.17' };
  for (let i = 0; i < LIMIT; i++) expect(await ask(from)).toBe(401);
  expect(await ask(from)).toBe(429);
  expect(await ask({ 'x-forwarded-for': '192.0.2.18' })).toBe(401);
});

test('what watches the process is never turned away', async () => {
  const http = await raw(place);
  for (let i = 0; i <= LIMIT; i++) expect((await http.get('/health/live').set('x-forwarded-for', '192.0.2.19')).status).toBe(200);
});
