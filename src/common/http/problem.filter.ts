import { Catch, HttpException, Injectable, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { fromDatabase } from '../errors/database-errors.js';
import * as problems from '../errors/problem.js';
import { Problem } from '../errors/problem.js';

/** Any error as the problem its caller gets; what nobody foresaw is a 500 that says nothing of the inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error.message);
  const fault = error as { code?: string; statusCode?: number; message?: string };
  switch (fault?.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problems.payloadTooLarge();
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problems.unsupportedMediaType();
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return problems.badRequest('The body is not valid JSON.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problems.badRequest('Content-Length and the body do not agree.');
    case 'FST_ERR_BAD_URL':
      return problems.badRequest('The path is not a valid URL.');
  }
  const database = fromDatabase(error);
  if (database) return database;
  if (error instanceof SyntaxError && fault.statusCode === 400) return problems.badRequest('The body is not valid JSON.');
  const status = fault?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? fromStatus(status, fault.message) : problems.internalError();
}

const BY_STATUS: Record<number, problems.ProblemKind> = {
  400: problems.badRequest, 401: problems.unauthenticated, 403: problems.forbidden, 404: problems.notFound, 405: problems.methodNotAllowed,
  406: problems.notAcceptable, 409: problems.conflict, 413: problems.payloadTooLarge, 415: problems.unsupportedMediaType,
  429: problems.tooManyRequests, 431: problems.headersTooLarge, 503: problems.unavailable,
};

function fromStatus(status: number, detail: string | undefined): Problem {
  const kind = BY_STATUS[status];
  if (kind) return status === 404 || !detail ? kind() : kind(detail);
  return status >= 500 ? problems.internalError() : new Problem(status, `http_${status}`, STATUS_CODES[status] ?? 'Refused');
}

/** The answer's body. `type` is a URN: a name, not a page that could be missing. */
export function problemBody(problem: Problem, requestId: string, instance?: string): Record<string, unknown> {
  const { detail, errors, members } = problem.extras;
  return {
    type: `urn:lexiflow:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    code: problem.code,
    ...(detail && { detail }),
    ...(errors && { errors }),
    ...members,
    ...(instance && { instance }),
    requestId,
  };
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): void {
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) reply.header(name, value);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  reply
    .status(problem.status)
    .header('x-request-id', request.id) // the hook that sets it is not run for a URL that is none
    .header('cache-control', 'no-store')
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(problem, request.id, request.url.split('?')[0]?.slice(0, 500))));
}

/** The one exit for errors. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly onRefusal: (request: FastifyRequest, problem: Problem) => Promise<void>,
    private readonly onMissing: (request: FastifyRequest) => Promise<void>,
    private readonly wrongMethod: (request: FastifyRequest) => Problem | undefined,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  async answer(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const unrouted = error instanceof NotFoundException && request.is404;
    const thrown = (unrouted && this.wrongMethod(request)) || toProblem(error);
    if (thrown.status >= 500) this.log.error({ requestId: request.id, err: error, code: thrown.code }, 'request failed');
    const problem = thrown.status === 403 || (thrown.status === 404 && !request.is404) ? await this.recorded(request, thrown) : thrown;
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy(); // a stream broke in the middle: an abrupt end is the only honest answer left
      return;
    }
    sendProblem(reply, request, problem);
  }

  /** Leaves the refusal on record. Where that finds the credential ended meanwhile, it is the answer: nobody had asked the database yet. */
  private async recorded(request: FastifyRequest, problem: Problem): Promise<Problem> {
    try {
      await (problem.status === 403 ? this.onRefusal(request, problem) : this.onMissing(request));
    } catch (fault) {
      const found = fromDatabase(fault);
      if (found?.status === 401) return found;
      this.log.error({ requestId: request.id, err: fault }, 'a refusal could not be recorded');
    }
    return problem;
  }
}
