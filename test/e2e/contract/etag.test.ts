import { expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { bearer, etagOf, expectProblem, granted, raw, refused } from '../support/check.js';

test('what a caller has already is not sent again, until it changes', async () => {
  const firm = await newFirm();
  const http = await raw();
  for (const path of ['/v1/me', '/v1/firm', `/v1/users/${firm.admin.id}`, '/v1/users?limit=5', '/v1/reference/roles']) {
    const first = await http.get(path).set(bearer(firm.admin));
    const etag = first.headers['etag']!;
    expect(etag, path).toMatch(/^"(\d+\.)?[\w-]{16}"$/);
    const again = await http.get(path).set(bearer(firm.admin)).set('if-none-match', etag);
    expect([again.status, again.text, again.headers['etag'], again.headers['content-type']], path).toEqual([304, '', etag, undefined]);
    const fresh = await http.get(path).set(bearer(firm.admin)).set('if-none-match', '"1.somethingElse000"');
    expect([fresh.status, fresh.headers['etag']], path).toEqual([200, etag]);
  }
  const before = (await http.get('/v1/firm').set(bearer(firm.admin))).headers['etag']!;
  granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { city: 'Oslo' } }));
  const after = await http.get('/v1/firm').set(bearer(firm.admin)).set('if-none-match', before);
  expect([after.status, after.body.city]).toEqual([200, 'Oslo']);
  expect(after.headers['etag']).not.toBe(before);
});

test('If-None-Match takes lists, weak tags and the star, as HTTP has it', async () => {
  const firm = await newFirm();
  const http = await raw();
  const ask = async (tags: string) => (await http.get('/v1/firm').set(bearer(firm.admin)).set('if-none-match', tags)).status;
  const etag = (await http.get('/v1/firm').set(bearer(firm.admin))).headers['etag']!;
  expect([await ask(`"other", ${etag}`), await ask(`W/${etag}`), await ask('*'), await ask('"other"'), await ask('')]).toEqual([304, 304, 304, 200, 200]);
});

test('each representation has a tag of its own: trimmed to some fields it is not the whole', async () => {
  const firm = await newFirm();
  const http = await raw();
  const tag = async (path: string) => (await http.get(path).set(bearer(firm.admin))).headers['etag']!;
  const [whole, trimmed] = [await tag('/v1/firm'), await tag('/v1/firm?fields=name')];
  expect(trimmed).not.toBe(whole);
  expect((await http.get('/v1/firm?fields=name').set(bearer(firm.admin)).set('if-none-match', whole)).status).toBe(200);
  // either names the state, so either will do for a change
  for (const etag of [trimmed, await tag('/v1/firm?fields=name')]) {
    expect((await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': etag } }, body: {} })).response.status).toBe(200);
  }
});

test('the firm may change while a person’s own details do not: the tag of /v1/me tells, its version does not', async () => {
  const firm = await newFirm();
  const before = await firm.admin.api.GET('/v1/me');
  granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { city: 'Oslo' } }));
  const after = await firm.admin.api.GET('/v1/me');
  expect(etagOf(after)).not.toBe(etagOf(before));
  expect(granted(after).version).toBe(granted(before).version);
});

test('a change is made to the state its maker saw: If-Match with the tag, a list, a weak tag, or a star', async () => {
  const firm = await newFirm();
  const change = (etag: string, city: string) => firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': etag } }, body: { city } });
  const tag = async () => etagOf(await firm.admin.api.GET('/v1/firm'));
  granted(await change(await tag(), 'one'));
  granted(await change(`"9.aaaaaaaaaaaaaaaa", ${await tag()}`, 'two'));
  granted(await change(`W/${await tag()}`, 'three'));
  granted(await change('*', 'four'));
  expect(granted(await firm.admin.api.GET('/v1/firm'))).toMatchObject({ city: 'four', version: 5 });
});

test('a change to a state that is gone is refused with the tag of the one there is, which then works', async () => {
  const firm = await newFirm();
  const http = await raw();
  const stale = (await http.get('/v1/firm').set(bearer(firm.admin))).headers['etag']!;
  granted(await firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': stale } }, body: { city: 'first' } }));
  const change = (etag: string) => http.patch('/v1/firm').set(bearer(firm.admin)).set('if-match', etag).send({ city: 'second' });
  const refusal = await change(stale);
  const problem = expectProblem(refusal, 412, 'precondition_failed');
  expect(problem['currentVersion']).toBe(2);
  expect(refusal.headers['etag']).toBe((await http.get('/v1/firm').set(bearer(firm.admin))).headers['etag']);
  for (const nonsense of ['nonsense', '""', '"2', '"x.y"', '"2.\u00e9"']) expectProblem(await change(nonsense), 412, 'precondition_failed');
  expect((await change(refusal.headers['etag']!)).body).toMatchObject({ city: 'second', version: 3 });
});

test('of two who saw the same state, one changes it and the other is told', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const etag = etagOf(await firm.admin.api.GET('/v1/users/{id}', { params: { path: { id: person.id } } }));
  const params = { path: { id: person.id }, header: { 'If-Match': etag } };
  const results = await Promise.all(['A', 'B', 'C'].map((title) => firm.admin.api.PATCH('/v1/users/{id}', { params, body: { title } })));
  expect(results.map(({ response }) => response.status).sort()).toEqual([200, 412, 412]);
  const winner = results.find(({ response }) => response.status === 200)!;
  expect(granted(await firm.admin.api.GET('/v1/users/{id}', { params: { path: { id: person.id } } })).title).toBe(granted(winner).title);
});

test('a command demands the state it was meant for as a change does', async () => {
  const firm = await newFirm();
  const person = await firm.person('associate');
  const path = { id: person.id };
  const etag = etagOf(await firm.admin.api.GET('/v1/users/{id}', { params: { path } }));
  granted(await firm.admin.api.PATCH('/v1/users/{id}', { params: { path, header: { 'If-Match': etag } }, body: { title: 'x' } }));
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { path, header: { 'If-Match': etag } } }), 412, 'precondition_failed');
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { path } }), 428, 'precondition_required');
  expect(granted(await firm.admin.api.GET('/v1/users/{id}', { params: { path } })).status).toBe('active');
});
