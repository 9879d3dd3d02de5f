import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { makeLogger, NestLog } from './common/logging/logger.js';
import { loadEnvironment, StartupError } from './config/environment.js';
import { prepareEngine } from './database/engine.js';
import { JobRunner } from './modules/jobs/job-runner.js';
import { runProcess } from './process.js';

// The job process: the same modules without the HTTP server.
await runProcess(async () => {
  const environment = loadEnvironment();
  if (environment.embedded) throw new StartupError('The embedded database serves one process, and `npm start` runs the jobs in it: a worker needs DATABASE_URL.');
  const logger = makeLogger(environment);
  const engine = await prepareEngine(environment, { migrate: false });
  const app = await NestFactory.createApplicationContext(AppModule.with(environment, engine, logger), { logger: new NestLog(logger), abortOnError: false });
  await app.init();
  app.get(JobRunner).start();
  process.stdout.write(`LexiFlow's worker is ready: up to ${environment.JOBS_CONCURRENCY} jobs at once on ${engine.serving.host}:${engine.serving.port}/${engine.serving.database}\n`);
  return async () => {
    await app.close();
    await engine.close();
    logger.flush();
  };
});
