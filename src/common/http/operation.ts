import { applyDecorators, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { Permission } from '../auth/permissions.js';
import type { ProblemKind } from '../errors/problem.js';

export const OPERATION = 'lexiflow:operation';

/** Who may call: a permission, any signed-in user, or anyone. */
export type Access = Permission | 'signed-in' | 'public';

export interface OperationOptions {
  /** One line for the contract. */
  summary: string;
  description?: string;
  access: Access;
  /** The answer's class; absent: 204 without a body. */
  returns?: Type;
  /** The answer is a page `{ data, nextCursor }` of `returns`. */
  page?: boolean;
  status?: 200 | 201 | 202 | 204;
  /**
   * How the handler reaches the database. 'auto': GET flies, anything else runs in one transaction. 'own': the handler
   * opens its units itself, because it must not hold a transaction while something slow happens.
   */
  unit?: 'auto' | 'own';
  /** Changes an existing resource: If-Match is demanded, and the service compares it. */
  versioned?: boolean;
  /** A creating POST: honours Idempotency-Key; names the table the created `id` lives in. */
  creates?: string;
  /** Where created things live, when it is not the path they were posted to. */
  location?: string;
  /** The member of the answer that ends the address of what was created; `id` unless it says so. */
  locatedBy?: string;
  /** Members of the answer that are never stored for a replay. */
  secrets?: readonly string[];
  /** Offers ?dryRun=true. */
  dryRun?: boolean;
  /** Names for ?expand=. */
  expand?: readonly string[];
  /** Offers ?fields=; on for reads that return JSON unless said otherwise. */
  fields?: boolean;
  /** The answer is not JSON (a picture, a stream): its media type. */
  produces?: string;
  /** It gives parts of a file, and knows whether the caller has it already: Range, If-Range, If-None-Match. */
  ranges?: boolean;
  /** Takes files: a form with these fields and up to so many parts named `file`. The handler answers with an Upload. */
  upload?: { fields: Type; files?: number };
  /** Problems of its own, for the contract. */
  problems?: readonly ProblemKind[];
}

/** Everything the pipeline and the contract know of a route, said once. */
export interface Operation extends OperationOptions {
  status: 200 | 201 | 202 | 204;
  unit: 'auto' | 'own';
}

/** Declares a route: who may call it, what it answers, which parts of the common machinery apply. */
export function Op(options: OperationOptions): MethodDecorator {
  const status = options.status ?? (options.creates ? 201 : options.returns || options.produces ? 200 : 204);
  const operation: Operation = { ...options, status, unit: options.unit ?? 'auto' };
  const decorators = [
    SetMetadata(OPERATION, operation),
    RouteConfig({ operation }), // so that hooks know it too
    HttpCode(status),
    ApiOperation({ summary: options.summary, ...(options.description && { description: options.description }) }),
  ];
  if (options.returns && !options.page) decorators.push(ApiResponse({ status, type: options.returns, description: options.summary }));
  if (options.upload) decorators.push(ApiConsumes('multipart/form-data'), ApiExtraModels(options.upload.fields), ApiBody({ required: true, schema: formSchema(options.upload) }));
  if (!options.returns && !options.produces) decorators.push(ApiResponse({ status, description: 'Done' }));
  return applyDecorators(...decorators);
}

function formSchema({ fields, files = 1 }: { fields: Type; files?: number }): object {
  const file = { type: 'string', format: 'binary', description: 'The bytes, with a file name; best sent behind the fields' };
  const list = { type: 'array', items: file, minItems: 1, maxItems: files };
  return { allOf: [{ $ref: getSchemaPath(fields) }, { type: 'object', required: ['file'], properties: { file: files === 1 ? file : list } }] };
}
