import type { Database } from '../../src/database/database.js';
import { currentRequest, type RequestContext } from '../../src/common/http/request-context.js';

/** What of Sequelize's pool hands out connections. */
export interface Pool {
  acquire(...args: unknown[]): Promise<object>;
  release(connection: object): void;
  destroy(connection: object): Promise<void>;
}

export interface PoolWatch {
  /** The most connections any one request wanted or held at the same time. */
  mostPerRequest: number;
  /** The same over everybody, requests or not. */
  mostAtOnce: number;
  acquired: number;
  stop(): void;
}

/** The pool of the application's own Sequelize: the only one there is. */
export const poolOf = (database: Database): Pool => (database.sequelize.connectionManager as unknown as { pool: Pool }).pool;

/**
 * Counts who holds how many connections. A connection counts from the moment it is asked for, and a request's second one
 * is refused: the embedded engine has only one, and whoever holds it would wait for himself.
 */
export function watchPool(pool: Pool): PoolWatch {
  const original = { acquire: pool.acquire, release: pool.release, destroy: pool.destroy };
  const holders = new Map<object, RequestContext | undefined>();
  const held = new Map<RequestContext, number>();
  let total = 0;
  const watch: PoolWatch = { mostPerRequest: 0, mostAtOnce: 0, acquired: 0, stop: () => void Object.assign(pool, original) };
  const count = (request: RequestContext | undefined, by: 1 | -1) => {
    total += by;
    watch.mostAtOnce = Math.max(watch.mostAtOnce, total);
    if (!request) return;
    const now = (held.get(request) ?? 0) + by;
    held.set(request, now);
    watch.mostPerRequest = Math.max(watch.mostPerRequest, now);
  };
  const giveBack = (connection: object) => {
    if (!holders.has(connection)) return;
    count(holders.get(connection), -1);
    holders.delete(connection);
  };
  pool.acquire = async (...args) => {
    const request = currentRequest();
    count(request, 1);
    try {
      if (request && held.get(request)! > 1) throw new Error('this request holds a connection already');
      const connection = await original.acquire.apply(pool, args);
      watch.acquired++;
      holders.set(connection, request);
      return connection;
    } catch (error) {
      count(request, -1);
      throw error;
    }
  };
  pool.release = (connection) => {
    giveBack(connection);
    original.release.call(pool, connection);
  };
  pool.destroy = (connection) => {
    giveBack(connection);
    return original.destroy.call(pool, connection);
  };
  return watch;
}
