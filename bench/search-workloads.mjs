// Conflict checks and quick searches as people would make them: common names, rare ones, mistyped ones, companies.
import { latencies } from './latency.mjs';
import { FAMILY, fillPeople, GIVEN } from './people.mjs';

const at = (list, n) => list[n % list.length];
const mistype = (word, n) => word.slice(0, 1 + (n % (word.length - 2))) + word.slice(2 + (n % (word.length - 2)));
const person = (n) => [
  () => `${at(GIVEN, n * 7)} ${at(FAMILY, n * 13)}`,
  () => `${at(FAMILY, n)}, ${at(GIVEN, n * 3)}`,
  () => `${at(GIVEN, n)[0]}. ${at(GIVEN, n * 5)[0]}. ${at(FAMILY, n % 60)}`,
  () => `${at(GIVEN, n)} ${mistype(at(FAMILY, n * 11), n)}`,
  () => `${at(GIVEN, n)} ${at(GIVEN, n * 3)} ${at(FAMILY, n % 20)}`,
][n % 5]();
const company = (n) => `${at(['Acme', 'Harbor', 'Northwind', 'Keystone', 'Zenith', 'Beacon', 'Strategic', 'Orion'], n)} ${at(['Logistics', 'Biotech', 'Foods', 'Holdings', 'Shipping'], n * 3)} ${at(['Inc', 'LLC', 'GmbH'], n)}`;

/** One to three names each, every tenth just a very common family name. */
const conflictRequests = (token, count) => Array.from({ length: count }, (_, n) => {
  const names = n % 10 === 0 ? [at(FAMILY, n / 10 % 20)] : Array.from({ length: 1 + (n % 3) }, (_, i) => ((n + i) % 4 === 0 ? company(n + i) : person(n * 3 + i)));
  return {
    method: 'POST', path: '/v1/conflict-checks', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ names: names.map((name) => ({ name })) }),
  };
});

/** Two letters, whole words, several, numbers, addresses, and words with a letter missing. */
const quickRequests = (token, count) => Array.from({ length: count }, (_, n) => {
  const q = [
    () => at(FAMILY, n).slice(0, 2), () => at(FAMILY, n * 3).slice(0, 3), () => at(FAMILY, n % 60), () => `${at(GIVEN, n)} ${at(FAMILY, n % 60)}`, () => mistype(at(FAMILY, n * 7), n).padEnd(4, 'o'),
    () => `2026-0${100000 + n * 37}`.slice(0, 9 + (n % 4)), () => `contact${n * 91}`, () => `${at(GIVEN, n).slice(0, 3)} ${at(FAMILY, n * 5).slice(0, 4)}`, () => company(n), () => mistype(at(FAMILY, n % 40), n).padEnd(4, 'o'),
  ][n % 10]();
  return { method: 'GET', path: `/v1/quick-search?q=${encodeURIComponent(q)}`, headers: { authorization: `Bearer ${token}` } };
});

const LATENCIES = {
  conflicts: { title: 'POST /v1/conflict-checks', target: 150, requests: conflictRequests, verify: (body) => body.includes('"names":[{"name"') },
  'quick-search': { title: 'GET /v1/quick-search', target: 50, requests: quickRequests, verify: (body) => body.startsWith('{"data":[') },
};

/** Fills one firm, measures what was chosen, prints it; true when a target was missed. */
export async function measureLatencies(ownerUrl, { firms, ours }, { latencies: chosen, smoke }, say) {
  const firm = firms[1];
  const contacts = smoke ? 2_000 : 200_000;
  say(`filling a firm with ${contacts.toLocaleString('en-US')} contacts and as many cases`);
  await fillPeople(ownerUrl, firm, contacts, say);
  let missed = false;
  for (const name of chosen) {
    const { title, target, requests, verify } = LATENCIES[name];
    for (const connections of [1, 2]) {
      const { n, p50, p95, max, slowest } = await latencies(ours.url, requests(firm.token, smoke ? 60 : 520), { connections, warmup: 20, verify });
      console.log(`${title}, ${connections} at a time, ${contacts.toLocaleString('en-US')} contacts: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (target: under ${target}), longest ${max.toFixed(0)} ms, ${n} answers`);
      for (const line of slowest) say(`  ${line}`);
      missed ||= p95 >= target;
    }
  }
  return missed;
}
