import { beforeAll, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type Person } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { asFirm } from '../support/fixtures.js';
import { ANY, company, newCase, person, relate, takesPart, wallOff } from './fixtures.js';

beforeAll(async () => void (await testApp()));

const network = async (as: Person, id: string, depth?: number) =>
  granted(await as.api.GET('/v1/contacts/{id}/network', { params: { path: { id }, query: depth === undefined ? {} : { depth } } }));
const names = (found: { nodes: { name: string; depth: number }[] }) => found.nodes.map(({ name, depth }) => `${depth} ${name}`);

test('a relation is made in either direction, read from both ends, changed and ended', async () => {
  const firm = await newFirm();
  const { api } = firm.admin;
  const [holding, acme] = [await company(firm.admin, 'Acme Holding'), await company(firm.admin, 'Acme')];
  const body = { contactId: holding.id, kind: 'parent_company' as const, direction: 'incoming' as const, since: '2020-01-01', note: 'all shares' };
  const made = await api.POST('/v1/contacts/{id}/relations', { params: { path: { id: acme.id }, header: { 'Idempotency-Key': 'k' } }, body });
  const relation = granted(made);
  expect(relation).toMatchObject({ kind: 'parent_company', from: { id: holding.id, name: 'Acme Holding' }, to: { id: acme.id }, since: '2020-01-01', until: null, note: 'all shares', version: 1 });
  expect(granted(await api.POST('/v1/contacts/{id}/relations', { params: { path: { id: acme.id }, header: { 'Idempotency-Key': 'k' } }, body })).id).toBe(relation.id);
  const list = async (id: string, query: object = {}) => granted(await api.GET('/v1/contacts/{id}/relations', { params: { path: { id }, query: { count: true, ...query } } }));
  for (const { id } of [holding, acme]) expect(await list(id)).toMatchObject({ total: 1, data: [{ id: relation.id }] });
  expect((await list(holding.id, { direction: 'outgoing', kind: 'parent_company' })).data).toHaveLength(1);
  expect((await list(holding.id, { direction: 'incoming' })).data).toEqual([]);
  const at = { id: holding.id, relationId: relation.id };
  const change = (changes: object, etag: string) => api.PATCH('/v1/contacts/{id}/relations/{relationId}', { params: { path: at, header: { 'If-Match': etag } }, body: changes });
  const changed = await change({ until: '2024-06-30', note: null }, etagOf(made));
  expect(granted(changed)).toMatchObject({ until: '2024-06-30', note: null, version: 2 });
  refused(await change({ note: 'late' }, etagOf(made)), 412, 'precondition_failed');
  expect(faults(refused(await change({ until: '2019-01-01' }, '*'), 422, 'relation_dates'))).toEqual(['/until: relation_dates']);
  const stranger = await company(firm.admin, 'Stranger');
  refused(await api.GET('/v1/contacts/{id}/relations/{relationId}', { params: { path: { ...at, id: stranger.id } } }), 404, 'not_found');
  granted(await api.DELETE('/v1/contacts/{id}/relations/{relationId}', { params: { path: { ...at, id: acme.id }, header: { 'If-Match': etagOf(changed) } } }));
  expect((await list(acme.id)).total).toBe(0);
});

test('two are not related twice in one way, nor anybody to himself, nor to nobody', async () => {
  const firm = await newFirm();
  const [a, b] = [await person(firm.admin, 'A', 'A'), await person(firm.admin, 'B', 'B')];
  await relate(firm.admin, a, b, 'spouse');
  const tried = (contactId: string) => firm.admin.api.POST('/v1/contacts/{id}/relations', { params: { path: { id: a.id } }, body: { contactId, kind: 'spouse' } });
  expect(faults(refused(await tried(b.id), 409, 'relation_exists'))).toEqual(['/kind: relation_exists']);
  expect(faults(refused(await tried(a.id), 422, 'relation_to_self'))).toEqual(['/contactId: relation_to_self']);
  expect(faults(refused(await tried(firm.id), 422, 'unknown_contact'))).toEqual(['/contactId: unknown_contact']);
});

test('the network goes as far as asked, round circles, in one statement', async () => {
  const firm = await newFirm();
  const made = [];
  for (const name of ['A', 'B', 'C', 'D', 'E']) made.push(await company(firm.admin, name));
  const [a, b, c, d, e] = made as [typeof made[0], ...typeof made] as never as [{ id: string }, { id: string }, { id: string }, { id: string }, { id: string }];
  await relate(firm.admin, a, b);
  await relate(firm.admin, b, c);
  await relate(firm.admin, c, a); // a circle of three
  await relate(firm.admin, b, a); // and one of two
  await relate(firm.admin, d, c); // against the arrow
  await relate(firm.admin, d, e);
  const watch = watchStatements();
  try {
    for (const [depth, expected] of [[1, ['0 A', '1 B', '1 C']], [2, ['0 A', '1 B', '1 C', '2 D']], [6, ['0 A', '1 B', '1 C', '2 D', '3 E']]] as const) {
      watch.reset();
      const found = await network(firm.admin, a.id, depth);
      expect([names(found), found.truncated, watch.statements]).toEqual([expected, false, 1]);
    }
  } finally {
    watch.stop();
  }
  expect((await network(firm.admin, a.id)).nodes).toHaveLength(4); // two unless said otherwise
  const { edges } = await network(firm.admin, a.id, 1);
  expect(edges.map(({ from, to }) => [from, to]).sort()).toEqual([[a.id, b.id], [b.id, c.id], [c.id, a.id], [b.id, a.id]].sort());
  for (const depth of [0, 7]) {
    const answer = await firm.admin.api.GET('/v1/contacts/{id}/network', { params: { path: { id: a.id }, query: { depth } } });
    expect(refused(answer, 400, 'validation_failed').errors![0]!.parameter).toBe('depth');
  }
});

test('a network of thousands is cut at three hundred, nearest first, and says so', async () => {
  const firm = await newFirm();
  const hub = await company(firm.admin, 'Hub');
  await asFirm(firm, `insert into contacts (firm_id, id, kind, company_name) select $1, gen_random_uuid(), 'company', 'Spoke ' || n from generate_series(1, 1500) n`, [firm.id]);
  await asFirm(firm, `insert into contact_relations (firm_id, id, from_contact_id, to_contact_id, kind) select $1, gen_random_uuid(), $2, c.id, 'affiliate' from contacts c where c.id <> $2`, [firm.id, hub.id]);
  // every spoke knows the next one
  await asFirm(firm, `insert into contact_relations (firm_id, id, from_contact_id, to_contact_id, kind)
    select $1, gen_random_uuid(), o.id, o.next, 'partner' from (select id, lead(id) over (order by id) as next from contacts where id <> $2) o where o.next is not null`, [firm.id, hub.id]);
  const begin = Date.now();
  const found = await network(firm.admin, hub.id, 6);
  expect([found.nodes.length, found.truncated, found.nodes.filter(({ depth }) => depth === 0).length]).toEqual([300, true, 1]);
  expect(found.nodes.every(({ depth }) => depth <= 1)).toBe(true);
  const ids = new Set(found.nodes.map(({ id }) => id));
  expect(ids.size).toBe(300);
  expect(found.edges.length).toBeGreaterThanOrEqual(299);
  expect(found.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  expect(Date.now() - begin).toBeLessThan(20_000); // it does not walk all there is, seven times over
});

test('whom one knows only through hidden cases is not in the network, and nobody is reached through him', async () => {
  const firm = await newFirm();
  const screened = await firm.person('partner');
  const [start, hidden, behind, near] = [await person(firm.admin, 'A', 'Start'), await person(firm.admin, 'B', 'Hidden'), await person(firm.admin, 'C', 'Behind'), await person(firm.admin, 'D', 'Near')];
  const { id: clientId } = granted(await firm.admin.api.POST('/v1/clients', { body: { contact: { kind: 'company', companyName: 'Other' } } }));
  await relate(firm.admin, start, hidden);
  await relate(firm.admin, hidden, behind);
  await relate(firm.admin, near, start);
  expect(names(await network(screened, start.id, 3))).toEqual(['0 A Start', '1 B Hidden', '1 D Near', '2 C Behind']);
  const caseId = await newCase(firm, clientId);
  await takesPart(firm, caseId, hidden.id);
  await wallOff(firm, caseId, screened);
  expect(names(await network(screened, start.id, 3))).toEqual(['0 A Start', '1 D Near']);
  expect((await network(screened, start.id, 3)).edges).toHaveLength(1);
  expect(names(await network(screened, behind.id, 3))).toEqual(['0 C Behind']);
  expect((await network(firm.admin, start.id, 3)).nodes).toHaveLength(4);
  refused(await screened.api.GET('/v1/contacts/{id}/network', { params: { path: { id: hidden.id } } }), 404, 'not_found');
  const { data, total } = granted(await screened.api.GET('/v1/contacts/{id}/relations', { params: { path: { id: start.id }, query: { count: true } } }));
  expect([data.length, total]).toEqual([1, 1]);
  const tried = await screened.api.POST('/v1/contacts/{id}/relations', { params: { path: { id: start.id } }, body: { contactId: hidden.id, kind: 'spouse' } });
  refused(tried, 422, 'unknown_contact');
  const relation = granted(await firm.admin.api.GET('/v1/contacts/{id}/relations', { params: { path: { id: hidden.id } } })).data[0]!;
  refused(await screened.api.DELETE('/v1/contacts/{id}/relations/{relationId}', { params: { path: { id: start.id, relationId: relation.id }, header: ANY } }), 404, 'not_found');
});
