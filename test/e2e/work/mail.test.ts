import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLexiFlow } from '../../../client/index.js';
import { newId } from '../../../src/common/ids.js';
import { Jobs } from '../../../src/modules/jobs/jobs.service.js';
import { newFirm, PASSWORD, type TestFirm } from '../../support/factories.js';
import { eventually, granted } from '../support/check.js';
import { tokenIn } from '../support/fixtures.js';
import { ownApp, type OwnApp } from '../support/own-app.js';
import { mailServer, type ReceivedMail, type TestMailServer } from '../support/smtp.js';

let server: TestMailServer;
let place: OwnApp;
beforeAll(async () => {
  server = await mailServer();
  place = await ownApp({ SMTP_URL: server.url, MAIL_FROM: 'LexiFlow <no-reply@lexiflow.example>', PUBLIC_URL: 'https://app.lexiflow.example/' });
});
afterAll(async () => {
  await place.close();
  await server.close();
});

async function invite(firm: TestFirm, name = 'ines') {
  return granted(await firm.admin.api.POST('/v1/users', { body: { email: `${name}@${firm.slug}.example`, givenName: 'Inès', familyName: 'Vitado', role: 'partner' } }));
}
const mailTo = (address: string): ReceivedMail | undefined => server.received.findLast(({ to }) => to.includes(address));
const outbox = async (firm: TestFirm) => granted(await firm.admin.api.GET('/v1/dev/outbox')).data;
const jobs = async (firm: TestFirm) => granted(await firm.admin.api.GET('/v1/jobs', { params: { query: { name: 'mail.send' } } })).data;

test('an invitation goes out over SMTP as a mail that people and machines can read, and its link works', async () => {
  const firm = await newFirm(place);
  const { email } = await invite(firm);
  await place.drainJobs();
  const mail = mailTo(email)!;
  expect(mail).toMatchObject({ from: 'no-reply@lexiflow.example', to: [email] });
  expect(mail.headers).toMatchObject({
    from: 'LexiFlow <no-reply@lexiflow.example>', to: email, subject: `Your access to Firm ${firm.slug}`,
    'auto-submitted': 'auto-generated', 'content-type': expect.stringContaining('text/plain'),
    'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@app\.lexiflow\.example>$/), date: expect.stringMatching(/\d{4}/),
  });
  expect(mail.text).toContain('Hello Inès,');
  expect(mail.text).toContain('https://app.lexiflow.example/invitation?token=lfl_'); // the slash of the setting is not doubled
  const accepted = await createLexiFlow({ baseUrl: place.url }).POST('/v1/auth/invitation/accept', { body: { token: tokenIn(mail.text), password: PASSWORD } });
  expect(granted(accepted).user.email).toBe(email);
});

test('a mail that was handed over is sent once, and its text is not kept: it held a secret', async () => {
  const firm = await newFirm(place);
  const { email } = await invite(firm);
  await place.drainJobs();
  await place.drainJobs();
  expect(server.received.filter(({ to }) => to.includes(email))).toHaveLength(1);
  expect(await outbox(firm)).toMatchObject([{ to: email, status: 'sent', text: null, sentAt: expect.any(String) }]);
});

test('an address that the mail server refuses for good makes the job dead at once', async () => {
  const firm = await newFirm(place);
  const email = `nobody@${firm.slug}.example`;
  server.refuses.set(email, 550);
  await invite(firm, 'nobody');
  await place.drainJobs();
  expect(await jobs(firm)).toMatchObject([{ status: 'dead', attempts: 1, lastError: expect.stringContaining('550') }]);
  expect(await outbox(firm)).toMatchObject([{ to: email, status: 'failed', text: null, sentAt: null }]);
});

test('a mail server that cannot take it now is asked again later, and the mail arrives', async () => {
  const firm = await newFirm(place);
  const email = `slow@${firm.slug}.example`;
  server.refuses.set(email, 451);
  await invite(firm, 'slow');
  await place.drainJobs();
  const [waiting] = await jobs(firm);
  expect(waiting).toMatchObject({ status: 'pending', attempts: 1, lastError: expect.stringContaining('451') });
  const inSeconds = (Date.parse(waiting!.runAt) - Date.parse(waiting!.updatedAt)) / 1000;
  expect(inSeconds).toBeGreaterThan(2); // five seconds, give or take half
  expect(inSeconds).toBeLessThan(8);
  expect(await outbox(firm)).toMatchObject([{ status: 'queued', text: expect.stringContaining('lfl_') }]);
  server.refuses.delete(email);
  await eventually(async () => (await place.drainJobs(), mailTo(email)), 15_000);
  expect(await jobs(firm)).toMatchObject([{ status: 'completed', attempts: 2 }]);
});

test('when the last attempt fails the mail counts as failed, keeps its text, and goes out when a person says so', async () => {
  const firm = await newFirm(place);
  const email = `tired@${firm.slug}.example`;
  server.refuses.set(email, 451);
  // a mail with a single attempt
  const emailId = newId();
  await place.database.write({ kind: 'system', firmId: firm.id }, async () => {
    await place.database.execute(`insert into emails (firm_id, id, recipient, subject, body) values ($1, $2, $3, 'Once', 'only once')`, [firm.id, emailId, email]);
    await place.app.get(Jobs).enqueue('mail.send', { emailId }, { maxAttempts: 1 });
  });
  await place.drainJobs();
  const [dead] = await jobs(firm);
  expect(dead).toMatchObject({ status: 'dead', attempts: 1 });
  expect(await outbox(firm)).toMatchObject([{ status: 'failed', text: 'only once' }]);
  server.refuses.delete(email);
  granted(await firm.admin.api.POST('/v1/jobs/{id}/retry', { params: { path: { id: dead!.id } } }));
  await place.drainJobs();
  expect(mailTo(email)).toMatchObject({ text: 'only once' });
  expect(await outbox(firm)).toMatchObject([{ status: 'sent', text: null }]);
});

test('what people write as a name cannot become a header or a recipient', async () => {
  const firm = await newFirm(place);
  granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { name: 'Firm\r\nBcc: spy@evil.example\r\n\r\nbody' } }));
  const { email } = await invite(firm);
  await place.drainJobs();
  const mail = mailTo(email)!;
  expect(mail.to).toEqual([email]);
  expect(mail.headers).not.toHaveProperty('bcc');
  expect(mail.headers['subject']).toBe('Your access to Firm Bcc: spy@evil.example body');
  expect(mailTo('spy@evil.example')).toBeUndefined();
});
