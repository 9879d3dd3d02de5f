import { expect, test } from 'vitest';
import { newFirm, signIn, type Person } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';
import { newKey, statusOf } from '../support/fixtures.js';

const end = (person: Pick<Person, 'api'>, id: string) => person.api.DELETE('/v1/sessions/{id}', { params: { path: { id } } });

test('a person sees his sessions, knows the present one, and ends another from here', async () => {
  const firm = await newFirm();
  const here = await firm.person('associate');
  const there = await signIn(here.email, 'associate');
  const sessions = granted(await here.api.GET('/v1/sessions', { params: { query: { count: true } } }));
  expect(sessions.total).toBe(2);
  expect(sessions.data.map(({ current }) => current)).toEqual([false, true]); // newest first
  expect(sessions.data[0]).toMatchObject({ userId: here.id, address: '127.0.0.1', endedAt: null, endReason: null });

  expect((await end(here, sessions.data[0]!.id)).response.status).toBe(204);
  expect([await statusOf(there.token), await statusOf(here.token)]).toEqual([401, 200]);
  const after = granted(await here.api.GET('/v1/sessions', { params: { query: { active: false } } })).data;
  expect(after).toHaveLength(1);
  expect(after[0]).toMatchObject({ id: sessions.data[0]!.id, endReason: 'revoked' });
  expect(granted(await here.api.GET('/v1/sessions', { params: { query: { active: true } } })).data).toHaveLength(1);
});

test('an administrator sees and ends everybody’s sessions; others neither see nor end them', async () => {
  const firm = await newFirm();
  const [person, colleague] = [await firm.person('associate'), await firm.person('partner')];
  const query = { params: { query: { userId: person.id } } };
  const [session] = granted(await firm.admin.api.GET('/v1/sessions', query)).data;
  const problem = refused(await colleague.api.GET('/v1/sessions', query), 403, 'forbidden');
  expect(problem['permission']).toBe('sessions.manage');
  refused(await end(colleague, session!.id), 404, 'not_found');
  expect(await statusOf(person.token)).toBe(200);
  expect((await end(firm.admin, session!.id)).response.status).toBe(204);
  expect(await statusOf(person.token)).toBe(401);
});

test('sessions of another firm do not exist', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const [session] = granted(await firm.admin.api.GET('/v1/sessions')).data;
  refused(await end(other.admin, session!.id), 404, 'not_found');
  expect(granted(await other.admin.api.GET('/v1/sessions', { params: { query: { userId: firm.admin.id } } })).data).toEqual([]);
  expect(await statusOf(firm.admin.token)).toBe(200);
});

test('an API key is no way to the sessions of its owner, unless managing sessions is what it is for', async () => {
  const firm = await newFirm();
  const [session] = granted(await firm.admin.api.GET('/v1/sessions')).data;
  const narrow = await newKey(firm.admin, { permissions: ['reference.read'] });
  refused(await narrow.api.GET('/v1/sessions'), 403, 'forbidden');
  refused(await end(narrow, session!.id), 403, 'forbidden');
  expect(await statusOf(firm.admin.token)).toBe(200);
  const made = await newKey(firm.admin, { permissions: ['sessions.manage'] });
  expect(granted(await made.api.GET('/v1/sessions')).data.map(({ id, current }) => [id, current])).toEqual([[session!.id, false]]);
  expect((await end(made, session!.id)).response.status).toBe(204);
  expect(await statusOf(firm.admin.token)).toBe(401);
});
