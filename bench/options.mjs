// What the command line asks for.
import { parseArgs } from 'node:util';

const HELP = `Usage: npm run bench -- [OPTIONS]

Measures LexiFlow (dist/main.js, production settings, log on, rate limit off) against bench/bare-server.mjs, a bare
Fastify + pg doing the same SQL, side by side in the same run, and the audit trail against the same writes without it.
Prints a table; writes bench/results.json and docs/performance.md. Ends with code 1 when a target is missed.

  --only NAME[,NAME]   get-by-id, list-50, me, cases-list, write, audit, audit-transactions; nothing is written to files (default: all)
                       conflicts, quick-search: how long one takes among 200,000 contacts and cases; only when named
                       search: the text of 102,000 documents, BM25 beside ts_rank, with plans; only when named
  --corpus FOLDER      for search: .txt files with known-item-queries.jsonl beside the folder
  --rounds N           rounds per side (default 7)
  --seconds N          length of a round (default 6)
  --smoke              one quick run of everything: no file written, no target enforced
  --keep               leave the working folder (the servers' logs) behind
  --node-args "ARGS"   more arguments for LexiFlow's node, such as --cpu-prof
  --help               this text

Environment:
  BENCH_DATABASE_URL   owner of an empty database to use; absent: scripts/test-postgres start --durable
  BENCH_SUPERUSER_URL  with it: the bare server's role; absent: the owner acting as lexiflow_engine (its policies are "true")`;

export const NAMES = ['get-by-id', 'list-50', 'me', 'cases-list', 'write', 'audit', 'audit-transactions'];
/** What is measured in milliseconds, not beside the bare server: it fills a firm first, so it runs when named. */
export const LATENCY_NAMES = ['conflicts', 'quick-search', 'search'];

/** The options, or the end of the process where only words were asked for. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' }, rounds: { type: 'string' }, seconds: { type: 'string' }, smoke: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false }, 'node-args': { type: 'string', default: '' }, corpus: { type: 'string' }, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { smoke, keep } = values;
  const chosen = values.only?.split(',') ?? NAMES;
  const unknown = chosen.filter((name) => ![...NAMES, ...LATENCY_NAMES].includes(name));
  if (unknown.length > 0) {
    console.error(`--only knows ${[...NAMES, ...LATENCY_NAMES].join(', ')}, not ${unknown.join(', ')}`);
    process.exit(2);
  }
  return {
    smoke, keep, corpus: values.corpus,
    chosen: chosen.filter((name) => NAMES.includes(name)),
    latencies: chosen.filter((name) => LATENCY_NAMES.includes(name) && name !== 'search'),
    fullText: chosen.includes('search'),
    rounds: Number(values.rounds ?? (smoke ? 2 : 7)),
    seconds: Number(values.seconds ?? (smoke ? 1 : 6)),
    warmup: smoke ? 1 : 4,
    poolSize: 10, // the product's default, on both sides
    firms: smoke ? 3 : 20,
    people: smoke ? 80 : 500,
    perFirm: smoke ? 10 : 40,
    nodeArgs: values['node-args'].split(' ').filter(Boolean),
  };
}
