import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { validationFailed, type FieldFault } from '../errors/problem.js';
import { isUuid } from './fields.js';

const PLAIN = new Set<unknown>([String, Number, Boolean, Object, Array, undefined]);

/** Takes nothing it does not know: unknown members, wrong types and missing fields are all named in one answer. */
export function strict(value: unknown, from: 'body' | 'query' | 'param', type: unknown, name?: string): unknown {
  if (from === 'param') return name === 'id' || name?.endsWith('Id') ? requireUuid(name, value) : value;
  const missing = from === 'body' && (value === undefined || value === null) && (type as { optionalBody?: boolean }).optionalBody;
  return PLAIN.has(type) ? value : validate(type as new () => object, missing ? {} : value, from);
}

class Nothing {}

/** For a route that takes no body: what somebody sends along all the same would be lost in silence. An empty object is as good as none. */
export function assertNoBody(value: unknown): void {
  if (value !== undefined && value !== null) validate(Nothing, value, 'body');
}

/** Checks a value against its class and returns the instance, or throws `validation_failed` naming every fault. */
export function validate<T extends object>(type: new () => T, value: unknown, where: 'body' | 'query'): T {
  if (where === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    throw validationFailed({ detail: 'The body must be a JSON object.', errors: [{ pointer: '', code: 'is_object', message: 'must be a JSON object' }] });
  }
  const instance = plainToInstance(type, value ?? {}, { exposeUnsetFields: false });
  const known = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0;
  // a class without rules means: nothing may be sent (class-validator would let everything pass)
  const faults = known ? validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true }) : unknownOnly(instance);
  // class-transformer leaves this one out in silence
  if (where === 'body' && Object.hasOwn(value as object, 'constructor')) faults.push(...unknownOnly({ constructor: 0 }));
  if (faults.length > 0) throw validationFailed({ errors: faults.flatMap((fault) => flatten(fault, '', where)) });
  return instance;
}

function unknownOnly(value: object): ValidationError[] {
  return Object.keys(value).map((property) => ({ property, constraints: { whitelistValidation: `property ${property} should not exist` } }) as unknown as ValidationError);
}

function requireUuid(name: string, value: unknown): string {
  if (isUuid(value)) return value.toLowerCase();
  throw validationFailed({ errors: [{ parameter: name, code: 'is_uuid', message: `${name} must be a UUID` }] });
}

function flatten(error: ValidationError, path: string, where: 'body' | 'query'): FieldFault[] {
  const here = `${path}/${error.property.replace(/~/g, '~0').replace(/\//g, '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => {
    const unknown = rule === 'whitelistValidation';
    return {
      ...(where === 'body' ? { pointer: here } : { parameter: here.slice(1) }),
      code: unknown ? 'unknown_field' : rule.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      message: unknown ? `${error.property} is not known here` : message.replaceAll('$property', error.property),
    };
  });
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, here, where))];
}
