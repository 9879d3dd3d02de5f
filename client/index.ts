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
  const client = createFetchClient<paths>({ baseUrl, ...(fetch && { fetch }) });
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
