import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import { createApp } from '../../../src/app.setup.js';
import { makeLogger } from '../../../src/common/logging/logger.js';
import { loadEnvironment } from '../../../src/config/environment.js';
import { Database } from '../../../src/database/database.js';
import { prepareEngine, type Engine } from '../../../src/database/engine.js';
import { JobRunner } from '../../../src/modules/jobs/job-runner.js';
import { onServer, testEnvironment, type TestApp } from '../../support/app.js';

export interface OwnApp extends TestApp {
  close(): Promise<void>;
}

interface Wishes {
  /** Where its log goes; otherwise nowhere. */
  log?: DestinationStream;
  /** Before the application starts: a last change of the engine, or of what is in it. */
  engine?: (engine: Engine) => Engine | Promise<Engine>;
}

const shared = globalThis as typeof globalThis & { lexiflowSecondEngine?: Promise<Engine>; lexiflowOwnApp?: string };

/**
 * An application with settings of its own, beside the one all tests share. On a server it works on the same database;
 * the embedded engine is one session, so there all own applications take turns on a second database.
 */
export async function ownApp(settings: Record<string, string>, wishes: Wishes = {}): Promise<OwnApp> {
  const name = Object.keys(settings).join(', ');
  if (!onServer && shared.lexiflowOwnApp !== undefined) throw new Error(`the application with ${shared.lexiflowOwnApp} is still open`);
  const environment = loadEnvironment(testEnvironment({ ...(!onServer && { DATA_DIR: secondFolder() }), ...settings }));
  const prepared = onServer ? await prepareEngine(environment, { migrate: true }) : await secondEngine();
  const engine = (await wishes.engine?.(prepared)) ?? prepared;
  const app = await createApp(environment, engine, makeLogger(environment, wishes.log));
  await app.listen(0, '127.0.0.1');
  shared.lexiflowOwnApp = name;
  return {
    app, engine, environment,
    database: app.get(Database),
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    drainJobs: () => app.get(JobRunner).drain(),
    close: async () => {
      await app.close();
      delete shared.lexiflowOwnApp;
    },
  };
}

const secondFolder = (): string => join(process.env['TEST_DATA_DIR']!, 'second');

/** Opened once and kept: making the database takes seconds. */
function secondEngine(): Promise<Engine> {
  shared.lexiflowSecondEngine ??= prepareEngine(loadEnvironment(testEnvironment({ DATA_DIR: secondFolder() })), { migrate: true });
  return shared.lexiflowSecondEngine;
}
