import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Expose, Transform, Type as TypeOf } from 'class-transformer';
import {
  ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, isEmail, IsIn, IsInt, IsISO8601, IsObject, IsString, Matches, Max, MaxLength, Min, MinLength,
  registerDecorator, ValidateIf, ValidateNested, type ValidationArguments,
} from 'class-validator';

// One word per field: validation, transformation and contract say the same, because they are said once.

interface Common {
  description?: string;
  example?: unknown;
  /** May be left out. */
  optional?: boolean;
  /** May be null. */
  nullable?: boolean;
}

function field(common: Common, schema: ApiPropertyOptions, ...rules: PropertyDecorator[]): PropertyDecorator {
  const { description, example, optional, nullable } = common;
  const api = {
    ...schema,
    required: !optional,
    ...(nullable && { nullable: true }),
    ...(description && { description }),
    ...(example !== undefined && { example }),
  } as ApiPropertyOptions;
  const missing = ValidateIf((_, value) => !((optional && value === undefined) || (nullable && value === null)));
  return applyDecorators(ApiProperty(api), Expose(), missing, ...rules);
}

/** Text without NUL, which PostgreSQL cannot hold, and without unpaired surrogates, which UTF-8 cannot. */
function IsCleanText(each = false): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isCleanText',
      target: target.constructor,
      propertyName: property as string,
      options: { each },
      validator: {
        validate: (value: unknown) => typeof value !== 'string' || (!value.includes('\0') && !/\p{Surrogate}/u.test(value)),
        defaultMessage: (at: ValidationArguments) => `${at.property} must not contain NUL or broken characters`,
      },
    });
  };
}

/** A line or more of text. Surrounding blanks go; an empty text is refused unless `min` is 0. */
export const Text = (options: Common & { min?: number; max?: number; pattern?: RegExp; patternHint?: string; trim?: boolean; format?: string } = {}): PropertyDecorator => {
  const { min = 1, max = 1000, pattern, patternHint } = options;
  return field(
    options,
    { type: String, minLength: min, maxLength: max, ...(pattern && { pattern: pattern.source }), ...(options.format && { format: options.format }) },
    IsString(), IsCleanText(), MinLength(min), MaxLength(max),
    ...(pattern ? [Matches(pattern, patternHint ? { message: patternHint } : undefined)] : []),
    ...(options.trim === false ? [] : [Transform(({ value }) => (typeof value === 'string' ? value.trim() : value))]),
  );
};

/** An e-mail address. The library's own rule throws on broken characters where it should say no. */
function IsAddress(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isEmail',
      target: target.constructor,
      propertyName: property as string,
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !/\p{Surrogate}/u.test(value) && isEmail(value),
        defaultMessage: (at: ValidationArguments) => `${at.property} must be an e-mail address`,
      },
    });
  };
}

export const Email = (options: Common = {}): PropertyDecorator =>
  field(options, { type: String, format: 'email', maxLength: 254 }, IsString(), IsCleanText(), MaxLength(254), IsAddress(),
    Transform(({ value }) => (typeof value === 'string' ? value.trim().toLowerCase() : value)));

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

export const Id = (options: Common = {}): PropertyDecorator =>
  field(options, { type: String, format: 'uuid' }, IsString(), Matches(UUID, { message: `$property must be a UUID` }));

export const OneOf = (values: readonly string[], options: Common = {}): PropertyDecorator =>
  field(options, { type: String, enum: [...values] }, IsIn([...values]));

export const Whole = (options: Common & { min?: number; max?: number; default?: number } = {}): PropertyDecorator => {
  const { min = 0, max = 2_147_483_647 } = options;
  return field(options, { type: 'integer', minimum: min, maximum: max, ...(options.default !== undefined && { default: options.default }) }, IsInt(), Min(min), Max(max));
};

export const Flag = (options: Common = {}): PropertyDecorator => field(options, { type: Boolean }, IsBoolean());

/** A calendar day, YYYY-MM-DD, that exists. */
export const Day = (options: Common = {}): PropertyDecorator =>
  field(options, { type: String, format: 'date' }, Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a date like 2026-11-21' }), IsISO8601({ strict: true }));

/** A moment: ISO 8601 with an offset. */
export const Instant = (options: Common = {}): PropertyDecorator =>
  field(options, { type: String, format: 'date-time' },
    Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/, { message: '$property must be an instant like 2026-11-21T09:30:00Z' }),
    IsISO8601({ strict: true }));

export const Texts = (options: Common & { max?: number; each?: { max?: number; in?: readonly string[] }; min?: number } = {}): PropertyDecorator =>
  field(options, { type: 'array', items: { type: 'string', ...(options.each?.in && { enum: [...options.each.in] }) }, maxItems: options.max ?? 100 },
    IsArray(), ArrayMinSize(options.min ?? 0), ArrayMaxSize(options.max ?? 100), IsString({ each: true }), IsCleanText(true), MaxLength(options.each?.max ?? 200, { each: true }),
    ...(options.each?.in ? [IsIn([...options.each.in], { each: true })] : []));

export const Wholes = (options: Common & { min: number; max: number; minItems?: number; maxItems: number }): PropertyDecorator =>
  field(options, { type: 'array', items: { type: 'integer', minimum: options.min, maximum: options.max }, minItems: options.minItems ?? 1, maxItems: options.maxItems, uniqueItems: true } as ApiPropertyOptions,
    IsArray(), ArrayMinSize(options.minItems ?? 1), ArrayMaxSize(options.maxItems), ArrayUnique(), IsInt({ each: true }), Min(options.min, { each: true }), Max(options.max, { each: true }));

/** An object of a class of its own. */
export const Nested = (type: () => new () => object, options: Common = {}): PropertyDecorator =>
  field(options, { type: () => type() } as ApiPropertyOptions, IsObject(), ValidateNested(), TypeOf(type)); // Nest knows a lazy type by the name `type`

/** A list of objects of a class of their own; a fault names the element: /emails/1/email. */
export const Items = (type: () => new () => object, options: Common & { min?: number; max?: number } = {}): PropertyDecorator => {
  const { min = 0, max = 100 } = options;
  return field(options, { type: () => [type()], ...(min > 0 && { minItems: min }), maxItems: max } as ApiPropertyOptions, IsArray(), ArrayMinSize(min), ArrayMaxSize(max), IsObject({ each: true }), ValidateNested({ each: true }), TypeOf(type));
};

/** An object whose members are the caller's own business, of bounded size; the database takes it as JSON. */
export const OpenObject = (options: Common & { maxBytes?: number } = {}): PropertyDecorator =>
  field(options, { type: 'object', additionalProperties: true } as ApiPropertyOptions, IsObject(), IsSmallObject(options.maxBytes ?? 16_000));

function IsSmallObject(maxBytes: number): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'maxSize',
      target: target.constructor,
      propertyName: property as string,
      validator: {
        validate: (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '') <= maxBytes,
        defaultMessage: (at: ValidationArguments) => `${at.property} must not be larger than ${maxBytes} bytes as JSON`,
      },
    });
  };
}

/** An object written as JSON in a query string; it stays text. */
export const JsonText = (options: Common & { max?: number } = {}): PropertyDecorator =>
  applyDecorators(Text(options), IsObjectText());

function IsObjectText(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isJsonObject',
      target: target.constructor,
      propertyName: property as string,
      validator: {
        validate: (value: unknown) => {
          try {
            const parsed: unknown = JSON.parse(String(value));
            return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) && !String(value).includes('\\u0000');
          } catch {
            return false;
          }
        },
        defaultMessage: (at: ValidationArguments) => `${at.property} must be a JSON object`,
      },
    });
  };
}

/** A whole number written in a query string. */
export const QueryWhole = (options: Common & { min?: number; max?: number; default?: number } = {}): PropertyDecorator =>
  applyDecorators(Whole({ ...options, optional: true }), Transform(({ value }) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value)));

/** Some words of a list in a query string: `?kind=a,b`, or `?kind=a&kind=b`. */
export const QuerySome = (values: readonly string[], options: Common = {}): PropertyDecorator =>
  applyDecorators(
    field({ ...options, optional: true }, { type: 'array', items: { type: 'string', enum: [...values] }, maxItems: values.length } as ApiPropertyOptions,
      IsArray(), ArrayMinSize(1), ArrayUnique(), IsIn([...values], { each: true })),
    Transform(({ value }) => (value === undefined ? undefined : [value].flat().flatMap((part: unknown) => (typeof part === 'string' ? part.split(',') : [part])))),
  );

/** true or false written in a query string. */
export const QueryFlag = (options: Common = {}): PropertyDecorator =>
  applyDecorators(Flag({ ...options, optional: true }), Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value)));

/** A member of an answer: contract only, answers are not validated. */
export const Answer = (options: ApiPropertyOptions = {}): PropertyDecorator => ApiProperty(options);
export const AnswerId = (description?: string): PropertyDecorator => ApiProperty({ type: String, format: 'uuid', ...(description && { description }) });
export const AnswerInstant = (description?: string, nullable = false): PropertyDecorator =>
  ApiProperty({ type: String, format: 'date-time', ...(nullable && { nullable: true }), ...(description && { description }) });
