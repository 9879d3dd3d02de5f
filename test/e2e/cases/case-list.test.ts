import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { faults, granted, refused } from '../support/check.js';
import { asFirm } from '../support/fixtures.js';
import { idsOf, newCase, newClient, newContact, patchCase, step, type Case } from './fixtures.js';

let firm: TestFirm;
let lead: Person;
let other: Person;
let clients: string[];
/** By a letter of their own. */
let cases: Record<'a' | 'b' | 'c' | 'd' | 'e', Case>;
const list = (query: object = {}, as = lead) => as.api.GET('/v1/cases', { params: { query: query as never } });
const letters = (ids: string[]) => ids.map((id) => Object.entries(cases).find(([, one]) => one.id === id)?.[0] ?? '?').join('');

beforeAll(async () => {
  firm = await newFirm();
  [lead, other] = [await firm.person('partner'), await firm.person('associate')];
  clients = [await newClient(firm, 'Northwind Shipping'), await newClient(firm, 'Zürcher Käserei')];
  const witness = await newContact(firm, 'Ola Nordmann AS');
  cases = {
    a: await newCase(lead, clients[0]!, { title: 'Alpha lease', status: 'open', openedOn: '2026-01-10', practiceArea: 'property', tags: ['urgent', 'ny'], metadata: { desk: 4, team: { name: 'x' } }, limitationOn: '2028-01-01' }),
    b: await newCase(lead, clients[1]!, { title: 'Bravo 100% merger', status: 'open', openedOn: '2026-02-10', practiceArea: 'corporate', tags: ['ny'], metadata: { desk: 5 }, responsibleAttorneyId: other.id, parties: [{ contactId: witness, role: 'witness' }] }),
    c: await newCase(other, clients[0]!, { title: 'Charlie audit', practiceArea: 'tax', tags: ['urgent'], docketNumber: '1:26-cv-777' }),
    d: await newCase(lead, clients[1]!, { title: 'Delta dispute', status: 'open', openedOn: '2026-03-10', metadata: { desk: 4, team: { name: 'x', size: 2 } }, limitationOn: '2027-01-01' }),
    e: await newCase(lead, clients[0]!, { title: 'Echo secret', access: 'restricted', status: 'open', openedOn: '2026-04-10', tags: ['urgent', 'secret'], metadata: { desk: 4 } }),
  };
  granted(await step(lead, cases.d.id, 'close', { closedOn: '2026-06-30' }));
});

describe('a filter', () => {
  const filters: [string, () => object, string, string][] = [
    ['nothing', () => ({}), 'cedba', 'cdba'],
    ['one status', () => ({ status: 'open' }), 'eba', 'ba'],
    ['several, with a comma', () => ({ status: 'intake,closed' }), 'cd', 'cd'],
    ['several, as a list', () => ({ status: ['intake', 'closed'] }), 'cd', 'cd'],
    ['clientId', () => ({ clientId: clients[0] }), 'cea', 'ca'],
    ['memberId', () => ({ memberId: other.id }), 'cb', 'cb'],
    ['responsibleAttorneyId', () => ({ responsibleAttorneyId: other.id }), 'b', 'b'],
    ['practiceArea', () => ({ practiceArea: 'tax' }), 'c', 'c'],
    ['access', () => ({ access: 'restricted' }), 'e', ''],
    ['opened from', () => ({ openedFrom: '2026-02-10' }), 'edb', 'db'],
    ['opened to', () => ({ openedTo: '2026-02-10' }), 'ba', 'ba'],
    ['closed between', () => ({ closedFrom: '2026-06-01', closedTo: '2026-06-30' }), 'd', 'd'],
    ['closed before', () => ({ closedTo: '2026-06-29' }), '', ''],
    ['limitation between', () => ({ limitationFrom: '2027-01-01', limitationTo: '2027-12-31' }), 'd', 'd'],
    ['one tag', () => ({ tag: 'urgent' }), 'cea', 'ca'],
    ['one of several tags', () => ({ tag: ['secret', 'ny'] }), 'eba', 'ba'],
    ['a tag nobody has', () => ({ tag: 'nobody' }), '', ''],
    ['metadata', () => ({ metadata: '{"desk":4}' }), 'eda', 'da'],
    ['metadata within metadata', () => ({ metadata: '{"team":{"name":"x"},"desk":4}' }), 'da', 'da'],
    ['a word of the title', () => ({ q: 'ALPHA' }), 'a', 'a'],
    ['the client’s name, without accents', () => ({ q: 'kaserei zur' }), 'db', 'db'],
    ['a party’s name', () => ({ q: 'nordmann' }), 'b', 'b'],
    ['a docket number', () => ({ q: '26-cv-777' }), 'c', 'c'],
    ['a per cent sign that is one', () => ({ q: '0%' }), 'b', 'b'],
    ['an underscore that is none', () => ({ q: 'a_pha' }), '', ''],
    ['a secret word', () => ({ q: 'secret' }), 'e', ''],
    ['the number', () => ({ q: cases.b.number }), 'b', 'b'],
    ['a future updatedSince', () => ({ updatedSince: '2090-01-01T00:00:00Z' }), '', ''],
  ];

  test.each(filters)('by %s finds what matches and what the caller may see, and counts it', async (_, query, mine, theirs) => {
    for (const [as, expected] of [[lead, mine], [other, theirs]] as const) {
      const page = granted(await list({ ...query(), count: true }, as));
      expect([letters(page.data.map(({ id }) => id)), page.total]).toEqual([expected, expected.length]);
    }
  });

  test.each(filters.slice(0, 14))('by %s is the same through the door', async (_, query) => {
    // every case has one of these tags or none: both ways must agree about those that do
    const all = { tag: ['urgent', 'ny', 'secret', 'nobody'] };
    const tagged = (ids: string) => [...ids].filter((letter) => 'abce'.includes(letter)).join('');
    for (const as of [lead, other]) {
      expect(letters(await idsOf(as, { ...query(), ...all }))).toBe(tagged(letters(await idsOf(as, query()))));
      const both = granted(await list({ ...query(), ...all, count: true }, as));
      expect(both.total).toBe(both.data.length);
    }
  });

  test.each([
    [{ status: 'gone' }, 'status'], [{ tag: '' }, 'tag'], [{ metadata: 'no json' }, 'metadata'], [{ metadata: '[1]' }, 'metadata'], [{ metadata: '{"a":"\\u0000"}' }, 'metadata'],
    [{ openedFrom: '2026-02-30' }, 'openedFrom'], [{ clientId: 'x' }, 'clientId'], [{ sort: 'secret' }, 'sort'], [{ sort: 'constructor' }, 'sort'], [{ owner: 'x' }, 'owner'],
    [{ expand: 'everything' }, 'expand'], [{ limit: 201 }, 'limit'], [{ access: 'secret' }, 'access'], [{ q: '' }, 'q'],
  ])('of %j is refused by name', async (query, parameter) => {
    expect(faults(refused(await list(query), 400, 'validation_failed')).map((fault) => fault.split(':')[0])).toContain(parameter);
  });
});

describe('a page', () => {
  const SORTS: [string, string][] = [['openedOn', 'abdec'], ['closedOn', 'd'], ['limitationOn', 'da'], ['number', 'abcde'], ['title', 'abcde'], ['createdAt', 'abcde'], ['updatedAt', 'abced']];

  test.each(SORTS.flatMap(([sort, order]) => [[sort, order, {}], [sort, order, { metadata: '{}' }], [`-${sort}`, order, {}], [`-${sort}`, order, { metadata: '{}' }]] as const))(
    'sorted by %s begins or ends with %s and goes through all pages both ways', async (sort, order, filter) => {
      const ids: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = granted(await list({ sort, limit: 2, ...filter, ...(cursor && { cursor }) }));
        ids.push(...page.data.map(({ id }) => id));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(ids).toEqual(await idsOf(lead, { sort, ...filter }));
      const found = letters(sort.startsWith('-') ? ids.toReversed() : ids);
      expect([found.length, found.slice(0, order.length)]).toEqual([5, order]);
    });

  test('takes one statement with everything expanded, however many rows, and one more for the count', async () => {
    const own = await newFirm();
    const client = await newClient(own);
    const watch = watchStatements();
    const everything = { expand: 'client,attorneys,members,parties,nextDeadline,tags' };
    const cost = async (query: object): Promise<number[]> => {
      watch.reset();
      const page = granted(await list(query, own.admin));
      return [watch.statements, page.data.length];
    };
    try {
      for (const rows of [1, 12]) {
        for (let n = (await idsOf(own.admin)).length; n < rows; n++) await newCase(own.admin, client, { tags: ['x'], parties: [{ contact: { kind: 'person', familyName: `P${n}` }, role: 'witness' }] });
        expect(await cost(everything)).toEqual([1, rows]);
        expect(await cost({ ...everything, tag: 'x' })).toEqual([1, rows]);
        expect(await cost({ ...everything, tag: 'x', count: true })).toEqual([2, rows]);
        expect(await cost({ ...everything, count: true, status: 'intake' })).toEqual([2, rows]);
      }
    } finally {
      watch.stop();
    }
    const page = granted(await list(everything, own.admin)).data;
    for (const one of page) expect(one).toMatchObject({ client: { id: client }, responsibleAttorney: null, nextDeadline: null, members: [{ userId: own.admin.id }], parties: [{ role: 'witness' }] });
    const trimmed = granted(await list({ expand: 'members', fields: 'id,members' }, own.admin)).data[0]!;
    expect(Object.keys(trimmed)).toEqual(['id', 'members']);
    for (const name of ['client', 'members', 'parties', 'nextDeadline', 'responsibleAttorney', '_key', '_place']) expect(granted(await list({}, own.admin)).data[0]).not.toHaveProperty(name);
  });

  test('expands what the policies would show, for everybody', async () => {
    await asFirm(firm, `insert into case_events (firm_id, id, case_id, kind, title, starts_at, time_zone) values ($1, $2, $3, 'filing', 'Reply brief', '2089-05-01T10:00:00Z', 'UTC')`, [firm.id, newId(), cases.a.id]);
    const [one] = granted(await list({ q: 'alpha', expand: 'client,nextDeadline' }, other)).data;
    expect(one).toMatchObject({ client: { id: clients[0], name: 'Northwind Shipping' }, nextDeadline: { title: 'Reply brief', startsAt: '2089-05-01T10:00:00Z' } });
    expect((await list({ expand: 'client,members,parties' }, other)).response.status).toBe(200);
  });

  test('of another firm has none of these, whatever it asks for', async () => {
    const stranger = (await newFirm()).admin;
    for (const query of [{}, { tag: 'urgent' }, { metadata: '{}' }, { q: 'alpha' }, { clientId: clients[0] }, { memberId: lead.id, tag: 'urgent' }]) {
      expect(granted(await list({ ...query, count: true }, stranger))).toEqual({ data: [], nextCursor: null, total: 0 });
    }
  });

  test('takes no cursor of another sort or one that was made up', async () => {
    const { nextCursor } = granted(await list({ limit: 1, sort: 'title' }));
    refused(await list({ limit: 1, sort: 'number', cursor: nextCursor }), 400, 'invalid_cursor');
    refused(await list({ tag: 'urgent', sort: '-title', cursor: nextCursor }), 400, 'invalid_cursor');
    const forged = Buffer.from(JSON.stringify(['-openedOn', `x'; drop table cases; --`, newId()])).toString('base64url');
    refused(await list({ tag: 'urgent', cursor: forged }), 400, 'invalid_cursor');
  });
});

describe('the doors', () => {
  const ask = async (as: Person, text: string, values: unknown[]) => {
    const { database } = await testApp();
    return database.read({ kind: 'job', firmId: firm.id, userId: as.id }, () => database.query<{ id: string }>(text, values));
  };
  const find = (as: Person, filter: object, rows = 201) => ask(as, 'select id from doors.find_cases($1, $2, null, null, $3)', [JSON.stringify(filter), 'number', rows]);

  test('give no hidden case, asked past the API', async () => {
    expect(letters((await find(lead, { tags: ['secret'] })).map(({ id }) => id))).toBe('e');
    expect(await find(other, { tags: ['secret'] })).toEqual([]);
    expect(letters((await find(other, {})).map(({ id }) => id))).toBe('abcd');
    expect(await ask(other, `select case_id as id from doors.expand_cases($1, '{client,members}')`, [[cases.e.id]])).toEqual([]);
    expect(await ask(lead, `select case_id as id from doors.expand_cases($1, '{client,members}')`, [[cases.e.id]])).toHaveLength(1);
    expect(await ask(other, 'select doors.count_cases($1) as n', [{ tags: ['secret'] }])).toEqual([{ n: 0 }]);
  });

  test('take quotes for quotes', async () => {
    for (const filter of [{ tags: [`'`, `\\`] }, { words: [`'`, `\\%_`] }, { metadata: { [`'`]: `"` } }, { status: [`',`] }, { practiceArea: `' or true --` }, { tags: ['{', '}', '"'] }]) expect(await find(lead, filter)).toEqual([]);
    await expect(find(lead, { clientId: `x' or true --` })).rejects.toThrow(/uuid/);
    await expect(ask(lead, 'select id from doors.find_cases($1, $2, null, null, 5)', ['{}', 'number; drop'])).rejects.toThrow(/not sorted/);
  });

  test('of tags that a patch moved know the new ones', async () => {
    granted(await patchCase(lead, cases.b.id, { tags: ['ny', 'moved'] }));
    expect(letters(await idsOf(lead, { tag: 'moved' }))).toBe('b');
  });
});
