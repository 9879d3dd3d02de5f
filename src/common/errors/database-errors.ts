import * as problems from './problem.js';
import { faultAt, Problem, type ProblemKind } from './problem.js';

interface DatabaseError {
  code?: string;
  severity?: string;
  constraint?: string;
  detail?: string;
  table?: string;
  column?: string;
  message: string;
}

type Translation = { kind: ProblemKind; pointer?: string; message?: string };
const byConstraint = new Map<string, Translation>();

/** Gives a named constraint its own error; `*.errors.ts` files call this beside their kinds. */
export function whenViolated(constraint: string, kind: ProblemKind, pointer?: string, message?: string): void {
  byConstraint.set(constraint, { kind, ...(pointer && { pointer }), ...(message && { message }) });
}

/** Turns what the database refused into the problem a caller can act on; undefined when it is no database error. */
export function fromDatabase(error: unknown): Problem | undefined {
  const fault = unwrap(error);
  if (!fault) return undefined;
  const translation = fault.constraint ? byConstraint.get(fault.constraint) : undefined;
  if (translation) {
    const { kind, pointer, message } = translation;
    return pointer ? faultAt(kind, pointer, message) : kind(message ?? kind.title);
  }
  switch (fault.code) {
    case 'LX401':
      return problems.credentialRevoked();
    case '23505':
      return problems.duplicate({ detail: readable(fault) });
    case '23001': // on delete restrict, as PostgreSQL 18 says it
      return problems.stillReferenced();
    case '23503':
      return /still referenced/.test(fault.detail ?? '') ? problems.stillReferenced() : problems.ruleViolated({ detail: 'It refers to something that does not exist.' });
    case '23514':
    case '23502':
    case '23P01':
      return problems.ruleViolated({ detail: readable(fault) });
    case '22P02': // invalid text representation
    case '22P05': // untranslatable character
    case '22007': // datetime format
    case '22008': // datetime overflow
    case '22009': // time zone displacement
    case '22003': // number out of range
    case '22021': // character not in repertoire (a NUL in a text)
    case '22001':
    case '22023':
      return problems.validationFailed({ detail: 'A value has a form or size that the database cannot hold.' });
    case '40001':
    case '40P01':
    case '55P03':
      return problems.busy({ headers: { 'retry-after': '1' } });
    case '57014':
      return problems.timedOut({ headers: { 'retry-after': '5' } });
    case '42501':
      return problems.forbidden('The database refuses this to everybody.');
    case '53300':
    case '57P01':
    case '57P03':
      return problems.unavailable({ headers: { 'retry-after': '2' } });
    default:
      return isConnectionLoss(fault) ? problems.unavailable({ headers: { 'retry-after': '2' } }) : undefined;
  }
}

function readable(fault: DatabaseError): string {
  return fault.constraint ? `The rule "${fault.constraint}" forbids this.` : problems.ruleViolated.title;
}

function isConnectionLoss(fault: DatabaseError): boolean {
  const name = (fault as { name?: string }).name ?? '';
  return (
    (fault.code?.startsWith('08') === true && fault.severity !== 'ERROR') || // as an ERROR it is our own breach of the protocol
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].includes(fault.code ?? '') ||
    /^Sequelize(Connection|Host)/.test(name) ||
    /^Connection terminated|timeout exceeded when trying to connect|Operation timeout|pool is draining/.test(fault.message)
  );
}

/** Sequelize wraps what pg says; the original carries code and constraint. */
function unwrap(error: unknown): DatabaseError | undefined {
  if (!(error instanceof Error) || error instanceof Problem) return undefined;
  const original = (error as { original?: unknown }).original;
  return (original instanceof Error ? original : error) as DatabaseError;
}
