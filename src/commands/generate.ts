import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, contractOf } from '../app.setup.js';
import { makeLogger } from '../common/logging/logger.js';
import { loadEnvironment, StartupError } from '../config/environment.js';
import { prepareEngine } from '../database/engine.js';
import { projectRoot } from '../database/migrator.js';
import { dumpSchema } from '../database/schema-dump.js';

/** `npm run generate`: writes what is derived from the code, from a database made for the purpose. `--into DIR` writes elsewhere. */
export async function generate(args: string[]): Promise<void> {
  const at = args.indexOf('--into');
  const target = at >= 0 ? args[at + 1] : projectRoot;
  if (!target) throw new StartupError('Name a folder behind --into.');
  const folder = mkdtempSync(join(tmpdir(), 'lexiflow-generate-'));
  try {
    const environment = loadEnvironment({ DATA_DIR: folder, NODE_ENV: 'test', LOG_LEVEL: 'error', SEED_DEMO: 'false' });
    const engine = await prepareEngine(environment, { migrate: true });
    const owner = await engine.connectOwner();
    writeFileSync(join(target, 'migrations', 'schema.sql'), await dumpSchema(owner, engine.roles));
    await owner.end();
    const app = await createApp(environment, engine, makeLogger(environment));
    writeFileSync(join(target, 'docs', 'openapi.json'), `${JSON.stringify(contractOf(app), null, 2)}\n`);
    await app.close();
    await engine.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`Wrote migrations/schema.sql and docs/openapi.json.\n`);
}
