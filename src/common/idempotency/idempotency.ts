import { createHash } from 'node:crypto';
import type { Database } from '../../database/database.js';
import { badRequest, idempotencyMismatch, notFound, requestInFlight } from '../errors/problem.js';

export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export interface IdempotentRequest {
  key: string;
  route: string;
  hash: Buffer;
}

/** Reads the header; undefined when the caller sent none. */
export function idempotentRequest(key: string | undefined, method: string, path: string, query: unknown, body: unknown): IdempotentRequest | undefined {
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badRequest({ errors: [{ parameter: 'Idempotency-Key', code: 'is_key', message: 'Idempotency-Key must be 1 to 255 visible ASCII characters' }] });
  }
  const hash = createHash('sha256').update(JSON.stringify([query ?? null, body ?? null])).digest();
  return { key, route: `${method} ${path}`, hash };
}

/**
 * The stored answer of an earlier request with this key, or undefined when this is the first. Holds the key until the
 * transaction ends, so of two at once one works and the other is told so.
 */
export async function findAnswer(database: Database, request: IdempotentRequest): Promise<StoredAnswer | undefined> {
  const [locks, rows] = await database.batch([
    {
      text: `select pg_try_advisory_xact_lock(hashtextextended(current_setting('app.firm_id') || current_setting('app.user_id') || $1, 7)) as mine`,
      values: [`${request.route} ${request.key}`],
    },
    {
      text: `select request_hash, status, headers, body, resource_table, resource_id from idempotency_keys where route = $1 and key = $2`,
      values: [request.route, request.key],
    },
  ]);
  if (!locks![0]!['mine']) throw requestInFlight({ headers: { 'retry-after': '1' } });
  const stored = rows![0] as
    | { request_hash: Buffer; status: number; headers: Record<string, string>; body: unknown; resource_table: string | null; resource_id: string | null }
    | undefined;
  if (!stored) return undefined;
  if (!stored.request_hash.equals(request.hash)) throw idempotencyMismatch('Use a new key for a new request; a key may only be sent again with the same body.');
  if (stored.resource_table) {
    // What the caller may no longer see is not shown again by way of an old answer. The table's name is our own constant.
    const visible = await database.first(`select true as visible from "${stored.resource_table}" where id = $1`, [stored.resource_id]);
    if (!visible) throw notFound();
  }
  return { status: stored.status, headers: stored.headers, body: stored.body };
}

/** Keeps the answer, in the transaction of its effect. Secrets stay out. */
export async function keepAnswer(
  database: Database, request: IdempotentRequest, answer: StoredAnswer, resource: { table: string; id: string } | undefined, secrets: readonly string[],
): Promise<void> {
  const body =
    secrets.length > 0 && typeof answer.body === 'object' && answer.body !== null
      ? Object.fromEntries(Object.entries(answer.body).filter(([name]) => !secrets.includes(name)))
      : answer.body;
  await database.execute(
    `insert into idempotency_keys (firm_id, user_id, route, key, request_hash, status, headers, body, resource_table, resource_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [database.firmId, database.userId, request.route, request.key, request.hash, answer.status, JSON.stringify(answer.headers),
      body === undefined ? null : JSON.stringify(body), resource?.table ?? null, resource?.id ?? null],
  );
}
