import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { Sequelize, type SequelizeOptions } from 'sequelize-typescript';
import type { Environment } from '../config/environment.js';
import type { Engine } from './engine.js';
import { statementWasLost, usePreparedStatements, type Statement, type StatementResult } from './flight.js';
import {
  currentUnit, FlightUnit, OutsideUnitError, runInUnit, TransactionUnit,
  type Actor, type ConnectionSource, type Origin, type Unit, type UnitSettings,
} from './unit-of-work.js';

export type Row = Record<string, unknown>;

const RETRIES = 4;
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01']);

export const SETTINGS = Symbol('database settings');

/** The pool of Sequelize is the only pool: models and raw queries share its connections. */
interface SequelizePool {
  acquire(): Promise<pg.Client>;
  release(client: pg.Client): void;
  destroy(client: pg.Client): Promise<void>;
  size: number;
  available: number;
  using: number;
  waiting: number;
}

const poolOf = (sequelize: Sequelize): SequelizePool =>
  (sequelize.connectionManager as unknown as { pool: SequelizePool }).pool;

/**
 * pg as Sequelize is to use it. Sequelize begins to listen for errors a moment after a client has connected; one whose
 * server goes away in that moment (as when Neon suspends) would end the process.
 */
class HeardClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => {}); // the next query on it fails, and the unit deals with that
  }
}
const dialectModule: object = Object.create(pg, { Client: { value: HeardClient } });

/** Options for SequelizeModule: one session on the embedded engine, a pool on a server. */
export function sequelizeOptions(engine: Engine, environment: Environment, models: SequelizeOptions['models']): SequelizeOptions {
  usePreparedStatements(environment.DATABASE_PREPARED_STATEMENTS);
  const { serving } = engine;
  const embedded = engine.kind === 'embedded';
  return {
    dialect: 'postgres',
    dialectModule,
    databaseVersion: '15.0.0', // spares Sequelize a connection of its own to ask
    host: serving.host,
    port: serving.port,
    database: serving.database,
    username: serving.user,
    password: serving.password,
    keepDefaultTimezone: true,
    models,
    logging: false,
    define: { underscored: true, timestamps: true },
    pool: {
      max: embedded ? 1 : environment.DATABASE_POOL_MAX,
      min: embedded ? 1 : 0,
      acquire: 20_000,
      idle: embedded ? 2_147_483_647 : 30_000,
      evict: embedded ? 2_147_483_647 : 10_000,
    },
    dialectOptions: {
      clientMinMessages: 'ignore', // no SET at connect: poolers would leak it to others
      application_name: 'lexiflow',
      keepAlive: true,
      connectionTimeoutMillis: 15_000,
      ...(serving.ssl !== undefined && { ssl: serving.ssl }),
      ...(serving.stream && { stream: serving.stream }),
    },
    hooks: embedded
      ? {
          // The embedded engine logs everybody in as its superuser: step down before the first statement.
          afterConnect: async (connection: unknown) => {
            await (connection as pg.Client).query(`set timezone = 'UTC'; set role "${engine.roles.app}"`);
          },
        }
      : {},
  } as SequelizeOptions;
}

/**
 * Ties Sequelize to the units of work: inside one, its queries travel on the unit's connection, under the unit's guard;
 * outside, it gets no connection at all.
 */
export function bindSequelize(sequelize: Sequelize): void {
  const namespace = {
    get: (key: string) => (key === 'transaction' ? currentUnit()?.sequelizeTransaction : undefined),
    set: () => undefined,
    bind: <T>(work: T): T => work,
    run: <T>(work: () => T): T => work(),
  };
  (Sequelize as unknown as { useCLS(namespace: object): void }).useCLS(namespace);
  (sequelize.connectionManager as unknown as { getConnection(): Promise<never> }).getConnection = () => Promise.reject(new OutsideUnitError());
  (sequelize as unknown as { transaction(): Promise<never> }).transaction = () =>
    Promise.reject(new Error('transactions are opened by Database.write, not by Sequelize'));
}

/** The one door to the database. Everything a request or job asks goes through its unit of work. */
@Injectable()
export class Database {
  private readonly settings: UnitSettings;

  constructor(
    @Inject(Sequelize) readonly sequelize: Sequelize,
    @Inject(SETTINGS) settings: Omit<UnitSettings, 'source'>,
  ) {
    const source: ConnectionSource = {
      acquire: () => poolOf(this.sequelize).acquire(),
      release: (client) => {
        const pool = poolOf(this.sequelize);
        // one that died while it was out has been taken from the pool already
        if (!(client as { _invalid?: boolean })._invalid) pool.release(client);
      },
      destroy: async (client) => {
        const state = client as { _invalid?: boolean };
        if (state._invalid) return; // its error event has destroyed it
        state._invalid = true;
        await poolOf(this.sequelize).destroy(client);
      },
    };
    this.settings = { ...settings, source };
  }

  /** Runs `work` where every query is a read-only flight. Few promises: on Node 20 each is noted by the scope's storage. */
  read<T>(actor: Actor, work: () => Promise<T>, origin: Origin = {}): Promise<T> {
    const unit = new FlightUnit(actor, this.settings, origin);
    return runInUnit(unit, work).then(
      (result) => {
        const rest = unit.check()?.finally(() => unit.finish()) ?? unit.finish();
        return rest ? rest.then(() => result) : result;
      },
      async (error: unknown) => {
        await unit.finish();
        throw error;
      },
    );
  }

  /**
   * Runs `work` in one transaction and commits. A serialization failure or deadlock repeats the whole of it, unless it
   * said (`markExternal`) that something happened outside the database. `dryRun` checks everything and stores nothing.
   */
  async write<T>(actor: Actor, work: () => Promise<T>, origin: Origin = {}, options: { dryRun?: boolean } = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const unit = new TransactionUnit(actor, this.settings, origin);
      let result: T;
      try {
        result = await runInUnit(unit, work);
        await unit.check();
        if (options.dryRun) {
          await unit.checkDeferred();
          await unit.rollback();
        } else {
          await unit.commit();
        }
      } catch (error) {
        await unit.rollback();
        const repeatable = RETRYABLE.has(codeOf(error) ?? '') || statementWasLost(error);
        if (!repeatable || unit.external || attempt >= RETRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
        continue;
      }
      if (!options.dryRun) await unit.afterwards(); // out of the loop's reach: what is committed is not repeated
      return result;
    }
  }

  /** Rows of one statement, in the running unit. */
  query<T extends object = Row>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return this.run([{ text, values }]).then(([result]) => result!.rows as T[]);
  }

  /** The first row, or undefined. */
  first<T extends object = Row>(text: string, values: readonly unknown[] = []): Promise<T | undefined> {
    return this.run([{ text, values }]).then(([result]) => result!.rows[0] as T | undefined);
  }

  /** How many rows a statement touched. */
  execute(text: string, values: readonly unknown[] = []): Promise<number> {
    return this.run([{ text, values }]).then(([result]) => result!.rowCount);
  }

  /** Several statements in one round trip; in a read they see different snapshots, so what must agree is one statement. */
  batch(statements: readonly Statement[]): Promise<Row[][]> {
    return this.run(statements).then((results) => results.map((result) => result.rows));
  }

  /** After the commit, before the answer; never in a dry run. */
  afterCommit(work: () => void | Promise<void>): void {
    const unit = this.unit();
    unit.afterCommit(work);
  }

  /** From here on a repeat would do something twice: this unit is not retried. */
  markExternal(): void {
    const unit = this.unit();
    if (unit instanceof TransactionUnit) unit.external = true;
  }

  /** The running unit's actor. */
  get actor(): Actor {
    return this.unit().actor;
  }

  /** The firm of the running unit; guests have none. */
  get firmId(): string {
    const { actor } = this;
    if (actor.kind === 'guest') throw new Error('a guest has no firm');
    return actor.firmId;
  }

  /** The user of the running unit; the system is none. */
  get userId(): string {
    const { actor } = this;
    if (actor.kind !== 'user' && actor.kind !== 'job') throw new Error('this unit has no user');
    return actor.userId;
  }

  /** How many SQL statements the running unit has sent, for tests that hold routes to a fixed number. */
  get statements(): number {
    return this.unit().statements;
  }

  /** For /metrics and tests. */
  poolState(): { size: number; idle: number; inUse: number; waiting: number } {
    const pool = poolOf(this.sequelize);
    return { size: pool.size, idle: pool.available, inUse: pool.using, waiting: pool.waiting };
  }

  private run(statements: readonly Statement[]): Promise<StatementResult[]> {
    return currentUnit()?.run(statements) ?? Promise.reject(new OutsideUnitError());
  }

  private unit(): Unit {
    const unit = currentUnit();
    if (!unit) throw new OutsideUnitError();
    return unit;
  }
}

/** The SQLSTATE of a database error, through Sequelize's wrapping. */
export function codeOf(error: unknown): string | undefined {
  const direct = (error as { code?: unknown })?.code;
  if (typeof direct === 'string') return direct;
  const wrapped = (error as { original?: { code?: unknown }; parent?: { code?: unknown } })?.original;
  return typeof wrapped?.code === 'string' ? wrapped.code : undefined;
}
