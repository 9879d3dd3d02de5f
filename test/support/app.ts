import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.setup.js';
import { makeLogger } from '../../src/common/logging/logger.js';
import { loadEnvironment, type Environment } from '../../src/config/environment.js';
import { Database } from '../../src/database/database.js';
import { prepareEngine, type Engine } from '../../src/database/engine.js';
import { JobRunner } from '../../src/modules/jobs/job-runner.js';

export interface TestApp {
  app: NestFastifyApplication;
  engine: Engine;
  environment: Environment;
  database: Database;
  url: string;
  /** Runs jobs until none is due: mails go out, tasks end. */
  drainJobs(): Promise<void>;
}

export const onServer = process.env['TEST_DATABASE_URL'] !== undefined;
export const throughPooler = process.env['TEST_THROUGH_POOLER'] !== undefined;

const running = globalThis as typeof globalThis & { lexiflowTestApp?: Promise<TestApp> };

/** The application all test files share: as main.ts builds it, listening on a port of its own. */
export function testApp(): Promise<TestApp> {
  running.lexiflowTestApp ??= start();
  return running.lexiflowTestApp;
}

/** The environment of the suite, for tests that start processes of their own. */
export function testEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const { TEST_DATABASE_URL, TEST_DATA_DIR, DATABASE_ROLE_PREFIX, DATABASE_PREPARED_STATEMENTS, TEST_LOG_LEVEL } = process.env;
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: TEST_DATA_DIR!,
    LOG_LEVEL: TEST_LOG_LEVEL ?? 'fatal',
    DATABASE_POOL_MAX: '5',
    RATE_LIMIT_PER_MINUTE: '1000000',
    ...(TEST_DATABASE_URL && { DATABASE_URL: TEST_DATABASE_URL }),
    ...(DATABASE_ROLE_PREFIX && { DATABASE_ROLE_PREFIX }),
    ...(DATABASE_PREPARED_STATEMENTS && { DATABASE_PREPARED_STATEMENTS }),
    ...extra,
  };
}

async function start(): Promise<TestApp> {
  const environment = loadEnvironment(testEnvironment());
  const engine = await prepareEngine(environment, { migrate: true });
  const app = await createApp(environment, engine, makeLogger(environment));
  await app.listen(0, '127.0.0.1');
  return {
    app, engine, environment,
    database: app.get(Database),
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    drainJobs: () => app.get(JobRunner).drain(),
  };
}
