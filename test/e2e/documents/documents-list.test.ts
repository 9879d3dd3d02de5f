import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { listStatements } from '../../../src/common/pagination/page.js';
import { migrateUp } from '../../../src/database/migrator.js';
import { DocumentQuery } from '../../../src/modules/documents/document-list.dto.js';
import { documentList, doorFilter, foundDocuments, plainFilters } from '../../../src/modules/documents/document-list.queries.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { scratchDatabase, type ScratchDatabase } from '../../support/scratch-database.js';
import { watchStatements } from '../../support/statement-watch.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { change, newAttachment, newDocument, type Doc } from './fixtures.js';

describe('the list', () => {
  let firm: TestFirm;
  let person: Person;
  let about: TestCase;
  let other: TestCase;
  const made: Record<string, Doc> = {};
  beforeAll(async () => {
    firm = await newFirm();
    person = await firm.person('associate');
    [about, other] = [await newCase(firm), await newCase(firm)];
    const folder = (await send(person, 'POST', '/v1/folders', { caseId: about.id, name: 'Leases' })).body['id']!;
    made['lease'] = await newDocument(person, about.id, { title: 'Lease 100% of_floor', type: 'lease', folderId: folder, tags: 'signed,original', metadata: '{"exhibit":"A","n":{"a":1}}', documentDate: '2026-02-03', authorName: 'Grace Hopper' });
    made['motion'] = await newDocument(person, about.id, { title: 'Motion to dismiss', type: 'motion', status: 'filed', privilege: 'work_product', tags: 'original', documentDate: '2026-03-01', authorId: person.id });
    made['letter'] = await newDocument(person, other.id, { title: 'Letter of dismissal', type: 'correspondence', metadata: '{"exhibit":"B"}' }, '{\\rtf1 text}');
    made['gone'] = await newDocument(person, about.id, { title: 'Motion withdrawn', type: 'motion', tags: 'original' });
    await change(person, 'DELETE', `/v1/documents/${made['gone'].id}`);
    await send(person, 'POST', `/v1/documents/${made['motion'].id}/check-out`, { expiresInMinutes: 60 });
  });
  const names = async (query: string, as = person) => {
    const { status, body } = await send<{ data: Doc[]; total?: number }>(as, 'GET', `/v1/documents?count=true&${query}`);
    expect([status, body.total]).toEqual([200, body.data?.length]);
    return body.data.map(({ id }) => Object.entries(made).find(([, doc]) => doc.id === id)?.[0] ?? id).toSorted();
  };

  test.each<[string, () => string, string[]]>([
    ['nothing', () => '', ['lease', 'letter', 'motion']],
    ['case', () => `caseId=${about.id}`, ['lease', 'motion']],
    ['folder', () => `folderId=${made['lease']!.folderId}`, ['lease']],
    ['no folder', () => 'folderId=none', ['letter', 'motion']],
    ['type', () => 'type=lease,motion', ['lease', 'motion']],
    ['status', () => 'status=filed', ['motion']],
    ['privilege', () => 'privilege=work_product,attorney_client', ['motion']],
    ['author by id', () => `authorId=${person.id}`, ['motion']],
    ['author by name', () => 'author=hopp', ['lease']],
    ['media type', () => 'mediaType=text/plain', ['lease', 'motion']],
    ['one tag', () => 'tag=original', ['lease', 'motion']],
    ['a tag that nothing has', () => 'tag=origin', []],
    ['metadata', () => `metadata=${encodeURIComponent('{"n":{"a":1}}')}`, ['lease']],
    ['words of the title, all of them', () => 'q=dismiss%20motion', ['motion']],
    ['a part of a word', () => 'q=dismiss', ['letter', 'motion']],
    ['signs that mean something to LIKE', () => 'q=100%25', ['lease']],
    ['an underscore', () => 'q=of_f', ['lease']],
    ['dates', () => 'documentDateFrom=2026-02-03&documentDateTo=2026-02-28', ['lease']],
    ['date from', () => 'documentDateFrom=2026-02-04', ['motion']],
    ['who works on it', () => 'checkedOutBy=me', ['motion']],
    ['trash', () => 'trashed=true', ['gone']],
    ['trash through the door', () => 'trashed=true&tag=original', ['gone']],
    ['several at once', () => `tag=original&q=motion&status=filed&caseId=${about.id}&checkedOutBy=me&documentDateFrom=2026-01-01&folderId=none&mediaType=text/plain&privilege=work_product`, ['motion']],
    ['change', () => `updatedSince=${new Date(Date.now() + 3_600_000).toISOString()}`, []],
  ])('filters by %s', async (_, query, expected) => {
    expect(await names(query())).toEqual(expected);
  });

  test('filters by client and by the document something was attached to', async () => {
    const { body } = await send<{ clientId: string }>(person, 'GET', `/v1/cases/${other.id}`);
    expect(await names(`clientId=${body.clientId}`)).toEqual(['letter']);
    expect(await names(`clientId=${body.clientId}&q=letter`)).toEqual(['letter']);
    const attachment = await newAttachment(firm, made['letter']!.id, 'Enclosure');
    expect(await names(`parentId=${made['letter']!.id}`)).toEqual([attachment]);
    expect(await names(`parentId=${made['letter']!.id}&q=encl`)).toEqual([attachment]);
    await change(person, 'DELETE', `/v1/documents/${attachment}`);
  });

  test.each(['title', '-title', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt', 'documentDate', '-documentDate'])('sorted by %s it goes on page by page, with and without the door', async (sort) => {
    for (const filter of ['', '&q=s']) {
      const all = (await send<{ data: Doc[] }>(person, 'GET', `/v1/documents?sort=${sort}${filter}`)).body.data.map(({ id }) => id);
      expect(all).toHaveLength(3);
      const paged: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body }: { body: { data: Doc[]; nextCursor: string | null } } = await send(person, 'GET', `/v1/documents?limit=1&sort=${sort}${filter}${cursor && `&cursor=${cursor}`}`);
        paged.push(...body.data.map(({ id }) => id));
        cursor = body.nextCursor;
      }
      expect(paged).toEqual(all);
    }
  });

  test.each(['folderId=root', 'checkedOutBy=you', 'metadata=[1]', 'status=lost', 'trashed=maybe', 'sort=size', 'documentDateFrom=2026-13-01'])('refuses %s', async (query) => {
    expect((await send(person, 'GET', `/v1/documents?${query}`)).status).toBe(400);
  });

  test('takes as many statements for a page of documents as for none, whatever is expanded', async () => {
    const counted = async (query: string) => {
      const requestId = newId();
      const watch = watchStatements(requestId);
      await send(person, 'GET', `/v1/documents?${query}`, undefined, { 'x-request-id': requestId });
      watch.stop();
      return watch.statements;
    };
    const bare = await counted('q=nothing-like-it');
    expect(bare).toBeGreaterThan(0);
    for (const query of ['', 'q=e', 'expand=case,folder,currentVersion,checkout,holds', 'q=e&expand=case,folder,currentVersion,checkout,holds']) expect(await counted(query), query).toBe(bare);
  });

  test('has nothing of hidden cases, nor counts it', async () => {
    const walled = await firm.person('partner');
    expect(await names('', walled)).toEqual(['lease', 'letter', 'motion']);
    await wallOff(firm, about.id, walled);
    for (const query of ['', 'q=e', 'tag=original', `caseId=${about.id}`, `caseId=${about.id}&q=motion`, `folderId=${made['lease']!.folderId}`, `trashed=true&caseId=${about.id}`, 'trashed=true&q=motion']) {
      expect(await names(query, walled), query).toEqual(['letter'].filter(() => query === '' || query === 'q=e'));
    }
  });
});

// What a list costs shows in the plans: a database of its own, filled.
describe('the plans', () => {
  const DOCUMENTS = 8_000;
  let scratch: ScratchDatabase;
  let client: pg.Client;
  const [firm, ada] = [newId(), newId()];
  const uuid = (kind: string, n: string) => `('${kind}0000000-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;
  beforeAll(async () => {
    scratch = await scratchDatabase();
    ({ client } = scratch);
    await migrateUp(scratch);
    await client.query(`select set_config('app.actor_kind', 'system', false), set_config('app.firm_id', $1, false), set_config('app.user_id', $2, false)`, [firm, ada]);
    await client.query(`set role "${scratch.roles.engine}"`);
    await client.query(`select doors.create_firm($1, 'plans', 'Plans', '{}', $2, 'ada@plans.example', 'Ada', 'Min', '$argon2id$none')`, [firm, ada]);
    // the triggers are tested elsewhere, and would take a minute here
    await client.query('reset role; alter table documents disable trigger user; alter table document_versions disable trigger user');
    await client.query(`set role "${scratch.roles.engine}"`);
    await client.query('begin');
    await client.query(`insert into contacts (firm_id, id, kind, company_name) select $1, ${uuid('1', 'n')}, 'company', 'C' || n from generate_series(1, 20) n`, [firm]);
    await client.query(`insert into clients (firm_id, id, contact_id) select $1, ${uuid('2', 'n')}, ${uuid('1', 'n')} from generate_series(1, 20) n`, [firm]);
    await client.query(`insert into cases (firm_id, id, title, client_id, status, opened_on) select $1, ${uuid('3', 'n')}, 'Case ' || n, ${uuid('2', '(n - 1) % 20 + 1')}, 'open', '2026-01-05' from generate_series(1, 400) n`, [firm]);
    await client.query(`insert into storage_objects (firm_id, id, sha256, size) values ($1, ${uuid('4', '1')}, repeat('a', 64), 10)`, [firm]);
    await client.query(`insert into documents (firm_id, id, case_id, title, type, status, privilege, author_name, author_id, document_date, tags, metadata, current_version, created_at)
      select $1, ${uuid('5', 'n')}, ${uuid('3', '(n - 1) % 400 + 1')}, 'Paper ' || md5(n::text) || ' no ' || n, case when n % 50 = 0 then 'motion' else 'letter' end, case when n % 200 = 0 then 'filed' else 'draft' end,
        case when n % 400 = 7 then 'work_product' else 'none' end, case when n % 1000 = 3 then 'Rare Author' else 'Some Body' end, case when n % 1000 = 5 then $2::uuid end,
        case when n % 3 > 0 then date '2000-01-01' + n % 7000 end, case when n % 2 = 0 then '{common}' else '{}'::text[] end || case when n % 2000 = 9 then '{rare}' else '{}'::text[] end,
        jsonb_build_object('file', n % 5000), 1, timestamptz '2020-01-01' + make_interval(mins => n) from generate_series(1, $3::int) n`, [firm, ada, DOCUMENTS]);
    await client.query(`insert into document_versions (firm_id, id, number, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
      select firm_id, id, 1, case_id, id, ${uuid('4', '1')}, repeat('a', 64), 10, case when title like '%0000' then 'application/pdf' else 'text/plain' end, 'f.txt', $1 from documents`, [ada]);
    await client.query('insert into document_texts (firm_id, version_id, case_id, document_id) select firm_id, id, case_id, document_id from document_versions');
    await client.query('commit');
    await client.query('reset role; alter table documents enable trigger user; alter table document_versions enable trigger user');
    await client.query(`set role "${scratch.roles.engine}"`);
    await client.query(`update documents set deleted_at = now() where id in (select id from documents order by id limit 30)`);
    await client.query(`insert into case_walls (firm_id, id, case_id, user_id, reason) select firm_id, gen_random_uuid(), id, $1, 'test' from cases where title in ('Case 7', 'Case 8')`, [ada]);
    await client.query(`insert into case_members (firm_id, id, case_id, user_id, role) select firm_id, gen_random_uuid(), id, $1, 'lead' from cases where title = 'Case 9'`, [ada]);
    await client.query(`select set_config('app.actor_kind', 'user', false)`);
    await client.query('reset role');
    await client.query('vacuum analyze documents, document_versions, cases, case_restrictions, case_screens');
    await client.query('set jit = off');
  }, 300_000);
  afterAll(() => scratch?.drop());

  interface Node { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Rows Removed by Index Recheck'?: number; Plans?: Node[] }
  const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
  async function cost(role: string, text: string, values: unknown[] = []) {
    await client.query(`set role "${role}"`);
    try {
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(`explain (analyze, timing off, format json) ${text}`, values);
      const all = nodes(rows[0]!['QUERY PLAN'][0].Plan);
      const looked = all.filter((node) => node['Relation Name'] === 'documents' && node['Node Type'] !== 'Bitmap Index Scan')
        .reduce((sum, node) => sum + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)), 0);
      return { looked, indexes: all.flatMap((node) => node['Index Name'] ?? []).join(), whole: all.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']).filter((name) => ['documents', 'document_versions'].includes(name!)) };
    } finally {
      await client.query('reset role');
    }
  }
  const asQuery = (query: Partial<DocumentQuery>) => Object.assign(new DocumentQuery(), { limit: 50 }, query);
  const underPolicies = (query: Partial<DocumentQuery>) => {
    const { text, values } = listStatements(documentList([]), asQuery(query), plainFilters(asQuery(query), ada)).page;
    return cost(scratch.roles.app, text, values);
  };
  const inside = async (query: Partial<DocumentQuery>, way: string, sort = '-createdAt') => {
    await client.query(`set role "${scratch.roles.engine}"`);
    const { rows } = await client.query<{ text: string }>('select internal.document_page($1, $2, $3, null, null, 51, $4) as text', [firm, doorFilter(asQuery(query), ada), sort, way]);
    await client.query('reset role');
    return cost(scratch.roles.engine, rows[0]!.text);
  };

  test.each<[string, Partial<DocumentQuery>, RegExp, number]>([
    ['nothing', {}, /documents_created_idx/, 60], ['case', { caseId: '30000000-0000-7000-8000-000000000011' }, /documents_case_idx/, 60], ['client', { clientId: '20000000-0000-7000-8000-000000000003' }, /documents_(case|created)_/, 1100],
    ['type', { type: ['motion'] }, /documents_(type|created)_idx/, 3000], ['status', { status: ['filed'] }, /documents_(status|created)_idx/, 200], ['privilege', { privilege: ['work_product'] }, /documents_privilege_idx/, 60],
    ['author', { authorId: ada }, /documents_author_idx/, 30], ['dates', { documentDateFrom: '2005-01-01', documentDateTo: '2005-01-10' }, /documents_date_idx/, 60], ['trash', { trashed: true }, /documents_trash_idx/, 40],
    ['media type', { mediaType: ['application/pdf'] }, /document_versions_media_idx/, 10], ['title', { sort: 'title' }, /documents_title_idx/, 60], ['change', { sort: '-updatedAt' }, /documents_updated_idx/, 100], ['date', { sort: '-documentDate' }, /documents_date_idx/, 100],
  ])('by %s the list goes through an index', async (_, query, index, most) => {
    const { looked, indexes, whole } = await underPolicies(query);
    expect({ indexes, whole }).toEqual({ indexes: expect.stringMatching(index) as string, whole: [] });
    expect(looked).toBeLessThanOrEqual(most);
  });

  test.each<[string, Partial<DocumentQuery>, RegExp, number]>([
    ['a tag', { tag: ['rare'] }, /documents_tags_idx/, 10], ['metadata', { metadata: '{"file":77}' }, /documents_metadata_idx/, 4],
    ['words', { q: '7999 paper' }, /documents_title_trigram_idx/, 30], ['an author', { author: 'rare auth' }, /documents_author_trigram_idx/, 20],
    ['a tag in a case', { tag: ['common'], caseId: '30000000-0000-7000-8000-000000000012' }, /documents_(case|tags)_idx/, 60],
  ])('inside the door %s is looked up through an index', async (_, query, index, most) => {
    for (const way of ['look', 'count']) {
      const { looked, indexes, whole } = await inside(query, way);
      expect({ way, indexes, whole }).toEqual({ way, indexes: expect.stringMatching(index) as string, whole: [] });
      expect(looked).toBeLessThanOrEqual(most);
    }
  });

  test('inside the door a tag that half of all documents carry costs a page, and a walk gives up', async () => {
    expect((await inside({ tag: ['common'] }, 'walk')).looked).toBeLessThan(300);
    expect((await inside({ tag: ['nobody'] }, 'walk')).looked).toBe(2000);
  });

  test.each<[Partial<DocumentQuery>, string]>([[{ tag: ['common'] }, '-createdAt'], [{ tag: ['rare'] }, 'title'], [{ q: 'paper 77' }, '-documentDate'], [{ author: 'rare' }, 'documentDate'], [{ tag: ['common'], type: ['motion'] }, '-title'], [{ q: 'paper', status: ['filed'] }, 'updatedAt']])(
    '%j sorted by %s gives the page that looking at everything would give, hidden ones left out', async (query, sort) => {
      const { text, values } = foundDocuments(doorFilter(asQuery(query), ada), { sort, limit: 50, descending: sort.startsWith('-'), field: { column: '', type: 'text' }, after: undefined, cursorOf: () => '' }, []);
      await client.query(`set role "${scratch.roles.app}"`);
      const found = await client.query<{ id: string }>(text, values);
      const key = documentList([]).sorts[sort.replace('-', '')]!.column;
      const direction = sort.startsWith('-') ? 'desc' : 'asc';
      const brute = await client.query<{ id: string }>(`select d.id from documents d where d.deleted_at is null and ($1::text[] is null or d.tags && $1) and ($2::text is null or (select bool_and(lower(d.title) like '%' || w || '%') from unnest(string_to_array($2, ' ')) w))
        and ($3::text is null or lower(d.author_name) like $3 || '%') and ($4::text[] is null or d.type = any ($4)) and ($5::text[] is null or d.status = any ($5)) order by ${key} ${direction}, d.id ${direction} limit 51`,
        [query.tag ?? null, query.q ?? null, query.author ?? null, query.type ?? null, query.status ?? null]);
      await client.query('reset role');
      expect(found.rows.map(({ id }) => id)).toEqual(brute.rows.map(({ id }) => id));
      expect(found.rows.length).toBeGreaterThan(0);
    });
});
