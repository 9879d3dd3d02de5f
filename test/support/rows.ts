import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newId } from '../../src/common/ids.js';
import type { Database } from '../../src/database/database.js';
import type { Statement } from '../../src/database/flight.js';
import { objectKey } from '../../src/modules/storage/object-store.js';

/** Where a row goes: firm and owner, a word that stands in its texts, its number, and the ids of rows made beside it. */
export interface RowPlace {
  firmId: string;
  userId: string;
  word: string;
  n: number;
  id(table: string, n?: number): string;
}

const insert = (table: string, columns: Record<string, unknown>): Statement => ({
  text: `insert into ${table} (${Object.keys(columns).join(', ')}) values (${Object.keys(columns).map((_, i) => `$${i + 1}`).join(', ')})`,
  values: Object.values(columns),
});
const LONG_AGO = '2020-01-01T00:00:00Z';
const FAR_AHEAD = '2090-01-01T00:00:00Z';
const bytes = () => randomBytes(32);

/**
 * How a row of each table comes into being, in an order that foreign keys can follow: rows with an odd number belong to
 * the owner, those with an even one to the first user made here. A new table wants a line here, and the rules about
 * models, lists and refusals then cover it. Rows of audit_events and audit_seals come by themselves.
 */
export const ROWS: Record<string, (at: RowPlace) => Statement> = {
  firm_logos: ({ firmId, word }) => insert('firm_logos', { firm_id: firmId, media_type: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex'), sha256: word }),
  users: ({ firmId, id, word, n }) => insert('users', {
    firm_id: firmId, id: id('users'), email: `${word}-${n}@rows.example`, given_name: `${word} given`, family_name: `${word} family ${n}`, role: 'paralegal', status: 'active',
  }),
  user_passwords: ({ firmId, id }) => insert('user_passwords', { firm_id: firmId, user_id: id('users'), hash: '$argon2id$none' }),
  sessions: (at) => insert('sessions', { firm_id: at.firmId, id: at.id('sessions'), user_id: ownerOf(at), user_agent: at.word, expires_at: FAR_AHEAD }),
  refresh_tokens: ({ firmId, id }) => insert('refresh_tokens', { firm_id: firmId, id: id('refresh_tokens'), session_id: id('sessions', 1), token_hash: bytes() }),
  api_keys: (at) => insert('api_keys', { firm_id: at.firmId, id: at.id('api_keys'), user_id: ownerOf(at), name: at.word, key_hash: bytes(), hint: 'hint', permissions: ['firm.read'] }),
  user_links: (at) => insert('user_links', { firm_id: at.firmId, id: at.id('user_links'), user_id: ownerOf(at), kind: 'invitation', token_hash: bytes(), expires_at: LONG_AGO }),
  contacts: (at) => insert('contacts', { firm_id: at.firmId, id: at.id('contacts'), kind: 'person', given_name: at.word, family_name: `${at.word} ${at.n}`, notes: at.word, created_by: ownerOf(at) }),
  contact_names: ({ firmId, id, word, n }) => insert('contact_names', { firm_id: firmId, id: id('contact_names'), contact_id: id('contacts', 1), kind: 'alias', name: `${word} alias ${n}` }),
  contact_emails: ({ firmId, id, word, n }) => insert('contact_emails', { firm_id: firmId, id: id('contact_emails'), contact_id: id('contacts', 1), email: `${word}-${n}@rows.example`, is_primary: n === 1 }),
  contact_phones: ({ firmId, id, word, n }) => insert('contact_phones', { firm_id: firmId, id: id('contact_phones'), contact_id: id('contacts', 1), phone: `${word} ${n}`, is_primary: n === 1 }),
  contact_addresses: ({ firmId, id, word, n }) => insert('contact_addresses', { firm_id: firmId, id: id('contact_addresses'), contact_id: id('contacts', 1), line1: word, country: 'US', is_primary: n === 1 }),
  contact_relations: ({ firmId, id, word, n }) => insert('contact_relations', {
    firm_id: firmId, id: id('contact_relations'), from_contact_id: id('contacts', 1), to_contact_id: id('contacts', n === 3 ? 3 : 2), kind: n === 1 ? 'affiliate' : 'employer', note: word,
  }),
  clients: ({ firmId, id, word }) => insert('clients', { firm_id: firmId, id: id('clients'), contact_id: id('contacts'), notes: word }),
  // numbers come from the counter; the third case is restricted, and its one member the owner
  cases: (at) => insert('cases', {
    firm_id: at.firmId, id: at.id('cases'), title: at.word, description: at.word, client_id: at.id('clients', 1), responsible_attorney_id: ownerOf(at), status: 'open', opened_on: '2026-01-05', access: at.n === 3 ? 'restricted' : 'open',
    tags: [at.word], metadata: JSON.stringify({ word: at.word }), created_by: ownerOf(at),
  }),
  case_members: (at) => insert('case_members', { firm_id: at.firmId, id: at.id('case_members'), case_id: at.id('cases', at.n === 3 ? 3 : 1), user_id: ownerOf(at), role: 'lead' }),
  case_parties: ({ firmId, id, word, n }) => insert('case_parties', {
    firm_id: firmId, id: id('case_parties'), case_id: id('cases', n === 2 ? 2 : 1), contact_id: id('contacts', n === 3 ? 2 : 1), role: 'witness', note: word,
  }),
  // over long ago: they hide nothing
  case_walls: ({ firmId, userId, id, word, n }) => insert('case_walls', {
    firm_id: firmId, id: id('case_walls'), case_id: id('cases', 1), user_id: userId, starts_at: `2020-0${n}-01T00:00:00Z`, ends_at: `2020-0${n}-09T00:00:00Z`, reason: word,
  }),
  case_notes: (at) => insert('case_notes', { firm_id: at.firmId, id: at.id('case_notes'), case_id: at.id('cases', 1), body: at.word, author_id: ownerOf(at) }),
  case_tasks: (at) => insert('case_tasks', { firm_id: at.firmId, id: at.id('case_tasks'), case_id: at.id('cases', 1), title: at.word, description: at.word, assignee_id: ownerOf(at), created_by: ownerOf(at) }),
  case_task_items: ({ firmId, id, word }) => insert('case_task_items', { firm_id: firmId, id: id('case_task_items'), case_id: id('cases', 1), task_id: id('case_tasks', 1), title: word }),
  // far ahead: no reminder goes out
  case_events: (at) => insert('case_events', {
    firm_id: at.firmId, id: at.id('case_events'), case_id: at.id('cases', 1), kind: 'deadline', title: at.word, location: at.word, starts_at: FAR_AHEAD, time_zone: 'UTC', reminders: [60], created_by: ownerOf(at),
  }),
  case_event_attendees: ({ firmId, id, n }) => insert('case_event_attendees', {
    firm_id: firmId, id: id('case_event_attendees'), case_id: id('cases', 1), event_id: id('case_events', 1), ...(n === 3 ? { contact_id: id('contacts', 1) } : { user_id: id('users', n) }),
  }),
  conflict_checks: (at) => insert('conflict_checks', { firm_id: at.firmId, id: at.id('conflict_checks'), case_id: at.n === 1 ? null : at.id('cases', 1), terms: [at.word], purpose: at.word, asked_by: ownerOf(at) }),
  conflict_terms: ({ firmId, id, word, n }) => insert('conflict_terms', { firm_id: firmId, id: id('conflict_terms'), check_id: id('conflict_checks', 1), position: n, name: word }),
  conflict_hits: ({ firmId, id, word }) => insert('conflict_hits', {
    firm_id: firmId, id: id('conflict_hits'), check_id: id('conflict_checks', 1), term_id: id('conflict_terms', 1), contact_id: id('contacts', 1), name: word, source: 'name', reasons: ['exact'], score: '1',
  }),
  conflict_subjects: ({ firmId, id }) => insert('conflict_subjects', {
    firm_id: firmId, id: id('conflict_subjects'), hit_id: id('conflict_hits', 1), contact_id: id('contacts', 1), case_id: id('cases', 1), party_role: 'client',
  }),
  conflict_decisions: (at) => insert('conflict_decisions', { firm_id: at.firmId, id: at.id('conflict_decisions'), check_id: at.id('conflict_checks', 1), decision: 'cleared', reason: at.word, decided_by: ownerOf(at) }),
  folders: (at) => insert('folders', { firm_id: at.firmId, id: at.id('folders'), case_id: at.id('cases', 1), parent_id: at.n === 1 ? null : at.id('folders', 1), name: `${at.word} ${at.n}`, created_by: ownerOf(at) }),
  storage_objects: (at) => insert('storage_objects', { firm_id: at.firmId, id: at.id('storage_objects'), ...contentOf(at) }),
  documents: (at) => insert('documents', {
    firm_id: at.firmId, id: at.id('documents'), case_id: at.id('cases', 1), folder_id: at.n === 3 ? null : at.id('folders', 1), title: `${at.word} ${at.n}`, author_name: at.word, tags: [at.word],
    metadata: JSON.stringify({ word: at.word }), created_by: ownerOf(at),
  }),
  // the rows of document_texts come with these
  document_versions: (at) => insert('document_versions', {
    firm_id: at.firmId, id: at.id('document_versions'), case_id: at.id('cases', 1), document_id: at.id('documents'), object_id: at.id('storage_objects'), ...contentOf(at),
    media_type: 'text/plain', file_name: `${at.word}-${at.n}.txt`, author_id: ownerOf(at), comment: at.word,
  }),
  document_chunks: ({ firmId, id, word, n }) => insert('document_chunks', {
    firm_id: firmId, version_id: id('document_versions', 1), ordinal: n, case_id: id('cases', 1), document_id: id('documents', 1), page: n, char_offset: n, text: word,
  }),
  document_checkouts: (at) => insert('document_checkouts', {
    firm_id: at.firmId, id: at.id('document_checkouts'), document_id: at.id('documents'), case_id: at.id('cases', 1), user_id: ownerOf(at), reason: at.word, expires_at: FAR_AHEAD,
  }),
  // two on documents, and one on the case that was released
  holds: (at) => insert('holds', {
    firm_id: at.firmId, id: at.id('holds'), case_id: at.id('cases', 1), document_id: at.n === 3 ? null : at.id('documents'), name: at.word, reason: at.word, placed_by: ownerOf(at),
    ...(at.n === 3 && { released_at: LONG_AGO, release_reason: at.word }),
  }),
  reference_items: ({ firmId, id, word, n }) => insert('reference_items', { firm_id: firmId, id: id('reference_items'), kind: 'court', code: `${word}-${n}`, label: word }),
  // dead, and of a name nobody handles: no runner takes it
  jobs: (at) => insert('jobs', {
    firm_id: at.firmId, id: at.id('jobs'), name: 'test.rows', payload: JSON.stringify({ word: at.word }), run_as: ownerOf(at), status: 'dead', last_error: at.word, finished_at: LONG_AGO,
  }),
  tasks: (at) => insert('tasks', {
    firm_id: at.firmId, id: at.id('tasks'), user_id: ownerOf(at), kind: at.word, status: 'completed', message: at.word, started_at: LONG_AGO, finished_at: LONG_AGO,
  }),
  document_import_files: (at) => insert('document_import_files', {
    firm_id: at.firmId, id: at.id('document_import_files'), task_id: at.id('tasks', 1), case_id: at.id('cases', 1), upload: at.n, path: `${at.word}.txt`, outcome: 'refused', result: JSON.stringify({ detail: at.word }),
  }),
  document_exports: (at) => insert('document_exports', { firm_id: at.firmId, id: at.id('document_exports'), case_id: at.id('cases', 1), user_id: ownerOf(at), versions: 'current', filters: JSON.stringify({ type: at.word }) }),
  task_tickets: (at) => insert('task_tickets', {
    firm_id: at.firmId, id: at.id('task_tickets'), task_id: at.id('tasks', 1), user_id: ownerOf(at), token_hash: bytes(), expires_at: LONG_AGO,
  }),
  notifications: (at) => insert('notifications', { firm_id: at.firmId, id: at.id('notifications'), user_id: ownerOf(at), kind: 'system', title: at.word, body: at.word }),
  emails: ({ firmId, id, word }) => insert('emails', { firm_id: firmId, id: id('emails'), recipient: `${word}@rows.example`, subject: word, body: word }),
  idempotency_keys: (at) => insert('idempotency_keys', { firm_id: at.firmId, user_id: ownerOf(at), route: 'POST /v1/rows', key: `${at.word}-${at.n}`, request_hash: bytes(), status: 201 }),
};

/** The file that a row of a version is about. */
const textOf = ({ word, n }: Pick<RowPlace, 'word' | 'n'>): string => `${word} ${n}`;
const contentOf = (at: RowPlace) => ({ sha256: createHash('sha256').update(textOf(at)).digest('hex'), size: String(textOf(at).length) });
/** Puts that file where the suite’s store looks for it, so that it can be downloaded. */
function keepFile(at: RowPlace): void {
  const path = join(process.env['TEST_DATA_DIR']!, 'storage', objectKey({ firmId: at.firmId, id: at.id('storage_objects'), sha256: contentOf(at).sha256 }));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textOf(at));
}
const ownerOf = (at: RowPlace): string => (at.n % 2 === 1 ? at.userId : at.id('users', 1));

/** Ids by table and number. Two firms filled with the same one hold rows of equal ids, which only the firm tells apart. */
export function idBook(): (table: string, n: number) => string {
  const ids = new Map<string, string>();
  return (table, n) => {
    const key = `${table} ${n}`;
    if (!ids.has(key)) ids.set(key, newId());
    return ids.get(key)!;
  };
}

export interface Owner {
  firmId: string;
  userId: string;
}

const only = new Set(['firm_logos']); // one per firm

/** Rows in every table, `count` of each, and two seals over what the trail says of it. */
export async function fillTables(database: Database, owner: Owner, options: { ids?: ReturnType<typeof idBook>; word?: string; count?: number } = {}): Promise<void> {
  const { ids = idBook(), word = newWord(), count = 3 } = options;
  await database.write({ kind: 'system', firmId: owner.firmId }, async () => {
    for (const [table, statement] of Object.entries(ROWS)) {
      const places = Array.from({ length: only.has(table) ? 1 : count }, (_, i): RowPlace => ({ ...owner, word, n: i + 1, id: (of, n = i + 1) => ids(of, n) }));
      if (table === 'storage_objects') places.forEach(keepFile);
      await database.batch(places.map(statement));
    }
  });
  for (const language of ['de', 'fr']) {
    // as the owner, so that some of the trail has a person in it
    await database.write({ kind: 'job', ...owner }, () => database.execute('update firms set language = $1', [language]));
    await database.write({ kind: 'guest' }, () => database.first('select doors.seal_audit($1)', [owner.firmId]));
  }
}

/** One more row in a table; returns its id. */
export async function addRow(database: Database, table: string, owner: Owner, word = newWord()): Promise<string> {
  const ids = idBook();
  const statement = ROWS[table]!({ ...owner, word, n: 1, id: (of, n = 1) => ids(of, n) });
  await database.write({ kind: 'system', firmId: owner.firmId }, () => database.execute(statement.text, statement.values));
  return ids(table, 1);
}

/** A word that stands nowhere else, to look for where it must not be. */
export const newWord = (): string => `w${randomBytes(8).toString('hex')}`;
