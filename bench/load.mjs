// Rounds of load on two servers in turn, and what they come to.
import autocannon from 'autocannon';
import { cpuNow, memoryOf } from './processes.mjs';

export const CONNECTIONS = 16;

/** Requests per second, latency and processor time of one round; throws when an answer was not the right one. */
async function round(side, requests, seconds, postgres) {
  await side.before?.();
  const before = cpuNow(side.pid, postgres);
  let clients = 0;
  const result = await autocannon({
    url: side.url,
    connections: CONNECTIONS,
    pipelining: 1,
    duration: seconds,
    timeout: 30,
    requests: [requests[0]],
    // Each connection walks the list from a place of its own, so that not all ask for the same row at once.
    setupClient: (client) => {
      const start = Math.floor((requests.length * clients++) / CONNECTIONS);
      client.setRequests([...requests.slice(start), ...requests.slice(0, start)].map((request) => ({ ...request })));
    },
    verifyBody: side.verify,
  });
  const after = cpuNow(side.pid, postgres);
  const answered = result.requests.total;
  const faults = { errors: result.errors, timeouts: result.timeouts, 'not 2xx': result.non2xx, 'wrong body': result.mismatches };
  for (const [what, number] of Object.entries(faults)) {
    if (number > 0) throw new Error(`${side.name}: ${number} of ${answered} answers: ${what}`);
  }
  return {
    rps: answered / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    serverUs: ((after.server - before.server) / answered) * 1e6,
    postgresUs: ((after.postgres - before.postgres) / answered) * 1e6,
    answered,
  };
}

/** A, B, B, A, A, B ...: what changes on the machine in the meantime hits both. */
export async function compare(ours, bare, { rounds, seconds, warmup, postgres, onRound = () => {} }) {
  for (const side of [ours, bare]) await round(side, side.requests, warmup, postgres);
  const pairs = [];
  for (let i = 0; i < rounds; i++) {
    const order = i % 2 === 0 ? [ours, bare] : [bare, ours];
    const taken = new Map();
    for (const side of order) taken.set(side, await round(side, side.requests, seconds, postgres));
    const pair = { ours: taken.get(ours), bare: taken.get(bare) };
    pairs.push(pair);
    onRound(pair);
  }
  return {
    ours: { ...summary(pairs.map((pair) => pair.ours)), memoryMiB: memoryOf(ours.pid) },
    bare: { ...summary(pairs.map((pair) => pair.bare)), memoryMiB: memoryOf(bare.pid) },
    ratios: pairs.map((pair) => pair.ours.rps / pair.bare.rps),
  };
}

function summary(rounds) {
  const of = (name) => rounds.map((one) => one[name]);
  return {
    rps: spread(of('rps')), p50: median(of('p50')), p99: median(of('p99')), serverUs: median(of('serverUs')), postgresUs: median(of('postgresUs')),
    answered: of('answered').reduce((sum, n) => sum + n, 0),
  };
}

export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
