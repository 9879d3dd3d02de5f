import type { LoggerService } from '@nestjs/common';
import { destination, pino, symbols, type DestinationStream, type Logger } from 'pino';
import type { Environment } from '../../config/environment.js';
import { LogOutput } from './output.js';

export const LOGGER = Symbol('logger');
export type { Logger };

/** The process's logger: JSON lines on standard output (or `to`), written in the background. Secrets are cut out by name. */
export function makeLogger(environment: Environment, to?: DestinationStream): Logger {
  return pino(
    {
      level: environment.LOG_LEVEL,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['password', 'token', 'secret', 'authorization', '*.password', '*.token', '*.secret', '*.authorization', 'err.parameters', 'err.sql'], remove: true },
    },
    to ?? (environment.NODE_ENV === 'test' ? destination({ sync: true }) : new LogOutput()),
  );
}

/** What the log says of a request. No member of it can hold a secret, so nothing need be looked for in it. */
export interface RequestLine {
  requestId: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  firm?: string;
  user?: string;
}

/** Writes the line of a request into the same log, without pino's general way of doing so. */
export function requestLog(logger: Logger): (line: RequestLine) => void {
  const output = (logger as unknown as Record<symbol, DestinationStream>)[symbols.streamSym]!;
  if (!logger.isLevelEnabled('info')) return () => {};
  const now = clock();
  return ({ requestId, method, route, status, ms, firm, user }) => {
    const who = firm === undefined ? '' : `,"firm":"${firm}","user":"${user}"`; // both UUIDs
    // ids of requests are words (see requestIds), methods and routes our own
    output.write(`{"level":"info","time":"${now()}","requestId":"${requestId}","method":"${method}","route":"${route}","status":${status},"ms":${ms}${who}}\n`);
  };
}

/** The time as ISO 8601, written anew once a millisecond. */
function clock(): () => string {
  let at = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== at) text = new Date((at = now)).toISOString();
    return text;
  };
}

/** Nest's own messages in the same form; its start-up chatter stays at debug. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}
  log(message: unknown): void {
    this.logger.debug({ nest: true }, String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ nest: true, rest: rest.map(String) }, String(message));
  }
  warn(message: unknown): void {
    this.logger.warn({ nest: true }, String(message));
  }
  debug(message: unknown): void {
    this.logger.trace({ nest: true }, String(message));
  }
  verbose(message: unknown): void {
    this.logger.trace({ nest: true }, String(message));
  }
  fatal(message: unknown): void {
    this.logger.fatal({ nest: true }, String(message));
  }
}
