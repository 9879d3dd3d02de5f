import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, getSchemaPath, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { problemKinds } from '../errors/problem.js';
import { OPERATION, type Operation } from './operation.js';

type Json = Record<string, unknown>;
interface Method extends Json {
  operationId?: string;
  parameters?: Json[];
  responses: Record<string, Json>;
  security?: Json[];
  tags?: string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;
const camel = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The contract, from the code: the routes with their classes, and what the pipeline does for every one of them. */
export function buildContract(app: INestApplication, version: string): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('LexiFlow')
    .setVersion(version)
    .setDescription(
      'Legal case management: one REST API over one PostgreSQL. Money and quantities are decimal strings, instants are ISO 8601 with offset, ' +
        'errors are RFC 9457 problems with a stable `code`. Every change of an existing resource wants `If-Match`; every creating POST takes `Idempotency-Key`.')
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token of POST /v1/auth/login, or an API key (lfk_...).' }, 'bearer')
    .build();
  const operations = new Map<string, Operation>();
  const answers = new Set<Type>();
  for (const { controller, handler, path, method } of routesOf(app)) {
    const operation = Reflect.getMetadata(OPERATION, handler) as Operation | undefined;
    if (!operation) throw new Error(`${controller.name}: a route of ${path} lacks @Op`);
    operations.set(`${method} ${path}`, operation);
    if (operation.returns) answers.add(operation.returns);
  }
  const document = SwaggerModule.createDocument(app, base, {
    extraModels: [...answers],
    operationIdFactory: (controller, handler) => camel(`${controller.replace(/Controller$/, '')}${handler.charAt(0).toUpperCase()}${handler.slice(1)}`),
  });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, entry] of Object.entries(item as unknown as Record<string, Method>)) {
      const operation = operations.get(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
      if (operation) complete(entry, method.toUpperCase(), path, operation);
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...sorted(document.components?.schemas ?? {}), Problem: problemSchema() },
  } as OpenAPIObject['components'];
  document.paths = sorted(document.paths);
  return document;
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Every route of every controller, as Nest has them. */
export function routesOf(app: INestApplication): { controller: Type; handler: object; path: string; method: string }[] {
  const discovery = app.get(DiscoveryService);
  const scanner = new MetadataScanner();
  return discovery.getControllers().flatMap(({ metatype }) => {
    if (!metatype) return [];
    const controller = metatype as Type;
    const prefix = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
    return scanner.getAllMethodNames(controller.prototype as object).flatMap((name) => {
      const handler = (controller.prototype as Record<string, object>)[name]!;
      const path = Reflect.getMetadata(PATH_METADATA, handler) as string | undefined;
      if (path === undefined) return [];
      const method = METHODS[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? 'GET';
      return [{ controller, handler, method, path: `/${[prefix, path].map((part) => part.replace(/^\/|\/$/g, '')).filter(Boolean).join('/')}` }];
    });
  });
}

function complete(entry: Method, method: string, path: string, operation: Operation): void {
  const parameters = (entry.parameters ??= []);
  const add = (where: 'query' | 'header', name: string, description: string, schema: Json, required = false) =>
    parameters.push({ in: where, name, description, required, schema });
  entry['x-access'] = operation.access;
  entry.security = operation.access === 'public' ? [] : [{ bearer: [] }];
  if (operation.page) {
    entry.responses[String(operation.status)] = {
      description: operation.summary,
      content: { 'application/json': { schema: pageSchema(operation.returns!) } },
    };
  }
  if (operation.produces) {
    entry.responses[String(operation.status)] = { description: operation.summary, content: { [operation.produces]: { schema: { type: 'string', ...(!operation.produces.startsWith('text/') && { format: 'binary' }) } } } };
  }
  const json = operation.returns && !operation.produces;
  if (json && method === 'GET' && operation.fields !== false) add('query', 'fields', 'Only these members, comma-separated', { type: 'string' });
  if (operation.expand) add('query', 'expand', `Also include, comma-separated: ${operation.expand.join(', ')}`, { type: 'string' });
  if (operation.dryRun) add('query', 'dryRun', 'Check everything, answer as usual, store nothing', { type: 'boolean' });
  if (json && method === 'GET' && operation.unit === 'auto') {
    add('header', 'If-None-Match', 'ETag of the copy at hand; 304 when it is current', { type: 'string' });
    entry.responses['304'] = { description: 'The copy at hand is current' };
  }
  if (operation.ranges) addRanges(entry, add);
  if (operation.versioned) add('header', 'If-Match', 'ETag of the state the change is meant for', { type: 'string' });
  if (operation.creates) add('header', 'Idempotency-Key', 'A repeat under the same key returns the first answer', { type: 'string', minLength: 1, maxLength: 255 });
  const possible = new Map<number, string[]>();
  const may = (status: number, code: string) => possible.set(status, [...(possible.get(status) ?? []), code]);
  may(400, 'validation_failed');
  if (operation.access !== 'public') may(401, 'unauthenticated');
  if (operation.access !== 'public' && operation.access !== 'signed-in') may(403, 'forbidden');
  if (path.includes('{')) may(404, 'not_found');
  if (operation.versioned) {
    may(412, 'precondition_failed');
    may(428, 'precondition_required');
  }
  if (operation.creates) {
    may(409, 'request_in_flight');
    may(422, 'idempotency_key_reused');
  }
  if (operation.upload) {
    may(400, 'upload_broken');
    may(408, 'upload_stalled');
    may(413, 'upload_too_large');
    may(415, 'multipart_expected');
  }
  may(429, 'too_many_requests');
  for (const kind of operation.problems ?? []) may(kind.status, kind.code);
  for (const [status, codes] of [...possible].sort(([a], [b]) => a - b)) {
    entry.responses[String(status)] = {
      description: codes.map((code) => `\`${code}\`: ${problemKinds.get(code)?.title ?? ''}`).join('; '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
}

type Add = (where: 'query' | 'header', name: string, description: string, schema: Json) => void;

function addRanges(entry: Method, add: Add): void {
  add('header', 'Range', 'One range of bytes: bytes=0-1023, bytes=1024-, bytes=-500', { type: 'string' });
  add('header', 'If-Range', 'ETag of the part at hand: the range holds only for it', { type: 'string' });
  add('header', 'If-None-Match', 'ETag of the copy at hand; 304 when it is current', { type: 'string' });
  entry.responses['206'] = { description: 'The range that was asked for', content: entry.responses['200']!['content'] as Json };
  entry.responses['304'] = { description: 'The copy at hand is current' };
}

function pageSchema(type: Type): Json {
  return {
    type: 'object',
    required: ['data', 'nextCursor'],
    properties: {
      data: { type: 'array', items: { $ref: getSchemaPath(type) } },
      nextCursor: { type: ['string', 'null'], description: 'Send it as ?cursor= for the next page; null on the last' },
      total: { type: 'integer', description: 'With ?count=true: how many rows match in all' },
    },
  };
}

function problemSchema(): Json {
  return {
    type: 'object',
    description: 'RFC 9457 problem details',
    required: ['type', 'title', 'status', 'code', 'requestId'],
    properties: {
      type: { type: 'string', examples: ['urn:lexiflow:problem:validation_failed'] },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: [...problemKinds.keys()].sort() },
      detail: { type: 'string' },
      instance: { type: 'string' },
      requestId: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['code', 'message'],
          properties: { pointer: { type: 'string' }, parameter: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
    additionalProperties: true,
  };
}
