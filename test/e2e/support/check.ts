import supertest from 'supertest';
import { expect } from 'vitest';
import type { Problem } from '../../../client/index.js';
import { testApp } from '../../support/app.js';
import type { Person } from '../../support/factories.js';

/** Requests as they go over the wire, for headers, odd methods and malformed input. */
export const raw = async (at: { url: string } | undefined = undefined) => supertest((at ?? (await testApp())).url);

export const bearer = (person: Pick<Person, 'token'>): Record<string, string> => ({ authorization: `Bearer ${person.token}` });

interface Result {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** What a call of the typed client answered; fails with the problem when it was refused. */
export function granted<R extends Result>(result: R): NonNullable<R['data']> {
  if (!result.response.ok) throw new Error(`refused: ${result.response.status} ${JSON.stringify(result.error)}`);
  return result.data as NonNullable<R['data']>;
}

/** The problem of a call that must be refused with this status and code. */
export function refused(result: Result, status: number, code: string): Problem {
  const problem = result.error as Problem | undefined;
  expect({ status: result.response.status, code: problem?.code }).toEqual({ status, code });
  return problem!;
}

/** The same for a raw answer, with everything the contract promises of every problem. */
export function expectProblem(response: supertest.Response, status: number, code: string): Problem {
  expect({ status: response.status, code: (response.body as Problem).code }).toEqual({ status, code });
  const body = response.body as Problem;
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(response.headers['cache-control']).toBe('no-store');
  expect(body).toMatchObject({ type: `urn:lexiflow:problem:${code}`, status, title: expect.stringMatching(/\w{3,}/) });
  expect(body.requestId).toBe(response.headers['x-request-id']);
  return body;
}

/** Where a validation found fault, and with which rule. */
export const faults = (problem: Problem): string[] =>
  (problem.errors ?? []).map(({ pointer, parameter, code }) => `${pointer ?? parameter}: ${code}`).sort();

/** Waits for something that happens by itself; fails when it does not. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, within = 10_000): Promise<T> {
  const until = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`it did not happen within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const etagOf = (result: { response: Response }): string => result.response.headers.get('etag')!;
