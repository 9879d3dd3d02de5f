import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];
export type LexiFlow = Client<paths, 'application/json'>;

export interface LexiFlowOptions {
  /** Where the API is, for example http://localhost:3000 */
  baseUrl: string;
  /** An access token or API key, or how to get the current one. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  fetch?: typeof fetch;
}

/** A typed client: paths, parameters, bodies and answers are checked by the compiler. */
export function createLexiFlow({ baseUrl, token, fetch }: LexiFlowOptions): LexiFlow {
  const client = createFetchClient<paths>({ baseUrl, bodySerializer, ...(fetch && { fetch }) });
  const authorize: Middleware = {
    async onRequest({ request }) {
      const current = typeof token === 'function' ? await token() : token;
      if (current) request.headers.set('authorization', `Bearer ${current}`);
      return request;
    },
  };
  client.use(authorize);
  return client;
}

/** A body with a file in it goes out as a form, fields before files, so that they are checked before the bytes are sent. */
function bodySerializer(body: unknown): string | FormData {
  const members = Object.entries((body ?? {}) as Record<string, unknown>).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));
  if (!members.some(([, value]) => value instanceof Blob)) return JSON.stringify(body);
  const form = new FormData();
  for (const [name, value] of members) if (value !== undefined && !(value instanceof Blob)) form.append(name, String(value));
  for (const [name, value] of members) if (value instanceof Blob) form.append(name, value);
  return form;
}
