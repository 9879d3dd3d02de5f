import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { makeLogger, NestLog } from '../common/logging/logger.js';
import { Problem } from '../common/errors/problem.js';
import { fromDatabase } from '../common/errors/database-errors.js';
import { StartupError, type Environment } from '../config/environment.js';
import { validate } from '../common/validation/strict.js';
import { prepareEngine } from '../database/engine.js';
import { CreateFirm } from '../modules/firms/firms.dto.js';
import { Firms } from '../modules/firms/firms.service.js';
import { newSecret } from '../common/auth/tokens.js';

/** `npm run firm:create -- --name ... --admin-email ...`: a firm with its first administrator, whose password is shown once. */
export async function firmCreate(environment: Environment, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' }, slug: { type: 'string' }, 'admin-email': { type: 'string' }, 'admin-name': { type: 'string' },
      'admin-password': { type: 'string' }, 'time-zone': { type: 'string' }, currency: { type: 'string' }, country: { type: 'string' },
    },
  });
  if (!values.name || !values['admin-email']) throw new StartupError('Say who it is for: npm run firm:create -- --name "Your Firm" --admin-email you@example.com');
  const [given = 'Firm', ...family] = (values['admin-name'] ?? 'Firm Administrator').trim().split(/\s+/);
  const password = values['admin-password'] ?? newSecret().slice(0, 20);
  const engine = await prepareEngine(environment, { migrate: true });
  const logger = makeLogger({ ...environment, LOG_LEVEL: 'error' } as Environment);
  const app = await NestFactory.createApplicationContext(AppModule.with(environment, engine, logger), { logger: new NestLog(logger), abortOnError: false });
  try {
    const input = validate(CreateFirm, {
      name: values.name, adminEmail: values['admin-email'], adminGivenName: given, adminFamilyName: family.join(' ') || given, adminPassword: password,
      ...(values.slug && { slug: values.slug }), ...(values['time-zone'] && { timeZone: values['time-zone'] }),
      ...(values.currency && { currency: values.currency }), ...(values.country && { country: values.country }),
    }, 'body');
    const firm = await app.get(Firms).create(input);
    process.stdout.write(
      `${firm.name} exists now.\n  firm (slug)  ${firm.slug}\n  admin        ${input.adminEmail}\n` +
        (values['admin-password'] ? '' : `  password     ${password}   (shown this once; change it after the first login)\n`));
  } catch (error) {
    throw asSentence(error);
  } finally {
    await app.close();
    await engine.close();
  }
}

function asSentence(error: unknown): unknown {
  const problem = error instanceof Problem ? error : fromDatabase(error);
  if (!problem) return error;
  const fields = (problem.extras.errors ?? []).map(({ pointer, message }) => `${pointer?.slice(1) ?? ''}: ${message}`).join('; ');
  return new StartupError(`The firm was not made: ${problem.title}${fields ? ` (${fields})` : ''}.`);
}
