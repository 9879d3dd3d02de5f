import { expect, test } from 'vitest';
import { raw } from '../support/check.js';

interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
  security: object[];
  'x-access'?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Contract {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { type?: string; properties?: Record<string, object>; required?: string[] }> };
}

const contract = async (): Promise<Contract> => (await (await raw()).get('/openapi.json').expect(200)).body as Contract;

async function operations(): Promise<{ name: string; path: string; method: string; operation: Operation }[]> {
  const { paths } = await contract();
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, method, operation })));
}

/** What is wrong, operation by operation: an empty list is what a test wants to see. */
const faulty = async (fault: (one: Awaited<ReturnType<typeof operations>>[number]) => unknown): Promise<string[]> =>
  (await operations()).filter((one) => fault(one)).map(({ name }) => name);

/** Everything in the document, however deep, with the way to it. */
function* parts(value: unknown, path = '#'): Generator<{ path: string; key: string; value: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield { path: `${path}/${key}`, key, value: member };
    yield* parts(member, `${path}/${key}`);
  }
}

test('the contract is an OpenAPI 3.1 document without what 3.1 does not know', async () => {
  const document = await contract();
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info).toMatchObject({ title: 'LexiFlow', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  const all = [...parts(document)];
  // JSON Schema has neither: null is a type, and exclusive bounds are numbers
  expect(all.filter(({ key, path }) => key === 'nullable' && !path.includes('/properties/nullable')).map(({ path }) => path)).toEqual([]);
  expect(all.filter(({ key, value }) => key.startsWith('exclusive') && typeof value === 'boolean').map(({ path }) => path)).toEqual([]);
  const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
  const schemas = all.filter(({ key, path }) => key === 'type' && !/\/(properties|example|examples|securitySchemes\/\w+)\/type$/.test(path));
  expect(schemas.length).toBeGreaterThan(100);
  expect(schemas.filter(({ value }) => ![value].flat().every((type) => types.includes(type as string))).map(({ path, value }) => `${path}: ${value}`)).toEqual([]);
});

test('every reference leads somewhere, and every schema is referred to', async () => {
  const document = await contract();
  const references = [...parts(document)].filter(({ key }) => key === '$ref').map(({ value }) => value as string);
  expect(references.length).toBeGreaterThan(50);
  const resolve = (reference: string) => reference.slice(2).split('/').reduce((at: unknown, key) => (at as Record<string, unknown> | undefined)?.[key], document);
  expect(references.filter((reference) => !reference.startsWith('#/') || resolve(reference) === undefined)).toEqual([]);
  const used = new Set(references.map((reference) => reference.split('/').at(-1)));
  expect(Object.keys(document.components.schemas).filter((name) => !used.has(name))).toEqual([]);
});

test('every operation has a name of its own, a summary, one tag and an answer for when all goes well', async () => {
  const all = await operations();
  expect(all.length).toBeGreaterThan(35);
  const ids = all.map(({ operation }) => operation.operationId);
  expect(ids.filter((id, i) => !/^[a-z][A-Za-z]+$/.test(id) || ids.indexOf(id) !== i)).toEqual([]);
  expect(await faulty(({ operation }) => !operation.summary || operation.summary.length < 5)).toEqual([]);
  expect(await faulty(({ operation }) => operation.tags?.length !== 1)).toEqual([]);
  expect(await faulty(({ operation }) => Object.keys(operation.responses).filter((status) => /^2\d\d$/.test(status) && status !== '206').length !== 1)).toEqual([]);
});

test('every answer has a form: JSON a schema, 204 nothing, a refusal the problem', async () => {
  expect(await faulty(({ operation }) => Object.entries(operation.responses).some(([status, { content }]) => {
    if (status === '204' || status === '304') return content !== undefined;
    const [[type, media] = [undefined, undefined]] = Object.entries(content ?? {});
    return !media?.schema || Object.keys(media.schema).length === 0 || (Number(status) >= 400) !== (type === 'application/problem+json');
  }))).toEqual([]);
});

test('every operation says who may call it, and what it answers to those who may not', async () => {
  expect(await faulty(({ operation }) => !operation['x-access'])).toEqual([]);
  expect(await faulty(({ operation }) => (operation['x-access'] === 'public') !== (operation.security.length === 0))).toEqual([]);
  const has = (operation: Operation, ...statuses: string[]) => statuses.every((status) => status in operation.responses);
  expect(await faulty(({ operation }) => operation['x-access'] !== 'public' && !has(operation, '401'))).toEqual([]);
  expect(await faulty(({ operation }) => operation['x-access']!.includes('.') && !has(operation, '403'))).toEqual([]);
  expect(await faulty(({ operation, path }) => path.includes('{') && !has(operation, '404'))).toEqual([]);
  expect(await faulty(({ operation }) => !has(operation, '400', '429'))).toEqual([]);
});

test('every parameter of a path is declared, required, and an id where its name says so', async () => {
  expect(await faulty(({ path, operation }) => {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    return String(declared.map(({ name }) => name).sort()) !== String(named) || declared.some(({ required }) => !required);
  })).toEqual([]);
  expect(await faulty(({ operation }) => {
    const keys = (operation.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`);
    return new Set(keys).size !== keys.length;
  })).toEqual([]);
});

test('what a list, a change and a creating request understand is declared where it applies', async () => {
  const names = (operation: Operation, where: string) => (operation.parameters ?? []).filter((parameter) => parameter.in === where).map(({ name }) => name);
  const paged = (operation: Operation) => JSON.stringify(operation.responses['200'] ?? {}).includes('nextCursor');
  const lists = (await operations()).filter(({ operation }) => paged(operation));
  expect(lists.length).toBeGreaterThan(6);
  // the outbox of developers is the newest fifty and no list to turn the pages of
  expect(await faulty(({ path, operation }) => paged(operation) && path !== '/v1/dev/outbox' &&
    !['limit', 'cursor', 'sort', 'count', 'updatedSince', 'fields'].every((name) => names(operation, 'query').includes(name)))).toEqual([]);
  expect(await faulty(({ operation }) => names(operation, 'header').includes('If-Match') !== ('412' in operation.responses && '428' in operation.responses))).toEqual([]);
  const creating = (await operations()).filter(({ operation }) => names(operation, 'header').includes('Idempotency-Key')).map(({ name }) => name).sort();
  expect(creating).toEqual(expect.arrayContaining(['POST /v1/api-keys', 'POST /v1/audit-events/verifications', 'POST /v1/users']));
});

test('the members of every schema are described: typed, and required only if they exist', async () => {
  const { components } = await contract();
  const faults: string[] = [];
  for (const [name, schema] of Object.entries(components.schemas)) {
    if (schema.type !== 'object') faults.push(`${name} is no object`);
    for (const required of schema.required ?? []) if (!schema.properties?.[required]) faults.push(`${name}.${required} is required but not there`);
    for (const [member, form] of Object.entries(schema.properties ?? {})) {
      if (!['type', '$ref', 'allOf', 'anyOf', 'oneOf', 'enum'].some((word) => word in form)) faults.push(`${name}.${member} has no type`);
    }
  }
  expect(faults).toEqual([]);
});

test('every code a problem can have is in the list of codes', async () => {
  const { components } = await contract();
  const { enum: codes } = components.schemas['Problem']!.properties!['code'] as { enum: string[] };
  expect(codes).toEqual([...codes].sort());
  const named = new Set((await operations()).flatMap(({ operation }) =>
    Object.entries(operation.responses).filter(([status]) => Number(status) >= 400).flatMap(([, { description }]) => [...description.matchAll(/`(\w+)`/g)].map(([, code]) => code!))));
  expect([...named].filter((code) => !codes.includes(code))).toEqual([]);
});

test('people read the contract at /docs, as a page that brings all it needs', async () => {
  const http = await raw();
  const page = await http.get('/docs');
  expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  expect(page.text).toContain('<title>LexiFlow API</title>');
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => new URL(source!, 'http://x/docs').href);
  expect(sources.filter((source) => !source.startsWith('http://x/'))).toEqual([]); // nothing from elsewhere
  const scripts = sources.filter((source) => /\.(js|css)$/.test(source));
  expect(scripts.length).toBeGreaterThan(2);
  for (const source of scripts) expect((await http.get(new URL(source).pathname)).status, source).toBe(200);
  // the policy of the page lets them run, and nothing that is written into the page itself
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  expect(page.text).not.toMatch(/<script>[^<]/);
  expect((await http.get('/openapi.yaml')).text).toMatch(/^openapi: 3\.1/m);
});
