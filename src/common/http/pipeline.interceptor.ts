import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstValueFrom, from, type Observable } from 'rxjs';
import { Database } from '../../database/database.js';
import type { Actor, Origin } from '../../database/unit-of-work.js';
import { preconditionRequired, validationFailed } from '../errors/problem.js';
import { findAnswer, idempotentRequest, keepAnswer, type IdempotentRequest, type StoredAnswer } from '../idempotency/idempotency.js';
import { etagOf, isUnchanged } from './etag.js';
import { fieldNames, hasQueryClass } from './contract.js';
import type { Operation } from './operation.js';
import { contextOf, runInRequest, type RequestContext } from './request-context.js';

const GUEST: Actor = { kind: 'guest' };
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * The way of every request: one unit of work, opened here and nowhere else, and around it what the contract promises of
 * every route (fields, expand, dryRun, ETag, If-Match, Idempotency-Key). Reads fly; everything else is one transaction,
 * committed before the answer goes out.
 */
@Injectable()
export class PipelineInterceptor implements NestInterceptor {
  constructor(private readonly database: Database) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const context = contextOf(request);
    const operation = context.operation!;
    return from(runInRequest(context, () => this.handle(request, reply, context, operation, execution.getHandler(), next)));
  }

  private async handle(
    request: FastifyRequest, reply: FastifyReply, context: RequestContext, operation: Operation, handler: object, next: CallHandler,
  ): Promise<unknown> {
    const fields = readQuery(request, context, operation, handler);
    const work = () => firstValueFrom(next.handle(), { defaultValue: undefined });
    if (operation.unit === 'own') return this.own(work, reply, operation);
    const actor = context.principal ?? GUEST;
    if (operation.produces) {
      const bytes = await this.database.read(actor, work);
      return hasCopy(request, reply) ? undefined : bytes;
    }
    if (request.method === 'GET' || request.method === 'HEAD') {
      const result = await this.database.read(actor, work);
      return answer(request, reply, trim(result, fields, operation));
    }
    if (operation.versioned && context.ifMatch === undefined) throw preconditionRequired();
    const origin: Origin = {
      requestId: context.requestId,
      address: context.address,
      ...(context.reason !== undefined && { reason: context.reason }),
    };
    const key = operation.creates
      ? idempotentRequest(header(request, 'idempotency-key'), request.method, request.url.split('?')[0]!, request.query, request.body)
      : undefined;
    const options = { dryRun: context.dryRun };
    const stored = await this.database.write(actor, () => this.change(request, operation, key && !context.dryRun ? key : undefined, work), origin, options);
    return send(reply, stored, stored.replayed);
  }

  /** A handler with units of its own answers as it likes; JSON is still ours to write. */
  private async own(work: () => Promise<unknown>, reply: FastifyReply, operation: Operation): Promise<unknown> {
    const result = await work();
    if (operation.produces) return result;
    return result === undefined ? undefined : send(reply, { status: operation.status, headers: {}, body: result }, false);
  }

  private async change(
    request: FastifyRequest, operation: Operation, key: IdempotentRequest | undefined, work: () => Promise<unknown>,
  ): Promise<StoredAnswer & { replayed: boolean }> {
    if (key) {
      const earlier = await findAnswer(this.database, key);
      if (earlier) return { ...earlier, replayed: true };
    }
    const body = await work();
    const headers: Record<string, string> = {};
    const resource = body as { id?: string; version?: number } | undefined;
    if (typeof resource?.version === 'number') headers['etag'] = etagOf(resource.version, JSON.stringify(withoutSecrets(body, operation)));
    if (operation.creates && resource?.id) {
      headers['location'] = `${operation.location ?? request.url.split('?')[0]!.replace(/\/$/, '')}/${resource.id}`;
    }
    const answered: StoredAnswer = { status: operation.status, headers, body };
    if (key) {
      const created = operation.creates && resource?.id ? { table: operation.creates, id: resource.id } : undefined;
      await keepAnswer(this.database, key, answered, created, operation.secrets ?? []);
    }
    return { ...answered, replayed: false };
  }
}

function withoutSecrets(body: unknown, operation: Operation): unknown {
  if (!operation.secrets) return body;
  return Object.fromEntries(Object.entries(body as object).filter(([name]) => !operation.secrets!.includes(name)));
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Takes the parameters that every route shares out of the query, so that its own class need not know them. */
function readQuery(request: FastifyRequest, context: RequestContext, operation: Operation, handler: object): readonly string[] | undefined {
  const query = request.query as Record<string, unknown>;
  let fields: readonly string[] | undefined;
  let left = false;
  for (const name in query) {
    if (name === 'fields' && operation.fields !== false && operation.returns && (request.method === 'GET' || request.method === 'HEAD')) {
      fields = names('fields', query[name], fieldNames(operation.returns));
    } else if (name === 'expand' && operation.expand) {
      context.expand = names('expand', query[name], operation.expand);
    } else if (name === 'dryRun' && operation.dryRun) {
      if (query[name] !== 'true' && query[name] !== 'false') {
        throw validationFailed({ errors: [{ parameter: 'dryRun', code: 'is_boolean', message: 'dryRun must be true or false' }] });
      }
      context.dryRun = query[name] === 'true';
    } else {
      left = true;
      continue;
    }
    delete query[name];
  }
  if (left && !hasQueryClass(handler)) {
    throw validationFailed({ errors: Object.keys(query).map((name) => ({ parameter: name, code: 'unknown_field', message: `${name} is not known here` })) });
  }
  return fields;
}

function names(parameter: string, value: unknown, known: readonly string[]): string[] {
  const wanted = typeof value === 'string' ? value.split(',').map((name) => name.trim()).filter(Boolean) : [];
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0 || wanted.length === 0) {
    throw validationFailed({ errors: [{ parameter, code: 'is_in', message: `${parameter} takes a comma-separated list of: ${known.join(', ')}` }] });
  }
  return wanted;
}

function trim(result: unknown, fields: readonly string[] | undefined, operation: Operation): unknown {
  if (!fields) return result;
  const pick = (row: Record<string, unknown>) => Object.fromEntries(fields.filter((name) => name in row).map((name) => [name, row[name]]));
  if (!operation.page) {
    // the version part of the ETag must survive the trimming
    const whole = result as Record<string, unknown>;
    return Object.defineProperty(pick(whole), 'version', { value: whole['version'], enumerable: fields.includes('version') });
  }
  const page = result as { data: Record<string, unknown>[] };
  return { ...page, data: page.data.map(pick) };
}

function answer(request: FastifyRequest, reply: FastifyReply, body: unknown): unknown {
  if (body === undefined) return undefined;
  const text = JSON.stringify(body);
  const etag = etagOf((body as { version?: number }).version, text);
  reply.header('etag', etag);
  if (hasCopy(request, reply)) return undefined;
  reply.header('content-type', JSON_TYPE);
  return text;
}

/** Whether the caller has the very representation whose ETag was set: it is then not sent again. */
function hasCopy(request: FastifyRequest, reply: FastifyReply): boolean {
  const etag = reply.getHeader('etag');
  reply.header('cache-control', 'private, no-cache');
  if (typeof etag !== 'string' || !isUnchanged(header(request, 'if-none-match'), etag)) return false;
  reply.status(304).removeHeader('content-type');
  return true;
}

function send(reply: FastifyReply, answered: StoredAnswer, replayed: boolean): unknown {
  reply.status(answered.status);
  for (const [name, value] of Object.entries(answered.headers)) reply.header(name, value);
  if (replayed) reply.header('idempotency-replayed', 'true');
  reply.header('cache-control', 'no-store');
  if (answered.body === undefined || answered.body === null) return undefined;
  reply.header('content-type', JSON_TYPE);
  return JSON.stringify(answered.body);
}
