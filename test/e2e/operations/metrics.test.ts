import { afterAll, beforeAll, expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { bearer, expectProblem, raw } from '../support/check.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

const TOKEN = 'only-the-scraper-knows';
let place: OwnApp;
beforeAll(async () => {
  place = await ownApp({ METRICS_TOKEN: TOKEN });
});
afterAll(() => place.close());

const scrape = async () => (await (await raw(place)).get('/metrics').set('authorization', `Bearer ${TOKEN}`).expect(200)).text;

/** The value of one sample. */
function sample(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(name) && Object.entries(labels).every(([key, value]) => one.includes(`${key}="${value}"`)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

test('with a token set, the figures are for who has it', async () => {
  const http = await raw(place);
  expectProblem(await http.get('/metrics'), 401, 'unauthenticated');
  expectProblem(await http.get('/metrics').set('authorization', `Bearer ${TOKEN}x`), 401, 'unauthenticated');
  expectProblem(await http.get('/metrics').set('authorization', TOKEN), 401, 'unauthenticated');
  const firm = await newFirm(place);
  expectProblem(await http.get('/metrics').set(bearer(firm.admin)), 401, 'unauthenticated');
  const answer = await http.get('/metrics').set('authorization', `Bearer ${TOKEN}`);
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
});

test('without one they are open', async () => {
  expect((await (await raw()).get('/metrics')).text).toContain('lexiflow_http_request_seconds');
});

test('requests are counted by route and status, not by what was in the path', async () => {
  const firm = await newFirm(place);
  const http = await raw(place);
  const labels = { method: 'GET', route: '/v1/users/:id', status: '200' };
  const before = sample(await scrape(), 'lexiflow_http_request_seconds_count', labels) ?? 0;
  const refusals = sample(await scrape(), 'lexiflow_http_refusals_total', { status: '403' }) ?? 0;
  for (let i = 0; i < 3; i++) await http.get(`/v1/users/${firm.admin.id}`).set(bearer(firm.admin));
  const reader = await firm.person('readonly');
  await http.get('/v1/jobs').set(bearer(reader));
  const text = await scrape();
  expect(sample(text, 'lexiflow_http_request_seconds_count', labels)).toBe(before + 3);
  expect(sample(text, 'lexiflow_http_refusals_total', { status: '403' })).toBe(refusals + 1);
  expect(text).not.toContain(firm.admin.id);
  expect(text).not.toContain(firm.slug);
});

test('pool, jobs and event loop are among the figures', async () => {
  const firm = await newFirm(place);
  await firm.admin.api.POST('/v1/users', { body: { email: `x@${firm.slug}.example`, givenName: 'X', familyName: 'X', role: 'associate' } });
  const text = await scrape();
  expect(sample(text, 'lexiflow_jobs', { name: 'auth.invite', status: 'pending' })).toBeGreaterThanOrEqual(1);
  expect(sample(text, 'lexiflow_job_lag_seconds', { name: 'auth.invite' })).toBeGreaterThanOrEqual(0);
  const pool = ['idle', 'in_use', 'waiting'].map((state) => sample(text, 'lexiflow_db_pool_connections', { state }));
  expect(pool.every((value) => value !== undefined && value >= 0)).toBe(true);
  expect(sample(text, 'lexiflow_nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  expect(sample(text, 'lexiflow_process_resident_memory_bytes')).toBeGreaterThan(1e7);
  await place.drainJobs();
  expect(sample(await scrape(), 'lexiflow_jobs', { name: 'auth.invite', status: 'pending' })).toBeUndefined();
});
