import type { Person } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { download } from '../../support/uploads.js';

/** How taking the text out of a version ended. */
export interface TextState {
  status: string;
  reason: string | null;
  pageCount: number | null;
  charCount: number | null;
  truncated: boolean;
}

export async function stateOf(as: Person, documentId: string, number = 1): Promise<TextState> {
  const { status, body } = await send<{ text: TextState }>(as, 'GET', `/v1/documents/${documentId}/versions/${number}`);
  if (status !== 200) throw new Error(`no version: ${status} ${JSON.stringify(body)}`);
  return body.text;
}

/** The whole text, or one page of it. */
export const textOf = async (as: Person, documentId: string, page?: number, number = 1): Promise<string> =>
  (await download(as, `/v1/documents/${documentId}/versions/${number}/text${page === undefined ? '' : `?page=${page}`}`)).text;

export interface Passage {
  page: number | null;
  charOffset: number;
  text: string;
}

/** All pieces of a text, in order. */
export async function passagesOf(as: Person, documentId: string, number = 1): Promise<Passage[]> {
  const passages: Passage[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: { data: Passage[]; nextCursor: string | null } } = await send(as, 'GET', `/v1/documents/${documentId}/versions/${number}/passages?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    passages.push(...body.data);
    cursor = body.nextCursor;
  }
  return passages;
}
