// Search over the text of documents, as people wait for it: over HTTP, with highlights and facets, in one firm of a
// hundred thousand short documents and two thousand long ones. Beside it ts_rank doing the same ranking in SQL.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newId } from '../dist/common/ids.js';
import { parseQuery } from '../dist/modules/search/query/parse.js';
import { planQuery } from '../dist/modules/search/query/plan.js';
import { languageOf } from '../dist/modules/search/text/languages.js';
import * as lexemes from '../dist/modules/search/text/lexemes.js';
import { insertCases } from './cases.mjs';
import { insertDocuments, ownerOf } from './documents.mjs';
import { latencies } from './latency.mjs';
import { dice, textsOf } from './texts.mjs';

const ENGINE = 'lexiflow_engine';
const TARGET = 60;
const CASES = 3000;
const english = languageOf('en');
const analysis = { languageOf, ...lexemes, newId };
const caseId = (n) => `03000000-0000-7000-8000-${(1 + n).toString(16).padStart(12, '0')}`;
const planOf = (q, firm) => planQuery(parseQuery(q, english).tree, lexemes.firmMark(firm.id), english);

/** Fills a firm, measures, prints; true when a target was missed. */
export async function measureFullText(ownerUrl, { firms, ours }, { smoke, corpus }, say) {
  const owner = await ownerOf(ownerUrl);
  const firm = firms[2];
  const size = smoke ? { short: 1500, long: 30 } : { short: 100_000, long: 2000 };
  say(`filling a firm with ${size.short.toLocaleString('en-US')} short documents and ${size.long.toLocaleString('en-US')} long ones`);
  await insertCases(owner, ENGINE, firm.id, [firm.adminId], CASES);
  let told = Date.now();
  const filled = await insertDocuments(owner, ENGINE, firm, textsOf({ ...size, caseId, cases: CASES }), analysis, (line) => {
    if (Date.now() - told < 20_000) return;
    told = Date.now();
    say(line);
  });
  const corpusSize = `${filled.documents.toLocaleString('en-US')} documents, ${filled.chunks.toLocaleString('en-US')} passages`;
  const questions = await questionsFor(owner, firm, filled);
  let missed = false;
  for (const [name, list] of Object.entries(questions)) {
    const requests = list.map((q) => ({ method: 'GET', path: `/v1/search?q=${encodeURIComponent(q)}`, headers: { authorization: `Bearer ${firm.token}` } }));
    for (const connections of [1, 2]) {
      const { n, p50, p95, max, slowest } = await latencies(ours.url, requests, { connections, warmup: smoke ? 5 : 40, verify: (body) => body.startsWith('{"data":[{') });
      console.log(`GET /v1/search, ${name}, ${connections} at a time, ${corpusSize}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (target: under ${TARGET}), longest ${max.toFixed(0)} ms, ${n} answers`);
      for (const line of slowest.slice(0, 3)) say(`  ${decodeURIComponent(line)}`);
      missed ||= connections === 1 && p95 >= TARGET;
    }
    console.log(`  the ranking alone in SQL, p50: BM25 ${(await sqlTime(owner, firm, list, bm25)).toFixed(1)} ms, with counts by facet; ts_rank ${(await sqlTime(owner, firm, list, tsRank)).toFixed(1)} ms, without`);
  }
  await printPlans(owner, firm, Object.values(questions).at(-1)[0]);
  if (corpus) await knownItems(owner, firms[3 % firms.length], corpus, say);
  await owner.end();
  return missed;
}

/** Rare words, phrases as they stand in documents, and words in about half of all documents. */
async function questionsFor(owner, firm, { counts, documents }) {
  const random = dice(5);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const words = [...counts].filter(([word]) => /^[a-z]{4,}$/.test(word));
  const rare = words.filter(([, count]) => count >= 3 && count <= 300).map(([word]) => word);
  await owner.query(`set role ${ENGINE}`);
  const { rows: chunks } = await owner.query('select text from document_chunks tablesample system (1) where firm_id = $1 and length(text) > 800 limit 2000', [firm.id]);
  const phrase = () => {
    for (;;) {
      const text = pick(chunks).text.replace(/[.\f]/g, ' ').split(/\s+/).filter(Boolean);
      const length = 2 + Math.floor(random() * 3);
      const start = Math.floor(random() * (text.length - length));
      const found = text.slice(start, start + length);
      if (!found.some((word) => english.isStop(word))) return `"${found.join(' ')}"`;
    }
  };
  const half = [];
  for (const [word] of words.sort((a, b) => b[1] - a[1]).slice(0, 120)) {
    const { rows } = await owner.query('select count(*)::int as n from search_documents where firm_id = $1 and terms @@ $2::tsquery', [firm.id, lexemes.quoted(lexemes.firmMark(firm.id) + word)]);
    half.push({ word, away: Math.abs(rows[0].n / documents - 0.5) });
  }
  await owner.query('reset role');
  const near = half.sort((a, b) => a.away - b.away).slice(0, 8).map(({ word }) => word);
  const times = (make) => Array.from({ length: 240 }, make);
  return { 'rare words': times(() => pick(rare)), phrases: times(phrase), 'a word in half of all documents': times((_, i) => near[i % near.length]) };
}

async function asSystem(owner, firm, work) {
  await owner.query('begin');
  await owner.query(`select set_config('app.actor_kind', 'system', true), set_config('app.firm_id', $1, true), set_config('role', '${ENGINE}', true), set_config('jit', 'off', true)`, [firm.id]);
  try {
    return await work();
  } finally {
    await owner.query('rollback');
  }
}

const bm25 = (owner, firm, q) => owner.query('select doors.search($1, $2, 20, null, true) as found', [planOf(q, firm), {}]).then(({ rows }) => rows[0].found.hits.map(({ document_id: id }) => id));

/** The built-in ranking over the same index: every passage with the words is scored. */
async function tsRank(owner, firm, q, any = false) {
  const plan = planOf(q, firm);
  const query = plan.phrases[0]?.chunk ?? (any ? plan.terms.map((term) => `(${term.q})`).join(' | ') : plan.together);
  const { rows } = await owner.query(`select d.document_id from (select c.version_id, max(ts_rank(c.words, $2::tsquery, 1)) as score from search_chunks c where c.firm_id = $1 and c.words @@ $2::tsquery group by 1) c
    join search_documents d on d.firm_id = $1 and d.version_id = c.version_id and d.part = 0 where d.shown and d.is_current order by c.score desc, d.version_id limit 20`, [firm.id, query]);
  return rows.map(({ document_id: id }) => id);
}

async function sqlTime(owner, firm, list, ask) {
  const times = [];
  for (const q of list.slice(0, 40)) {
    await asSystem(owner, firm, async () => {
      const start = performance.now();
      await ask(owner, firm, q);
      times.push(performance.now() - start);
    });
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** The two statements that cost most where a word is common: counting by facet, and the candidates. */
async function printPlans(owner, firm, q) {
  await asSystem(owner, firm, async () => {
    const plan = planOf(q, firm);
    const { rows: [{ facets }] } = await owner.query(`select internal.search_facets(internal.search_matches($1, $2, internal.search_filter($1, '{}'))) as facets`, [firm.id, plan]);
    const level = `${plan.terms[0].q.slice(0, -1)}~3'`;
    const candidates = `select c.version_id, c.ordinal from search_chunks c join search_documents d on d.version_id = c.version_id where c.firm_id = '${firm.id}' and c.words @@ '${level.replace(/'/g, "''")}'::tsquery and d.firm_id = '${firm.id}' and d.part = 0 and d.shown limit 250`;
    for (const [what, text] of [['counts by facet', facets], ['candidates from a high level', candidates]]) {
      const { rows } = await owner.query(`explain (analyze, costs off, timing off) ${text}`);
      console.log(`\n${what} of "${q}":\n${rows.map((row) => row['QUERY PLAN']).map((line) => line.slice(0, 160)).join('\n')}`);
    }
  });
}

/** Queries with one right answer over texts from a folder: mean reciprocal rank and time, BM25 beside ts_rank. */
async function knownItems(owner, firm, corpus, say) {
  say(`indexing ${corpus}`);
  const names = readdirSync(corpus).filter((name) => name.endsWith('.txt'));
  await insertCases(owner, ENGINE, firm.id, [firm.adminId], 1).catch(() => {}); // ids of cases are the firm's own
  const documents = names.map((name, n) => ({ title: `Document ${n}`, type: 'contract', caseId: caseId(0), text: readFileSync(join(corpus, name), 'utf8') }));
  const { ids } = await insertDocuments(owner, ENGINE, firm, documents, analysis);
  const right = new Map(ids.map((id, n) => [names[n], id]));
  const queries = readFileSync(join(dirname(corpus), 'known-item-queries.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  for (const [name, ask] of [['BM25 (doors.search)', bm25], ['ts_rank, any word', (...all) => tsRank(...all, true)], ['ts_rank, all words', tsRank]]) {
    let sum = 0;
    const times = [];
    for (const { query, relevant } of queries) {
      const found = await asSystem(owner, firm, async () => {
        const start = performance.now();
        const list = await ask(owner, firm, query);
        times.push(performance.now() - start);
        return list;
      });
      const rank = found.indexOf(right.get(relevant)) + 1;
      if (rank > 0) sum += 1 / rank;
    }
    console.log(`known items, ${names.length} texts without telling titles, ${queries.length} queries, ${name}: MRR ${(sum / queries.length).toFixed(4)}, p50 ${times.sort((a, b) => a - b)[Math.floor(times.length / 2)].toFixed(1)} ms`);
  }
}
