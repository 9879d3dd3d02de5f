import { expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { bearer, expectProblem, faults, granted, raw, refused } from '../support/check.js';
import { mailsTo, rowsOf, statusOf, trail } from '../support/fixtures.js';

const NEW = { givenName: 'Dana', familyName: 'Reyes', role: 'associate' as const };

test('a rehearsal answers as the deed would and leaves nothing: no row, no job, no mail, no trace', async () => {
  const firm = await newFirm();
  const body = { ...NEW, email: `dana@${firm.slug}.example` };
  const events = (await trail(firm)).length;
  const rehearsed = await firm.admin.api.POST('/v1/users', { params: { query: { dryRun: true } }, body });
  expect(rehearsed.response.status).toBe(201);
  expect(granted(rehearsed)).toMatchObject({ ...body, status: 'invited', version: 1 });
  refused(await firm.admin.api.GET('/v1/users/{id}', { params: { path: { id: granted(rehearsed).id } } }), 404, 'not_found');
  expect(await mailsTo(firm, body.email)).toEqual([]);
  expect(await rowsOf(firm, 'select id from jobs')).toEqual([]);
  expect(await trail(firm)).toHaveLength(events);
  granted(await firm.admin.api.POST('/v1/users', { params: { query: { dryRun: false } }, body }));
});

test('a rehearsal is refused wherever the deed would be', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  const query = { dryRun: true };
  const body = { ...NEW, email: firm.admin.email };
  expect(faults(refused(await firm.admin.api.POST('/v1/users', { params: { query }, body }), 409, 'email_taken'))).toEqual(['/email: email_taken']);
  refused(await firm.admin.api.POST('/v1/users', { params: { query }, body: { ...body, role: 'emperor' as never } }), 400, 'validation_failed');
  refused(await firm.admin.api.POST('/v1/users', { params: { query }, body: { ...body, email: 'x@mail.example', timeZone: 'Mars' } }), 422, 'unknown_time_zone');
  refused(await partner.api.POST('/v1/users', { params: { query }, body }), 403, 'forbidden');
  const path = { id: firm.admin.id };
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { path, query, header: { 'If-Match': '*' } } }), 409, 'last_admin');
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { path, query } }), 428, 'precondition_required');
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { path, query, header: { 'If-Match': '"9.x"' } } }), 412, 'precondition_failed');
});

test('shutting somebody out can be rehearsed: he notices nothing', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const params = { path: { id: person.id }, header: { 'If-Match': '*' } };
  const rehearsed = granted(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { ...params, query: { dryRun: true } } }));
  expect(rehearsed).toMatchObject({ status: 'deactivated', version: 2 });
  expect(await statusOf(person.token)).toBe(200);
  const after = granted(await firm.admin.api.GET('/v1/users/{id}', { params: { path: params.path } }));
  expect(after).toMatchObject({ status: 'active', version: 1 });
  const { updatedAt: _, ...same } = granted(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params }));
  expect(rehearsed).toMatchObject(same);
});

test('dryRun is true or false, and only where it is offered', async () => {
  const firm = await newFirm();
  const http = await raw();
  const send = (path: string) => http.post(path).set(bearer(firm.admin)).send({ ...NEW, email: `dana@${firm.slug}.example` });
  for (const value of ['yes', '', '1', 'TRUE']) {
    expect(faults(expectProblem(await send(`/v1/users?dryRun=${value}`), 400, 'validation_failed'))).toEqual(['dryRun: is_boolean']);
  }
  expect(faults(expectProblem(await send('/v1/users?dryRun=true&dryRun=false'), 400, 'validation_failed'))).toEqual(['dryRun: is_boolean']);
  expect(faults(expectProblem(await http.post('/v1/api-keys?dryRun=true').set(bearer(firm.admin)).send({ name: 'x' }), 400, 'validation_failed'))).toEqual(['dryRun: unknown_field']);
});
