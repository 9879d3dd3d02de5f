import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { preconditionRequired, validationFailed } from '../errors/problem.js';
import { fieldNames, hasQueryClass } from './contract.js';
import type { Operation } from './operation.js';
import { contextOf, type RequestContext } from './request-context.js';

/** Reads what every route has in common: fields, expand and dryRun, and the If-Match that a change needs. */
@Injectable()
export class CommonParametersGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const context = contextOf(request);
    const operation = context.operation!;
    context.fields = readQuery(request, context, operation, () => hasQueryClass(execution.getClass(), execution.getHandler()));
    if (operation.versioned && context.ifMatch === undefined) throw preconditionRequired();
    return true;
  }
}

/** Takes the parameters that every route shares out of the query, so that its own class need not know them. */
function readQuery(request: FastifyRequest, context: RequestContext, operation: Operation, takesQuery: () => boolean): readonly string[] | undefined {
  const query = request.query as Record<string, unknown>;
  let fields: readonly string[] | undefined;
  let left = false;
  for (const name in query) {
    if (name === 'fields' && operation.fields !== false && operation.returns && (request.method === 'GET' || request.method === 'HEAD')) {
      fields = names('fields', query[name], fieldNames(operation.returns));
    } else if (name === 'expand' && operation.expand) {
      context.expand = names('expand', query[name], operation.expand);
    } else if (name === 'dryRun' && operation.dryRun) {
      if (query[name] !== 'true' && query[name] !== 'false') {
        throw validationFailed({ errors: [{ parameter: 'dryRun', code: 'is_boolean', message: 'dryRun must be true or false' }] });
      }
      context.dryRun = query[name] === 'true';
    } else {
      left = true;
      continue;
    }
    delete query[name];
  }
  if (left && !takesQuery()) {
    throw validationFailed({ errors: Object.keys(query).map((name) => ({ parameter: name, code: 'unknown_field', message: `${name} is not known here` })) });
  }
  return fields;
}

function names(parameter: string, value: unknown, known: readonly string[]): string[] {
  const wanted = typeof value === 'string' ? value.split(',').map((name) => name.trim()).filter(Boolean) : [];
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0 || wanted.length === 0) {
    throw validationFailed({ errors: [{ parameter, code: 'is_in', message: `${parameter} takes a comma-separated list of: ${known.join(', ')}` }] });
  }
  return wanted;
}
