import { currentRequest } from '../../src/common/http/request-context.js';
import type { Statement } from '../../src/database/flight.js';
import { FlightUnit, TransactionUnit } from '../../src/database/unit-of-work.js';

export interface StatementWatch {
  /** Statements of our own since the last reset; the guard's are not among them. */
  statements: number;
  /** Round trips they took. */
  flights: number;
  texts: string[];
  reset(): void;
  stop(): void;
}

type Perform = (this: unknown, statements: readonly Statement[]) => Promise<unknown>;
interface Performing {
  perform: Perform;
}

/**
 * Counts every statement of every unit of work, whoever opened it; only one thing should be going on meanwhile. With the id
 * of a request, those of this request only.
 */
export function watchStatements(requestId?: string): StatementWatch {
  const watch: StatementWatch = {
    statements: 0, flights: 0, texts: [],
    reset: () => void Object.assign(watch, { statements: 0, flights: 0, texts: [] }),
    stop: () => {},
  };
  const undo = [FlightUnit, TransactionUnit].map((kind) => {
    const prototype = kind.prototype as unknown as Performing;
    const original = prototype.perform;
    prototype.perform = function counted(statements) {
      if (requestId !== undefined && currentRequest()?.requestId !== requestId) return original.call(this, statements);
      watch.flights++;
      watch.statements += statements.length;
      watch.texts.push(...statements.map(({ text }) => text));
      return original.call(this, statements);
    };
    return () => void (prototype.perform = original);
  });
  watch.stop = () => undo.forEach((back) => back());
  return watch;
}
