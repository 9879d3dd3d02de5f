import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { Type } from '@nestjs/common';

// What the pipeline reads from decorators, once per class or handler.

const fieldCache = new WeakMap<Type, string[]>();

/** The members of an answer's class, as the contract lists them. */
export function fieldNames(type: Type): string[] {
  let names = fieldCache.get(type);
  if (!names) {
    const listed = (Reflect.getMetadata('swagger/apiModelPropertiesArray', type.prototype as object) ?? []) as string[];
    fieldCache.set(type, (names = listed.map((name) => name.replace(/^:/, ''))));
  }
  return names;
}

const QUERY = 4; // Nest's RouteParamtypes.QUERY
const queryCache = new WeakMap<object, boolean>();

/** Whether a handler takes a query class; without one, no query parameter is known. */
export function hasQueryClass(handler: object): boolean {
  return queryCache.get(handler) ?? false;
}

/** Called once per controller at start-up. */
export function rememberHandlers(controller: Type): void {
  for (const name of Object.getOwnPropertyNames(controller.prototype)) {
    const handler = (controller.prototype as Record<string, unknown>)[name];
    if (typeof handler !== 'function') continue;
    const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, unknown>;
    queryCache.set(handler, Object.keys(args).some((key) => key.startsWith(`${QUERY}:`)));
  }
}
