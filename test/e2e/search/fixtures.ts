import { createHash } from 'node:crypto';
import type { Schemas } from '../../../client/index.js';
import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import type { Person, TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { indexVersions } from '../../support/indexing.js';

export type Hit = Schemas['FullTextHitDto'];
export type Answer = Schemas['FullTextDto'];

export interface NewText {
  caseId: string;
  title?: string;
  type?: string;
  author?: string;
  authorId?: string;
  date?: string;
  tags?: string[];
  privilege?: string;
  folderId?: string;
  /** Chunks of the text: pages, unless `page` says otherwise. */
  pages?: (string | { page: number | null; text: string })[];
}

/** A document with its text, made past the upload and the extraction, and indexed as its job does it. */
export async function addText(firm: TestFirm, text: NewText): Promise<{ id: string; versionId: string }> {
  const { database } = await testApp();
  const id = newId();
  await database.write({ kind: 'system', firmId: firm.id }, async () => {
    await database.execute(`insert into documents (firm_id, id, case_id, folder_id, title, type, author_name, author_id, document_date, tags, privilege) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [firm.id, id, text.caseId, text.folderId ?? null, text.title ?? 'Untitled', text.type ?? 'other', text.author ?? null, text.authorId ?? null, text.date ?? null, text.tags ?? [], text.privilege ?? 'none']);
    await writeVersion(firm, id, text.pages ?? []);
  });
  return { id, versionId: await indexNewest(firm, id) };
}

/** One more version. */
export async function addTextVersion(firm: TestFirm, id: string, pages: NewText['pages']): Promise<string> {
  const { database } = await testApp();
  await database.write({ kind: 'system', firmId: firm.id }, () => writeVersion(firm, id, pages ?? []));
  return indexNewest(firm, id);
}

async function writeVersion(firm: TestFirm, id: string, pages: NonNullable<NewText['pages']>): Promise<void> {
  const { database } = await testApp();
  const [versionId, object] = [newId(), newId()];
  const sha256 = createHash('sha256').update(object).digest('hex');
  await database.execute('insert into storage_objects (firm_id, id, sha256, size) values ($1, $2, $3, 1)', [firm.id, object, sha256]);
  await database.execute(`insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
    select $1, $2, case_id, id, $4, $5, 1, 'text/plain', 'a.txt', $6 from documents where id = $3`, [firm.id, versionId, id, object, sha256, firm.admin.id]);
  let offset = 0;
  const chunks = pages.map((page, i) => {
    const chunk = typeof page === 'string' ? { page: i + 1, text: page } : page;
    return { ...chunk, ordinal: i, offset: (offset += chunk.text.length) - chunk.text.length };
  });
  await database.execute(`insert into document_chunks (firm_id, version_id, ordinal, case_id, document_id, page, char_offset, text)
    select $1, $2, x.ordinal, d.case_id, d.id, x.page, x."offset", x.text from documents d, jsonb_to_recordset($4) x(ordinal int, page int, "offset" bigint, text text) where d.id = $3`, [firm.id, versionId, id, JSON.stringify(chunks)]);
}

async function indexNewest(firm: TestFirm, documentId: string): Promise<string> {
  const { database } = await testApp();
  const { id } = (await database.read({ kind: 'system', firmId: firm.id }, () => database.first<{ id: string }>('select id from document_versions where document_id = $1 order by number desc limit 1', [documentId])))!;
  await indexVersions(database, firm.id, [id]);
  return id;
}

/** What somebody finds; the test fails where the search is refused. */
export async function search(as: Person, q: string, more: Record<string, string | number | boolean> = {}): Promise<Answer> {
  const { status, body } = await send<Answer>(as, 'GET', `/v1/search?${new URLSearchParams({ q, ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, String(value)])) }).toString()}`);
  if (status !== 200) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** The documents somebody finds that match the whole query, in order. */
export const ids = async (as: Person, q: string, more: Record<string, string | number | boolean> = {}): Promise<string[]> =>
  (await search(as, q, more)).data.filter(({ match }) => match !== 'some').map(({ documentId }) => documentId);
