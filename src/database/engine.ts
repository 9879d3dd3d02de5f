import type { Duplex } from 'node:stream';
import pg from 'pg';
import { parse, type ConnectionOptions } from 'pg-connection-string';
import { StartupError, type Environment } from '../config/environment.js';
import { DataFolder } from './embedded/data-folder.js';
import { EmbeddedServer } from './embedded/embedded-server.js';
import { migrateUp, pendingMigrations } from './migrator.js';
import { enableLogin, isSettled, roleNames, settleSessions, whyUnsafe, type RoleNames } from './roles.js';

/** How to reach the database as the role that serves requests. */
export interface ServingConnection {
  host?: string;
  port?: number;
  database: string;
  user: string;
  password?: string;
  ssl?: ConnectionOptions['ssl'];
  stream?: () => Duplex;
}

/** A database that is ready to serve: reachable, migrated, its roles in place. */
export interface Engine {
  kind: 'embedded' | 'server';
  roles: RoleNames;
  folder: DataFolder;
  serving: ServingConnection;
  /** True when this start made the database. */
  fresh: boolean;
  /** True when this start had the right to bring the schema up to date, and did. */
  migrated: boolean;
  /** What works but should be mended, as sentences for the operator. */
  notes: string[];
  /** A connection with the owner's rights, for migrations, seeds and the command line; end it before serving. */
  connectOwner(): Promise<pg.Client>;
  close(): Promise<void>;
}

export interface PrepareOptions {
  /** Bring the schema up to date; otherwise it is only checked. */
  migrate: boolean;
  /** The command line needs the owner alone and no login role. */
  ownerOnly?: boolean;
  /** The schema may be in any state: it is being reverted. */
  unchecked?: boolean;
  /** Migrations to stop at, for data of an earlier release; all that exist otherwise. */
  only?: readonly string[];
  /** Fills a database that this start makes. An embedded one counts as made only then; what is interrupted begins anew. */
  fill?: (engine: Engine) => Promise<void>;
  log?: (line: string) => void;
}

/** Opens the engine the environment names, or throws a StartupError that says what to do. */
export async function prepareEngine(environment: Environment, options: PrepareOptions): Promise<Engine> {
  return environment.embedded ? prepareEmbedded(environment, options) : prepareServer(environment, options);
}

async function prepareEmbedded(environment: Environment, options: PrepareOptions): Promise<Engine> {
  const folder = new DataFolder(environment.DATA_DIR);
  const roles = roleNames(environment.DATABASE_ROLE_PREFIX);
  folder.lock();
  let server: EmbeddedServer | undefined;
  try {
    folder.checkDatabase();
    const fresh = !folder.hasDatabase;
    if (fresh) folder.recordVersion(true);
    server = await EmbeddedServer.open(folder.database).catch((error: Error) => {
      throw new StartupError(`The embedded database in ${folder.database} could not be opened (${error.message}): restore the folder from a backup, or move it aside to start anew.`);
    });
    const serving: ServingConnection = { database: 'postgres', user: 'postgres', stream: server.stream };
    const connectOwner = async () => {
      const client = new pg.Client({ user: 'postgres', database: 'postgres', stream: serving.stream as never });
      await client.connect();
      await client.query(`set timezone = 'UTC'`);
      return client;
    };
    const client = await connectOwner();
    await bringUpToDate(client, roles, options);
    const notes = await remarks(client);
    await client.end();
    const opened = server;
    const engine: Engine = {
      kind: 'embedded', roles, folder, serving, fresh, migrated: options.migrate, notes, connectOwner,
      close: async () => {
        await opened.close();
        folder.unlock();
      },
    };
    if (fresh) await options.fill?.(engine);
    folder.recordVersion(false);
    return engine;
  } catch (error) {
    await server?.close();
    folder.unlock();
    throw error;
  }
}

async function prepareServer(environment: Environment, options: PrepareOptions): Promise<Engine> {
  const roles = roleNames(environment.DATABASE_ROLE_PREFIX);
  const folder = new DataFolder(environment.DATA_DIR);
  const served = parseUrl('DATABASE_URL', environment.DATABASE_URL!);
  const separate = environment.MIGRATION_DATABASE_URL !== undefined;
  const ownerName = separate ? 'MIGRATION_DATABASE_URL' : 'DATABASE_URL';
  const owner = separate ? parseUrl(ownerName, environment.MIGRATION_DATABASE_URL!) : served;
  const connectOwner = () => connect(ownerName, owner);

  let serving = served;
  let fresh = false;
  let migrated = false;
  let notes: string[] = [];
  const client = await connectOwner();
  try {
    const unsafe = await whyUnsafe(client, roles).catch(() => 'the schema is missing');
    if (separate || unsafe !== undefined) {
      fresh = !(await client.query<{ there: boolean }>(`select to_regclass('public."SequelizeMeta"') is not null as there`)).rows[0]!.there;
      await bringUpToDate(client, roles, options);
      migrated = options.migrate;
      if (!separate && !options.ownerOnly) {
        const password = environment.APP_DB_PASSWORD ?? folder.secret('database-login-password');
        serving = { ...served, user: roles.login, password };
        await makeLogin(client, serving, roles, password);
      } else if (separate && environment.APP_DB_PASSWORD && served.user === roles.login) {
        await makeLogin(client, served, roles, environment.APP_DB_PASSWORD);
      }
    } else {
      // DATABASE_URL already names a login role: the schema is somebody else's to keep, here it is only checked
      await checkUpToDate(client, roles.app);
    }
    notes = await remarks(client);
  } finally {
    await client.end();
  }

  if (!options.ownerOnly) await checkServing(serving === served ? 'DATABASE_URL' : 'the login role made from DATABASE_URL', serving, roles);
  const engine: Engine = { kind: 'server', roles, folder, serving, fresh, migrated, notes, connectOwner, close: async () => {} };
  if (fresh) await options.fill?.(engine);
  return engine;
}

/** A role that must not serve is refused; one whose sessions do not begin as they should is told to, by itself. */
async function checkServing(name: string, serving: ServingConnection, roles: RoleNames): Promise<void> {
  let login = await connect(name, serving);
  try {
    const unsafe = await whyUnsafe(login, roles);
    if (unsafe) {
      throw new StartupError(
        `Requests are not served as this role, because ${unsafe}. Let DATABASE_URL name the role "${roles.login}" (or another login role that is only a member of ${roles.app}), ` +
          'or leave MIGRATION_DATABASE_URL out and give the owner in DATABASE_URL: LexiFlow then makes the login role itself.');
    }
    if (await isSettled(login, roles)) return;
    await settleSessions(login, serving.user, roles).catch(() => login.query('rollback'));
    await login.end();
    login = await connect(name, serving);
    if (await isSettled(login, roles)) return;
    throw new StartupError(
      `Sessions of the role "${serving.user}" do not begin as "${roles.app}", although the role was told to: run ` +
        `alter role ${serving.user} in database ${serving.database} set role = '${roles.app}', and restart the pooler in between, if there is one.`);
  } finally {
    await login.end();
  }
}

async function remarks(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ version: string }>(`select extversion as version from pg_extension where extname = 'vector'`);
  const [major = 0, minor = 0, patch = 0] = (rows[0]?.version ?? '0').split('.').map(Number);
  const old = major === 0 && (minor < 8 || (minor === 8 && patch < 4));
  return old ? [`pgvector ${rows[0]?.version} has vacuum faults that 0.8.4 mends: update it and run "alter extension vector update".`] : [];
}

/** Sets the login role's password, unless the one we hold works already; its sessions are settled before the first begins. */
async function makeLogin(owner: pg.Client, serving: ServingConnection, roles: RoleNames, password: string): Promise<void> {
  await settleSessions(owner, serving.user, roles).catch(() => owner.query('rollback')); // if need be, the role does it itself
  const probe = new pg.Client({ ...serving, ssl: serving.ssl as never, connectionTimeoutMillis: 10_000 });
  probe.on('error', () => {});
  const works = await probe.connect().then(() => true, () => false);
  if (works) return void (await probe.end());
  try {
    await enableLogin(owner, roles, password);
  } catch (error) {
    throw new StartupError(
      `The login role "${roles.login}" could not be made (${(error as Error).message}). As a role with CREATEROLE run: ` +
        `create role ${roles.login} login noinherit password '...' in role ${roles.app}; then let DATABASE_URL name it and MIGRATION_DATABASE_URL the owner.`);
  }
}

async function bringUpToDate(client: pg.Client, roles: RoleNames, options: PrepareOptions): Promise<void> {
  if (!options.migrate) return options.unchecked ? undefined : checkUpToDate(client);
  try {
    await migrateUp({ client, roles, log: options.log }, options.only);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const code = (error as { code?: string }).code;
    if (code === '42501') {
      throw new StartupError(
        `The schema could not be brought up to date (${(error as Error).message}): the role needs CREATEROLE and must own the database; name such a role in MIGRATION_DATABASE_URL.`);
    }
    if (code === '55P03') throw new StartupError('The schema could not be brought up to date: another session holds a lock; try again when it is done.');
    throw error;
  }
}

/** `as`: the role to look as, for a login role that may read nothing by itself. */
async function checkUpToDate(client: pg.Client, as?: string): Promise<void> {
  await client.query('begin');
  if (as) await client.query(`set local role "${as}"`);
  const pending = await pendingMigrations(client).catch(() => ['the table "SequelizeMeta" cannot be read']);
  await client.query('rollback');
  if (pending.length > 0) {
    throw new StartupError(`The database's schema is not up to date (${pending[0]}${pending.length > 1 ? ` and ${pending.length - 1} more` : ''}): run \`npm run migrate\` with the owner's URL first.`);
  }
}

function parseUrl(name: string, url: string): ServingConnection {
  let parsed: ConnectionOptions;
  try {
    // the parser reads these as verify-full too, but warns that it will not always
    parsed = parse(url.replace(/([?&]sslmode=)(prefer|require|verify-ca)\b/, '$1verify-full'));
  } catch (error) {
    throw new StartupError(`${name} cannot be read as a URL (${(error as Error).message}): percent-encode special characters of the password.`);
  }
  if (!parsed.database || !parsed.host || !parsed.user) throw new StartupError(`${name} must name user, host and database: postgres://user:password@host:5432/database.`);
  return {
    host: parsed.host,
    port: Number(parsed.port ?? 5432),
    database: parsed.database,
    user: parsed.user,
    ...(parsed.password !== undefined && { password: parsed.password }),
    ...(parsed.ssl !== undefined && { ssl: parsed.ssl }),
  };
}

async function connect(name: string, connection: ServingConnection): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, ssl: connection.ssl as never, connectionTimeoutMillis: 15_000 });
  client.on('error', () => {}); // an error while a query runs rejects that query; one while idle shows with the next
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new StartupError(explainConnection(name, connection, error as Error & { code?: string }));
  }
  const { rows } = await client.query<{ version: string }>('show server_version_num');
  const major = Math.floor(Number((rows[0] as unknown as { server_version_num: string }).server_version_num) / 10_000);
  if (major < 15 || major > 18) {
    await client.end();
    throw new StartupError(`${name} leads to PostgreSQL ${major}; LexiFlow runs on 15 to 18: point it at such a server.`);
  }
  return client;
}

function explainConnection(name: string, to: ServingConnection, error: Error & { code?: string }): string {
  const where = `${to.host}:${to.port}`;
  switch (error.code) {
    case 'ECONNREFUSED':
      return `${name}: nothing listens on ${where}; start the server there or correct host and port.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${name}: the host "${to.host}" is not known; correct its name.`;
    case '28P01':
    case '28000':
      return `${name}: the server at ${where} refuses the user "${to.user}" (${error.message}); correct user and password.`;
    case '3D000':
      return `${name}: the database "${to.database}" does not exist on ${where}; create it or correct the name.`;
    case '53300':
      return `${name}: the server at ${where} has no free connection; lower DATABASE_POOL_MAX or raise max_connections.`;
    default:
      return `${name}: no connection to ${where} (${error.message || error.code || 'no answer'}); check host, port, TLS (sslmode) and that the server is up.`;
  }
}
