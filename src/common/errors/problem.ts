/** One failing field of a request. */
export interface FieldFault {
  /** JSON pointer into the body, or the name of a query parameter, header or path segment. */
  pointer?: string;
  parameter?: string;
  code: string;
  message: string;
}

export interface ProblemExtras {
  detail?: string;
  errors?: FieldFault[];
  headers?: Record<string, string>;
  /** Further members of the answer, such as `allowedTransitions`. */
  members?: Record<string, unknown>;
}

/** An answer that is not the one hoped for: RFC 9457, with a stable `code` that a client may rely on. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(extras.detail ?? title);
  }
}

/** A kind of problem: call it with what is particular to this occurrence. */
export type ProblemKind = ((extras?: ProblemExtras | string) => Problem) & { status: number; code: string; title: string };

/** Every kind ever defined, for the contract's list of codes. */
export const problemKinds = new Map<string, ProblemKind>();

/** Defines a kind once; `*.errors.ts` files are lists of these. */
export function problem(status: number, code: string, title: string): ProblemKind {
  const kind = Object.assign(
    (extras: ProblemExtras | string = {}) => new Problem(status, code, title, typeof extras === 'string' ? { detail: extras } : extras),
    { status, code, title },
  );
  problemKinds.set(code, kind);
  return kind;
}

/** A fault of one member of the body: `pointer` leads to it, and the message is the answer's detail as well. */
export const faultAt = (kind: ProblemKind, pointer: string, message: string = kind.title): Problem =>
  kind({ detail: message, errors: [{ pointer, code: kind.code, message }] });

// What any route may answer. Modules define their own beside these.
export const badRequest = problem(400, 'bad_request', 'The request could not be understood');
export const validationFailed = problem(400, 'validation_failed', 'The request has values that cannot be used');
export const invalidCursor = problem(400, 'invalid_cursor', 'The cursor does not belong to this list');
export const unauthenticated = problem(401, 'unauthenticated', 'A valid access token or API key is needed');
export const tokenExpired = problem(401, 'token_expired', 'The access token has expired');
export const credentialRevoked = problem(401, 'credential_revoked', 'This session or key is no longer valid');
export const forbidden = problem(403, 'forbidden', 'Your role or key does not permit this');
export const notFound = problem(404, 'not_found', 'There is nothing here, or nothing you may see');
export const methodNotAllowed = problem(405, 'method_not_allowed', 'This path does not know this method');
export const notAcceptable = problem(406, 'not_acceptable', 'The answer cannot be given in an accepted media type');
export const conflict = problem(409, 'conflict', 'The request contradicts what is stored');
export const duplicate = problem(409, 'duplicate', 'There is one of these already');
export const stillReferenced = problem(409, 'still_referenced', 'Something still refers to this');
export const requestInFlight = problem(409, 'request_in_flight', 'A request with this Idempotency-Key is being worked on');
export const busy = problem(409, 'busy', 'Somebody else is changing this right now');
export const preconditionFailed = problem(412, 'precondition_failed', 'It was changed since you read it');
export const payloadTooLarge = problem(413, 'payload_too_large', 'The request is larger than this server takes');
export const unsupportedMediaType = problem(415, 'unsupported_media_type', 'The body must be application/json');
export const ruleViolated = problem(422, 'rule_violated', 'A rule of the database forbids this');
export const idempotencyMismatch = problem(422, 'idempotency_key_reused', 'This Idempotency-Key was used with another request');
export const preconditionRequired = problem(428, 'precondition_required', 'A change needs If-Match with the ETag you read');
export const tooManyRequests = problem(429, 'too_many_requests', 'Too many requests');
export const headersTooLarge = problem(431, 'headers_too_large', 'The request headers are too large');
export const internalError = problem(500, 'internal_error', 'Something went wrong on our side');
export const unavailable = problem(503, 'unavailable', 'The service cannot answer right now');
export const timedOut = problem(503, 'timed_out', 'The database did not answer in time');
