import { testApp } from './app.js';
import type { Person } from './factories.js';

export interface Answer<B> {
  status: number;
  headers: Headers;
  body: B;
}

/** One request as it goes over the wire, for tests that send the same thing many times at once. */
export async function send<B = Record<string, string>>(
  as: Pick<Person, 'token'> | undefined, method: string, path: string, body?: unknown, headers: Record<string, string> = {},
): Promise<Answer<B>> {
  const { url } = await testApp();
  const answer = await fetch(url + path, {
    method,
    headers: { ...(as && { authorization: `Bearer ${as.token}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as B };
}

/** The same thing so many times at once. */
export const atOnce = <T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: times }, (_, index) => work(index)));

/** How often each value came: for answers that may come in any order. */
export function tally(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
