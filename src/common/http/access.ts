import type { FastifyRequest } from 'fastify';
import { forbidden, unauthenticated, unsupportedMediaType, type Problem } from '../errors/problem.js';
import type { Operation } from './operation.js';
import { contextOf } from './request-context.js';
import { multipartExpected } from './upload.js';

/**
 * Why a request may not have what its route declares, or nothing: asked before a body is read. The routes of controllers
 * all declare something (see Pipeline.surround); what is left are the documents of the contract and paths that do not exist.
 */
export function refusalOf(request: FastifyRequest): Problem | undefined {
  const { operation } = request.routeOptions.config as { operation?: Operation };
  if (!operation) return undefined;
  return refusalOfCaller(request, operation) ?? refusalOfForm(request, operation);
}

function refusalOfCaller(request: FastifyRequest, { access }: Operation): Problem | undefined {
  if (access === 'public') return undefined;
  const { principal, refusal } = contextOf(request);
  if (refusal) return refusal;
  if (!principal) return unauthenticated();
  if (access === 'signed-in' || principal.permissions.has(access)) return undefined;
  return forbidden({ detail: `This needs the permission "${access}".`, members: { permission: access } });
}

const FORM = /^multipart\/form-data\s*(;|$)/i;

/** Forms are for the routes that take files, and those take nothing else. */
function refusalOfForm({ headers }: FastifyRequest, { upload }: Operation): Problem | undefined {
  const isForm = FORM.test(headers['content-type'] ?? '');
  if (isForm === Boolean(upload)) return undefined;
  return upload ? multipartExpected('Send a form with the fields and a part named file.') : unsupportedMediaType();
}
