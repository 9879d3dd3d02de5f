import type { Database } from '../../src/database/database.js';
import { indexVersions } from './indexing.js';
import { PATH_IDS, type Route } from './routes.js';
import { newWord, type Owner } from './rows.js';

/** As many as the longest page the rules ask for, and more. */
const MANY = 60;

interface PageRows {
  /**
   * Statements that make many rows where the path says, one after the other. {firm}, {owner}, {word} and {many} are filled in;
   * {parent} is the id the path names.
   */
  make: readonly string[];
  /** For a path that names no parent and whose rows want one: the template of PATH_IDS that makes it. */
  under?: string;
  /** What the list must be asked besides. */
  ask?(word: string, parent: string): Record<string, string>;
  /** What only code makes of the rows. */
  finish?(database: Database, owner: Owner, word: string): Promise<void>;
}

const SERIES = `generate_series(1, {many}) n`;
const USERS = `insert into users (firm_id, id, email, given_name, family_name, role, status)
  select {firm}, gen_random_uuid(), {word} || '-page-' || gen_random_uuid() || '@rows.example', {word}, 'Page ' || n, 'paralegal', 'active' from ${SERIES} returning id`;
const CONTACTS = `insert into contacts (firm_id, id, kind, given_name, family_name, created_by)
  select {firm}, gen_random_uuid(), 'person', {word}, {word} || ' page ' || n, {owner} from ${SERIES} returning id`;
const CLIENTS = `insert into clients (firm_id, id, contact_id) select {firm}, gen_random_uuid(), k.id from k returning id`;
const casesOf = (client: string, from: string): string => `insert into cases (firm_id, id, title, client_id, responsible_attorney_id, status, opened_on, created_by)
  select {firm}, gen_random_uuid(), {word} || ' page ' || n, ${client}, {owner}, 'open', '2026-01-05', {owner} from ${from} returning id`;

const MEMBERS = `with u as (${USERS}) insert into case_members (firm_id, id, case_id, user_id, role) select {firm}, gen_random_uuid(), {parent}, u.id, 'attorney' from u`;
// of others than the caller, who is not shown those against himself
const WALLS = `with u as (${USERS}) insert into case_walls (firm_id, id, case_id, user_id, reason, created_by) select {firm}, gen_random_uuid(), {parent}, u.id, {word}, {owner} from u`;
const TASKS = `insert into case_tasks (firm_id, id, case_id, title, assignee_id, created_by) select {firm}, gen_random_uuid(), {parent}, {word} || n, {owner}, {owner} from ${SERIES}`;

const likeTheFirst = (document: string, from = 'document_versions v where v.number = 1 and v.document_id = {parent}'): string => `insert into document_versions
  (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
  select v.firm_id, gen_random_uuid(), v.case_id, ${document}, v.object_id, v.sha256, v.size, v.media_type, v.file_name, {owner} from ${from}`;

/** Where a list finds a long page of rows, by its path: lists under a parent, and those that fillTables has nothing for. */
const PAGE_ROWS: Record<string, PageRows> = {
  // the caller's own, of which fillTables makes too few
  '/v1/api-keys': {
    make: [`insert into api_keys (firm_id, id, user_id, name, key_hash, hint, permissions)
      select {firm}, gen_random_uuid(), {owner}, {word}, sha256(convert_to({word} || n, 'UTF8')), 'hint', '{firm.read}' from ${SERIES}`],
  },
  '/v1/notifications': { make: [`insert into notifications (firm_id, id, user_id, kind, title, body) select {firm}, gen_random_uuid(), {owner}, 'system', {word}, {word} from ${SERIES}`] },
  '/v1/tasks': {
    make: [`insert into tasks (firm_id, id, user_id, kind, status, message, started_at, finished_at)
      select {firm}, gen_random_uuid(), {owner}, {word}, 'completed', {word}, '2020-01-01Z', '2020-01-01Z' from ${SERIES}`],
  },
  '/v1/cases/{id}/events': {
    make: [`insert into case_events (firm_id, id, case_id, kind, title, starts_at, time_zone, created_by)
      select {firm}, gen_random_uuid(), {parent}, 'hearing', {word} || n, timestamptz '2090-01-01 00:00Z' + n * interval '1 day', 'UTC', {owner} from ${SERIES}`],
  },
  '/v1/cases/{id}/members': { make: [MEMBERS] },
  '/v1/cases/{id}/notes': { make: [`insert into case_notes (firm_id, id, case_id, body, author_id) select {firm}, gen_random_uuid(), {parent}, {word} || n, {owner} from ${SERIES}`] },
  '/v1/cases/{id}/parties': {
    make: [`with k as (${CONTACTS}) insert into case_parties (firm_id, id, case_id, contact_id, role) select {firm}, gen_random_uuid(), {parent}, k.id, 'witness' from k`],
  },
  '/v1/cases/{id}/tasks': { make: [TASKS] },
  '/v1/cases/{id}/timeline': { make: [MEMBERS, TASKS] },
  '/v1/cases/{id}/walls': { make: [WALLS] },
  '/v1/clients/{id}/cases': { make: [casesOf('{parent}', SERIES)] },
  '/v1/contacts/{id}/cases': {
    make: [
      `insert into clients (firm_id, id, contact_id) values ({firm}, gen_random_uuid(), {parent})`,
      casesOf('(select c.id from clients c where c.firm_id = {firm} and c.contact_id = {parent})', SERIES),
    ],
  },
  '/v1/contacts/{id}/relations': {
    make: [`with k as (${CONTACTS}) insert into contact_relations (firm_id, id, from_contact_id, to_contact_id, kind) select {firm}, gen_random_uuid(), {parent}, k.id, 'relative' from k`],
  },
  // one at a time: each is given the number after the one before
  '/v1/documents/{id}/versions': { make: Array<string>(MANY).fill(likeTheFirst('v.document_id')) },
  '/v1/documents/{id}/versions/{number}/passages': {
    make: [`insert into document_chunks (firm_id, version_id, ordinal, case_id, document_id, page, char_offset, text)
      select v.firm_id, v.id, n, v.case_id, v.document_id, 1, 4 * n, 'text' from document_versions v, ${SERIES} where v.number = 1 and v.document_id = {parent}`],
  },
  '/v1/folders': {
    under: '/v1/cases/{id}',
    make: [`insert into folders (firm_id, id, case_id, name, created_by) select {firm}, gen_random_uuid(), {parent}, {word} || n, {owner} from ${SERIES}`],
    ask: (_, caseId) => ({ caseId }),
  },
  '/v1/quick-search': {
    // of each kind that it finds
    make: [`with k as (${CONTACTS}) ${CLIENTS}`, casesOf('c.id', `(select c.id, row_number() over () as n from clients c join contacts k on k.firm_id = c.firm_id and k.id = c.contact_id where k.given_name = {word}) c`), CONTACTS],
    ask: (word) => ({ q: word }),
  },
  '/v1/search': {
    under: '/v1/documents/{id}',
    make: [
      `insert into documents (firm_id, id, case_id, title, created_by)
        select d.firm_id, gen_random_uuid(), d.case_id, {word} || ' page ' || n, {owner} from documents d, ${SERIES} where d.id = {parent}`,
      likeTheFirst('d.id', `documents d join document_versions v on v.case_id = d.case_id and v.number = 1 and v.document_id = {parent} where d.title like {word} || ' page %'`),
    ],
    finish: async (database, { firmId }, word) => {
      const versions = await database.read({ kind: 'system', firmId }, () =>
        database.query<{ id: string }>(`select v.id from document_versions v join documents d on d.id = v.document_id where d.title like $1 || ' page %'`, [word]));
      await indexVersions(database, firmId, versions.map(({ id }) => id));
    },
    ask: (word) => ({ q: word }),
  },
  '/v1/walls': { under: '/v1/cases/{id}', make: [WALLS] },
};

export interface LongPage {
  /** Says that rows for more than the longest page were made; otherwise there are as many as fillTables made. */
  long: boolean;
  query: Record<string, string>;
  /** What to register, when nobody knows how rows come to be where the path says. */
  fault?: string;
}

/** Makes many rows for a list to show: under the very parent its path names, whose id is the last of these. */
export async function fillPage(route: Route, ids: readonly string[], database: Database, owner: Owner): Promise<LongPage> {
  const entry = PAGE_ROWS[route.path];
  if (!entry) {
    const fault = `${route.name} lists what is under a parent: register in PAGE_ROWS of test/support/page-rows.ts how many rows of it come into being there`;
    return { long: false, query: {}, ...(route.params.length > 0 && { fault }) };
  }
  const word = newWord();
  const parent = entry.under === undefined ? ids.at(-1) : await PATH_IDS[entry.under]!.make(database, owner, []);
  const known: Record<string, unknown> = { firm: owner.firmId, owner: owner.userId, parent, word, many: MANY };
  const types: Record<string, string> = { firm: 'uuid', owner: 'uuid', parent: 'uuid', word: 'text', many: 'int' };
  await database.write({ kind: 'system', firmId: owner.firmId }, async () => {
    for (const statement of entry.make) {
      const names: string[] = [];
      const text = statement.replace(/\{(\w+)\}/g, (_, name: string) => `$${names.includes(name) ? names.indexOf(name) + 1 : names.push(name)}::${types[name]}`);
      await database.execute(text, names.map((name) => known[name]));
    }
  });
  await entry.finish?.(database, owner, word);
  return { long: true, query: entry.ask?.(word, parent!) ?? {} };
}

/** Entries whose list is gone. */
export const unusedPages = (routes: readonly Route[]): string[] => Object.keys(PAGE_ROWS).filter((path) => !routes.some((route) => route.isList && route.path === path));
