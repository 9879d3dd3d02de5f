import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../auth/permissions.js';
import type { UserActor } from '../../database/unit-of-work.js';
import type { Problem } from '../errors/problem.js';
import type { Operation } from './operation.js';

/** Who calls, as the credential says; the database has the last word (see the guard of a unit of work). */
export interface Principal extends UserActor {
  permissions: ReadonlySet<Permission>;
}

/** What the pipeline knows of one request. */
export interface RequestContext {
  request: FastifyRequest;
  reply: FastifyReply;
  requestId: string;
  address: string;
  userAgent: string | undefined;
  principal: Principal | undefined;
  /** Why there is no principal, when a credential was sent. */
  refusal: Problem | undefined;
  operation: Operation | undefined;
  ifMatch: string | undefined;
  /** The names in ?fields=, all of them members of the answer. */
  fields: readonly string[] | undefined;
  /** The names in ?expand=, all of them offered by the operation. */
  expand: readonly string[];
  dryRun: boolean;
  reason: string | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();
const CONTEXT = Symbol('lexiflow request');

export const attachContext = (request: FastifyRequest, context: RequestContext): void => {
  (request as unknown as Record<symbol, unknown>)[CONTEXT] = context;
};
export const contextOf = (request: FastifyRequest): RequestContext => (request as unknown as Record<symbol, RequestContext>)[CONTEXT]!;
export const runInRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** The running request; undefined in jobs and on the command line. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** Whether the caller asked for this expansion. */
export const expands = (name: string): boolean => storage.getStore()?.expand.includes(name) ?? false;

/** The caller of a route that is not public. */
export function currentPrincipal(): Principal {
  const principal = storage.getStore()?.principal;
  if (!principal) throw new Error('no principal: the route is public, or this is no request');
  return principal;
}
