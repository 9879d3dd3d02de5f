import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { currentScope, runInScope } from '../common/scope.js';
import { FlightDeadlineError, fly, statementWasLost, UnsendableError, type Statement, type StatementResult } from './flight.js';

/** Who stands behind the credential of a request. */
export interface UserActor {
  kind: 'user';
  firmId: string;
  userId: string;
  role: string;
  credential: { kind: 'session' | 'key'; id: string };
}
/** The firm itself, for jobs that nobody asked for. Only the job runner and the command line may use it. */
export interface SystemActor {
  kind: 'system';
  firmId: string;
}
/** A job that runs on behalf of a user: sees what the user sees; no session is needed for it to go on. */
export interface JobActor {
  kind: 'job';
  firmId: string;
  userId: string;
}
/** Somebody with a refresh token, link or ticket that names its firm: sees the firm's sign-in tables and nothing else. */
export interface CredentialActor {
  kind: 'credential';
  firmId: string;
}
/** Nobody yet: sees no row, may only knock at doors. */
export interface GuestActor {
  kind: 'guest';
}
export type Actor = UserActor | SystemActor | JobActor | CredentialActor | GuestActor;

/** What the audit trail wants to know about a change besides the actor. */
export interface Origin {
  requestId?: string;
  address?: string;
  action?: string;
  reason?: string;
}

export interface Limits {
  statementMs: number;
  lockMs: number;
  idleMs: number;
}

/** Where units get their one connection from. */
export interface ConnectionSource {
  acquire(): Promise<pg.Client>;
  release(client: pg.Client): void;
  destroy(client: pg.Client): Promise<void>;
}

export interface UnitSettings {
  source: ConnectionSource;
  appRole: string;
  /** The session is the embedded engine's one, which the owner uses as well: each guard sets the role first. */
  stepDown: boolean;
  limits: Limits;
}

/** The line was cut, by whichever side and with whatever words. Of a commit under way nobody knows what became of it. */
export class ConnectionLostError extends Error {
  readonly code = '08006';
  constructor(cause: unknown) {
    super(`the connection to the database was lost: ${(cause as Error).message}`, { cause });
  }
}

/** A query was made where no unit of work is open; the database would show nothing, the code says why. */
export class OutsideUnitError extends Error {
  constructor() {
    super('a query was made outside a unit of work: use Database.read or Database.write, or make it inside a request');
  }
}

/** The unit that the running code belongs to, if any. */
export const currentUnit = (): Unit | undefined => currentScope()?.unit;
export const runInUnit = <T>(unit: Unit, work: () => Promise<T>): Promise<T> => runInScope({ request: currentScope()?.request, unit }, work);

/**
 * What makes a batch ours: it sets firm and user for this transaction alone, and refuses it when the credential behind it
 * is no longer good, or the connection does not act as the app role. They travel with the first query, so the guard costs no round trip.
 */
export function guard(actor: Actor, settings: UnitSettings, readOnly: boolean, origin: Origin): Statement[] {
  if (!readOnly) return guardStatements(actor, settings, JSON.stringify(origin));
  const known = readers.get(actor);
  if (known?.settings === settings) return known.statements;
  const statements = guardStatements(actor, settings, undefined).map((statement) => ({ ...statement, standing: {} }));
  readers.set(actor, { settings, statements });
  return statements;
}

/** A reader's guard is the same for every request: actors are kept with their credential, and this with them. */
const readers = new WeakMap<Actor, { settings: UnitSettings; statements: Statement[] }>();

/** Without an origin: for a reader, whose flight waits for no lock, leaves nothing idle, and changes nothing to be told of. */
function guardStatements(actor: Actor, settings: UnitSettings, origin: string | undefined): Statement[] {
  const { limits, appRole } = settings;
  const guarded = (kind: string, firmId: string, userId: string, alive: Alive = NOBODY, credential: readonly string[] = []): Statement[] => {
    const common = [appRole, firmId, userId, kind, String(limits.statementMs)];
    const statement = origin === undefined
      ? { text: READER[alive], values: [...common, ...credential] }
      : { text: WRITER[alive], values: [...common, String(limits.lockMs), String(limits.idleMs), origin, ...credential] };
    return settings.stepDown ? [{ text: STEP_DOWN, values: [appRole] }, statement] : [statement];
  };
  switch (actor.kind) {
    case 'user':
      return guarded('user', actor.firmId, actor.userId, actor.credential.kind, [actor.credential.id, actor.userId, actor.role]);
    case 'job':
      return guarded('user', actor.firmId, actor.userId, 'user', [actor.userId]);
    case 'system':
    case 'credential':
      return guarded(actor.kind, actor.firmId, '');
    case 'guest':
      return guarded('', '', '');
  }
}

/**
 * Whose being alive a guard asks for, as a condition that holds when there is no such thing; `at` is the place of its first value.
 * "is true" keeps the planner from finding a session or key by its user, who may have many.
 */
const alive = {
  session: (at: number) => `or not exists (select from sessions s where s.id = $${at} and (s.user_id = $${at + 1}) is true
    and s.role = $${at + 2} and s.ended_at is null and s.expires_at > now())`,
  key: (at: number) => `or not exists (select from api_keys k join users u on u.firm_id = k.firm_id and u.id = $${at + 1}
    where k.id = $${at} and (k.user_id = $${at + 1}) is true and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and u.role = $${at + 2} and u.status = 'active')`,
  user: (at: number) => `or not exists (select from users u where u.id = $${at} and u.status = 'active')`,
  nobody: () => '',
};
type Alive = keyof typeof alive;
const NOBODY: Alive = 'nobody';

/**
 * One statement: that the connection acts as the app role, the settings, and that who asks is still alive, in this order.
 * PostgreSQL evaluates the arms of an OR as they stand and a subselect when its arm is reached; were it otherwise, the
 * policies would see no firm, no session would be found, and everything refused. It gives no row: nobody would read it.
 */
const guardText = (settings: string, next: number) => (kind: Alive): string => `select doors.refuse(current_user <> $1)
  where current_user <> $1 or num_nonnulls(set_config('app.firm_id', $2, true), set_config('app.user_id', $3, true),
    set_config('app.actor_kind', $4, true), set_config('statement_timeout', $5, true), ${settings}) = 0
  ${alive[kind](next)}`;
const forEach = (text: (kind: Alive) => string): Record<Alive, string> =>
  ({ session: text('session'), key: text('key'), user: text('user'), nobody: text('nobody') });
const READER = forEach(guardText(`set_config('transaction_read_only', 'on', true)`, 6));
const WRITER = forEach(guardText(`set_config('lock_timeout', $6, true), set_config('idle_in_transaction_session_timeout', $7, true),
  set_config('app.origin', $8, true)`, 9));
const STEP_DOWN = `select where set_config('role', $1, true) is null`;

/** What the guard raises (through doors.refuse) when session, key, role or user changed since the token was made. */
export const CREDENTIAL_REFUSED = 'LX401';

/** The shape Sequelize expects where it would otherwise take a connection of its own. */
export interface SequelizeTransaction {
  id: string;
  connection: unknown;
  finished: string | undefined;
  options: object;
  afterCommit(): never;
}

/** One request's (or job's) way to the database: at most one connection at a time. */
export abstract class Unit {
  statements = 0;
  protected readonly afterCommitWork: (() => void | Promise<void>)[] = [];
  private transaction: SequelizeTransaction | undefined;
  private busy = false;
  private readonly queue: (() => void)[] = [];
  private closed = false;

  constructor(
    readonly actor: Actor,
    protected readonly settings: UnitSettings,
    readonly origin: Origin,
  ) {}

  /** Made for those who use a model; most units never do. */
  get sequelizeTransaction(): SequelizeTransaction {
    if (!this.transaction) {
      const id = randomUUID();
      this.transaction = {
        id,
        connection: { uuid: id, query: this.sequelizeQuery.bind(this) },
        finished: this.closed ? 'commit' : undefined,
        options: {},
        afterCommit() {
          throw new Error('use Database.afterCommit');
        },
      };
    }
    return this.transaction;
  }

  abstract readonly readOnly: boolean;
  protected abstract perform(statements: readonly Statement[]): Promise<StatementResult[]>;

  /** Runs the statements in one round trip; queries made at the same time wait for their turn. */
  run(statements: readonly Statement[]): Promise<StatementResult[]> {
    if (this.closed) return Promise.reject(new OutsideUnitError());
    this.statements += statements.length;
    if (this.busy) return new Promise<void>((resolve) => this.queue.push(resolve)).then(() => this.take(statements));
    return this.take(statements);
  }

  private take(statements: readonly Statement[]): Promise<StatementResult[]> {
    this.busy = true;
    return this.perform(statements).then(
      (results) => {
        this.next();
        return results;
      },
      (error: unknown) => {
        this.next();
        throw error;
      },
    );
  }

  private next(): void {
    const waiting = this.queue.shift();
    if (waiting) waiting();
    else this.busy = false;
  }

  /** Work that asked nothing of the database must not go unchecked: then the guard flies alone. */
  check(): Promise<unknown> | undefined {
    return this.statements === 0 && this.actor.kind === 'user' ? this.run([]) : undefined;
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.afterCommitWork.push(work);
  }

  /** Nothing is taken on any more; what was, ends first. */
  protected close(): Promise<void> | undefined {
    this.closed = true;
    if (this.transaction) this.transaction.finished = 'commit';
    if (!this.busy) return undefined;
    return new Promise((resolve) => this.queue.push(() => {
      resolve();
      this.next();
    }));
  }

  protected deadlineFor(statements: readonly Statement[]): number {
    return this.settings.limits.statementMs * statements.length + this.settings.limits.lockMs;
  }

  /** pg's query(sql, [values], callback), as Sequelize calls it. */
  private sequelizeQuery(text: string, values: unknown, callback?: (error: Error | null, result?: unknown) => void): void {
    const answer = (typeof values === 'function' ? values : callback) as (error: Error | null, result?: unknown) => void;
    const statement: Statement = { text, values: Array.isArray(values) ? values : [], types: 'model', prepare: false };
    this.run([statement]).then(
      ([result]) => answer(null, result),
      (error: Error) => answer(error),
    );
  }
}

/** How often something is begun anew whose connection or statement was lost: an idle pool may have died as a whole. */
const ATTEMPTS = 10;

/** Reads: each call is a flight of its own, with the guard aboard and nothing left behind at its Sync. */
export class FlightUnit extends Unit {
  readonly readOnly = true;

  protected async perform(statements: readonly Statement[]): Promise<StatementResult[]> {
    const before = guard(this.actor, this.settings, true, this.origin);
    const all = [...before, ...statements];
    for (let attempt = 1; ; attempt++) {
      const client = await this.settings.source.acquire();
      try {
        const results = await fly(client, all, this.deadlineFor(all));
        this.settings.source.release(client);
        return results.slice(before.length);
      } catch (error) {
        const fate = verdict(error);
        if (fate === 'statement') this.settings.source.release(client);
        else await this.settings.source.destroy(client);
        // A read has no effect, so what was lost on the way is worth one more try; several connections may be as bad.
        if ((fate !== 'lost' && !statementWasLost(error)) || attempt > ATTEMPTS) throw fate === 'lost' ? new ConnectionLostError(error) : error;
      }
    }
  }

  finish(): Promise<void> | undefined {
    return this.close();
  }
}

/** Writes: one explicit transaction on one connection, begun together with the first statement. */
export class TransactionUnit extends Unit {
  readonly readOnly = false;
  /** Set where a repeat would do something outside the database twice: the unit is then not retried. */
  external = false;
  private client: pg.Client | undefined;
  private broken: unknown;

  protected async perform(statements: readonly Statement[]): Promise<StatementResult[]> {
    if (this.broken) throw this.broken;
    for (let attempt = 1; ; attempt++) {
      const first = this.client === undefined;
      const client = (this.client ??= await this.settings.source.acquire());
      const before = first ? [{ text: 'BEGIN' }, ...guard(this.actor, this.settings, false, this.origin)] : [];
      const all = [...before, ...statements];
      try {
        return (await fly(client, all, this.deadlineFor(all))).slice(before.length);
      } catch (error) {
        const fate = verdict(error);
        // Before its first answer nobody has relied on the transaction: nothing of it survives, and it can begin again.
        const again = first && attempt <= ATTEMPTS && (fate === 'lost' || statementWasLost(error));
        if (fate === 'statement') {
          if (again || error instanceof UnsendableError && first) await this.leave();
          if (again) continue;
          throw error;
        }
        this.client = undefined;
        await this.settings.source.destroy(client);
        if (again) continue;
        throw (this.broken = fate === 'lost' ? new ConnectionLostError(error) : error);
      }
    }
  }

  /** Commits; a transaction that the server turned into a rollback is an error, never a silent loss. */
  async commit(): Promise<void> {
    await this.close();
    if (this.broken) throw this.broken;
    const client = this.client;
    if (client) {
      this.client = undefined;
      let command: string;
      try {
        command = (await fly(client, [{ text: 'COMMIT' }], this.settings.limits.statementMs))[0]!.command;
      } catch (error) {
        // A deferred constraint refuses at commit and leaves the connection sound; anything else does not.
        const fate = verdict(error);
        if (fate === 'statement') this.settings.source.release(client);
        else await this.settings.source.destroy(client);
        throw fate === 'lost' ? new ConnectionLostError(error) : error;
      }
      this.settings.source.release(client);
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed');
    }
  }

  /** What was to be done once the commit had succeeded; a failure of it undoes nothing. */
  async afterwards(): Promise<void> {
    for (const work of this.afterCommitWork) await work();
  }

  /** Checks what would be checked at commit; the answer of a dry run must not be better than the real one. */
  async checkDeferred(): Promise<void> {
    if (this.client) await this.run([{ text: 'SET CONSTRAINTS ALL IMMEDIATE' }]);
  }

  async rollback(): Promise<void> {
    await this.close();
    await this.leave();
  }

  /** Gives the connection back with no transaction open on it. */
  private async leave(): Promise<void> {
    const client = this.client;
    if (!client) return;
    this.client = undefined;
    try {
      await fly(client, [{ text: 'ROLLBACK' }], this.settings.limits.statementMs);
      this.settings.source.release(client);
    } catch {
      await this.settings.source.destroy(client);
    }
  }
}

/** What an error says of its connection: the statement failed, the connection is lost, or its state is unknown. */
export function verdict(error: unknown): 'statement' | 'lost' | 'unknown' {
  if (error instanceof FlightDeadlineError) return 'unknown';
  if (error instanceof UnsendableError) return 'statement';
  const { code = '', severity } = error as { code?: string; severity?: string };
  // Class 08 as a mere ERROR is our own mistake (too few values); a connection is cut with FATAL, or without a word.
  if (severity === 'ERROR') return 'statement';
  if (severity === 'FATAL' || severity === 'PANIC' || LOST_CODES.test(code)) return 'lost';
  return severity ? 'statement' : 'lost';
}

/** A server that speaks another language than English also translates the severity. */
const LOST_CODES = /^(08...|57P0[1-3]|25P03)$/;
