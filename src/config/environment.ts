import 'reflect-metadata';
import { plainToInstance, Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength, validateSync } from 'class-validator';

const flag = () =>
  Transform(({ value }) => {
    const text = String(value).toLowerCase();
    if (['true', '1', 'yes', 'on'].includes(text)) return true;
    return ['false', '0', 'no', 'off'].includes(text) ? false : value;
  });
const whole = () => Transform(({ value }) => (/^-?\d+$/.test(String(value)) ? Number(value) : value));
const list = () =>
  Transform(({ value }) =>
    typeof value === 'string'
      ? value.split(',').map((item) => item.trim()).filter(Boolean)
      : value,
  );
const POSTGRES_URL = /^postgres(ql)?:\/\/\S+$/;

/** Everything the environment can say, with its default. `docs/operations.md` lists the same. */
export class Environment {
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'development';

  @whole() @IsInt() @Min(0) @Max(65_535)
  PORT = 3000;

  /** The address to listen on; containers want 0.0.0.0. */
  @IsString() @MinLength(1)
  HOST = '127.0.0.1';

  /** Where links in e-mails lead, and the server named in the OpenAPI document. */
  @IsOptional() @Matches(/^https?:\/\/\S+$/, { message: 'must start with http:// or https://' })
  PUBLIC_URL?: string;

  /** Embedded database, stored files and generated keys live here. */
  @IsString() @MinLength(1)
  DATA_DIR = '.data';

  /** Where the bytes of documents live: below DATA_DIR, or in a bucket of anything that speaks S3. */
  @IsIn(['local', 's3'])
  STORAGE: 'local' | 's3' = 'local';

  @IsOptional() @IsString() @MinLength(1)
  S3_BUCKET?: string;

  /** Absent: Amazon's. */
  @IsOptional() @Matches(/^https?:\/\/\S+$/, { message: 'must start with http:// or https://' })
  S3_ENDPOINT?: string;

  @IsString() @MinLength(1)
  S3_REGION = 'us-east-1';

  /** Absent: the keys the SDK finds by itself (its environment, profile, role of the machine). */
  @IsOptional() @IsString() @MinLength(1)
  S3_ACCESS_KEY_ID?: string;

  @IsOptional() @IsString() @MinLength(1)
  S3_SECRET_ACCESS_KEY?: string;

  /** Below this, where the bucket is shared with others. */
  @IsOptional() @Matches(/^\w[\w.-]*(\/\w[\w.-]*)*\/?$/, { message: 'must be a path like lexiflow/production' })
  S3_PREFIX?: string;

  /** The bucket in the path instead of the host name. Default: where S3_ENDPOINT is set. */
  @flag() @IsOptional() @IsBoolean()
  S3_FORCE_PATH_STYLE?: boolean;

  /** Largest file that may be uploaded. */
  @whole() @IsInt() @Min(1) @Max(1_000_000)
  UPLOAD_LIMIT_MB = 2048;

  /** An upload that sends no byte for so long, or a download that takes none, is ended. */
  @whole() @IsInt() @Min(1) @Max(3600)
  TRANSFER_STALL_SECONDS = 60;

  /** Absent: the embedded PostgreSQL under DATA_DIR. */
  @IsOptional() @Matches(POSTGRES_URL, { message: 'must look like postgres://user:password@host:5432/database' })
  DATABASE_URL?: string;

  /** The schema's owner, where it is kept apart from the login role that serves. */
  @IsOptional() @Matches(POSTGRES_URL, { message: 'must look like postgres://owner:password@host:5432/database' })
  MIGRATION_DATABASE_URL?: string;

  /** First part of the names of the three database roles. */
  @Matches(/^[a-z][a-z0-9_]{0,30}$/, { message: 'must be 1-31 lower-case letters, digits or underscores' })
  DATABASE_ROLE_PREFIX = 'lexiflow';

  /** Password of the login role; absent, one is generated and kept under DATA_DIR/keys. */
  @IsOptional() @MinLength(16, { message: 'must have at least 16 characters' }) @MaxLength(200)
  APP_DB_PASSWORD?: string;

  @whole() @IsInt() @Min(1) @Max(500)
  DATABASE_POOL_MAX = 10;

  /** Off for poolers that carry no named prepared statements (PgBouncer before 1.21). */
  @flag() @IsBoolean()
  DATABASE_PREPARED_STATEMENTS = true;

  @whole() @IsInt() @Min(100) @Max(600_000)
  DATABASE_STATEMENT_TIMEOUT_MS = 15_000;

  @whole() @IsInt() @Min(100) @Max(600_000)
  DATABASE_LOCK_TIMEOUT_MS = 5_000;

  @whole() @IsInt() @Min(1_000) @Max(600_000)
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS = 30_000;

  /** Whether `npm start` brings the schema up to date first. */
  @flag() @IsBoolean()
  RUN_MIGRATIONS = true;

  /** Whether the HTTP process also runs jobs (always so on the embedded engine). */
  @flag() @IsBoolean()
  JOBS_IN_PROCESS = true;

  @whole() @IsInt() @Min(1) @Max(64)
  JOBS_CONCURRENCY = 4;

  /** Signing key of access tokens; absent, one is generated and kept under DATA_DIR/keys. */
  @IsOptional() @MinLength(32, { message: 'must have at least 32 characters' })
  JWT_SECRET?: string;

  @whole() @IsInt() @Min(1) @Max(120)
  ACCESS_TOKEN_MINUTES = 15;

  @whole() @IsInt() @Min(1) @Max(365)
  REFRESH_TOKEN_DAYS = 30;

  /** Lets anyone create a firm with POST /v1/firms. */
  @flag() @IsBoolean()
  ALLOW_SIGNUP = false;

  @IsOptional() @Matches(/^smtps?:\/\/\S+$/, { message: 'must look like smtp://user:password@host:587' })
  SMTP_URL?: string;

  @IsString() @MinLength(3)
  MAIL_FROM = 'LexiFlow <no-reply@localhost>';

  /** Origins that browsers may call from; "*" allows any. Default: localhost in development, none in production. */
  @list() @IsOptional() @IsString({ each: true })
  CORS_ORIGINS?: string[];

  /** Set behind a reverse proxy, so that the caller's address is read from X-Forwarded-For. */
  @flag() @IsBoolean()
  TRUST_PROXY = false;

  @whole() @IsInt() @Min(16) @Max(102_400)
  BODY_LIMIT_KB = 1024;

  /** Requests per minute and credential (or address, without one); 0 switches the limit off. */
  @whole() @IsInt() @Min(0) @Max(10_000_000)
  RATE_LIMIT_PER_MINUTE = 3000;

  /** Failed logins per account (and ten times as many per address) within 15 minutes before it has to wait. */
  @whole() @IsInt() @Min(1) @Max(1_000)
  LOGIN_FAILURES_ALLOWED = 10;

  /** How long reading the text of one file may take; what takes longer has the status "failed". */
  @whole() @IsInt() @Min(1) @Max(3_600)
  EXTRACT_TIMEOUT_SECONDS = 120;

  /** Memory of each process that reads files (there are at most two); a file that needs more has the status "failed". */
  @whole() @IsInt() @Min(128) @Max(65_536)
  EXTRACT_MEMORY_MB = 1024;

  /** Of a longer text, so many characters are read. */
  @whole() @IsInt() @Min(1_000) @Max(2_000_000_000)
  EXTRACT_MAX_CHARS = 200_000_000;

  /** Larger files are kept, but their text is not read. */
  @whole() @IsInt() @Min(1) @Max(100_000)
  EXTRACT_MAX_FILE_MB = 1024;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' = 'info';

  /** Whether the first start of the embedded engine fills in the demo firms. */
  @flag() @IsBoolean()
  SEED_DEMO = true;

  /** When set, /metrics wants it as a bearer token. */
  @IsOptional() @MinLength(8)
  METRICS_TOKEN?: string;

  get embedded(): boolean {
    return this.DATABASE_URL === undefined;
  }

  get production(): boolean {
    return this.NODE_ENV === 'production';
  }

  get publicUrl(): string {
    return (this.PUBLIC_URL ?? `http://localhost:${this.PORT}`).replace(/\/$/, '');
  }
}

/** A sentence for the operator; printed without a stack trace, exit code 1. */
export class StartupError extends Error {}

/** Reads and checks the environment; throws a StartupError that names each bad variable and what it should be. */
export function loadEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const known = Object.keys(new Environment());
  const optional = [
    'S3_BUCKET', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_PREFIX', 'S3_FORCE_PATH_STYLE',
    'PUBLIC_URL', 'DATABASE_URL', 'MIGRATION_DATABASE_URL', 'APP_DB_PASSWORD', 'JWT_SECRET', 'SMTP_URL', 'CORS_ORIGINS', 'METRICS_TOKEN',
  ];
  const given: Record<string, string> = {};
  for (const name of [...known, ...optional]) {
    const value = source[name]?.trim();
    if (value) given[name] = value; // an empty variable means "not set", as in a .env template
  }
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const faults = validateSync(environment, { skipMissingProperties: false });
  if (faults.length > 0) {
    const lines = faults.map((fault) => {
      const why = Object.values(fault.constraints ?? {}).map((text) => text.replace(`${fault.property} `, '').replace(`each value in `, ''));
      const secret = /URL|SECRET|PASSWORD|TOKEN/.test(fault.property);
      return `${fault.property}${secret ? '' : `="${given[fault.property]}"`} ${why.join(', ')}`;
    });
    throw new StartupError(`The environment has a value that cannot be used: ${lines.join('; ')}. Correct it and start again.`);
  }
  if (environment.MIGRATION_DATABASE_URL && !environment.DATABASE_URL) {
    throw new StartupError('MIGRATION_DATABASE_URL is set but DATABASE_URL is not: set DATABASE_URL to the login role that serves requests.');
  }
  assertStorage(environment);
  return environment;
}

function assertStorage({ STORAGE, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }: Environment): void {
  if (STORAGE === 's3' && !S3_BUCKET) throw new StartupError('STORAGE=s3 needs S3_BUCKET: name the bucket that files are to be stored in.');
  if (Boolean(S3_ACCESS_KEY_ID) === Boolean(S3_SECRET_ACCESS_KEY)) return;
  throw new StartupError(`S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set ${S3_ACCESS_KEY_ID ? 'S3_SECRET_ACCESS_KEY' : 'S3_ACCESS_KEY_ID'} too, or neither.`);
}
