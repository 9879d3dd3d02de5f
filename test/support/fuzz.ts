/** A small generator of chance with a seed (mulberry32), so that a failing run can be repeated. */
export function seeded(seed: number): { next(): number; below(n: number): number; pick<T>(items: readonly T[]): T } {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { next, below, pick: (items) => items[below(items.length)]! };
}
export type Chance = ReturnType<typeof seeded>;

const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

/** Values that some reader of a body somewhere was not ready for. */
export const HOSTILE_VALUES: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 1e308, -0, 2 ** 53, '', ' ', 'null', 'NaN', '\u0000', 'a\u0000b', '\ud800', 'x\udfff', '\u202e', '💥'.repeat(50), 'x'.repeat(5_000), '%00', "'; drop table users; --",
  '{{7*7}}', '${jndi:ldap://127.0.0.1/a}', '../../etc/passwd', '<script>alert(1)</script>', '2026-13-45', '9999999-01-01', '2026-02-30T25:61:61Z', '0000-00-00', [], [[]], [null], ['a', 1, {}],
  Array.from({ length: 500 }, (_, i) => i), {}, { $gt: '' }, { toString: 'x' }, { constructor: { prototype: {} } }, { length: -1 }, deep(60), '00000000-0000-0000-0000-000000000000', 'not-a-uuid', '-1', '1e9', 'true',
];

/** Bodies that are no JSON object at all, or barely. */
export const HOSTILE_BODIES: readonly (string | Buffer)[] = [
  '{', '}', '[', '"', 'null', 'true', '1', '[]', '""', '{"a":}', '{"a":1,}', "{'a':1}", '\u0000', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}',
  Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('{"name":"\xc3\x28"}', 'latin1'), Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), '{"a":'.repeat(5_000), `[${'['.repeat(20_000)}`, `{"a":"${'x'.repeat(200_000)}"}`,
  `{"a":1e${'9'.repeat(50)}}`, '{"a":1}{"b":2}', '\n\n\n', '//', '{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"email":"a","email":"b"}',
];

export const HOSTILE_TYPES: readonly string[] = [
  'application/json', 'application/json; charset=utf-7', 'application/json;charset=latin1', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'multipart/form-data; boundary=x', 'application/xml', '', 'garbage', 'application/json, text/html', '*/*',
];

/** What may stand in a query string or path segment, percent-encoded or not. */
export const HOSTILE_TEXTS: readonly string[] = [
  '', '%00', '%', '%zz', '%c3%28', '%ff', '%ed%a0%80', '..%2f..%2fetc%2fpasswd', '%2e%2e', '+', '%20', '-1', '0', '201', '99999999999999999999', '1.5', 'NaN', 'true', 'null', 'undefined', '[]', '%5B%5D', '{}', 'a'.repeat(3_000),
  '00000000-0000-0000-0000-000000000000', 'not-a-uuid', '2026-13-45', '-name', '--name', 'name,email', 'id,,,', '__proto__', 'constructor', 'W10', 'bnVsbA', 'WyJuYW1lIiwiYSIsImIiXQ', 'WyItY3JlYXRlZEF0IiwiMjAyNi0xMy00NSAyNTowMDowMCswMCIsIjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJd',
  Buffer.from(JSON.stringify(['name', 'x\u0000', '00000000-0000-0000-0000-000000000000'])).toString('base64url'),
  Buffer.from(JSON.stringify(['-createdAt', '294277-01-01 00:00:00+00', '00000000-0000-0000-0000-000000000000'])).toString('base64url'),
  Buffer.from(JSON.stringify(['-createdAt', '2026-11-21 00:00:00+99', '00000000-0000-0000-0000-000000000000'])).toString('base64url'),
  Buffer.from(JSON.stringify(['-occurredAt', '2026-11-21 00:00:00+00', '999999999999999999'])).toString('base64url'),
];

export const HOSTILE_HEADERS: readonly Record<string, string>[] = [
  {}, {}, {}, {}, { 'if-match': '' }, { 'if-match': '*' }, { 'if-match': 'garbage' }, { 'if-match': '"999999999999999999999"' }, { 'if-match': `"${'1.'.repeat(2_000)}"` }, { 'if-none-match': '*' }, { 'if-none-match': '"","' },
  { 'idempotency-key': '' }, { 'idempotency-key': 'k'.repeat(300) }, { 'idempotency-key': 'a b' }, { 'idempotency-key': 'fuzz' }, { 'x-request-id': 'x'.repeat(3_000) }, { 'x-request-id': '<script>' }, { 'x-reason': 'r'.repeat(3_000) }, { 'x-reason': '\u00ff\u00fe' },
  { authorization: 'Bearer ' }, { authorization: 'Basic YTpi' }, { authorization: 'Bearer lfk_x' }, { authorization: `Bearer lfk_${'0'.repeat(32)}_${'0'.repeat(32)}_${'A'.repeat(43)}` }, { authorization: 'Bearer a.b.c' }, { authorization: `Bearer ${'x'.repeat(3_000)}` },
  { accept: 'text/html' }, { accept: '' }, { origin: 'null' }, { 'x-forwarded-for': "1.1.1.1, ' or 1=1" }, { range: 'bytes=0-1' }, { 'accept-encoding': 'br;q=9' }, { cookie: 'a=b; __proto__=c' }, { 'x-huge': 'h'.repeat(20_000) }, { expect: '100-continue' }, { 'content-encoding': 'gzip' },
];
