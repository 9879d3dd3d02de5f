import { createHash } from 'node:crypto';
import { testApp } from './app.js';
import type { Person } from './factories.js';

export interface UploadAnswer<B = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: B;
}
export interface UploadFile {
  name?: string;
  type?: string;
  bytes: Uint8Array | string;
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** A form with fields first and files behind them, as a careful client sends it. */
export function formOf(fields: Record<string, string | string[]>, ...files: UploadFile[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
  for (const { name = 'brief.txt', type, bytes } of files) form.append('file', new Blob([bytes as never], type ? { type } : {}), name);
  return form;
}

/** POSTs a form over the wire. */
export async function sendForm<B = Record<string, unknown>>(as: Pick<Person, 'token'> | undefined, path: string, form: FormData, headers: Record<string, string> = {}, url?: string): Promise<UploadAnswer<B>> {
  const answer = await fetch(`${url ?? (await testApp()).url}${path}`, { method: 'POST', body: form, headers: { ...(as && { authorization: `Bearer ${as.token}` }), ...headers } });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as B };
}

export interface UploadedDocument {
  id: string;
  caseId: string;
  title: string;
  version: number;
  [member: string]: unknown;
}

/** A document with one version of these bytes; fails the test where it is refused. */
export async function uploadDocument(as: Person, caseId: string, file: UploadFile, fields: Record<string, string | string[]> = {}, url?: string): Promise<UploadedDocument> {
  const { status, body } = await sendForm<UploadedDocument>(as, '/v1/documents', formOf({ caseId, ...fields }, file), {}, url);
  if (status !== 201) throw new Error(`not uploaded: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** GETs bytes over the wire. */
export async function download(as: Pick<Person, 'token'> | undefined, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<{ status: number; headers: Headers; bytes: Buffer; text: string }> {
  const { url } = await testApp();
  const answer = await fetch(path.startsWith('http') ? path : url + path, { method, headers: { ...(as && { authorization: `Bearer ${as.token}` }), ...headers } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes, text: bytes.toString() };
}
