import { validationFailed } from '../errors/problem.js';
import { fieldNames } from './contract.js';
import type { Operation } from './operation.js';
import type { RequestContext } from './request-context.js';

/** Takes the parameters that every route shares out of the query, so that its own class need not know them. */
export function readCommonParameters(context: RequestContext, operation: Operation, takesQuery: boolean): void {
  const { request } = context;
  const query = request.query as Record<string, unknown>;
  let left = false;
  for (const name in query) {
    if (name === 'fields' && operation.fields !== false && operation.returns && (request.method === 'GET' || request.method === 'HEAD')) {
      context.fields = names('fields', query[name], fieldNames(operation.returns));
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
  if (left && !takesQuery) {
    throw validationFailed({ errors: Object.keys(query).map((name) => ({ parameter: name, code: 'unknown_field', message: `${name} is not known here` })) });
  }
}

function names(parameter: string, value: unknown, known: readonly string[]): string[] {
  const wanted = typeof value === 'string' ? value.split(',').map((name) => name.trim()).filter(Boolean) : [];
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0 || wanted.length === 0) {
    throw validationFailed({ errors: [{ parameter, code: 'is_in', message: `${parameter} takes a comma-separated list of: ${known.join(', ')}` }] });
  }
  return wanted;
}
