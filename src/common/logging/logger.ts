import type { LoggerService } from '@nestjs/common';
import { destination, pino, type DestinationStream, type Logger } from 'pino';
import type { Environment } from '../../config/environment.js';

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
    to ?? (environment.NODE_ENV === 'test' ? destination({ sync: true }) : destination({ sync: false, minLength: 4096, periodicFlush: 250 })),
  );
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
