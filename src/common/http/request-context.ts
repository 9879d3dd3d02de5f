import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../auth/permissions.js';
import type { UserActor } from '../../database/unit-of-work.js';
import type { Problem } from '../errors/problem.js';
import { currentScope, runInScope } from '../scope.js';

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
  ifMatch: string | undefined;
  /** The names in ?fields=, all of them members of the answer. */
  fields: readonly string[] | undefined;
  /** The names in ?expand=, all of them offered by the operation. */
  expand: readonly string[];
  dryRun: boolean;
  reason: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    lexiflow: RequestContext | null;
  }
}

/** Gives every request the place for its context from the start: added later it would change the shape of each. */
export const prepareContext = (fastify: FastifyInstance): void => void fastify.decorateRequest('lexiflow', null);
export const attachContext = (request: FastifyRequest, context: RequestContext): void => {
  request.lexiflow = context;
};
export const contextOf = (request: FastifyRequest): RequestContext => request.lexiflow!;
export const runInRequest = <T>(context: RequestContext, work: () => T): T => runInScope({ request: context, unit: undefined }, work);

/** The running request; undefined in jobs and on the command line. */
export const currentRequest = (): RequestContext | undefined => currentScope()?.request;

/** Whether the caller asked for this expansion. */
export const expands = (name: string): boolean => currentRequest()?.expand.includes(name) ?? false;

/** The caller of a route that is not public. */
export function currentPrincipal(): Principal {
  const principal = currentRequest()?.principal;
  if (!principal) throw new Error('no principal: the route is public, or this is no request');
  return principal;
}
