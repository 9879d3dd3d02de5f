// Does search find what somebody has in mind? Uploads a folder of texts (and PDFs), waits until they are indexed, asks
// queries that have one right answer, and sentences from the ends of long documents. All through the HTTP API.
//   node test/bench/known-item.mjs --corpus FOLDER [--queries FILE.jsonl] [--pdf FOLDER] [--sentences 200]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.mjs';

const { values } = parseArgs({ options: { corpus: { type: 'string' }, queries: { type: 'string' }, pdf: { type: 'string' }, sentences: { type: 'string', default: '200' }, 'no-titles': { type: 'boolean', default: false } } });
if (!values.corpus) throw new Error('--corpus FOLDER of .txt files');
const queries = readFileSync(values.queries ?? join(dirname(values.corpus), 'known-item-queries.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

build();
// what reads dist/ is loaded when it is there
const { insertCases } = await import('../../bench/cases.mjs');
const { ownerOf } = await import('../../bench/documents.mjs');
const { makeFirms, signInAll } = await import('../../bench/firms.mjs');
const { freePort, openPostgres, startNode, stopAll } = await import('../../bench/processes.mjs');
const { root } = await import('../../bench/root.mjs');
const { dice } = await import('../../bench/texts.mjs');
async function measure() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await startNode('LexiFlow', join(root, 'dist', 'main.js'), {
    url: `${url}/health/ready`, logFile: join(folder, 'lexiflow.log'),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', PORT: String(port), DATA_DIR: join(folder, 'data'), DATABASE_URL: postgres.owner, APP_DB_PASSWORD: 'known-item-search', RATE_LIMIT_PER_MINUTE: '0', ACCESS_TOKEN_MINUTES: '120', LOG_LEVEL: 'warn' },
  });
  const [firm] = await makeFirms(postgres.owner, { count: 1, people: 1 });
  await signInAll(url, [firm]);
  const owner = await ownerOf(postgres.owner);
  await insertCases(owner, 'lexiflow_engine', firm.id, [firm.adminId], 10);
  await owner.query('set role lexiflow_engine');
  const cases = (await owner.query('select id from cases order by id')).rows.map(({ id }) => id);
  await owner.end();
  const api = client(url, firm.token);

  const texts = files(values.corpus, '.txt');
  const named = await uploadAll(api, texts, cases);
  await indexed(api, named);
  const ranks = [];
  const times = [];
  for (const { query, relevant } of queries) {
    const started = performance.now();
    const { data } = await api(`/v1/search?limit=20&q=${encodeURIComponent(query)}`);
    times.push(performance.now() - started);
    const rank = data.findIndex(({ documentId }) => named.get(documentId)?.name === relevant) + 1;
    ranks.push(rank);
    if (rank !== 1) console.log(`  rank ${rank || 'over 20'}: ${query.slice(0, 110)}`);
  }
  const mrr = ranks.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0) / ranks.length;
  console.log(`known items: ${texts.length} documents, ${queries.length} queries, MRR ${mrr.toFixed(4)} (target: 0.95), first ${ranks.filter((rank) => rank === 1).length}; p50 ${middle(times).toFixed(0)} ms`);

  const fromTexts = sentences([...named].filter(([, { extracted }]) => extracted).map(([id, { path }]) => ({ id, ends: [{ page: null, text: lastTenth(readFileSync(path, 'utf8')) }] })));
  await askSentences(api, fromTexts, 'texts');

  const folderOfPdfs = values.pdf ?? join(dirname(values.corpus), 'pdf');
  const pdfs = files(folderOfPdfs, '.pdf');
  if (pdfs.length > 0) {
    // the same contracts as texts would be as right an answer
    for (const [id, { version }] of named) await api(`/v1/documents/${id}`, { method: 'DELETE', headers: { 'if-match': `"${version}"` } });
    const pdfNames = await uploadAll(api, pdfs, cases);
    await indexed(api, pdfNames);
    const paged = [];
    for (const id of pdfNames.keys()) {
      const { text } = await api(`/v1/documents/${id}/versions/1`);
      const pages = [];
      for (let page = Math.floor((text.pageCount ?? 0) * 0.9) + 1; text.pageCount >= 5 && page <= text.pageCount; page++) {
        // a page with nothing on it is not there
        const answer = await api(`/v1/documents/${id}/versions/1/text?page=${page}`).catch(() => '');
        pages.push({ page, text: typeof answer === 'string' ? answer : answer.data.map((piece) => piece.text).join('') });
      }
      if (pages.length > 0) paged.push({ id, ends: pages });
    }
    await askSentences(api, sentences(paged), 'PDFs');
  }
}

const files = (of, extension) => {
  try {
    return readdirSync(of).filter((name) => extname(name).toLowerCase() === extension).map((name) => join(of, name));
  } catch {
    return [];
  }
};
const lastTenth = (text) => (text.length > 40_000 ? text.slice(Math.floor(text.length * 0.9)) : '');
const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

function client(url, token) {
  return async (path, options = {}) => {
    const response = await fetch(url + path, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${path}: ${response.status} ${text.slice(0, 400)}`);
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  };
}

/** Uploads with the file's name as title, or without a telling one. */
async function uploadAll(api, paths, cases) {
  const named = new Map();
  for (const [n, path] of paths.entries()) {
    const form = new FormData();
    form.append('caseId', cases[n % cases.length]);
    form.append('title', values['no-titles'] ? `Document ${n}` : basename(path, extname(path)).slice(0, 500));
    form.append('file', new Blob([readFileSync(path)]), basename(path).slice(-200));
    const { id, version } = await api('/v1/documents', { method: 'POST', body: form });
    named.set(id, { path, name: basename(path), version });
  }
  return named;
}

/** Waits until no job of theirs is left. */
async function indexed(api, named) {
  for (const until = Date.now() + 1_800_000; ;) {
    const waiting = (await Promise.all(['pending', 'running'].map((status) => api(`/v1/jobs?status=${status}&limit=200`)))).flatMap(({ data }) => data).filter(({ name }) => /^(documents\.extract|search\.index)$/.test(name));
    if (waiting.length === 0) break;
    if (Date.now() > until) throw new Error(`${waiting.length} jobs are not done`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const states = new Map();
  for (const [id, document] of named) {
    const { text } = await api(`/v1/documents/${id}/versions/1`);
    document.extracted = text.status === 'extracted';
    if (!document.extracted) console.log(`  without text: ${document.name}: ${text.status}, ${text.reason}`);
    states.set(text.status, (states.get(text.status) ?? 0) + 1);
  }
  console.log(`uploaded and indexed: ${[...states].map(([state, count]) => `${count} ${state}`).join(', ')}`);
}

/** Sentences of ten words and more that stand once in what they are drawn from. */
function sentences(documents) {
  const random = dice(7);
  const all = documents.flatMap(({ id, ends }) => ends.flatMap(({ page, text }) => [...text.replace(/\s+/g, ' ').matchAll(/(?<=[.;:] )[A-Z(][^.;:"]{60,250}[.;]/g)].map(([sentence]) => ({ id, page, sentence }))))
    .filter(({ sentence }) => (sentence.match(/[a-z]{3,}/gi) ?? []).length >= 10);
  const times = new Map();
  for (const { sentence } of all) times.set(sentence, (times.get(sentence) ?? 0) + 1);
  const once = all.filter(({ sentence }) => times.get(sentence) === 1);
  const drawn = [];
  while (drawn.length < Number(values.sentences) && once.length > 0) drawn.push(once.splice(Math.floor(random() * once.length), 1)[0]);
  return drawn;
}

async function askSentences(api, drawn, what) {
  let [first, onPage] = [0, 0];
  const times = [];
  for (const { id, page, sentence } of drawn) {
    const started = performance.now();
    const { data } = await api(`/v1/search?limit=10&q=${encodeURIComponent(sentence.replace(/"/g, ''))}`);
    times.push(performance.now() - started);
    const right = data[0]?.documentId === id;
    if (right) first++;
    if (right && data[0].page === page) onPage++;
    if (!right || data[0].page !== page) console.log(`  ${right ? `page ${data[0].page}, not ${page}` : `rank ${data.findIndex(({ documentId }) => documentId === id) + 1}`}: ${sentence.slice(0, 110)}`);
  }
  const share = (count) => `${((100 * count) / Math.max(drawn.length, 1)).toFixed(1)} %`;
  console.log(`${drawn.length} sentences from the last tenth of long ${what}: right document first ${share(first)}${drawn[0]?.page ? `, right page ${share(onPage)}` : ''} (target: 95 %); p50 ${middle(times)?.toFixed(0)} ms`);
}

const folder = mkdtempSync(join(tmpdir(), 'lexiflow-known-'));
const postgres = openPostgres();
try {
  await measure();
} finally {
  await stopAll();
  postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
