import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.setup.js';
import { LOGGER, makeLogger, type Logger } from './common/logging/logger.js';
import { loadEnvironment, type Environment } from './config/environment.js';
import { prepareEngine, type Engine } from './database/engine.js';
import { JobRunner } from './modules/jobs/job-runner.js';
import { makeObjectStore } from './modules/storage/make-object-store.js';
import { runProcess } from './process.js';
import { seedAll, type SeedSummary } from './seeding.js';
import { welcome } from './welcome.js';

const DRAIN_MS = 25_000;

await runProcess(async () => {
  const startedAt = performance.now();
  const environment = loadEnvironment();
  const logger = makeLogger(environment);
  let seeded: SeedSummary | undefined;
  const engine = await prepareEngine(environment, {
    migrate: environment.RUN_MIGRATIONS,
    log: (line) => logger.info(line),
    fill: async (fresh) => {
      if (fresh.kind === 'embedded' && environment.SEED_DEMO) seeded = await seedAll(fresh, { demo: await makeObjectStore(environment, fresh.folder.root) });
    },
  });
  for (const note of engine.notes) logger.warn(note);
  // UTBMS codes are part of the product, and each release may bring new ones
  if (engine.migrated && !seeded) await seedAll(engine, { demo: false });
  const app = await createApp(environment, engine, logger).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  const url = await listen(app, environment, engine);
  if (environment.JOBS_IN_PROCESS || environment.embedded) app.get(JobRunner).start();
  welcome({ environment, engine, url, seeded, readyMs: performance.now() - startedAt });
  return () => stop(app, engine);
});

/** Through Fastify itself: Nest would log a port that is taken before this process says it in words. */
async function listen(app: NestFastifyApplication, environment: Environment, engine: Engine): Promise<string> {
  try {
    const address = await app.getHttpAdapter().getInstance().listen({ port: environment.PORT, host: environment.HOST });
    return address.replace('[::1]', 'localhost').replace('127.0.0.1', 'localhost');
  } catch (error) {
    await app.close();
    await engine.close();
    throw error;
  }
}

/** Requests under way are answered, jobs under way finish, the embedded database is closed in order. */
async function stop(app: NestFastifyApplication, engine: Engine): Promise<void> {
  const logger = app.get<Logger>(LOGGER);
  const drained = await Promise.race([app.close().then(() => true), delay(DRAIN_MS, false, { ref: false })]);
  if (!drained) logger.warn(`not everything had ended after ${DRAIN_MS / 1000} s`);
  await engine.close();
  logger.flush();
}
