import { AsyncLocalStorage } from 'node:async_hooks';
import type { Unit } from '../database/unit-of-work.js';
import type { RequestContext } from './http/request-context.js';

/** What running code belongs to: the request it answers and the unit of work its queries join. */
export interface Scope {
  request: RequestContext | undefined;
  unit: Unit | undefined;
}

// One storage for both: on Node 20 every promise pays for each storage that is in use.
const storage = new AsyncLocalStorage<Scope>();

export const currentScope = (): Scope | undefined => storage.getStore();
export const runInScope = <T>(scope: Scope, work: () => T): T => storage.run(scope, work);
