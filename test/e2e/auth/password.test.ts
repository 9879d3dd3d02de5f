import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newFirm, PASSWORD, signIn, stranger } from '../../support/factories.js';
import { eventually, expectProblem, faults, granted, raw, refused } from '../support/check.js';
import { account, deactivate, linkTo, mailsTo, newKey, statusOf, tokenIn, trail, asFirm } from '../support/fixtures.js';

const NEW = 'a longer and better one';
const forgot = async (email: string, firm?: string) => (await stranger()).POST('/v1/auth/password/forgot', { body: { email, ...(firm && { firm }) } });
const reset = async (token: string, password = NEW) => (await stranger()).POST('/v1/auth/password/reset', { body: { token, password } });
const login = async (email: string, password: string) => (await stranger()).POST('/v1/auth/login', { body: { email, password } });

test('who changes his password stays signed in here and nowhere else', async () => {
  const firm = await newFirm();
  const here = await firm.person('associate');
  const there = await signIn(here.email, 'associate');
  const changed = await here.api.POST('/v1/auth/password', { body: { currentPassword: PASSWORD, newPassword: NEW } });
  expect(changed.response.status).toBe(204);
  expect([await statusOf(here.token), await statusOf(there.token)]).toEqual([200, 401]);
  refused(await (await stranger()).POST('/v1/auth/refresh', { body: { refreshToken: there.refreshToken } }), 401, 'refresh_refused');
  granted(await (await stranger()).POST('/v1/auth/refresh', { body: { refreshToken: here.refreshToken } }));
  refused(await login(here.email, PASSWORD), 401, 'login_failed');
  granted(await login(here.email, NEW));
});

test('a change of password is on record, with who did it and whose it was, even when no session ended over it', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const { response } = await person.api.POST('/v1/auth/password', { body: { currentPassword: PASSWORD, newPassword: NEW }, headers: { 'x-request-id': `pw-${person.id}` } });
  expect(response.status).toBe(204);
  const [event] = await trail(firm, { requestId: `pw-${person.id}`, table: 'user_passwords' });
  expect(event).toMatchObject({ action: 'update', userId: person.id, rowId: person.id });
});

test('the current password must be right, and a failed try counts as a failed login', async () => {
  const firm = await newFirm();
  const problem = refused(await firm.admin.api.POST('/v1/auth/password', { body: { currentPassword: 'not it', newPassword: NEW } }), 422, 'wrong_password');
  expect(faults(problem)).toEqual(['/currentPassword: wrong_password']);
  expect(await trail(firm, { action: 'login.failed' })).toHaveLength(1);
  granted(await login(firm.admin.email, PASSWORD));
});

test.each(['password12', 'aaaaaaaaaaaa', 'abcabcabcabcabc', 'administrator1', 'Welcome2026!'])('the password "%s" is too easy', async (newPassword) => {
  const firm = await newFirm();
  const problem = refused(await firm.admin.api.POST('/v1/auth/password', { body: { currentPassword: PASSWORD, newPassword } }), 422, 'weak_password');
  expect(problem.errors?.[0]?.code).toBe('weak_password');
});

test('one’s own name is too easy a password, and nine characters are too few', async () => {
  const firm = await newFirm();
  const email = `bartholomew@${firm.slug}.example`;
  await account(firm, email, PASSWORD);
  const { api } = await signIn(email, 'associate');
  const change = (newPassword: string) => api.POST('/v1/auth/password', { body: { currentPassword: PASSWORD, newPassword } });
  const weak = refused(await change('Bartholomew1'), 422, 'weak_password');
  expect(faults(weak)).toEqual(['/newPassword: weak_password']);
  expect(faults(refused(await change('x7!kPq9w2'), 400, 'validation_failed'))).toEqual(['/newPassword: min_length']);
});

test('an API key changes no password and signs nobody out', async () => {
  const firm = await newFirm();
  const { api } = await newKey(firm.admin);
  refused(await api.POST('/v1/auth/password', { body: { currentPassword: PASSWORD, newPassword: NEW } }), 403, 'forbidden');
  refused(await api.POST('/v1/auth/logout'), 403, 'forbidden');
  expect(await statusOf(firm.admin.token)).toBe(200);
});

test('a forgotten password is replaced by a link that works once, signs in, and ends every other session', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  expect((await forgot(person.email)).response.status).toBe(204);
  const token = await linkTo(firm, person.email);
  const tokens = granted(await reset(token));
  expect(tokens.user.id).toBe(person.id);
  expect([await statusOf(tokens.accessToken), await statusOf(person.token)]).toEqual([200, 401]);
  granted(await login(person.email, NEW));
  refused(await login(person.email, PASSWORD), 401, 'login_failed');
  refused(await reset(token, 'yet another good one'), 400, 'link_refused');
  granted(await login(person.email, NEW));
});

test('two who use one link at the same time: one sets the password', async () => {
  const firm = await newFirm();
  await forgot(firm.admin.email);
  const token = await linkTo(firm, firm.admin.email);
  const results = await Promise.all([reset(token, 'the first of the two'), reset(token, 'the second of the two')]);
  expect(results.map(({ response }) => response.status).sort()).toEqual([200, 400]);
});

test('a newer link stops the one before it', async () => {
  const firm = await newFirm();
  const person = await firm.person('paralegal');
  await forgot(person.email);
  const older = await linkTo(firm, person.email);
  await forgot(person.email);
  const newer = await linkTo(firm, person.email, 2);
  expect(newer).not.toBe(older);
  refused(await reset(older), 400, 'link_refused');
  granted(await reset(newer));
});

test('a link is not used up by a password that is too easy', async () => {
  const firm = await newFirm();
  const person = await firm.person('billing');
  await forgot(person.email);
  const token = await linkTo(firm, person.email);
  const problem = refused(await reset(token, 'password123'), 422, 'weak_password');
  expect(faults(problem)).toEqual(['/password: weak_password']);
  granted(await reset(token));
});

test('an old link, a forged one, and one for something else are refused alike', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const person = await firm.person('associate');
  await forgot(person.email);
  const token = await linkTo(firm, person.email);
  const forged = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
  for (const fake of [forged, token.replace(firm.id.replaceAll('-', ''), other.id.replaceAll('-', '')), 'lfl_nonsense', person.refreshToken]) {
    refused(await reset(fake), 400, 'link_refused');
  }
  refused(await (await stranger()).POST('/v1/auth/invitation/accept', { body: { token, password: NEW } }), 400, 'link_refused');
  await asFirm(firm, `update user_links set expires_at = now() - interval '1 second' where user_id = $1`, [person.id]);
  refused(await reset(token), 400, 'link_refused');
  granted(await login(person.email, PASSWORD));
});

test('asking for a link tells nobody whether an account exists, and sends nothing to who is shut out', async () => {
  const firm = await newFirm();
  const [shut, open] = [await firm.person('associate'), await firm.person('associate')];
  await deactivate(firm, shut);
  const http = await raw();
  const ask = async (email: string) => {
    const { status, text, headers } = await http.post('/v1/auth/password/forgot').send({ email });
    return { status, text, headers: Object.keys(headers).sort() };
  };
  const answers = [await ask(open.email), await ask(shut.email), await ask(`nobody-${randomUUID()}@mail.example`)];
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  await eventually(async () => (await mailsTo(firm, open.email)).length === 1); // its request came first, so the others are done
  expect(await mailsTo(firm, shut.email)).toEqual([]);
});

test('a link asked for before the account was shut opens nothing', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  await forgot(person.email);
  const token = await linkTo(firm, person.email);
  await deactivate(firm, person);
  refused(await reset(token), 400, 'link_refused');
});

test('with an address known to two firms each sends its own link, and a named firm alone sends one', async () => {
  const [one, two] = [await newFirm(), await newFirm()];
  const email = `shared-${randomUUID()}@mail.example`;
  await account(one, email, PASSWORD);
  await account(two, email, PASSWORD);
  await forgot(email);
  const links = [await linkTo(one, email), await linkTo(two, email)];
  granted(await reset(links[0]!));
  expect((await login(email, NEW)).data?.user.email).toBe(email);
  expect((await login(email, PASSWORD)).data?.user.email).toBe(email); // the other firm's password is as it was
  await forgot(email, two.slug);
  await linkTo(two, email, 2);
  expect(await mailsTo(one, email)).toHaveLength(1);
});

test('a link leads to the page of the front end and carries nothing but its token', async () => {
  const firm = await newFirm();
  await forgot(firm.admin.email);
  const token = await linkTo(firm, firm.admin.email);
  const [text] = await mailsTo(firm, firm.admin.email);
  expect(text).toContain(`http://localhost:0/reset-password?token=${token}\n`);
  expect(tokenIn(text!)).toBe(token);
  const response = await (await raw()).post('/v1/auth/password/reset').send({ token, password: NEW, role: 'admin' });
  expect(faults(expectProblem(response, 400, 'validation_failed'))).toEqual(['/role: unknown_field']);
});
