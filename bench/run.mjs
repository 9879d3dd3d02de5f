// npm run bench: LexiFlow against a bare Fastify + pg server doing the same SQL, in the same run. See --help.
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { build } from '../scripts/build.mjs';
import { compare, CONNECTIONS } from './load.mjs';
import { NAMES, readOptions } from './options.mjs';
import { openPostgres, stopAll, stopNode } from './processes.mjs';
import { machine, missed, shares, table, writePerformancePage } from './report.mjs';
import { root } from './root.mjs';

const options = readOptions();
const say = (line) => console.error(line);
build();
// what reads dist/ is loaded when it is there
const [{ startServers }, { compareAudit, compareTransactions }, { WORKLOADS, assertSameAnswers }] = await Promise.all([import('./servers.mjs'), import('./audit.mjs'), import('./workloads.mjs')]);

const folder = mkdtempSync(join(tmpdir(), 'lexiflow-bench-'));
let postgres;
let code = 1;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void cleanUp().then(() => process.exit(1)));
try {
  postgres = openPostgres();
  const servers = await startServers(postgres, options, folder, say);
  const results = [];
  for (const name of options.chosen) results.push({ name, ...(await measure(name, servers)) });
  const slow = options.latencies.length > 0 && (await import('./search-workloads.mjs').then(({ measureLatencies }) => measureLatencies(postgres.owner, servers, options, say)));
  const slowText = options.fullText && (await import('./full-text.mjs').then(({ measureFullText }) => measureFullText(postgres.owner, servers, options, say)));
  await stopNode(servers.ours.child); // its log is complete now
  code = options.chosen.length > 0 ? await report(results, servers) : 0;
  if ((slow || slowText) && !options.smoke) code = 1;
} catch (error) {
  say(error.stack ?? String(error));
} finally {
  await cleanUp();
}
process.exit(code);

async function cleanUp() {
  await stopAll();
  postgres?.stop();
  if (options.keep) say(`the servers' logs are in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}

async function measure(name, { ours, bare, firms, serving }) {
  const each = { rounds: options.rounds, seconds: options.seconds, warmup: options.warmup };
  if (name === 'audit') {
    const title = '16 writers of one firm, audited / not';
    say(title);
    const more = { ...each, perFirm: options.perFirm, postgres: postgres.pid, onRound: sayRound };
    return { title, target: 0.8, ...(await compareAudit(ours, postgres.owner, firms[0], more)) };
  }
  if (name === 'audit-transactions') {
    const title = 'the same without HTTP: bare transactions, audited / not';
    say(title);
    return { title, ...(await compareTransactions(serving, postgres.owner, firms[0], { ...each, onRound: sayRound })) };
  }
  const { title, target, prepare, build: requestsOf } = WORKLOADS[name];
  await prepare?.({ firms, ours, owner: postgres.owner, say, smoke: options.smoke });
  const sides = requestsOf(firms, options.perFirm);
  const a = { ...ours, ...sides.ours };
  const b = { ...bare, ...sides.bare };
  say(title);
  await assertSameAnswers(name, a, b);
  return { title, target, ...(await compare(a, b, { ...each, postgres: postgres.pid, onRound: sayRound })) };
}

function sayRound({ ours, bare }) {
  say(`  ${Math.round(ours.rps)} / ${Math.round(bare.rps)} = ${(ours.rps / bare.rps).toFixed(3)}`);
}

/** Prints, writes and judges; returns the exit code. */
async function report(results, { logFile }) {
  const { logLines, requests } = await countLog(logFile);
  const client = new pg.Client({ connectionString: postgres.owner });
  await client.connect();
  const { rows } = await client.query('show server_version');
  await client.end();
  const { rounds, seconds, poolSize, firms, people, smoke } = options;
  const summary = {
    date: new Date().toISOString().slice(0, 10),
    command: 'npm run bench',
    database: postgres.how,
    machine: machine(rows[0].server_version),
    options: { rounds, seconds, connections: CONNECTIONS, poolSize, firms, people, rateLimit: 'off', log: 'info, to a file' },
    logLines,
    results: results.map((result) => ({ ...result, ...shares(result) })),
  };
  console.log(`\n${table(results)}`);
  console.log(`\nLexiFlow logged ${requests.toLocaleString('en-US')} requests, one line each.`);
  if (smoke || options.chosen.length < NAMES.length) return 0;
  writeFileSync(join(root, 'bench', 'results.json'), `${JSON.stringify(summary, null, 2)}\n`);
  writePerformancePage(summary);
  return results.some(missed) ? 1 : 0;
}

/** Every request left its line. */
async function countLog(file) {
  let logLines = 0;
  let requests = 0;
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    logLines += lines.length;
    for (const line of lines) if (line.includes('"route":"')) requests++;
  }
  return { logLines, requests };
}
