import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertCases } from '../../../bench/cases.mjs';
import { insertDocuments } from '../../../bench/documents.mjs';
import { newId } from '../../../src/common/ids.js';
import { migrateUp } from '../../../src/database/migrator.js';
import { parseQuery } from '../../../src/modules/search/query/parse.js';
import { planQuery } from '../../../src/modules/search/query/plan.js';
import { languageOf } from '../../../src/modules/search/text/languages.js';
import * as lexemes from '../../../src/modules/search/text/lexemes.js';
import { scratchDatabase, type ScratchDatabase } from '../../support/scratch-database.js';

// A database of its own, filled: "half" stands in every second document, "rare" in three, "governing law" in one of ten.
const DOCUMENTS = 2000;
const english = languageOf('en');
let scratch: ScratchDatabase;
let client: pg.Client;
const firm = { id: newId(), adminId: newId() };

beforeAll(async () => {
  scratch = await scratchDatabase();
  ({ client } = scratch);
  await migrateUp(scratch);
  await client.query(`set role "${scratch.roles.engine}"`);
  await client.query(`select doors.create_firm($1, 'plans', 'Plans', '{}', $2, 'ada@plans.example', 'Ada', 'Min', '$argon2id$none')`, [firm.id, firm.adminId]);
  await client.query('reset role');
  await insertCases(client, scratch.roles.engine, firm.id, [firm.adminId], 40);
  const documents = Array.from({ length: DOCUMENTS }, (_, n) => ({
    title: `Number ${n}`, type: 'memo', author: 'Ada', caseId: `03000000-0000-7000-8000-${(1 + (n % 40)).toString(16).padStart(12, '0')}`,
    text: `${n % 2 ? 'half '.repeat(1 + (n % 7)) : ''}${n % 700 === 0 ? 'rare ' : ''}${n % 10 === 0 ? 'governing law ' : 'law that is governing '}${Array.from({ length: 40 }, (__, i) => `w${(n * 31 + i * 17) % 900}`).join(' ')}`,
  }));
  await insertDocuments(client, scratch.roles.engine, firm, documents, { languageOf, ...lexemes, newId });
  await client.query('set jit = off');
}, 300_000);
afterAll(() => scratch?.drop());

interface Node { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Rows Removed by Index Recheck'?: number; Plans?: Node[] }
const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

/** As the door runs it, for a user: the rule about hidden cases is part of it. */
async function inside<T>(work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  await client.query(`select set_config('app.actor_kind', 'user', true), set_config('app.firm_id', $1, true), set_config('app.user_id', $2, true), set_config('role', '${scratch.roles.engine}', true)`, [firm.id, firm.adminId]);
  return work().finally(() => client.query('rollback'));
}

async function cost(text: string) {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(`explain (analyze, timing off, format json) ${text}`);
  const all = nodes(rows[0]!['QUERY PLAN'][0].Plan);
  const looked = all.filter((node) => node['Relation Name'] === 'search_documents').reduce((sum, node) => sum + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)), 0);
  return { looked, indexes: all.flatMap((node) => node['Index Name'] ?? []), relations: all.flatMap((node) => node['Relation Name'] ?? []) };
}

const planOf = (q: string) => JSON.stringify(planQuery(parseQuery(q, english).tree!, lexemes.firmMark(firm.id), english));
const matches = async (q: string) => (await client.query<{ text: string }>(`select internal.search_matches($1, $2, internal.search_filter($1, '{}')) as text`, [firm.id, planOf(q)])).rows[0]!.text;
const find = async (q: string) => (await client.query<{ found: { total: number; hits: { class: number }[] } }>('select doors.search($1, $2, 20, null, true) as found', [planOf(q), '{}'])).rows[0]!.found;

test.each([['half', 1000], ['rare', 3], ['half rare', 0]])('documents with "%s" are looked up by their words, with the rule about hidden cases in the same look', async (q, expected) => {
  await inside(async () => {
    const { looked, indexes, relations } = await cost(await matches(q));
    expect(indexes).toContain('search_documents_terms_idx');
    expect(looked).toBe(expected);
    expect(relations, 'whether a case is restricted stands in the row').not.toContain('case_restrictions');
    expect((await find(q)).total).toBe(expected);
  });
});

test('a phrase of common words looks at the passages that have the pair', async () => {
  await inside(async () => {
    const { phrases } = JSON.parse(planOf('"governing law"')) as { phrases: { chunk: string }[] };
    expect(phrases[0]!.chunk).toContain('govern+law');
    await client.query('set local enable_seqscan = off'); // two thousand rows are read whole otherwise
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(`explain (analyze, timing off, format json) select version_id from search_chunks c where c.firm_id = '${firm.id}' and c.words @@ $1::text::tsquery`, [phrases[0]!.chunk]);
    const scan = nodes(rows[0]!['QUERY PLAN'][0].Plan).find((node) => node['Relation Name'] === 'search_chunks')!;
    expect(scan['Actual Rows'] + (scan['Rows Removed by Index Recheck'] ?? 0) + (scan['Rows Removed by Filter'] ?? 0)).toBe(DOCUMENTS / 10);
    expect((await find('"governing law"')).total).toBe(DOCUMENTS / 10);
  });
});

interface Hit { class: number; score: number; version_id: string }
async function pageAfter(last: [number, number, string] | null): Promise<Hit[]> {
  const { rows } = await client.query<{ found: { hits: Hit[] } }>('select doors.search($1, $2, 150, $3, false) as found', [planOf('half'), '{}', last && JSON.stringify(last)]);
  return rows[0]!.found.hits;
}

test('of more matches than are scored, every one is reached by paging, best first', async () => {
  await inside(async () => {
    const seen = new Set<string>();
    let last: [number, number, string] | null = null;
    let score = Infinity;
    for (let page = 0; page < 8; page++) {
      const hits = await pageAfter(last);
      for (const hit of hits) {
        expect(hit.score).toBeLessThanOrEqual(score);
        score = hit.score;
        seen.add(hit.version_id);
      }
      if (hits.length === 0) break;
      const end: Hit = hits.at(-1)!;
      last = [end.class, end.score, end.version_id];
    }
    expect(seen.size).toBe(1000);
  });
});
