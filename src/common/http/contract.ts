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
export function hasQueryClass(controller: Type, handler: { name: string }): boolean {
  let known = queryCache.get(handler);
  if (known === undefined) {
    const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {}) as Record<string, unknown>;
    queryCache.set(handler, (known = Object.keys(args).some((key) => key.startsWith(`${QUERY}:`))));
  }
  return known;
}
