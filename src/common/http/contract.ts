import type { Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';

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

/** One argument of a handler that comes from the request. */
export interface Argument {
  index: number;
  from: 'body' | 'query' | 'param';
  /** The name of the path segment. */
  name: string | undefined;
  type: unknown;
}

const SOURCES: Record<number, Argument['from']> = { [RouteParamtypes.BODY]: 'body', [RouteParamtypes.QUERY]: 'query', [RouteParamtypes.PARAM]: 'param' };

/** What a handler takes from the request, as its decorators say. */
export function argumentsOf(controller: Type, name: string): Argument[] {
  const declared = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { index: number; data?: unknown }>;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) ?? []) as unknown[];
  return Object.entries(declared).flatMap(([key, { index, data }]) => {
    const from = SOURCES[Number(key.split(':')[0])];
    return from ? [{ index, from, name: typeof data === 'string' ? data : undefined, type: types[index] }] : [];
  });
}
