import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { forbidden, unauthenticated } from '../errors/problem.js';
import { OPERATION, type Operation } from './operation.js';
import { contextOf } from './request-context.js';

const operations = new WeakMap<object, Operation>();

/** Lets a request in when its credential permits what the route declares. A route that declares nothing lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const context = contextOf(execution.switchToHttp().getRequest<FastifyRequest>());
    const operation = operationOf(execution.getHandler());
    context.operation = operation;
    if (operation.access === 'public') return true;
    if (context.refusal) throw context.refusal;
    if (!context.principal) throw unauthenticated();
    if (operation.access === 'signed-in' || context.principal.permissions.has(operation.access)) return true;
    throw forbidden({ detail: `This needs the permission "${operation.access}".`, members: { permission: operation.access } });
  }
}

function operationOf(handler: object): Operation {
  let operation = operations.get(handler);
  if (!operation) {
    operation = Reflect.getMetadata(OPERATION, handler) as Operation | undefined;
    if (!operation) throw new Error('a route without @Op');
    operations.set(handler, operation);
  }
  return operation;
}
