import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLexiFlow } from '../../../client/index.js';
import { newFirm, PASSWORD } from '../../support/factories.js';
import { bearer, eventually, granted, raw, refused } from '../support/check.js';
import { tokenIn } from '../support/fixtures.js';
import { ownApp, type OwnApp } from '../support/own-app.js';
import { mailServer, type TestMailServer } from '../support/smtp.js';

interface Line {
  level: string;
  time: string;
  msg?: string;
  requestId?: string;
  method?: string;
  route?: string;
  status?: number;
  ms?: number;
  firm?: string;
  user?: string;
}

let output = '';
let server: TestMailServer;
let place: OwnApp;
beforeAll(async () => {
  server = await mailServer();
  // everything it could possibly say; with a mail server, because without one the mails themselves are written to the log
  place = await ownApp({ LOG_LEVEL: 'trace', SMTP_URL: server.url }, { log: { write: (text) => void (output += text) } });
});
afterAll(async () => {
  await place.close();
  await server.close();
});

const lines = (): Line[] => output.trim().split('\n').map((line) => JSON.parse(line) as Line);

test('of each request the log says who, what, how it ended and how long it took', async () => {
  const firm = await newFirm(place);
  const requestId = `log-${firm.slug}`;
  await (await raw(place)).get(`/v1/users/${firm.admin.id}?fields=name`).set(bearer(firm.admin)).set('x-request-id', requestId);
  const line = await eventually(async () => lines().find((one) => one.requestId === requestId));
  expect(line).toMatchObject({ level: 'info', method: 'GET', route: '/v1/users/:id', status: 200, firm: firm.id, user: firm.admin.id, time: expect.stringMatching(/Z$/) });
  expect(line.ms).toBeGreaterThan(0);
  expect(Object.keys(line).sort()).toEqual(['firm', 'level', 'method', 'ms', 'requestId', 'route', 'status', 'time', 'user']);
});

test('a path that does not exist is not written down: it may be anything', async () => {
  await (await raw(place)).get('/v1/a-secret-typed-into-the-address-bar').set('x-request-id', 'nowhere-1');
  const line = await eventually(async () => lines().find((one) => one.requestId === 'nowhere-1'));
  expect(line).toMatchObject({ status: 404, route: 'none' });
  expect(output).not.toContain('a-secret-typed');
});

test('no password, token, key, link, ticket or body ever gets into the log', async () => {
  const NEW = 'a password nobody else has';
  const firm = await newFirm(place);
  const stranger = createLexiFlow({ baseUrl: place.url });
  const { api } = firm.admin;
  const secrets = [PASSWORD, NEW, firm.admin.token, firm.admin.refreshToken];
  refused(await stranger.POST('/v1/auth/login', { body: { email: firm.admin.email, password: 'mistyped-secret' } }), 401, 'login_failed');
  secrets.push('mistyped-secret');
  const refreshed = granted(await stranger.POST('/v1/auth/refresh', { body: { refreshToken: firm.admin.refreshToken } }));
  secrets.push(refreshed.accessToken, refreshed.refreshToken);
  const { key } = granted(await api.POST('/v1/api-keys', { body: { name: 'x' } }));
  secrets.push(key!);
  granted(await createLexiFlow({ baseUrl: place.url, token: key! }).GET('/v1/me'));
  const task = granted(await api.POST('/v1/audit-events/verifications'));
  const { url, ticket } = granted(await api.POST('/v1/tasks/{id}/ticket', { params: { path: { id: task.id } } }));
  await place.drainJobs();
  expect((await fetch(place.url + url)).status).toBe(200);
  secrets.push(ticket);
  const user = granted(await api.POST('/v1/users', { body: { email: `ines@${firm.slug}.example`, givenName: 'Ines', familyName: 'Secretname', role: 'partner' } }));
  await stranger.POST('/v1/auth/password/forgot', { body: { email: firm.admin.email } });
  const mails = await eventually(async () => {
    await place.drainJobs();
    const mine = server.received.filter(({ to }) => to.includes(firm.admin.email) || to.includes(user.email));
    return mine.length === 2 && mine;
  });
  const links = mails.map(({ text }) => tokenIn(text));
  secrets.push(...links);
  for (const token of links) {
    await stranger.POST('/v1/auth/password/reset', { body: { token, password: NEW } });
    await stranger.POST('/v1/auth/invitation/accept', { body: { token, password: NEW } });
  }
  // what goes wrong is written down with more words, so make it go wrong
  const http = await raw(place);
  await http.post('/v1/auth/login').set('content-type', 'application/json').send(`{"password":"${NEW}",`);
  await http.post('/v1/auth/login').send({ email: firm.admin.email, password: NEW, unknown: NEW });
  await http.get(`/v1/me?token=${firm.admin.token}`).set('authorization', `Basic ${Buffer.from(NEW).toString('base64')}`);
  await http.get(`/v1/${NEW.replaceAll(' ', '-')}`);

  const routes = ['/v1/auth/login', '/v1/auth/refresh', '/v1/api-keys', '/v1/tasks/:id/stream', '/v1/auth/password/reset', '/v1/auth/invitation/accept'];
  await eventually(async () => routes.every((route) => lines().some((line) => line.route === route)));
  const pieces = secrets.flatMap((secret) => [secret, secret.slice(-40), secret.replaceAll(' ', '-'), Buffer.from(secret).toString('base64')]);
  expect(pieces.filter((piece) => output.includes(piece))).toEqual([]);
  expect(output).not.toContain('Secretname');
  expect(output).not.toMatch(/argon2|Bearer /);
});
