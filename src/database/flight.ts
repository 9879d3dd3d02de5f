import { createHash } from 'node:crypto';
import pg from 'pg';
import { cancelOnServer } from './cancel.js';
import { Outbox } from './wire.js';
import { wireParser } from './wire-types.js';

/** One SQL statement with its values. `name` is given by the flight; callers only write text. */
export interface Statement {
  text: string;
  values?: readonly unknown[];
  /** 'model': values as Sequelize's types want them; otherwise as the wire wants them (see wire-types). */
  types?: 'model';
  /** False for texts that are rarely the same twice; they would fill the server's statement cache. */
  prepare?: boolean;
  /** A statement object that is used again and again, values and all: its bytes are made once, and nobody wants its rows. */
  standing?: { bytes?: Buffer };
}

export interface StatementResult {
  rows: Record<string, unknown>[];
  rowCount: number;
  command: string;
}

type Parser = (text: string) => unknown;
interface Column {
  name: string;
  parse: Parser;
}
/** What a statement returns. `blank` has all names in place, so that its copies are of one shape and quick to fill and to write. */
interface Columns {
  list: Column[];
  blank: Record<string, unknown>;
}
/** What we know of a connection's server side: which names are parsed, and the columns they return. */
interface ConnectionMemory {
  parsed: Set<string>;
  columns: Map<string, Columns | null>;
  /** Our picture of the server's names proved wrong once: close each name before it is parsed again. */
  suspect: boolean;
  current: Flight | undefined;
}
interface WireMessage {
  fields: { name: string; dataTypeID: number }[];
}
interface PgConnection {
  stream: { writable: boolean; write(bytes: Buffer): boolean };
  on(event: 'parseComplete', listener: () => void): void;
}
type Client = pg.Client & { getTypeParser(oid: number, format: string): Parser };

const memories = new WeakMap<object, ConnectionMemory>();
const names = new Map<string, string>();
/** How many statements a connection keeps parsed on its server; the one parsed longest ago makes room for another. */
export const MAX_PARSED = 1_000;

/**
 * Same text, same name, in all connections and all processes: behind a pooler that mixes up its clients' statements, a
 * name can then be missing or there already, but never stand for another text.
 */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    if (names.size >= 5 * MAX_PARSED) names.clear(); // they can be made again
    name = `lf_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    names.set(text, name);
  }
  return name;
}

/** Values as pg's own queries send them (dates, arrays, JSON), by the function pg itself uses. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): string | Buffer | null } }).utils;

/** The server lost a name (a pooler switched servers), or holds it already. */
const NAME_LOST: ReadonlySet<string> = new Set(['26000', '42P05']);
/** Said of a name whose columns changed under it; of any other statement it means that the server cannot do this. */
const NOT_SUPPORTED = '0A000';
const lostStatements = new WeakSet<object>();
/** Whether a flight failed because of what we believed the server to know. The next attempt asks it anew. */
export const statementWasLost = (error: unknown): boolean => typeof error === 'object' && error !== null && lostStatements.has(error);

function memoryOf(connection: PgConnection): ConnectionMemory {
  let memory = memories.get(connection);
  if (!memory) {
    const fresh: ConnectionMemory = { parsed: new Set(), columns: new Map(), suspect: false, current: undefined };
    connection.on('parseComplete', () => fresh.current?.handleParseComplete());
    memories.set(connection, (memory = fresh));
  }
  return memory;
}

const outbox = new Outbox();

let preparedStatements = true;
/** Off behind poolers that carry no named prepared statements. */
export function usePreparedStatements(on: boolean): void {
  preparedStatements = on;
}

/**
 * Several statements sent with one Sync: one round trip, and in the extended protocol one implicit transaction, unless
 * a statement among them says BEGIN. pg accepts any object with `submit` as a query of its own.
 *
 * Traps this class lives with: pg forgets its active query before it calls `handleError`, so the flight settles by
 * itself; pg tells nobody of a ParseComplete, so each connection is listened to and the parses are counted by position
 * (a statement parsed before an error stays on the server though no result was seen); and a Describe is only needed the
 * first time, because the server refuses ("cached plan must not change result type") rather than answer other columns.
 */
export class Flight {
  /** pg reads these of any query; the flight keeps its own names per statement. */
  readonly name = undefined;
  readonly text = undefined;
  callback = (): void => {};

  private readonly results: StatementResult[];
  private readonly awaitingParse: string[] = [];
  private readonly columnsOf: (Columns | null | undefined)[];
  private readonly statementNames: string[];
  /** By position: the server is to know the statement from an earlier flight. */
  private readonly reused: boolean[];
  private position = 0;
  private memory: ConnectionMemory | undefined;
  private settled = false;

  constructor(
    private readonly client: Client,
    private readonly statements: readonly Statement[],
    private readonly done: (error: Error | null, results?: StatementResult[]) => void,
  ) {
    this.results = statements.map(() => ({ rows: [], rowCount: 0, command: '' }));
    this.columnsOf = new Array(statements.length);
    this.reused = new Array(statements.length);
    this.statementNames = statements.map((s) => (preparedStatements && s.prepare !== false ? nameOf(s.text) : ''));
  }

  submit(connection: PgConnection): Error | null {
    const memory = (this.memory = memoryOf(connection));
    try {
      for (let i = 0; i < this.statements.length; i++) this.load(this.statements[i]!, i, memory);
      outbox.sync();
    } catch (error) {
      outbox.clear();
      this.memory = undefined; // nothing was sent, so nothing was parsed
      return new UnsendableError(error as Error);
    }
    memory.current = this;
    const bytes = outbox.take();
    // pg does the same: what cannot be written is rejected when the end of the connection is seen
    if (connection.stream.writable) connection.stream.write(bytes);
    return null;
  }

  private load(statement: Statement, position: number, memory: ConnectionMemory): void {
    const name = this.statementNames[position]!;
    const known = (this.reused[position] = name !== '' && memory.parsed.has(name));
    if (!known && (name === '' || !this.awaitingParse.includes(name))) {
      if (name !== '') this.makeRoom(memory);
      if (memory.suspect && name !== '') outbox.close(name);
      outbox.parse(name, statement.text);
      this.awaitingParse.push(name);
    }
    const { standing } = statement;
    if (standing?.bytes) outbox.append(standing.bytes);
    else {
      const start = outbox.length;
      outbox.bind(name, (statement.values ?? []).map(prepareValue));
      if (standing) standing.bytes = outbox.since(start);
    }
    this.columnsOf[position] = name === '' || statement.types ? undefined : memory.columns.get(name);
    if (this.columnsOf[position] === undefined) outbox.describe();
    outbox.execute();
  }

  /** An error before the Close leaves the name on the server; parsed again, it is found there already, and statementWasLost. */
  private makeRoom({ parsed, columns }: ConnectionMemory): void {
    if (parsed.size + this.awaitingParse.length < MAX_PARSED) return;
    for (const name of parsed) {
      if (this.statementNames.includes(name)) continue;
      outbox.close(name);
      parsed.delete(name);
      columns.delete(name);
      return;
    }
  }

  /** The deadline has passed: from now on nothing the server says counts, only `abandon`. */
  overdue = false;

  abandon(): void {
    this.overdue = false;
    this.settle(new FlightDeadlineError());
  }

  handleParseComplete(): void {
    const name = this.awaitingParse.shift();
    if (name) this.memory!.parsed.add(name);
  }

  handleRowDescription(message: WireMessage): void {
    const statement = this.statements[this.position]!;
    const parserOf = statement.types === 'model' ? (oid: number) => this.client.getTypeParser(oid, 'text') : wireParser;
    const list = message.fields.map((field) => ({ name: field.name, parse: parserOf(field.dataTypeID) }));
    const columns: Columns = { list, blank: Object.fromEntries(list.map(({ name }) => [name, null])) };
    this.columnsOf[this.position] = columns;
    const name = this.statementNames[this.position]!;
    if (name !== '' && !statement.types) this.memory!.columns.set(name, columns);
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    if (this.statements[this.position]!.standing) return;
    const { list, blank } = this.columnsOf[this.position]!;
    const row = { ...blank };
    for (let i = 0; i < list.length; i++) {
      const value = message.fields[i]!;
      if (value !== null) row[list[i]!.name] = list[i]!.parse(value);
    }
    this.results[this.position]!.rows.push(row);
  }

  handleCommandComplete(message: { text: string }): void {
    const result = this.results[this.position]!;
    const space = message.text.indexOf(' ');
    result.command = space < 0 ? message.text : message.text.slice(0, space);
    const count = message.text.slice(message.text.lastIndexOf(' ') + 1);
    result.rowCount = Number.isNaN(Number(count)) ? 0 : Number(count);
    const name = this.statementNames[this.position]!;
    // "No data" is answered silently by pg: remember it, so that the next flight need not ask again.
    if (name !== '' && this.columnsOf[this.position] === undefined) this.memory!.columns.set(name, null);
    this.position++;
  }

  handleEmptyQuery(): void {
    this.position++;
  }

  handlePortalSuspended(): void {}
  handleCopyInResponse(connection: { sendCopyFail(text: string): void }): void {
    connection.sendCopyFail('COPY FROM STDIN is not supported here');
  }
  handleCopyData(): void {}

  handleError(error: Error): void {
    const { code = '' } = error as { code?: string };
    if (this.memory && (NAME_LOST.has(code) || (code === NOT_SUPPORTED && this.reused[this.position]))) {
      this.memory.parsed.clear();
      this.memory.columns.clear();
      this.memory.suspect = true;
      lostStatements.add(error);
    }
    this.settle(error);
  }

  handleReadyForQuery(): void {
    this.settle(null);
  }

  private settle(error: Error | null): void {
    if (this.settled || this.overdue) return;
    this.settled = true;
    // a ParseComplete to come is not ours: all of ours were before the error or the end
    if (this.memory?.current === this) this.memory.current = undefined;
    if (error) this.done(error);
    else this.done(null, this.results);
  }
}

/** Sends statements as one flight; rejects on the first error. */
export function fly(client: pg.Client, statements: readonly Statement[], deadlineMs: number): Promise<StatementResult[]> {
  const air = airOf(client);
  return new Promise((resolve, reject) => {
    air.flight = new Flight(client as Client, statements, (error, results) => {
      air.flight = undefined;
      if (error) reject(error);
      else resolve(results!);
    });
    air.landBy = performance.now() + deadlineMs;
    (client as unknown as { query(flight: Flight): void }).query(air.flight);
  });
}

/** A value has no form on the wire. Nothing was sent, so nothing is half done. */
export class UnsendableError extends Error {
  constructor(cause: Error) {
    super(`a value cannot be sent to the database: ${cause.message}`, { cause });
  }
}

/** A flight outlived its deadline: it was cancelled, and its connection is not to be used again. */
export class FlightDeadlineError extends Error {
  readonly code = '57014';
  constructor() {
    super('the database did not answer in time; the statement was cancelled');
  }
}

/** The one flight that a connection carries at a time, and when it must be over. */
interface Air {
  flight: Flight | undefined;
  landBy: number;
}

/**
 * By connection, not by flight: a Map that gains and loses an entry for each flight is rehashed all the time, and every
 * table it leaves behind points to the next. Once one of them is old, all that ever flew outlives the young generation.
 */
const airs = new Map<pg.Client, Air>();

function airOf(client: pg.Client): Air {
  let air = airs.get(client);
  if (!air) {
    airs.set(client, (air = { flight: undefined, landBy: 0 }));
    client.once('end', () => airs.delete(client));
  }
  return air;
}

// One sweep for all flights: a timer per flight would cost more than the deadline is worth.
const sweep = setInterval(() => {
  const now = performance.now();
  for (const [client, air] of airs) {
    const { flight, landBy } = air;
    if (!flight || landBy > now) continue;
    air.flight = undefined;
    flight.overdue = true;
    void cancelOnServer(client).then(() => flight.abandon());
  }
}, 250);
sweep.unref();
