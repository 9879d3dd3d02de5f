import { parseArgs } from 'node:util';
import { loadEnvironment, StartupError, type Environment } from './config/environment.js';
import { prepareEngine } from './database/engine.js';
import { migrateDown } from './database/migrator.js';
import { makeObjectStore } from './modules/storage/make-object-store.js';
import { fail } from './process.js';
import { seedAll } from './seeding.js';

type Command = (environment: Environment, args: string[]) => Promise<void>;
const say = (line: string) => process.stdout.write(`${line}\n`);

const migrate: Command = async (environment) => {
  const engine = await prepareEngine(environment, { migrate: true, log: say });
  if (engine.migrated) await seedAll(engine, { demo: false });
  await engine.close();
  say('The schema is up to date.');
};

const down: Command = async (environment, args) => {
  const { values } = parseArgs({ args, options: { to: { type: 'string' }, all: { type: 'boolean' } } });
  const engine = await prepareEngine(environment, { migrate: false, unchecked: true, ownerOnly: true });
  const client = await engine.connectOwner();
  const count = await migrateDown({ client, roles: engine.roles, log: say }, values.all ? 0 : values.to);
  await client.end();
  await engine.close();
  say(count === 0 ? 'There was nothing to revert.' : `Reverted ${count} migration${count === 1 ? '' : 's'}.`);
};

const seed: Command = async (environment, args) => {
  const { values } = parseArgs({ args, options: { 'reference-only': { type: 'boolean' } } });
  const engine = await prepareEngine(environment, { migrate: true, ownerOnly: true, log: say });
  const summary = await seedAll(engine, { demo: values['reference-only'] ? false : await makeObjectStore(environment, engine.folder.root) });
  await engine.close();
  say('The code lists are in place.');
  for (const firm of summary?.firms ?? []) say(`${firm.name} (${firm.slug}): ${firm.logins.join(', ')}; password ${summary!.password}`);
};

const firmCreate: Command = async (environment, args) => (await import('./commands/firm-create.js')).firmCreate(environment, args);
const dataExport: Command = async (environment, args) => (await import('./commands/data-transfer.js')).exportData(environment, args);
const dataImport: Command = async (environment, args) => (await import('./commands/data-transfer.js')).importData(environment, args);
const storageVerify: Command = async (environment, args) => (await import('./commands/storage.js')).storageVerify(environment, args);
const storageSweep: Command = async (environment, args) => (await import('./commands/storage.js')).storageSweep(environment, args);
const generate: Command = async (_environment, args) => (await import('./commands/generate.js')).generate(args);

const COMMANDS: Record<string, { run: Command; help: string }> = {
  migrate: { run: migrate, help: 'bring the schema up to date (extensions, roles, migrations)' },
  'migrate:down': { run: down, help: 'revert the last migration; --to NAME down to that one, --all to nothing' },
  seed: { run: seed, help: 'fill in code lists and the demo firms; --reference-only leaves the demo out' },
  'firm:create': { run: firmCreate, help: '--name NAME --admin-email EMAIL [--slug SLUG] [--admin-name NAME] [--time-zone ZONE] [--currency USD]' },
  'data:export': { run: dataExport, help: '--to FILE: everything in the database, as lines of JSON' },
  'data:import': { run: dataImport, help: '--from FILE: into a new, empty database' },
  'storage:verify': { run: storageVerify, help: 'hash every stored file again; --json; exit code 1 when one is missing or corrupt' },
  'storage:sweep': { run: storageSweep, help: '--grace-hours 24 [--yes]: remove what lies in the store and no document refers to' },
  generate: { run: generate, help: 'write migrations/schema.sql and docs/openapi.json from the code' },
};

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command || args.includes('--help')) {
  say(Object.entries(COMMANDS).map(([key, { help }]) => `  ${key.padEnd(14)} ${help}`).join('\n'));
  process.exit(command || name === '' || name === '--help' ? 0 : 1);
}
try {
  await command.run(loadEnvironment(), args);
  process.exit(process.exitCode ?? 0);
} catch (error) {
  if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) fail(new StartupError(`${(error as Error).message}. Usage: ${name} ${command.help}`));
  fail(error);
}

