import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newFirm, PASSWORD } from '../../support/factories.js';
import { expectProblem, raw } from '../support/check.js';
import { linkTo, trail } from '../support/fixtures.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

const ALLOWED = 3;
let place: OwnApp;
beforeAll(async () => {
  place = await ownApp({ LOGIN_FAILURES_ALLOWED: String(ALLOWED), TRUST_PROXY: 'true' });
});
afterAll(() => place.close());

/** Addresses count for a quarter of an hour, longer than a run: each test comes from one that nobody used. */
const newAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const login = async (email: string, password: string, address: string) =>
  (await raw(place)).post('/v1/auth/login').set('x-forwarded-for', address).send({ email, password });

test('an account has to wait after some failures, from whatever address, with the right password too', async () => {
  const firm = await newFirm(place);
  for (let i = 0; i < ALLOWED; i++) expectProblem(await login(firm.admin.email, 'wrong', newAddress()), 401, 'login_failed');
  const response = await login(firm.admin.email, PASSWORD, newAddress());
  const problem = expectProblem(response, 429, 'login_throttled');
  const wait = Number(response.headers['retry-after']);
  expect(wait).toBeGreaterThan(14 * 60);
  expect(wait).toBeLessThanOrEqual(15 * 60);
  expect(problem.detail).toContain(`Wait ${wait} seconds`);
  // those who are in stay in
  expect((await firm.admin.api.GET('/v1/me')).response.status).toBe(200);
});

test('that an account has to wait from now on is on record, once', async () => {
  const firm = await newFirm(place);
  const [first, last] = [newAddress(), newAddress()];
  const throttled = () => trail(firm, { action: 'login.throttled' });
  for (let i = 0; i < ALLOWED - 1; i++) await login(firm.admin.email, 'wrong', first);
  expect(await throttled()).toEqual([]);
  await login(firm.admin.email, 'wrong', last);
  for (let i = 0; i < 2; i++) expectProblem(await login(firm.admin.email, PASSWORD, newAddress()), 429, 'login_throttled');
  const [event, ...more] = await throttled();
  expect(more).toEqual([]); // a caller who goes on guessing cannot fill the trail
  expect(event).toMatchObject({ userId: firm.admin.id, address: last, after: { seconds: expect.any(Number) } });
});

test('an account that does not exist has to wait just the same', async () => {
  const email = `nobody-${randomUUID()}@mail.example`;
  for (let i = 0; i < ALLOWED; i++) expectProblem(await login(email, PASSWORD, newAddress()), 401, 'login_failed');
  expectProblem(await login(email, PASSWORD, newAddress()), 429, 'login_throttled');
  expectProblem(await login(` ${email.toUpperCase()}`, PASSWORD, newAddress()), 429, 'login_throttled');
});

test('an unknown address costs the work of comparing a password', async () => {
  const firms = [await newFirm(place), await newFirm(place)];
  // the work is done in this process: its own time says how much, whatever else the machine has to do
  const work = async (email: string) => {
    const before = process.cpuUsage();
    expectProblem(await login(email, 'wrong', newAddress()), 401, 'login_failed');
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await work(`warm-up-${randomUUID()}@mail.example`);
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < ALLOWED * 2; i++) {
    known.push(await work(firms[i % 2]!.admin.email));
    unknown.push(await work(`nobody-${randomUUID()}@mail.example`));
  }
  expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) * 0.6); // without the comparison it is about a third
});

test('a good login lets the account start from zero', async () => {
  const firm = await newFirm(place);
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < ALLOWED - 1; i++) expectProblem(await login(firm.admin.email, 'wrong', newAddress()), 401, 'login_failed');
    expect((await login(firm.admin.email, PASSWORD, newAddress())).status).toBe(200);
  }
});

test('who has proved to own the mailbox need not wait: a link ends it', async () => {
  const firm = await newFirm(place);
  for (let i = 0; i < ALLOWED; i++) await login(firm.admin.email, 'wrong', newAddress());
  expectProblem(await login(firm.admin.email, PASSWORD, newAddress()), 429, 'login_throttled');
  const http = await raw(place);
  await http.post('/v1/auth/password/forgot').set('x-forwarded-for', newAddress()).send({ email: firm.admin.email });
  const token = await linkTo(firm, firm.admin.email, 1, place);
  const password = 'a longer and better one';
  expect((await http.post('/v1/auth/password/reset').send({ token, password })).status).toBe(200);
  expect((await login(firm.admin.email, password, newAddress())).status).toBe(200);
});

test('an address has to wait after ten times as many, and a good login does not buy it new ones', async () => {
  const firm = await newFirm(place);
  const address = newAddress();
  const guess = () => login(`guess-${randomUUID()}@mail.example`, 'wrong', address);
  for (let i = 0; i < ALLOWED * 10 - 1; i += 1) expect((await guess()).status).toBe(401);
  expect((await login(firm.admin.email, PASSWORD, address)).status).toBe(200);
  expectProblem(await guess(), 401, 'login_failed');
  expectProblem(await login(firm.admin.email, PASSWORD, address), 429, 'login_throttled');
  expect((await login(firm.admin.email, PASSWORD, newAddress())).status).toBe(200);
});

test('guessing the current password of an open session is bounded too', async () => {
  const firm = await newFirm(place);
  const change = (currentPassword: string) => firm.admin.api.POST('/v1/auth/password', { body: { currentPassword, newPassword: 'a longer and better one' } });
  for (let i = 0; i < ALLOWED; i++) expect((await change('wrong')).response.status).toBe(422);
  expect((await change(PASSWORD)).response.status).toBe(429);
});

test('one address can be sent only so many links', async () => {
  const email = `nobody-${randomUUID()}@mail.example`;
  const forgot = async () => (await raw(place)).post('/v1/auth/password/forgot').set('x-forwarded-for', newAddress()).send({ email });
  // what a request causes happens after its answer: ask until it is counted
  const answers = [];
  while (answers.length < ALLOWED * 20 && answers.at(-1) !== 429) answers.push((await forgot()).status);
  expect(answers.at(-1)).toBe(429);
  expect(answers.filter((status) => status === 204).length).toBeGreaterThanOrEqual(ALLOWED);
});

test('a caller behind a proxy is known by the address the proxy names', async () => {
  const firm = await newFirm(place);
  const address = newAddress();
  expect((await login(firm.admin.email, PASSWORD, address)).status).toBe(200);
  const { data } = await firm.admin.api.GET('/v1/sessions');
  expect(data!.data[0]!.address).toBe(address);
});
