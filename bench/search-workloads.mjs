// Conflict checks and quick searches as people would make them: common names, rare ones, mistyped ones, companies.
import { FAMILY, GIVEN } from './people.mjs';

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
export const conflictRequests = (token, count) => Array.from({ length: count }, (_, n) => {
  const names = n % 10 === 0 ? [at(FAMILY, n / 10 % 20)] : Array.from({ length: 1 + (n % 3) }, (_, i) => ((n + i) % 4 === 0 ? company(n + i) : person(n * 3 + i)));
  return {
    method: 'POST', path: '/v1/conflict-checks', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ names: names.map((name) => ({ name })) }),
  };
});

/** Two letters, whole words, several, numbers, addresses, and words with a letter missing. */
export const quickRequests = (token, count) => Array.from({ length: count }, (_, n) => {
  const q = [
    () => at(FAMILY, n).slice(0, 2), () => at(FAMILY, n * 3).slice(0, 3), () => at(FAMILY, n % 60), () => `${at(GIVEN, n)} ${at(FAMILY, n % 60)}`, () => mistype(at(FAMILY, n * 7), n).padEnd(4, 'o'),
    () => `2026-0${100000 + n * 37}`.slice(0, 9 + (n % 4)), () => `contact${n * 91}`, () => `${at(GIVEN, n).slice(0, 3)} ${at(FAMILY, n * 5).slice(0, 4)}`, () => company(n), () => mistype(at(FAMILY, n % 40), n).padEnd(4, 'o'),
  ][n % 10]();
  return { method: 'GET', path: `/v1/quick-search?q=${encodeURIComponent(q)}`, headers: { authorization: `Bearer ${token}` } };
});

export const LATENCIES = {
  conflicts: { title: 'POST /v1/conflict-checks, 200,000 contacts, 2 at a time', target: 150, requests: conflictRequests, verify: (body) => body.includes('"names":[{"name"') },
  'quick-search': { title: 'GET /v1/quick-search, 200,000 contacts and cases, 2 at a time', target: 50, requests: quickRequests, verify: (body) => body.startsWith('{"data":[') },
};
