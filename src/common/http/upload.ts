import { problem, validationFailed } from '../errors/problem.js';
import type { Database } from '../../database/database.js';
import type { Actor } from '../../database/unit-of-work.js';
import { validate } from '../validation/strict.js';
import { readForm, type FormFields, type FormLimits, type IncomingFile } from './form.js';
import type { Operation } from './operation.js';
import type { RequestContext } from './request-context.js';

export const multipartExpected = problem(415, 'multipart_expected', 'The body must be multipart/form-data');

/** What a repeat under the same Idempotency-Key has to have in common with the first request, besides the fields. */
export interface UploadedFile {
  name: string;
  sha256: string;
}

/**
 * How a route with `upload` takes files. Its handler opens no unit: it answers with one of these, and the pipeline goes
 * through it step by step, so that no connection is held while bytes come in or go into the store.
 */
export interface Upload<Fields extends object = object, Body = unknown> {
  /** In a read, before bytes are taken, with the fields that came before the first file, as text and unchecked. Throws early what would be thrown at the end. */
  admit(before: FormFields): Promise<void>;
  /** Takes the bytes of one file. No unit is open. */
  receive(file: IncomingFile): Promise<UploadedFile>;
  /** All files are there and the fields are right: brings the bytes to where they stay. No unit is open. */
  place(fields: Fields): Promise<void>;
  /** In the transaction, which may be repeated: checks again what `admit` did, and records. */
  record(fields: Fields): Promise<Body>;
  /**
   * Always, at the very end. `recorded`: the transaction was committed (or an earlier answer replayed); `refused`: it surely
   * was not; `unknown`: the line to the database was lost, so what `record` refers to must be left where it is.
   */
  close(outcome: 'recorded' | 'refused' | 'unknown'): Promise<void>;
}

/** Receives the form: the fields, checked against their class, and its files in the order in which they came. */
export async function receiveUpload(
  database: Database, actor: Actor, context: RequestContext, operation: Operation, limits: FormLimits, upload: Upload,
): Promise<{ fields: object; files: UploadedFile[] }> {
  const files: UploadedFile[] = [];
  const fields = await readForm(context.request.raw, limits, async (file, before) => {
    if (files.length === 0) await database.read(actor, () => upload.admit(before));
    files.push(await upload.receive(file));
  });
  // an input of a form that was left empty is sent all the same
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  const checked = validate(operation.upload!.fields as new () => object, given, 'body');
  if (files.length === 0) throw validationFailed({ errors: [{ pointer: '/file', code: 'is_file', message: 'file is missing: send it as a part with a file name' }] });
  return { fields: checked, files };
}
