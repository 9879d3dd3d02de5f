import type { FastifyRequest } from 'fastify';
import { forbidden, unauthenticated, type Problem } from '../errors/problem.js';
import type { Operation } from './operation.js';
import { contextOf } from './request-context.js';

/**
 * Why a request may not have what its route declares, or nothing: asked before a body is read. The routes of controllers
 * all declare something (see Pipeline.surround); what is left are the documents of the contract and paths that do not exist.
 */
export function refusalOf(request: FastifyRequest): Problem | undefined {
  const { operation } = request.routeOptions.config as { operation?: Operation };
  if (!operation || operation.access === 'public') return undefined;
  const { principal, refusal } = contextOf(request);
  if (refusal) return refusal;
  if (!principal) return unauthenticated();
  if (operation.access === 'signed-in' || principal.permissions.has(operation.access)) return undefined;
  return forbidden({ detail: `This needs the permission "${operation.access}".`, members: { permission: operation.access } });
}
