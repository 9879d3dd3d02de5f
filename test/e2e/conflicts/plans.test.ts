import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { migrateUp } from '../../../src/database/migrator.js';
import { scratchDatabase, type ScratchDatabase } from '../../support/scratch-database.js';

// The statements inside the doors, explained as the engine role on a filled database of their own: no plan reads the firm.
const CONTACTS = 20_000;
const SEARCHED = ['contact_search', 'case_search', 'contacts', 'cases', 'contact_emails'];
let scratch: ScratchDatabase;
let client: pg.Client;
const firm = newId();
const user = newId();

beforeAll(async () => {
  scratch = await scratchDatabase();
  ({ client } = scratch);
  await migrateUp(scratch);
  await client.query(`set role "${scratch.roles.engine}"`);
  await client.query(`select doors.create_firm($1, 'plans', 'Plans', '{}', $2, 'ada@plans.example', 'Ada', 'Min', '$argon2id$none')`, [firm, user]);
  await client.query('reset role');
  for (const table of ['contacts', 'contact_emails', 'clients', 'cases']) await client.query(`alter table ${table} disable trigger user`);
  await client.query(`set role "${scratch.roles.engine}"`);
  const name = `(array['Anna','Bruno','Clara','David','Elena'])[1 + n % 5]`;
  await client.query(`insert into contacts (firm_id, id, kind, given_name, family_name) select $1, gen_random_uuid(), 'person', ${name}, initcap(translate(md5(n::text), '0123456789', 'lmnoprstuv')) from generate_series(1, ${CONTACTS}) n`, [firm]);
  await client.query(`insert into contact_search (firm_id, contact_id, source_id, source, name, normal, sorted, initials, sounds)
    select firm_id, id, id, 'name', name, x.normal, internal.sorted_words(x.normal), internal.initials_of(x.normal), internal.sounds_of(x.normal) from contacts c cross join lateral (select lower(c.name) as normal) x`);
  await client.query(`insert into contact_emails (firm_id, id, contact_id, email) select firm_id, gen_random_uuid(), id, id || '@mail.example' from contacts`);
  await client.query(`insert into clients (firm_id, id, contact_id, number) select firm_id, gen_random_uuid(), id, 'C-1' from contacts limit 1`);
  await client.query(`insert into cases (firm_id, id, number, title, client_id, status) select $1, gen_random_uuid(), 'M-' || lpad(n::text, 6, '0'), 'Matter of ' || md5(n::text), k.id, 'intake' from generate_series(1, ${CONTACTS}) n, clients k`, [firm]);
  await client.query(`insert into case_search (firm_id, case_id, content) select firm_id, id, lower(number || E'\\n' || title) from cases`);
  await client.query('reset role');
  for (const table of SEARCHED) await client.query(`vacuum analyze ${table}`);
  await client.query(`select set_config('app.actor_kind', 'user', false), set_config('app.firm_id', $1, false), set_config('app.user_id', $2, false)`, [firm, user]);
  await client.query(`set role "${scratch.roles.engine}"`);
  await client.query(`select public.similarity('', ''), set_config('pg_trgm.strict_word_similarity_threshold', '0.6', false)`);
}, 300_000);
afterAll(() => scratch?.drop());

interface Plan { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Plan[] }
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** Indexes a statement goes through; fails when it reads one of the large tables whole. */
async function indexesOf(text: string, values: readonly unknown[]): Promise<string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${text}`, [...values]);
  const all = nodes(rows[0]!['QUERY PLAN'][0].Plan);
  expect(all.filter((node) => node['Node Type'] === 'Seq Scan' && SEARCHED.includes(node['Relation Name']!)).map((node) => node['Relation Name']), text).toEqual([]);
  return [...new Set(all.flatMap((node) => node['Index Name'] ?? []))];
}
const textOf = async (call: string): Promise<string> => (await client.query<{ text: string }>(`select ${call} as text`)).rows[0]!.text;

test('a conflict check goes through an index for each way to match', async () => {
  const sounds = (word: string) => [`${firm}:${word}`];
  const literal = (value: unknown) => (value === null ? 'null::text' : Array.isArray(value) ? `array[${value.map((one) => `'${one as string}'`).join(', ')}]::text[]` : `'${value as string}'`);
  const values = [`${firm}`, 'j smith', 'j smith', ['john smith'], 'js', '%smith', sounds('SM0'), sounds('XMT'), sounds('JN'), 'a@b.example', '12', 'j smith', 'smith'];
  // as in the door, where EXECUTE plans with the values at hand
  const text = (await textOf('internal.conflict_statement()')).replace(/\$(\d+)/g, (_, n: string) => (n === '1' ? `'${firm}'::uuid` : literal(values[Number(n) - 1])));
  expect(await indexesOf(text, [])).toEqual(expect.arrayContaining([
    'contact_search_normal_idx', 'contact_search_sorted_idx', 'contact_search_initials_idx', 'contact_search_compact_idx', 'contact_search_trigram_idx', 'contact_search_sounds_idx',
  ]));
});

test.each([
  ['case', 'prefix', 'cases_number_prefix_idx'], ['case', 'words', 'case_search_words_idx'], ['case', 'typo', 'cases_title_trigram_idx'],
  ['contact', 'prefix', 'contact_search_normal_idx'], ['contact', 'words', 'contact_search_words_idx'], ['contact', 'typo', 'contact_search_trigram_idx'],
])('quick search: %s by %s', async (kind, way, index) => {
  const text = (await textOf(`internal.quick_probe('${kind}', '${way}', 1)`))
    .replace(/\(\$3\)\[1\]/g, `'% smith%'`).replace(/\$1/g, `'${firm}'::uuid`).replace(/\$2/g, `'smith'`).replace(/\$4/g, `'m-0001%'`).replace(/\$5/g, '10');
  expect(await indexesOf(text, [])).toContain(index);
});
