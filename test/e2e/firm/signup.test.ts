import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLexiFlow } from '../../../client/index.js';
import { PASSWORD, signIn, stranger } from '../../support/factories.js';
import { faults, granted, refused } from '../support/check.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

let place: OwnApp;
beforeAll(async () => {
  place = await ownApp({ ALLOW_SIGNUP: 'true' });
});
afterAll(() => place.close());

const wish = (changes: object = {}) => ({
  name: 'Ärger & Söhne', adminEmail: `first-${randomUUID()}@mail.example`, adminGivenName: 'First', adminFamilyName: 'Admin', adminPassword: PASSWORD, ...changes,
});
const signUp = (body: object) => createLexiFlow({ baseUrl: place.url }).POST('/v1/firms', { body: body as never });

test('where signing up is open, a firm comes into being with its first administrator', async () => {
  const slug = `aerger-${randomUUID().slice(0, 8)}`;
  const body = wish({ slug, timeZone: 'Europe/Berlin', currency: 'EUR', country: 'DE', language: 'de' });
  const made = granted(await signUp(body));
  expect(made).toMatchObject({ slug, name: body.name });
  const admin = await signIn(body.adminEmail, 'admin', PASSWORD, place);
  expect(granted(await admin.api.GET('/v1/me'))).toMatchObject({
    id: made.adminId, role: 'admin', status: 'active', firm: { id: made.id, timeZone: 'Europe/Berlin', currency: 'EUR', country: 'DE', language: 'de' },
  });
});

test('a slug is made from the name where none is given, and belongs to one firm', async () => {
  const name = `Ärger & Söhne ${randomUUID().slice(0, 8)}`;
  const { slug } = granted(await signUp(wish({ name })));
  expect(slug).toBe(`arger-sohne-${name.slice(-8)}`);
  expect(faults(refused(await signUp(wish({ slug })), 409, 'slug_taken'))).toEqual(['/slug: slug_taken']);
  expect(faults(refused(await signUp(wish({ name: '律師' })), 400, 'validation_failed'))).toEqual(['/slug: is_slug']);
});

test.each([
  [{ name: '' }, 400, 'validation_failed', '/name: min_length'],
  [{ slug: 'Not A Slug' }, 400, 'validation_failed', '/slug: matches'],
  [{ adminEmail: 'nobody' }, 400, 'validation_failed', '/adminEmail: is_email'],
  [{ adminPassword: 'short' }, 400, 'validation_failed', '/adminPassword: min_length'],
  [{ adminPassword: 'password2026' }, 422, 'weak_password', '/adminPassword: weak_password'],
  [{ timeZone: 'Mars/Olympus' }, 422, 'unknown_time_zone', '/timeZone: unknown_time_zone'],
  [{ role: 'admin' }, 400, 'validation_failed', '/role: unknown_field'],
])('a firm that cannot be made as %j is refused at the right place', async (changes, status, code, fault) => {
  expect(faults(refused(await signUp(wish(changes)), status, code))).toContain(fault);
});

test('where signing up is closed, nobody does', async () => {
  const problem = refused(await (await stranger()).POST('/v1/firms', { body: wish() }), 403, 'signup_closed');
  expect(problem.detail).toContain('ALLOW_SIGNUP');
});
