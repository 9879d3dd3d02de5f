import { expect, test } from 'vitest';
import { newFirm, PASSWORD, stranger, type TestFirm } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';
import { clientWith, deactivate, linkTo, mailsTo, rowsOf, statusOf } from '../support/fixtures.js';

const accept = async (token: string, password = PASSWORD) => (await stranger()).POST('/v1/auth/invitation/accept', { body: { token, password } });

async function invite(firm: TestFirm, name: string) {
  const email = `${name}@${firm.slug}.example`;
  return granted(await firm.admin.api.POST('/v1/users', { body: { email, givenName: 'Ines', familyName: 'Vitado', role: 'partner' } }));
}

test('an invited person chooses a password and is signed in with his role', async () => {
  const firm = await newFirm();
  const user = await invite(firm, 'ines');
  expect(user).toMatchObject({ status: 'invited', role: 'partner', lastLoginAt: null });
  const token = await linkTo(firm, user.email);
  const tokens = granted(await accept(token));
  expect(tokens.user).toMatchObject({ id: user.id, status: 'active' });
  expect(granted(await (await clientWith(tokens.accessToken)).GET('/v1/me'))).toMatchObject({ email: user.email, firm: { id: firm.id } });
  granted(await (await stranger()).POST('/v1/auth/login', { body: { email: user.email, password: PASSWORD } }));
  refused(await accept(token, 'a second password'), 400, 'link_refused');
});

test('the mail greets the person in the name of the firm', async () => {
  const firm = await newFirm();
  const user = await invite(firm, 'ines');
  const [text] = await mailsTo(firm, user.email);
  expect(text).toMatch(new RegExp(`^Hello Ines,\n\nFirm ${firm.slug} has set up an account`));
  expect(text).toContain('/invitation?token=lfl_');
});

test('an invitation sent again stops the first one', async () => {
  const firm = await newFirm();
  const user = await invite(firm, 'ines');
  const first = await linkTo(firm, user.email);
  const again = await firm.admin.api.POST('/v1/users/{id}/invitation', { params: { path: { id: user.id } } });
  expect(again.response.status).toBe(204);
  const second = await linkTo(firm, user.email, 2);
  refused(await accept(first), 400, 'link_refused');
  granted(await accept(second));
});

test('nobody is invited twice who is in already, or who was shut out', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const again = () => firm.admin.api.POST('/v1/users/{id}/invitation', { params: { path: { id: person.id } } });
  refused(await again(), 409, 'invitation_accepted');
  await deactivate(firm, person);
  refused(await again(), 409, 'already_deactivated');
});

test('an invitation of somebody shut out meanwhile opens nothing, and one let in again needs a new link', async () => {
  const firm = await newFirm();
  const user = await invite(firm, 'ines');
  const token = await linkTo(firm, user.email);
  await deactivate(firm, user);
  refused(await accept(token), 400, 'link_refused');
  const back = granted(await firm.admin.api.POST('/v1/users/{id}/reactivate', { params: { path: { id: user.id }, header: { 'If-Match': '*' } } }));
  expect(back.status).toBe('invited'); // there never was a password
});

test('a person deactivated before the mail went out gets none', async () => {
  const firm = await newFirm();
  const user = await invite(firm, 'ines');
  await deactivate(firm, user);
  expect(await mailsTo(firm, user.email)).toEqual([]);
  expect(await rowsOf(firm, 'select id from user_links where user_id = $1', [user.id])).toEqual([]);
});

test('an invitation cannot be made into more than it is', async () => {
  const firm = await newFirm();
  const user = await invite(firm, 'ines');
  const token = await linkTo(firm, user.email);
  refused(await (await stranger()).POST('/v1/auth/password/reset', { body: { token, password: PASSWORD } }), 400, 'link_refused');
  expect(await statusOf(token)).toBe(401);
  refused(await accept(token, 'password123'), 422, 'weak_password');
  granted(await accept(token));
});
