import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { addAbortSignal, type Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { badRequest, payloadTooLarge, problem, validationFailed, type Problem } from '../errors/problem.js';

export const uploadBroken = problem(400, 'upload_broken', 'The upload ended before it was complete');
export const uploadStalled = problem(408, 'upload_stalled', 'The upload stood still for too long');
export const uploadTooLarge = problem(413, 'upload_too_large', 'The file is larger than this server takes');

/** A file of a form while it comes in. Its stream has to be read or destroyed before anything behind it is seen. */
export interface IncomingFile {
  /** As the sender calls it: anything may stand here, a path too. */
  name: string;
  declaredType: string | undefined;
  stream: Readable;
}

/** The text fields of a form; one that came several times is a list. */
export type FormFields = Record<string, string | string[]>;

export interface FormLimits {
  files: number;
  fileBytes: number;
  /** Without a byte for so long it is given up. */
  stallMs: number;
}

type Parser = InstanceType<typeof Busboy>;

const MOST_FIELDS = 100;
const MOST_FIELD_BYTES = 64 * 1024;
/** What fields, headers and boundaries may add to the files. */
const AROUND_BYTES = 8 * 1024 * 1024;
const FILE_FIELD = 'file';

/**
 * Reads a multipart form, file after file: `take` gets each with the fields that came before it, and the next one waits
 * until it is through. The first fault ends it: nothing more is read, and every stream that was given out fails.
 */
export async function readForm(request: IncomingMessage, limits: FormLimits, take: (file: IncomingFile, before: FormFields) => Promise<void>): Promise<FormFields> {
  const reading = new FormReading(request, limits, take);
  try {
    return await reading.read();
  } finally {
    reading.leave();
  }
}

export const fileTooLarge = (bytes: number): Problem => uploadTooLarge(`At most ${Math.floor(bytes / 1024 / 1024)} MB a file.`);

class FormReading {
  private readonly fields: FormFields = Object.create(null) as FormFields;
  private readonly parser: Parser;
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private work: Promise<void> = Promise.resolve();
  private fail!: (error: Error) => void;
  private failed = false;
  private files = 0;

  constructor(
    private readonly request: IncomingMessage,
    private readonly limits: FormLimits,
    private readonly take: (file: IncomingFile, before: FormFields) => Promise<void>,
  ) {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > limits.files * limits.fileBytes + AROUND_BYTES) throw fileTooLarge(limits.fileBytes);
    setMaxListeners(limits.files + 1, this.abort.signal); // every file that is given out listens
    this.parser = parserFor(request, limits);
    this.timer = setTimeout(() => this.fail(uploadStalled(`No byte came for ${limits.stallMs / 1000} seconds.`)), limits.stallMs);
  }

  async read(): Promise<FormFields> {
    const { parser, request } = this;
    const failure = new Promise<never>((_, reject) => {
      this.fail = (error) => {
        if (this.failed) return;
        this.failed = true;
        reject(error);
      };
    });
    const parsed = new Promise<void>((resolve) => parser.once('finish', () => resolve()));
    parser.on('field', (name, value, _nameCut, valueCut) => this.onField(name, value, valueCut));
    parser.on('file', (field: string | undefined, stream, name, _encoding, type) => this.onFile(field, stream, name, type));
    parser.on('error', (error) => this.fail(broken(error)));
    parser.on('fieldsLimit', () => this.fail(badRequest(`At most ${MOST_FIELDS} fields in one form.`)));
    parser.on('partsLimit', () => this.fail(badRequest('The form has too many parts.')));
    request.on('data', this.onData);
    request.once('close', this.onClose);
    request.pipe(parser);
    try {
      await Promise.race([parsed, failure]);
      clearTimeout(this.timer);
      await Promise.race([this.work, failure]);
    } catch (error) {
      this.abort.abort(error as Error); // streams that were given out end with it
      await this.work.catch(() => undefined);
      throw error;
    }
    return { ...this.fields };
  }

  /** What is left of the body is dropped by whoever answers (see lingering.ts). */
  leave(): void {
    const { request, parser } = this;
    clearTimeout(this.timer);
    request.off('data', this.onData);
    request.off('close', this.onClose);
    request.unpipe(parser);
    parser.on('error', () => undefined);
    if (!request.complete) {
      parser.destroy();
      request.resume();
    }
  }

  private readonly onData = (): void => void this.timer.refresh();

  private readonly onClose = (): void => {
    if (!this.request.complete) this.fail(uploadBroken());
  };

  private onField(name: string | undefined, value: string, cut: boolean): void {
    if (this.failed) return;
    if (name === undefined || name in Object.prototype) return this.fail(unknown(name ?? ''));
    if (cut) return this.fail(validationFailed({ errors: [{ pointer: `/${name}`, code: 'max_length', message: `${name} must not be longer than ${MOST_FIELD_BYTES} bytes` }] }));
    if (name === FILE_FIELD) {
      return this.fail(validationFailed({ errors: [{ pointer: `/${FILE_FIELD}`, code: 'is_file', message: `${FILE_FIELD} must be a file: a part with a file name` }] }));
    }
    const before = this.fields[name];
    this.fields[name] = before === undefined ? value : [before, value].flat();
  }

  private onFile(field: string | undefined, stream: Readable, name: string, type: string): void {
    stream.on('error', () => undefined); // whoever reads it hears of it too
    if (this.failed) return void stream.resume();
    if (field !== FILE_FIELD) {
      stream.resume();
      return this.fail(unknown(field ?? '', `; files are sent as ${FILE_FIELD}`));
    }
    if (++this.files > this.limits.files) {
      stream.resume();
      return this.fail(badRequest(`At most ${this.limits.files} file${this.limits.files === 1 ? '' : 's'} in one form.`));
    }
    addAbortSignal(this.abort.signal, stream);
    const before = { ...this.fields };
    this.work = this.work.then(async () => {
      this.abort.signal.throwIfAborted();
      await this.take({ name, declaredType: type || undefined, stream }, before);
    });
    this.work.catch((error: unknown) => {
      stream.destroy();
      this.fail(error as Error);
    });
  }
}

const unknown = (field: string, hint = ''): Problem =>
  validationFailed({ errors: [{ pointer: `/${field}`, code: 'unknown_field', message: `${field} is not known here${hint}` }] });

function parserFor(request: IncomingMessage, limits: FormLimits): Parser {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      preservePath: true, // a folder that is sent keeps its paths; whoever uses a name cleans it
      limits: { fields: MOST_FIELDS, parts: limits.files + MOST_FIELDS, fieldSize: MOST_FIELD_BYTES, headerPairs: 20, headerSize: 16 * 1024 },
    });
  } catch {
    throw badRequest('The form has no boundary.');
  }
}

/** The parser's own errors say in English what is wrong with the form. */
const broken = (error: unknown): Error => (error instanceof Error && /multipart|Unexpected end|Part|header/i.test(error.message) ? uploadBroken(`${error.message}.`) : payloadTooLarge());
