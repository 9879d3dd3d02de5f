import { expect, test } from 'vitest';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { bearer, expectProblem, faults, granted, raw, refused } from '../support/check.js';
import { account, asFirm } from '../support/fixtures.js';

/** People beside the administrator: their names are not in the order of their making, and some were made at the same time. */
async function peopled(count: number): Promise<TestFirm> {
  const firm = await newFirm();
  await asFirm(firm,
    `insert into users (firm_id, id, email, given_name, family_name, role, status, created_at, updated_at)
     select $1, gen_random_uuid(), 'p' || n || '@x.example', 'P', 'Family ' || lpad(((n * 7) % $2)::text, 3, '0'), 'associate', 'active',
       now() - make_interval(mins => 1 + n * 5 % 4), now() - make_interval(mins => 1 + n * 3 % 4)
     from generate_series(1, $2) n`, [firm.id, count]);
  return firm;
}

const list = (firm: TestFirm, query: object) => firm.admin.api.GET('/v1/users', { params: { query } });

/** Reads page after page; `between` runs after each. */
async function walk(firm: TestFirm, query: object, between: () => Promise<unknown> = async () => undefined) {
  const rows = [];
  let cursor: string | null = null;
  do {
    const page: { data: { id: string; email: string; familyName: string; createdAt: string }[]; nextCursor: string | null } =
      granted(await list(firm, { ...query, ...(cursor && { cursor }) }));
    rows.push(...page.data);
    cursor = page.nextCursor;
    await between();
  } while (cursor !== null);
  return rows;
}

test.each(['name', '-name', 'email', '-createdAt', 'updatedAt'])('sorted by %s, the pages hold every row exactly once, in order', async (sort) => {
  const firm = await peopled(23);
  const whole = granted(await list(firm, { sort, limit: 200 }));
  expect(whole.nextCursor).toBeNull();
  expect(whole.data).toHaveLength(24);
  for (const limit of [1, 5, 24]) expect((await walk(firm, { sort, limit })).map(({ id }) => id)).toEqual(whole.data.map(({ id }) => id));
  const key = { name: 'familyName', email: 'email', createdAt: 'createdAt', updatedAt: 'updatedAt' }[sort.replace('-', '')]!;
  const keys = whole.data.map((row) => String((row as Record<string, unknown>)[key]).replace('Z', ''));
  const sorted = keys.every((value, i) => i === 0 || (sort.startsWith('-') ? value <= keys[i - 1]! : value >= keys[i - 1]!));
  expect(sorted).toBe(true);
});

test('rows that come in while somebody turns the pages neither hide nor repeat those that were there', async () => {
  const firm = await peopled(20);
  const before = granted(await list(firm, { limit: 200 })).data.map(({ id }) => id);
  for (const sort of ['name', '-createdAt']) {
    let made = 0;
    // names before, among and behind those that were there; created later than all
    const rows = await walk(firm, { sort, limit: 3 }, () => account(firm, `new${sort.toLowerCase()}-${++made}@x.example`, null, 'associate', 'invited'));
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(before));
    expect(made).toBeGreaterThan(5);
  }
});

test('rows with the same sort key are not lost at the border of two pages', async () => {
  const firm = await peopled(12);
  await asFirm(firm, `update users set given_name = 'Same', family_name = 'Name'`);
  expect(new Set((await walk(firm, { sort: 'name', limit: 5 })).map(({ id }) => id)).size).toBe(13);
});

test('names in any script can be turned over page by page', async () => {
  const firm = await newFirm();
  const names = ['Ärger', 'Zoë', '律師', "O'Neil", '"; --', '😀', 'é', 'é'.normalize('NFD')];
  for (const [i, name] of names.entries()) {
    const email = `n${i}@${firm.slug}.example`;
    await account(firm, email, null, 'associate', 'invited');
    await asFirm(firm, 'update users set family_name = $2 where email = $1', [email, name]);
  }
  expect((await walk(firm, { sort: 'name', limit: 1 })).map(({ familyName }) => familyName)).toEqual(expect.arrayContaining(names));
});

test('the total counts what matches, not what the page holds', async () => {
  const firm = await peopled(9);
  expect(granted(await list(firm, { limit: 2, count: true }))).toMatchObject({ total: 10 });
  expect(granted(await list(firm, { limit: 2, count: true, role: 'associate' })).total).toBe(9);
  const first = granted(await list(firm, { limit: 2, count: true }));
  expect(granted(await list(firm, { limit: 2, count: true, cursor: first.nextCursor! })).total).toBe(10);
  expect(granted(await list(firm, { limit: 2 }))).not.toHaveProperty('total');
  expect(granted(await list(firm, { limit: 2, count: false }))).not.toHaveProperty('total');
});

test('a page has fifty rows unless said otherwise', async () => {
  const firm = await peopled(60);
  const page = granted(await list(firm, {}));
  expect(page.data).toHaveLength(50);
  expect(granted(await list(firm, { cursor: page.nextCursor! })).data).toHaveLength(11);
});

test('with updatedSince a front end fetches what changed, and misses nothing by taking the newest it has', async () => {
  const firm = await peopled(3);
  const all = granted(await list(firm, { sort: 'updatedAt' })).data;
  const newest = all.at(-1)!.updatedAt;
  const person = granted(await firm.admin.api.PATCH('/v1/users/{id}', {
    params: { path: { id: all[0]!.id }, header: { 'If-Match': '*' } }, body: { title: 'Changed' },
  }));
  const changed = granted(await list(firm, { sort: 'updatedAt', updatedSince: newest })).data.map(({ id }) => id);
  expect(changed).toContain(person.id);
  expect(changed).toContain(all.at(-1)!.id); // at or after: the border itself comes again rather than never
  expect(changed).not.toContain(all[1]!.id);
  expect(granted(await list(firm, { updatedSince: new Date(Date.now() + 60_000).toISOString() })).data).toEqual([]);
});

test.each([
  ['limit=0', 'limit: min'], ['limit=201', 'limit: max'], ['limit=1.5', 'limit: is_int'], ['limit=ten', 'limit: is_int'], ['limit=', 'limit: is_int'],
  ['limit=1&limit=2', 'limit: is_int'], ['sort=title', 'sort: is_in'], ['sort=', 'sort: min_length'], ['sort=--name', 'sort: is_in'], ['sort=constructor', 'sort: is_in'], ['sort=-__proto__', 'sort: is_in'],
  ['sort=name;drop table users', 'sort: is_in'], ['count=yes', 'count: is_boolean'], ['updatedSince=yesterday', 'updatedSince: matches'],
  ['role=boss', 'role: is_in'], ['q=', 'q: min_length'], ['q=%00', 'q: is_clean_text'], ['fields=id,secret', 'fields: is_in'], ['fields=', 'fields: is_in'],
  ['expand=firm', 'expand: unknown_field'], ['limit[gt]=1', 'limit[gt]: unknown_field'], ['dryRun=true', 'dryRun: unknown_field'],
])('the query ?%s is refused, naming the parameter', async (query, fault) => {
  const firm = await newFirm();
  expect(faults(expectProblem(await (await raw()).get(`/v1/users?${query}`).set(bearer(firm.admin)), 400, 'validation_failed'))).toContain(fault);
});

test('a cursor is good for the list, sort and firm it was made for, and nothing can be smuggled in with one', async () => {
  const firm = await peopled(5);
  const { nextCursor } = granted(await list(firm, { sort: 'name', limit: 2 }));
  const other = refused(await list(firm, { sort: 'email', cursor: nextCursor! }), 400, 'invalid_cursor');
  expect(other.detail).toContain('another sort');
  refused(await list(firm, { sort: '-name', cursor: nextCursor! }), 400, 'invalid_cursor');
  refused(await firm.admin.api.GET('/v1/api-keys', { params: { query: { cursor: nextCursor! } } }), 400, 'invalid_cursor');
  const made = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const id = firm.admin.id;
  for (const cursor of [
    'nonsense', '%', made(), made('name', 'A'), made('name', 'A', 'no id'), made('name', 7, id), made('name', null, id), made('name', 'A\u0000', id), made('name', 'A', id, 1),
    made('name', "x'; select pg_sleep(9)--", `${id}'`), Buffer.from('{}').toString('base64url'), nextCursor!.slice(1),
  ]) refused(await list(firm, { sort: 'name', cursor }), 400, 'invalid_cursor');
  for (const key of ['', 'now', '2026-13-01 00:00:00+00', '2026-02-30 00:00:00+00', 'infinity', '2026-11-21']) {
    refused(await list(firm, { sort: 'createdAt', cursor: made('createdAt', key, id) }), 400, 'invalid_cursor');
  }
  // another firm’s cursor is a place between names like any other: it opens nothing
  const stranger = await newFirm();
  expect(granted(await list(stranger, { sort: 'name', cursor: nextCursor! })).data.every(({ email }) => email.endsWith(`${stranger.slug}.example`))).toBe(true);
});

test('only the members asked for are sent, of a single resource and of each row of a list', async () => {
  const firm = await peopled(2);
  const one = await (await raw()).get(`/v1/users/${firm.admin.id}?fields=name,role`).set(bearer(firm.admin));
  expect(one.body).toEqual({ name: 'Ada Min', role: 'admin' });
  expect(one.headers['etag']).toMatch(/^"1\./); // the version is in the ETag all the same
  const page = await (await raw()).get('/v1/users?fields=email,id&limit=2').set(bearer(firm.admin));
  expect(page.body.data.map((row: object) => Object.keys(row).sort())).toEqual([['email', 'id'], ['email', 'id']]);
  expect(page.body.nextCursor).toEqual(expect.any(String));
  expect((await (await raw()).get('/v1/me?fields=version,permissions').set(bearer(firm.admin))).body).toEqual({ version: 1, permissions: expect.any(Array) });
});
