import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newFirm, PASSWORD, signIn, stranger } from '../../support/factories.js';
import { expectProblem, faults, granted, raw, refused } from '../support/check.js';
import { account, clientWith, trail } from '../support/fixtures.js';

test('a person signs in and learns who he is, where, and what he may do', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const tokens = granted(await (await stranger()).POST('/v1/auth/login', { body: { email: partner.email, password: PASSWORD } }));
  expect(tokens).toMatchObject({ expiresIn: 15 * 60, user: { id: partner.id, email: partner.email, role: 'partner', status: 'active' } });
  expect(Date.now() - Date.parse(tokens.user.lastLoginAt!)).toBeLessThan(60_000);
  const me = granted(await partner.api.GET('/v1/me'));
  expect(me).toMatchObject({ id: partner.id, email: partner.email, firm: { id: firm.id, slug: firm.slug }, credential: { kind: 'session' }, unreadNotifications: 0 });
  expect(me.permissions).toContain('audit.read');
  expect(me.permissions).not.toContain('users.manage');
});

test('an e-mail address is taken as it is written: case and surrounding blanks do not matter, those of a password do', async () => {
  const firm = await newFirm();
  const api = await stranger();
  const login = (email: string, password: string) => api.POST('/v1/auth/login', { body: { email, password } });
  expect(granted(await login(`  ${firm.admin.email.toUpperCase()} `, PASSWORD)).user.id).toBe(firm.admin.id);
  refused(await login(firm.admin.email, ` ${PASSWORD}`), 401, 'login_failed');
  refused(await login(firm.admin.email, PASSWORD.toUpperCase()), 401, 'login_failed');
});

test('a password is the same however the keyboard composes its accents', async () => {
  const firm = await newFirm();
  const email = `rene@${firm.slug}.example`;
  await account(firm, email, 'crème brûlée'.normalize('NFC'));
  await signIn(email, 'associate', 'crème brûlée'.normalize('NFD'));
});

test('nobody learns from a refusal whether an account exists, waits for its owner, or was shut', async () => {
  const firm = await newFirm();
  const at = (name: string) => `${name}@${firm.slug}.example`;
  await account(firm, at('invited'), null, 'associate', 'invited');
  await account(firm, at('shut'), PASSWORD, 'associate', 'deactivated');
  const http = await raw();
  const attempts = [[firm.admin.email, 'a wrong password'], [at('nobody'), PASSWORD], [at('invited'), PASSWORD], [at('shut'), PASSWORD]] as const;
  const answers = [];
  for (const [email, password] of attempts) {
    const response = await http.post('/v1/auth/login').send({ email, password });
    const { requestId: _, ...body } = expectProblem(response, 401, 'login_failed');
    answers.push({ body, headers: Object.keys(response.headers).sort(), challenge: response.headers['www-authenticate'] });
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('where e-mail and password fit two firms, the caller chooses one; a password that fits one needs no choice', async () => {
  const [one, two, three] = [await newFirm(), await newFirm(), await newFirm()];
  const email = `of-counsel-${randomUUID()}@mail.example`;
  await account(one, email, 'the same everywhere');
  await account(two, email, 'the same everywhere');
  await account(three, email, 'another one here');
  const api = await stranger();
  const problem = refused(await api.POST('/v1/auth/login', { body: { email, password: 'the same everywhere' } }), 409, 'choose_firm');
  const firms = problem['firms'] as { slug: string; name: string }[];
  expect(firms.map(({ slug }) => slug).sort()).toEqual([one.slug, two.slug].sort());
  expect(firms.every(({ name }) => name.startsWith('Firm '))).toBe(true);

  const chosen = granted(await api.POST('/v1/auth/login', { body: { email, password: 'the same everywhere', firm: two.slug } }));
  const { data: me } = await (await clientWith(chosen.accessToken)).GET('/v1/me');
  expect(me?.firm.id).toBe(two.id);
  expect(granted(await api.POST('/v1/auth/login', { body: { email, password: 'another one here' } })).user.email).toBe(email);
  refused(await api.POST('/v1/auth/login', { body: { email, password: 'the same everywhere', firm: three.slug } }), 401, 'login_failed');
});

test('a login must name e-mail and password, and nothing unknown', async () => {
  const http = await raw();
  expect(faults(expectProblem(await http.post('/v1/auth/login').send({}), 400, 'validation_failed')).map((fault) => fault.split(':')[0])).toEqual(
    expect.arrayContaining(['/email', '/password']));
  const unknown = await http.post('/v1/auth/login').send({ email: 'a@b.example', password: 'x', remember: true });
  expect(faults(expectProblem(unknown, 400, 'validation_failed'))).toEqual(['/remember: unknown_field']);
});

test('two logins are two sessions, even under one Idempotency-Key: an answer with tokens is never kept', async () => {
  const firm = await newFirm();
  const http = await raw();
  const login = () => http.post('/v1/auth/login').set('idempotency-key', 'again').send({ email: firm.admin.email, password: PASSWORD });
  const [first, second] = [await login(), await login()];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(second.headers['idempotency-replayed']).toBeUndefined();
  expect(second.body.refreshToken).not.toBe(first.body.refreshToken);
  expect(first.headers['cache-control']).toBe('no-store');
});

test('a failed login is on record in the firm it concerned, with address and request', async () => {
  const firm = await newFirm();
  const requestId = `test-${randomUUID()}`;
  await (await raw()).post('/v1/auth/login').set('x-request-id', requestId).send({ email: firm.admin.email, password: 'a wrong password' });
  const events = await trail(firm, { action: 'login.failed' });
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ userId: firm.admin.id, requestId, address: '127.0.0.1', table: 'users', rowId: firm.admin.id });
});

