import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertCases } from '../../../bench/cases.mjs';
import { newId } from '../../../src/common/ids.js';
import { listStatements } from '../../../src/common/pagination/page.js';
import { migrateUp } from '../../../src/database/migrator.js';
import { CaseQuery } from '../../../src/modules/cases/case-list.dto.js';
import { CASE_LIST, plainFilters } from '../../../src/modules/cases/case-list.queries.js';
import { CASE_STATUSES, TRANSITIONS } from '../../../src/modules/cases/cases.states.js';
import { scratchDatabase, type ScratchDatabase } from '../../support/scratch-database.js';

// A database of its own, filled: what a list costs shows in the plans, not in the time of a busy machine. Half of all
// cases carry the tag "common"; "rare-7" is carried by ten, "desk-7" by one in fifty.
const CASES = 20_000;
let scratch: ScratchDatabase;
let client: pg.Client;
const firm = newId();
const people = Array.from({ length: 41 }, newId);

beforeAll(async () => {
  scratch = await scratchDatabase();
  ({ client } = scratch);
  await migrateUp(scratch);
  await client.query(`set role "${scratch.roles.engine}"`);
  await client.query(`select doors.create_firm($1, 'plans', 'Plans', '{}', $2, 'ada@plans.example', 'Ada', 'Min', '$argon2id$none')`, [firm, people[0]]);
  await client.query(`insert into users (firm_id, id, email, given_name, family_name, role, status)
    select $1, id, n || '@plans.example', 'P', 'N' || n, 'associate', 'active' from unnest($2::uuid[]) with ordinality p(id, n)`, [firm, people.slice(1)]);
  await client.query('reset role');
  await insertCases(client, scratch.roles.engine, firm, people, CASES);
  // two are restricted, and the one who looks is walled off from three others
  await client.query(`select set_config('app.actor_kind', 'system', false), set_config('app.firm_id', $1, false), set_config('app.user_id', $2, false)`, [firm, people[0]]);
  await client.query(`set role "${scratch.roles.engine}"`);
  await client.query(`update cases set access = 'restricted' where number in ('2000-0019990', '2000-0000010')`);
  await client.query(`insert into case_walls (firm_id, id, case_id, user_id, reason) select firm_id, gen_random_uuid(), id, $1, 'test' from cases where number in ('2000-0019998', '2000-0019000', '2000-0000140')`, [people[0]]);
  await client.query(`select set_config('app.actor_kind', 'user', false)`);
  await client.query('reset role');
  await client.query('analyze cases, case_restrictions, case_screens');
  await client.query('set jit = off');
}, 300_000);
afterAll(() => scratch?.drop());

interface Node {
  'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Rows Removed by Index Recheck'?: number;
  Plans?: Node[];
}
const BIG = ['cases', 'case_members', 'case_search', 'clients', 'contacts'];
const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

/** Runs a statement as this role and tells how many rows it looked at in `table`, through which indexes, and what it read whole. */
async function cost(role: string, text: string, values: unknown[] = [], table = 'cases') {
  await client.query(`set role "${role}"`);
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(`explain (analyze, timing off, format json) ${text}`, values);
    const all = nodes(rows[0]!['QUERY PLAN'][0].Plan);
    const looked = all.filter((node) => node['Relation Name'] === table && node['Node Type'] !== 'Bitmap Index Scan')
      .reduce((sum, node) => sum + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)), 0);
    return { looked, indexes: all.flatMap((node) => node['Index Name'] ?? []), whole: all.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']).filter((name) => BIG.includes(name!)) };
  } finally {
    await client.query('reset role');
  }
}

/** The statement inside doors.find_cases or doors.count_cases. */
async function inside(filter: object, way: 'walk' | 'look' | 'count', sort = '-openedOn'): Promise<string> {
  await client.query(`set role "${scratch.roles.engine}"`);
  const { rows } = await client.query<{ text: string }>('select internal.case_page($1, $2, $3, null, null, 51, $4) as text', [firm, JSON.stringify(filter), sort, way]);
  await client.query('reset role');
  return rows[0]!.text;
}

describe('inside the door', () => {
  test.each([
    ['-openedOn', 'cases_opened_idx'], ['openedOn', 'cases_opened_idx'], ['-closedOn', 'cases_closed_idx'], ['limitationOn', 'cases_limitation_idx'], ['number', 'cases_number_key'],
    ['-title', 'cases_title_idx'], ['createdAt', 'cases_created_idx'], ['-updatedAt', 'cases_updated_idx'],
  ])('a tag that half of all cases carry costs a page sorted by %s, not the table', async (sort, index) => {
    const { looked, indexes, whole } = await cost(scratch.roles.engine, await inside({ tags: ['common'] }, 'walk', sort));
    expect(indexes).toContain(index);
    expect(whole).toEqual([]);
    expect(looked).toBeLessThan(300);
  });

  test('the walk gives up where it would go on for ever', async () => {
    const { looked } = await cost(scratch.roles.engine, await inside({ tags: ['nobody'] }, 'walk'));
    expect(looked).toBe(2000);
  });

  test.each([
    ['a tag', { tags: ['rare-7'] }, 'cases_tags_idx', 10],
    ['several tags', { tags: ['rare-7', 'rare-8'] }, 'cases_tags_idx', 20],
    ['metadata', { metadata: { file: 77 } }, 'cases_metadata_idx', 1],
    ['a tag and metadata', { tags: ['desk-7'], metadata: { file: 57 } }, 'cases_metadata_idx', 1],
    ['a number', { words: ['2000-0000077'] }, 'case_search_content_idx', 1],
    ['words', { words: ['company', '2000-00000'] }, 'case_search_content_idx', 100],
    ['a tag and a client', { tags: ['rare-7'], clientId: '02000000-0000-7000-8000-000000000007' }, 'cases_tags_idx|cases_client_idx', 120],
  ])('%s is looked up through an index', async (_, filter, index, most) => {
    for (const way of ['look', 'count'] as const) {
      const { looked, indexes, whole } = await cost(scratch.roles.engine, await inside(filter, way));
      expect({ way, indexes: indexes.join(), whole }).toEqual({ way, indexes: expect.stringMatching(new RegExp(index)), whole: [] });
      expect(looked).toBeLessThanOrEqual(most);
    }
  });

  test.each<[object, string]>([
    [{ tags: ['common'] }, '-openedOn'], [{ tags: ['rare-7'] }, '-openedOn'], [{ tags: ['rare-7'] }, 'openedOn'], [{ tags: ['desk-7'] }, 'title'], [{ tags: ['desk-40', 'rare-3'] }, '-number'],
    [{ metadata: { costCentre: 'CC-7' } }, '-openedOn'], [{ words: ['respondent', '500'] }, 'closedOn'], [{ tags: ['common'], status: ['closed'] }, '-limitationOn'], [{ words: ['19'] }, 'number'],
  ])('%j sorted by %s gives the very page that looking at every case would give, hidden ones left out', async (filter: { tags?: string[]; metadata?: object; words?: string[]; status?: string[] }, sort) => {
    const keys: Record<string, string> = { openedOn: `coalesce(c.opened_on, 'infinity')`, closedOn: `coalesce(c.closed_on, 'infinity')`, limitationOn: `coalesce(c.limitation_on, 'infinity')`, number: 'c.number', title: 'c.title' };
    const direction = sort.startsWith('-') ? 'desc' : 'asc';
    await client.query(`set role "${scratch.roles.app}"`);
    const found = await client.query<{ id: string }>('select id from doors.find_cases($1, $2, null, null, 51) order by place', [JSON.stringify(filter), sort]);
    const brute = await client.query<{ id: string }>(
      `select c.id from cases c where ($1::text[] is null or c.tags && $1) and ($2::jsonb is null or c.metadata @> $2) and ($3::text[] is null or c.status = any ($3))
        and ($4::text[] is null or (select bool_and(lower(concat_ws(' ', c.number, c.title, (select p.name from clients k join contacts p on p.id = k.contact_id where k.id = c.client_id))) like '%' || w || '%') from unnest($4::text[]) w))
        order by ${keys[sort.replace('-', '')]} ${direction}, c.id ${direction} limit 51`,
      [filter.tags ?? null, filter.metadata ? JSON.stringify(filter.metadata) : null, filter.status ?? null, filter.words ?? null]);
    await client.query('reset role');
    expect(found.rows.map(({ id }) => id)).toEqual(brute.rows.map(({ id }) => id));
    expect(found.rows.length).toBeGreaterThan(0);
  });
});

describe('under the policies', () => {
  const page = (query: Partial<CaseQuery>) => listStatements(CASE_LIST, Object.assign(new CaseQuery(), { limit: 50 }, query), plainFilters(query as CaseQuery)).page;
  const asUser = (query: Partial<CaseQuery>) => cost(scratch.roles.app, page(query).text, page(query).values);

  test.each<[string, () => Partial<CaseQuery>, RegExp, number]>([
    ['nothing', () => ({}), /cases_opened_idx/, 60],
    ['status', () => ({ status: ['on_hold'] }), /cases_(opened|status)_idx/, 1000],
    ['several statuses', () => ({ status: ['open', 'on_hold'] }), /cases_(opened|status)_idx/, 300],
    ['client', () => ({ clientId: '02000000-0000-7000-8000-000000000007' }), /cases_client_idx/, 120],
    ['member', () => ({ memberId: people[7] }), /case_members_user_idx|cases_opened_idx/, 2500],
    ['responsible attorney', () => ({ responsibleAttorneyId: people[7] }), /cases_(responsible_attorney|opened)_idx/, 3000],
    ['practice area', () => ({ practiceArea: 'tax' }), /cases_(practice_area|opened)_idx/, 1000],
    ['access', () => ({ access: 'restricted' }), /cases_restricted_idx/, 2],
    ['opened range', () => ({ openedFrom: '2010-01-01', openedTo: '2010-02-01' }), /cases_opened_idx/, 150],
    ['closed range', () => ({ closedFrom: '2010-01-01', closedTo: '2010-02-01' }), /cases_closed_idx/, 150],
    ['limitation range', () => ({ limitationFrom: '2010-01-01', limitationTo: '2010-06-01', sort: 'limitationOn' }), /cases_limitation_idx/, 200],
    ['change', () => ({ updatedSince: '2000-01-14T20:00:00Z' }), /cases_(updated|opened)_idx/, 1000],
  ])('by %s the list goes through an index', async (_, query, index, most) => {
    const { looked, indexes, whole } = await asUser(query());
    expect({ indexes: indexes.join(), whole }).toEqual({ indexes: expect.stringMatching(index), whole: [] });
    expect(looked).toBeLessThanOrEqual(most);
  });

  test.each(Object.keys(CASE_LIST.sorts).flatMap((sort) => [sort, `-${sort}`]))('a page in the middle, sorted by %s, costs what the first does', async (sort) => {
    const { column } = CASE_LIST.sorts[sort.replace('-', '')]!;
    await client.query(`set role "${scratch.roles.engine}"`);
    const { rows: [middle] } = await client.query<{ key: string; id: string }>(`select ${column}::text as key, c.id from cases c order by ${column}, c.id offset $1 limit 1`, [CASES / 2]);
    await client.query('reset role');
    const cursor = Buffer.from(JSON.stringify([sort, middle!.key, middle!.id])).toString('base64url');
    const { looked, whole } = await asUser({ sort, cursor });
    expect(whole).toEqual([]);
    expect(looked).toBeLessThan(120);
  });
});

test('the life of a case is the same in the code and in the database', async () => {
  const allowed = new Set(TRANSITIONS.flatMap(({ from, to }) => from.map((status) => `${status} ${to}`)));
  await client.query(`set role "${scratch.roles.engine}"`);
  for (const from of CASE_STATUSES) {
    for (const to of CASE_STATUSES.filter((status) => status !== from)) {
      await client.query('begin');
      const dates = (status: string) => (['closed', 'archived'].includes(status) ? `'2026-02-02'` : 'null');
      const id = newId();
      await client.query(`select set_config('app.actor_kind', 'system', true)`);
      await client.query(`insert into cases (firm_id, id, title, client_id, status, opened_on, closed_on) select firm_id, $1, 'x', id, $2, '2026-01-01', ${dates(from)} from clients limit 1`, [id, from]);
      const moved = await client.query(`update cases set status = $2, closed_on = ${dates(to)} where id = $1`, [id, to]).then(() => true, () => false);
      await client.query('rollback');
      expect(`${from} ${to} ${moved}`).toBe(`${from} ${to} ${allowed.has(`${from} ${to}`)}`);
    }
  }
  await client.query('reset role');
});
