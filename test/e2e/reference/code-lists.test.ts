import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIXED_LISTS, STATUS_SUBJECTS, statuses, type FixedList } from '../../../src/modules/reference/fixed-lists.js';
import { seedAll } from '../../../src/seeding.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { bearer, etagOf, faults, granted, raw, refused } from '../support/check.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

let place: OwnApp;
beforeAll(async () => {
  place = await ownApp({ LOGIN_FAILURES_ALLOWED: '11' }, { engine: async (engine) => (await seedAll(engine, { demo: false }), await seedAll(engine, { demo: false }), engine) });
});
afterAll(() => place.close());

const areas = async (firm: TestFirm, query: { includeInactive?: boolean } = {}) => granted(await firm.admin.api.GET('/v1/reference/practice-areas', { params: { query } })).data;

test('everybody reads the built-in lists, each code once', async () => {
  const { api } = await (await newFirm(place)).person('readonly');
  const [practice, courts, jurisdictions, currencies] = await Promise.all([
    api.GET('/v1/reference/practice-areas'), api.GET('/v1/reference/courts'), api.GET('/v1/reference/jurisdictions'), api.GET('/v1/reference/currencies'),
  ]).then((answers) => answers.map((answer) => granted(answer).data));
  for (const [list, least] of [[practice!, 30], [courts!, 110], [jurisdictions!, 60], [currencies!, 140]] as const) {
    expect(list.length).toBeGreaterThanOrEqual(least);
    expect(new Set(list.map(({ code }) => code)).size).toBe(list.length);
    expect(list.every(({ id, builtIn, active, version }) => id === null && builtIn && active && version === null)).toBe(true);
  }
  expect(courts).toContainEqual(expect.objectContaining({ code: 'nysd', label: 'District Court, Southern District of New York', details: { level: 'district', jurisdiction: 'us-ny' } }));
  expect(currencies!.slice(0, 2)).toMatchObject([{ code: 'USD', details: { digits: 2 } }, { code: 'EUR' }]);
  expect(currencies).toContainEqual(expect.objectContaining({ code: 'JPY', details: { digits: 0 } }));
  const known = new Set(jurisdictions!.map(({ code }) => code));
  expect(courts!.filter(({ details }) => 'jurisdiction' in details && !known.has(details['jurisdiction'] as string))).toEqual([]);
});

test('a firm adds an entry, changes it, takes it out of use and brings it back; no other firm sees it', async () => {
  const [firm, other] = [await newFirm(place), await newFirm(place)];
  const { api } = firm.admin;
  const made = await api.POST('/v1/reference/practice-areas', { params: { header: { 'Idempotency-Key': 'k' } }, body: { code: 'maritime', label: 'Maritime law', details: { desk: 3 } } });
  const item = granted(made);
  expect(item).toMatchObject({ code: 'maritime', label: 'Maritime law', details: { desk: 3 }, builtIn: false, active: true, position: 0, version: 1 });
  expect(made.response.headers.get('location')).toBe(`/v1/reference/practice-areas/${item.id}`);
  expect((await areas(firm))[0]).toMatchObject({ id: item.id, code: 'maritime' });
  expect((await areas(other)).map(({ code }) => code)).not.toContain('maritime');
  const path = { id: item.id! };
  const change = (body: object, etag: string) => api.PATCH('/v1/reference/practice-areas/{id}', { params: { path, header: { 'If-Match': etag } }, body });
  const changed = await change({ label: 'Shipping', position: 5000 }, etagOf(made));
  expect(granted(changed)).toMatchObject({ label: 'Shipping', position: 5000, version: 2 });
  expect((await areas(firm)).at(-1)!.code).toBe('maritime');
  const stale = await change({ label: 'Late' }, etagOf(made));
  refused(stale, 412, 'precondition_failed');
  expect(etagOf(stale)).toBe(etagOf(changed));
  granted(await api.DELETE('/v1/reference/practice-areas/{id}', { params: { path, header: { 'If-Match': etagOf(changed) } } }));
  expect((await areas(firm)).map(({ code }) => code)).not.toContain('maritime');
  expect(await areas(firm, { includeInactive: true })).toContainEqual(expect.objectContaining({ code: 'maritime', active: false }));
  granted(await change({ active: true }, '*'));
  expect((await areas(firm)).map(({ code }) => code)).toContain('maritime');
  // an entry of one list is none of another
  refused(await api.GET('/v1/reference/courts/{id}', { params: { path } }), 404, 'not_found');
  refused(await other.admin.api.GET('/v1/reference/practice-areas/{id}', { params: { path } }), 404, 'not_found');
  refused(await other.admin.api.DELETE('/v1/reference/practice-areas/{id}', { params: { path, header: { 'If-Match': '*' } } }), 404, 'not_found');
});

test('an entry with the code of a built-in one takes its place, and can take it away', async () => {
  const firm = await newFirm(place);
  const { api } = firm.admin;
  const before = (await areas(firm)).length;
  const { id } = granted(await api.POST('/v1/reference/practice-areas', { body: { code: 'immigration', label: 'Visas', position: 1 } }));
  expect(await areas(firm)).toHaveLength(before);
  expect((await areas(firm)).filter(({ code }) => code === 'immigration')).toMatchObject([{ id, label: 'Visas', builtIn: true }]);
  granted(await api.DELETE('/v1/reference/practice-areas/{id}', { params: { path: { id: id! }, header: { 'If-Match': '*' } } }));
  expect(await areas(firm)).toHaveLength(before - 1);
});

test('courts are kept likewise; a code is there once, of the right form, and kept by whom it may be', async () => {
  const firm = await newFirm(place);
  const [partner, associate] = [await firm.person('partner'), await firm.person('associate')];
  const add = (as: typeof partner, body: object) => as.api.POST('/v1/reference/courts', { body: body as never });
  const court = granted(await add(partner, { code: 'harbor-court', label: 'Harbor Court' }));
  expect(granted(await partner.api.PATCH('/v1/reference/courts/{id}', { params: { path: { id: court.id! }, header: { 'If-Match': '*' } }, body: { label: 'Court' } })).label).toBe('Court');
  expect(granted(await partner.api.GET('/v1/reference/courts/{id}', { params: { path: { id: court.id! } } })).version).toBe(2);
  expect(faults(refused(await add(partner, { code: 'harbor-court', label: 'Again' }), 409, 'code_taken'))).toEqual(['/code: code_taken']);
  expect(faults(refused(await add(partner, { code: 'Harbor Court', label: 'x' }), 400, 'validation_failed'))).toEqual(['/code: matches']);
  expect(faults(refused(await add(partner, { code: 'x', label: ' ', details: [] }), 400, 'validation_failed'))).toEqual(['/details: is_object', '/label: min_length']);
  expect(faults(refused(await add(partner, { code: 'x', label: 'x', details: { a: 'x'.repeat(4100) } }), 400, 'validation_failed'))).toEqual(['/details: max_size']);
  expect(refused(await add(associate, { code: 'y', label: 'y' }), 403, 'forbidden')['permission']).toBe('reference.manage');
  granted(await partner.api.DELETE('/v1/reference/courts/{id}', { params: { path: { id: court.id! }, header: { 'If-Match': '*' } } }));
  refused(await partner.api.PATCH('/v1/reference/courts/{id}', { params: { path: { id: court.id! } }, body: {} }), 428, 'precondition_required');
});

test('who has a list at hand is told that it is current, until it changes', async () => {
  const firm = await newFirm(place);
  const get = async (etag: string) => (await raw(place)).get('/v1/reference/practice-areas').set(bearer(firm.admin)).set('if-none-match', etag);
  const { etag } = (await get('"x"')).headers;
  expect((await get(etag!)).status).toBe(304);
  granted(await firm.admin.api.POST('/v1/reference/practice-areas', { body: { code: 'new', label: 'New' } }));
  expect((await get(etag!)).status).toBe(200);
});

// The lists that no firm changes are those of the database: what is offered there is accepted, and the other way round.
const CHECKED: Record<FixedList, string> = {
  'party-roles': 'case_parties_role_check', 'party-sides': 'case_parties_side_check', 'member-roles': 'case_members_role_check', 'relation-kinds': 'contact_relations_kind_check',
  'contact-kinds': 'contacts_kind_check', 'name-kinds': 'contact_names_kind_check', 'event-kinds': 'case_events_kind_check', 'task-priorities': 'case_tasks_priority_check',
  'case-access': 'cases_access_check', 'document-privileges': 'documents_privilege_check',
};
const codesOf = async (constraint: string): Promise<string[]> => {
  const row = await place.database.read({ kind: 'guest' }, () => place.database.first<{ rule: string }>('select pg_get_constraintdef(oid) as rule from pg_constraint where conname = $1', [constraint]));
  return [...row!.rule.matchAll(/'([a-z_]+)'::text/g)].map((match) => match[1]!).sort();
};

test.each(Object.entries(CHECKED))('the list %s holds what the rule %s allows', async (name, constraint) => {
  const firm = await newFirm(place);
  const { data } = granted(await firm.admin.api.GET(`/v1/reference/${name}` as '/v1/reference/party-roles'));
  expect(data).toEqual(FIXED_LISTS[name as FixedList]);
  expect(data.map(({ code }) => code).sort()).toEqual(await codesOf(constraint));
  expect(data.every(({ label }) => /^[A-Z][a-z -]+$/.test(label))).toBe(true);
});

test('the statuses are those of the database, of everything that has one', async () => {
  const { api } = (await newFirm(place)).admin;
  const { data } = granted(await api.GET('/v1/reference/statuses'));
  expect(data).toEqual(statuses());
  const rule = { case: 'cases_status_check', client: 'clients_status_check', case_task: 'case_tasks_status_check', case_event: 'case_events_status_check', document: 'documents_status_check', conflict_check: 'conflict_checks_status_check', user: 'users_status_check' };
  for (const of of STATUS_SUBJECTS) {
    const some = granted(await api.GET('/v1/reference/statuses', { params: { query: { of } } })).data;
    expect(some.map(({ code }) => code).sort(), of).toEqual(await codesOf(rule[of]));
  }
});
