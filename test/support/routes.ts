import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { isUuid } from '../../src/common/validation/fields.js';
import { newId } from '../../src/common/ids.js';
import type { Database } from '../../src/database/database.js';
import { OBJECT_STORE, objectKey, type ObjectStore } from '../../src/modules/storage/object-store.js';
import { Quarantine } from '../../src/modules/storage/quarantine.js';
import { testApp } from './app.js';
import { addRow, idBook, newWord, ROWS, type Owner } from './rows.js';

interface Schema {
  $ref?: string; allOf?: Schema[]; type?: string | string[]; format?: string; pattern?: string; enum?: unknown[]; example?: unknown; default?: unknown;
  minLength?: number; minimum?: number; minItems?: number; items?: Schema; properties?: Record<string, Schema>; required?: string[];
}
interface Parameter { in: 'path' | 'query' | 'header'; name: string; required?: boolean; schema?: Schema }
interface Operation { operationId: string; 'x-access'?: string; parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } }
export interface Contract { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }

/** One operation of the contract the running application serves. */
export interface Route {
  name: string;
  method: string;
  path: string;
  access: string | undefined;
  /** Names of the path's parameters. */
  params: string[];
  query: Parameter[];
  body: Schema | undefined;
  /** The form of a route that takes files instead. */
  form: Schema | undefined;
  isList: boolean;
}

let contract: Promise<Contract> | undefined;
export function readContract(): Promise<Contract> {
  contract ??= testApp().then(async ({ url }) => (await (await fetch(`${url}/openapi.json`)).json()) as Contract);
  return contract;
}

/** Every route, from GET /openapi.json: a new one is there by itself. */
export async function allRoutes(): Promise<Route[]> {
  const { paths } = await readContract();
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
      return {
        name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, access: operation['x-access'],
        params: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!),
        query, body: operation.requestBody?.content['application/json']?.schema, form: operation.requestBody?.content['multipart/form-data']?.schema,
        isList: method === 'get' && query.some(({ name }) => name === 'limit'),
      };
    }));
}

interface PathId {
  /** Makes a row of the owner's, under those the path named before it, and returns its id. */
  make(database: Database, owner: Owner, parents: readonly string[]): Promise<string>;
  /** The row is its owner's alone: nobody else in the firm finds it without the permission named here. */
  othersNeed?: string;
}
const row = (table: string): PathId['make'] => (database, owner) => addRow(database, table, owner);
/** Makes rows of the first tables for the last one to refer to, two of each; returns the id of the last table’s first. */
const rows = (...tables: string[]): PathId['make'] => async (database, owner) => {
  const [ids, word] = [idBook(), newWord()];
  const id = (n: number) => (of: string, which = n) => (of === 'users' ? owner.userId : ids(of, which));
  await database.write({ kind: 'system', firmId: owner.firmId }, async () => {
    for (const table of tables) await database.batch([1, 2].map((n) => ROWS[table]!({ ...owner, word, n, id: id(n) })));
  });
  return ids(tables.at(-1)!, 1);
};
/** A document with a version whose bytes are in the store: what is asked for can be given. */
const document: PathId['make'] = async (database, owner) => {
  const versionId = await rows('contacts', 'clients', 'cases', 'folders', 'storage_objects', 'documents', 'document_versions')(database, owner, []);
  const { app } = await testApp();
  const found = (await database.read({ kind: 'system', firmId: owner.firmId }, () => database.first<{ documentId: string; id: string; sha256: string; size: number }>(
    'select document_id as "documentId", object_id as id, sha256, size::int as size from document_versions where id = $1', [versionId])))!;
  const path = app.get(Quarantine).newPath();
  writeFileSync(path, Buffer.alloc(found.size, 'x'));
  await app.get<ObjectStore>(OBJECT_STORE).put(objectKey({ firmId: owner.firmId, ...found }), { path, ...found });
  await database.write({ kind: 'system', firmId: owner.firmId }, () => database.batch([
    { text: `update document_texts set status = 'extracted', page_count = 1, char_count = 4, finished_at = now() where version_id = $1`, values: [versionId] },
    {
      text: `insert into document_chunks (firm_id, version_id, ordinal, case_id, document_id, page, char_offset, text)
        select firm_id, id, 0, case_id, document_id, 1, 0, 'text' from document_versions where id = $1`, values: [versionId],
    },
  ]));
  return found.documentId;
};
/** A relation of the contact that the path named. */
const relation: PathId['make'] = async (database, owner, [contactId]) => {
  const [id, other] = [newId(), await addRow(database, 'contacts', owner)];
  await database.write({ kind: 'system', firmId: owner.firmId }, () =>
    database.execute(`insert into contact_relations (firm_id, id, from_contact_id, to_contact_id, kind) values ($1, $2, $3, $4, 'spouse')`, [owner.firmId, id, contactId, other]));
  return id;
};
/** A member or a party of the case that the path named. */
const member: PathId['make'] = async (database, owner, [caseId]) => {
  const [id, userId] = [newId(), await addRow(database, 'users', owner)];
  await database.write({ kind: 'system', firmId: owner.firmId }, () =>
    database.execute(`insert into case_members (firm_id, id, case_id, user_id, role) values ($1, $2, $3, $4, 'lead')`, [owner.firmId, id, caseId, userId]));
  return id;
};
const party: PathId['make'] = async (database, owner, [caseId]) => {
  const [id, contactId] = [newId(), await addRow(database, 'contacts', owner)];
  await database.write({ kind: 'system', firmId: owner.firmId }, () =>
    database.execute(`insert into case_parties (firm_id, id, case_id, contact_id, role) values ($1, $2, $3, $4, 'witness')`, [owner.firmId, id, caseId, contactId]));
  return id;
};
/** A wall under the case that the path named, against somebody else: nobody is shown his own. */
const wall: PathId['make'] = async (database, owner, [caseId]) => {
  const [id, userId] = [newId(), await addRow(database, 'users', owner)];
  await database.write({ kind: 'system', firmId: owner.firmId }, () =>
    database.execute(`insert into case_walls (firm_id, id, case_id, user_id, reason, created_by) values ($1, $2, $3, $4, 'a wall', $5)`, [owner.firmId, id, caseId, userId, owner.userId]));
  return id;
};
/** An entry of a code list. */
const item = (kind: string): PathId['make'] => async (database, owner) => {
  const id = newId();
  await database.write({ kind: 'system', firmId: owner.firmId }, () =>
    database.execute('insert into reference_items (firm_id, id, kind, code, label) values ($1, $2, $3, $4, $4)', [owner.firmId, id, kind, newWord()]));
  return id;
};

/** Where the id of each path parameter comes from, by the path up to it. */
export const PATH_IDS: Record<string, PathId> = {
  '/v1/api-keys/{id}': { make: row('api_keys'), othersNeed: 'api_keys.manage' },
  '/v1/clients/{id}': { make: rows('contacts', 'clients') },
  '/v1/case-events/{id}': { make: rows('contacts', 'clients', 'cases', 'case_events') },
  '/v1/case-notes/{id}': { make: rows('contacts', 'clients', 'cases', 'case_notes') },
  '/v1/case-tasks/{id}': { make: rows('contacts', 'clients', 'cases', 'case_tasks') },
  '/v1/cases/{id}': { make: rows('contacts', 'clients', 'cases') },
  '/v1/cases/{id}/members/{memberId}': { make: member },
  '/v1/cases/{id}/parties/{partyId}': { make: party },
  '/v1/cases/{id}/walls/{wallId}': { make: wall },
  '/v1/conflict-checks/{id}': { make: row('conflict_checks') },
  '/v1/contacts/{id}': { make: row('contacts') },
  '/v1/contacts/{id}/relations/{relationId}': { make: relation },
  '/v1/documents/{id}': { make: document },
  '/v1/documents/{id}/versions/{number}': { make: () => Promise.resolve('1') },
  '/v1/downloads/{token}': { make: () => Promise.resolve('A'.repeat(136)) },
  '/v1/folders/{id}': { make: rows('contacts', 'clients', 'cases', 'folders') },
  '/v1/holds/{id}': { make: rows('contacts', 'clients', 'cases', 'folders', 'storage_objects', 'documents', 'document_versions', 'holds') },
  '/v1/jobs/{id}': { make: row('jobs') },
  '/v1/notifications/{id}': { make: row('notifications'), othersNeed: 'nothing' },
  '/v1/reference/courts/{id}': { make: item('court') },
  '/v1/reference/document-types/{id}': { make: item('document_type') },
  '/v1/reference/practice-areas/{id}': { make: item('practice_area') },
  '/v1/sessions/{id}': { make: row('sessions'), othersNeed: 'sessions.manage' },
  '/v1/tasks/{id}': { make: row('tasks'), othersNeed: 'nothing' },
  '/v1/users/{id}': { make: row('users') },
};

const upTo = (path: string, param: string): string => path.slice(0, path.indexOf(`{${param}}`) + param.length + 2);

/** Templates of path parameters that PATH_IDS does not know. */
export const unknownPathIds = (route: Route): string[] => route.params.map((param) => upTo(route.path, param)).filter((template) => !(template in PATH_IDS));

/** The registered parameter that says whose row the path names, when it is somebody's own. */
export const ownedBy = (route: Route): PathId | undefined => route.params.map((param) => PATH_IDS[upTo(route.path, param)]).find((entry) => entry?.othersNeed);

/** The path with ids of real rows, made for this call. */
export async function fillPath(route: Route, database: Database, owner: Owner): Promise<{ path: string; ids: string[] }> {
  let { path } = route;
  const ids: string[] = [];
  for (const param of route.params) {
    const id = await PATH_IDS[upTo(route.path, param)]!.make(database, owner, ids);
    if (isUuid(id)) ids.push(id); // the number of a version says nothing
    path = path.replace(`{${param}}`, id);
  }
  return { path, ids };
}

/** A value the contract permits: the example where there is one, otherwise the least that fits. */
export function sample(schema: Schema, name: string, schemas: Record<string, Schema>): unknown {
  if (schema.$ref) return sample(schemas[schema.$ref.split('/').pop()!]!, name, schemas);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sample(part, name, schemas) as object));
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (schema.format === 'email') return `${randomBytes(6).toString('hex')}@sample.example`;
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  switch (type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      const wanted = properties.filter(([key]) => schema.required?.includes(key));
      // a change of nothing at all may be refused as such: change the first thing there is
      return Object.fromEntries((wanted.length > 0 ? wanted : properties.slice(0, 1)).map(([key, part]) => [key, sample(part, `${name}.${key}`, schemas)]));
    }
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sample(schema.items ?? {}, name, schemas));
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    default:
      if (schema.format === 'binary') return new File(['a sample of text'], 'sample.txt');
      if (schema.format === 'uuid') return newId();
      if (schema.format === 'date') return '2030-06-01';
      if (schema.format === 'date-time') return '2090-06-01T12:00:00Z';
      if (schema.pattern) throw new Error(`${name} has a pattern and no example: give its field an example, the contract's readers want one too`);
      return 'a sample of text'.padEnd(schema.minLength ?? 0, '.');
  }
}

/** A body as a form, its files last. */
export function formWith(body: object): FormData {
  const form = new FormData();
  const members = Object.entries(body).flatMap(([name, value]) => [value].flat().map((one: unknown) => [name, one] as const));
  for (const [name, value] of members) if (!(value instanceof Blob)) form.append(name, String(value));
  for (const [name, value] of members) if (value instanceof Blob) form.append(name, value);
  return form;
}

/** Bodies whose members the contract cannot describe well enough to make them up. */
const BODIES: Record<string, object> = {
  'POST /v1/clients': { contact: { kind: 'person', familyName: 'Sample' } },
  'POST /v1/contacts': { kind: 'person', familyName: 'Sample' },
  'PUT /v1/firm/logo': { mediaType: 'image/png', data: Buffer.from('89504e470d0a1a0a', 'hex').toString('base64') },
};

export interface Answer {
  status: number;
  type: string;
  text: string;
  /** Headers and body, for those who look for what must not be there. */
  everything: string;
}

/** Calls a route with what its contract demands besides the credential: body, If-Match, required query parameters. */
export async function call(route: Route, path: string, token?: string, query: Record<string, string> = {}, method = route.method): Promise<Answer> {
  const [{ url }, { components }] = await Promise.all([testApp(), readContract()]);
  const target = new URL(path, url);
  for (const { name, required, schema } of route.query) {
    if (required && !(name in query)) target.searchParams.set(name, String(sample(schema ?? {}, `${route.name} ?${name}`, components.schemas)));
  }
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  const form = route.form && formWith(sample(route.form, route.name, components.schemas) as object);
  const body = form ?? (route.body === undefined ? undefined : JSON.stringify(BODIES[route.name] ?? sample(route.body, route.name, components.schemas)));
  const response = await fetch(target, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(!['GET', 'HEAD'].includes(method) && { 'if-match': '*' }),
      ...(body !== undefined && !form && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', text, everything: `${[...response.headers].join('\n')}\n${text}` };
}

/** A fingerprint of all rows of a firm, table by table, to show that nothing of it was touched. */
export async function fingerprint(database: Database, firmId: string, tables: readonly string[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const table of tables) {
    const rows = await database.read({ kind: 'system', firmId }, () => database.query<{ line: string }>(`select t::text as line from ${table} t order by 1`));
    texts[table] = createHash('sha256').update(rows.map(({ line }) => line).join('\n')).digest('hex');
  }
  return texts;
}
