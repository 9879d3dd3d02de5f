import { Injectable, type INestApplication, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../database/database.js';
import { Environment } from '../../config/environment.js';
import type { Actor, Origin } from '../../database/unit-of-work.js';
import { preconditionRequired } from '../errors/problem.js';
import { findAnswer, idempotentRequest, keepAnswer, type IdempotentRequest, type StoredAnswer } from '../idempotency/idempotency.js';
import { assertNoBody, strict } from '../validation/strict.js';
import { readCommonParameters } from './common-parameters.js';
import { argumentsOf, type Argument } from './contract.js';
import { etagOf, isUnchanged } from './etag.js';
import { OPERATION, type Operation } from './operation.js';
import { toProblem } from './problem.filter.js';
import { currentRequest, type RequestContext } from './request-context.js';
import { sendStream, StreamedAnswer } from './streamed-answer.js';
import { receiveUpload, type Upload } from './upload.js';

const GUEST: Actor = { kind: 'guest' };
const JSON_TYPE = 'application/json; charset=utf-8';

type Handler = (...args: unknown[]) => unknown;

/**
 * The way of every request: its parameters checked, one unit of work, opened here and nowhere else, and around it what
 * the contract promises of every route (fields, dryRun, ETag, If-Match, Idempotency-Key). Reads fly; everything else is
 * one transaction, committed before the answer goes out.
 *
 * It stands around the handlers themselves in place of Nest's guards, pipes and interceptors: those cost a request two
 * dozen promises, half a dozen Observables and two asynchronous resources (docs/decisions/0004).
 */
@Injectable()
export class Pipeline {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** Puts itself around every handler of the application; call it before the routes are made. */
  surround(app: INestApplication): void {
    const scanner = new MetadataScanner();
    for (const { instance, metatype } of app.get(DiscoveryService).getControllers()) {
      const controller = instance as Record<string, Handler>;
      for (const name of scanner.getAllMethodNames(Object.getPrototypeOf(controller) as object)) {
        const handler = controller[name]!;
        if (!Reflect.hasMetadata(PATH_METADATA, handler)) continue;
        const operation = Reflect.getMetadata(OPERATION, handler) as Operation | undefined;
        if (!operation) throw new Error(`${metatype?.name ?? ''}.${name} is a route without @Op`);
        controller[name] = this.around(controller, handler, operation, argumentsOf(metatype as Type, name));
      }
    }
  }

  private around(controller: object, handler: Handler, operation: Operation, taken: readonly Argument[]): Handler {
    const takesQuery = taken.some(({ from }) => from === 'query');
    const takesBody = taken.some(({ from }) => from === 'body');
    const surrounded: Handler = (...args) => {
      const context = currentRequest()!;
      readCommonParameters(context, operation, takesQuery);
      if (operation.versioned && context.ifMatch === undefined) throw preconditionRequired();
      if (!takesBody) assertNoBody(context.request.body);
      for (const { index, from, type, name } of taken) args[index] = strict(args[index], from, type, name);
      return this.handle(context, operation, () => promised(handler, controller, args));
    };
    for (const key of Reflect.getMetadataKeys(handler)) Reflect.defineMetadata(key, Reflect.getMetadata(key, handler), surrounded);
    return surrounded;
  }

  private handle(context: RequestContext, operation: Operation, work: () => Promise<unknown>): Promise<unknown> {
    const { request, reply } = context;
    const actor = context.principal ?? GUEST;
    if (operation.upload) return this.upload(context, actor, operation, work);
    if (operation.unit === 'own') return this.own(work, context, operation);
    if (operation.produces) return this.database.read(actor, work).then((bytes) => (hasCopy(request, reply) ? undefined : bytes));
    if (request.method === 'GET' || request.method === 'HEAD') {
      return this.database.read(actor, work).then((result) => answer(request, reply, trim(result, context.fields, operation)));
    }
    return this.write(context, actor, operation, work);
  }

  /** A handler with units of its own answers as it likes; JSON is still ours to write. */
  private async own(work: () => Promise<unknown>, { reply, fields }: RequestContext, operation: Operation): Promise<unknown> {
    const result = await work();
    if (result instanceof StreamedAnswer) return sendStream(reply, result, this.environment.TRANSFER_STALL_SECONDS * 1000);
    if (operation.produces) return result;
    return result === undefined ? undefined : send(reply, { status: operation.status, headers: {}, body: trim(result, fields, operation) }, false);
  }

  /** Bytes come in and go into the store while no unit is open; only then is it recorded, in one transaction. */
  private async upload(context: RequestContext, actor: Actor, operation: Operation, work: () => Promise<unknown>): Promise<unknown> {
    const { UPLOAD_LIMIT_MB, TRANSFER_STALL_SECONDS } = this.environment;
    const limits = { files: operation.upload!.files ?? 1, fileBytes: UPLOAD_LIMIT_MB * 1024 * 1024, stallMs: TRANSFER_STALL_SECONDS * 1000 };
    const upload = (await work()) as Upload;
    let outcome: 'recorded' | 'refused' | 'unknown' = 'refused';
    try {
      const { fields, files } = await receiveUpload(this.database, actor, context, operation, limits, upload);
      await upload.place(fields);
      const answered = await this.write(context, actor, operation, () => upload.record(fields), { ...fields, files });
      outcome = 'recorded';
      return answered;
    } catch (error) {
      if (toProblem(error).status >= 500) outcome = 'unknown';
      throw error;
    } finally {
      await upload.close(outcome);
    }
  }

  /** `sent`: what a repeat under the same Idempotency-Key has to agree in. */
  private async write(context: RequestContext, actor: Actor, operation: Operation, work: () => Promise<unknown>, sent = context.request.body): Promise<unknown> {
    const { request, reply } = context;
    const origin: Origin = {
      requestId: context.requestId,
      address: context.address,
      ...(context.reason !== undefined && { reason: context.reason }),
    };
    const key = operation.creates
      ? idempotentRequest(header(request, 'idempotency-key'), request.method, request.url.split('?')[0]!, request.query, sent)
      : undefined;
    const options = { dryRun: context.dryRun };
    const stored = await this.database.write(actor, () => this.change(request, operation, key && !context.dryRun ? key : undefined, work), origin, options);
    return send(reply, stored, stored.replayed);
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
      headers['location'] = `${operation.location ?? request.url.split('?')[0]!.replace(/\/$/, '')}/${String((resource as Record<string, unknown>)[operation.locatedBy ?? 'id'])}`;
    }
    const answered: StoredAnswer = { status: operation.status, headers, body };
    if (key) {
      const created = operation.creates && resource?.id ? { table: operation.creates, id: resource.id } : undefined;
      await keepAnswer(this.database, key, answered, created, operation.secrets ?? []);
    }
    return { ...answered, replayed: false };
  }
}

/** Handlers that have nothing to wait for may answer or throw at once. */
function promised(handler: Handler, controller: object, args: unknown[]): Promise<unknown> {
  try {
    const result = handler.apply(controller, args);
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error as Error);
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
