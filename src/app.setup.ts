import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { badRequest, headersTooLarge, methodNotAllowed, Problem, tooManyRequests } from './common/errors/problem.js';
import { refusalOf } from './common/http/access.js';
import { dropRest } from './common/http/lingering.js';
import { buildContract, routesOf } from './common/http/openapi.js';
import type { Operation } from './common/http/operation.js';
import { Pipeline } from './common/http/pipeline.js';
import { problemBody, ProblemFilter } from './common/http/problem.filter.js';
import { attachContext, contextOf, prepareContext, runInRequest, type RequestContext } from './common/http/request-context.js';
import { securityHeaders } from './common/http/security-headers.js';
import { LOGGER, NestLog, requestLog, type Logger } from './common/logging/logger.js';
import { isUuid } from './common/validation/fields.js';
import type { Environment } from './config/environment.js';
import { Database } from './database/database.js';
import type { Engine } from './database/engine.js';
import { WAS_HIDDEN } from './modules/audit/audit.queries.js';
import { Authenticator } from './modules/auth/authenticator.js';
import { RECORD_EVENT } from './modules/auth/auth.queries.js';
import { Metrics } from './modules/health/metrics.js';
import { VERSION } from './version.js';

const MAX_HEADER_BYTES = 16_384;
/** How long a request may take to come in, unless it brings files. */
const ARRIVAL_MS = 60_000;
const NONE: readonly string[] = [];

/** Builds the application as main.ts serves it and the tests use it. It does not listen yet. */
export async function createApp(environment: Environment, engine: Engine, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: environment.BODY_LIMIT_KB * 1024,
    trustProxy: environment.TRUST_PROXY,
    genReqId: requestIds(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    requestTimeout: 0, // uploads may take long; see limitArrival
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: ARRIVAL_MS },
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      attachContext(request, contextFor(request, reply));
      void filter.answer(error, request, reply);
    },
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(environment, engine, logger), adapter, {
    logger: new NestLog(logger),
    bodyParser: false, // Fastify's own takes JSON; Nest would add form bodies
    abortOnError: false,
  });
  const filter = new ProblemFilter(logger, recordRefusal(app), recordAttempt(app), wrongMethod(app));
  app.useGlobalFilters(filter);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser('multipart/form-data', (_request, _body, done) => done(null)); // read by the pipeline, as it comes
  await secure(app, environment);
  observe(app);
  await limitRates(app, environment);
  app.get(Pipeline).surround(app);
  serveContract(app);
  await app.init();
  return app;
}

/** The contract, as served at /openapi.json. */
export const contractOf = (app: NestFastifyApplication): OpenAPIObject => buildContract(app, VERSION);

function serveContract(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => contractOf(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'LexiFlow API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, docExpansion: 'none', filter: true },
  });
}

/** Security headers for every answer; leave for the origins of the configuration to call from a browser. */
async function secure(app: NestFastifyApplication, environment: Environment): Promise<void> {
  const { page, data } = await securityHeaders(environment.production);
  app.getHttpAdapter().getInstance().addHook('onRequest', (request, reply, done) => {
    reply.headers(request.url.startsWith('/docs') ? page : data);
    done();
  });
  const origins = environment.CORS_ORIGINS ?? (environment.production ? [] : [/^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/]);
  if (origins.length === 0) return;
  await app.register(cors as never, {
    origin: origins.includes('*' as never) ? true : origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'if-match', 'if-none-match', 'idempotency-key', 'x-request-id', 'x-reason'],
    exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id', 'idempotency-replayed', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'content-disposition'],
    maxAge: 86_400,
    strictPreflight: false, // an OPTIONS that is no preflight gets the usual problem, not a line of text
  });
}

/** Who calls, under which id; afterwards one log line and one measurement. */
function observe(app: NestFastifyApplication): void {
  const authenticator = app.get(Authenticator);
  const metrics = app.get(Metrics);
  const log = requestLog(app.get<Logger>(LOGGER));
  const fastify = app.getHttpAdapter().getInstance();
  prepareContext(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    const context = contextFor(request, reply);
    attachContext(request, context);
    reply.header('x-request-id', request.id);
    if (request.is404) return done(); // nobody need be known to hear that there is nothing
    const found = authenticator.authenticate(request);
    if (!(found instanceof Promise)) {
      context.principal = found;
      return done();
    }
    found.then((result) => {
      if (result instanceof Problem) context.refusal = result;
      else context.principal = result;
      done();
    }, done);
  });
  // behind the rate limit, before the body
  fastify.addHook('preParsing', (request, _reply, _body, done) => {
    const refusal = refusalOf(request);
    if (!refusal) limitArrival(request);
    done(refusal);
  });
  // entered here, because the arrival of a body comes from elsewhere than the hooks before it
  fastify.addHook('preHandler', (request, _reply, done) => runInRequest(contextOf(request), done));
  fastify.addHook('onResponse', (request, reply, done) => {
    dropRest(request.raw);
    const route = request.routeOptions.url ?? 'none';
    const ms = reply.elapsedTime;
    metrics.observe(request.method, route, reply.statusCode, ms / 1000);
    const context = contextOf(request) as RequestContext | undefined;
    const principal = context?.principal;
    if (reply.statusCode === 401 && principal) authenticator.forget(principal);
    log({
      requestId: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(ms * 10) / 10,
      firm: principal?.firmId, user: principal?.userId,
    });
    done();
  });
}

/** A body that trickles in holds a connection and nothing else, but not for ever; files have a limit of their own (form.ts). */
function limitArrival({ raw, headers, routeOptions }: FastifyRequest): void {
  const { operation } = routeOptions.config as { operation?: Operation };
  if (operation?.upload || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)) return;
  const timer = setTimeout(() => raw.destroy(), ARRIVAL_MS);
  raw.once('close', () => clearTimeout(timer));
  raw.once('end', () => clearTimeout(timer));
}

function contextFor(request: FastifyRequest, reply: FastifyReply): RequestContext {
  const { headers } = request;
  return {
    request,
    reply,
    requestId: request.id,
    address: request.ip,
    userAgent: headers['user-agent']?.slice(0, 300),
    principal: undefined,
    refusal: undefined,
    ifMatch: headers['if-match'],
    fields: undefined,
    expand: NONE,
    dryRun: false,
    reason: typeof headers['x-reason'] === 'string' ? headers['x-reason'].slice(0, 500) : undefined,
  };
}

async function limitRates(app: NestFastifyApplication, environment: Environment): Promise<void> {
  if (environment.RATE_LIMIT_PER_MINUTE === 0) return;
  await app.register(rateLimit as never, {
    max: environment.RATE_LIMIT_PER_MINUTE,
    timeWindow: 60_000,
    enableDraftSpec: true,
    cache: 20_000,
    keyGenerator: (request: FastifyRequest) => contextOf(request).principal?.credential.id ?? request.ip,
    allowList: (request: FastifyRequest) => request.url.startsWith('/health/'),
    errorResponseBuilder: (_request: FastifyRequest, { ttl }: { ttl: number }) =>
      tooManyRequests({ detail: `Wait ${Math.ceil(ttl / 1000)} seconds.`, headers: { 'retry-after': String(Math.ceil(ttl / 1000)) } }),
  });
}

/**
 * A refusal of a known person is evidence: recorded in a transaction of its own, whatever became of the request's. It is
 * that person's transaction, so that its guard refuses who is no longer known.
 */
function recordRefusal(app: NestFastifyApplication): (request: FastifyRequest, problem: Problem) => Promise<void> {
  return async (request, problem) => {
    const { principal, requestId, address } = contextOf(request);
    if (!principal) return;
    const database = app.get(Database);
    const details = JSON.stringify({ method: request.method, route: request.routeOptions.url, code: problem.code, ...problem.extras.members });
    await database.write(principal, () =>
      database.execute(RECORD_EVENT, [principal.firmId, principal.userId, 'access.refused', requestId, address, details]));
  };
}

/**
 * After a 404 by id a door decides whether the row was there and hidden, and records the attempt, in a transaction of
 * its own. It is asked either way, so the number of statements tells nobody which it was.
 */
function recordAttempt(app: NestFastifyApplication): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const { principal, requestId, address } = contextOf(request);
    const ids = Object.values((request.params ?? {}) as Record<string, unknown>).filter(isUuid);
    if (!principal || ids.length === 0) return;
    const database = app.get(Database);
    await database.write(principal, () => database.execute(WAS_HIDDEN, [ids]), { requestId, address });
  };
}

/** A path that exists, asked with a method it does not know, is told which it does. */
function wrongMethod(app: NestFastifyApplication): (request: FastifyRequest) => Problem | undefined {
  let routes: { method: string; path: RegExp }[] | undefined;
  return ({ url }) => {
    routes ??= routesOf(app).map(({ method, path }) => ({ method, path: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}/?$`) }));
    const path = url.split('?')[0]!;
    const methods = routes.filter((route) => route.path.test(path)).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    return methods.length > 0 ? methodNotAllowed({ headers: { allow: methods.join(', ') } }) : undefined;
  };
}

/** Ids of requests: the caller's own where it is harmless, otherwise short and unique. */
function requestIds(): (request: { headers: Record<string, string | string[] | undefined> }) => string {
  const start = randomBytes(6).toString('base64url');
  let count = 0;
  return ({ headers }) => {
    const given = headers['x-request-id'];
    return typeof given === 'string' && /^[\w.:-]{8,100}$/.test(given) ? given : `${start}-${(count++).toString(36)}`;
  };
}

/** What is not even HTTP gets a problem too, where the socket still takes one. */
function refuseMalformed(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = error.code === 'HPE_HEADER_OVERFLOW' ? headersTooLarge(`At most ${MAX_HEADER_BYTES} bytes of headers.`) : badRequest('This is not a valid HTTP request.');
  const body = JSON.stringify(problemBody(problem, 'none'));
  const isHead = (error.rawPacket as unknown as Buffer | undefined)?.subarray(0, 5).toString('latin1') === 'HEAD ';
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${isHead ? '' : body}`,
  );
}

