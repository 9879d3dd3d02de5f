import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import type { Person, TestFirm } from '../../support/factories.js';
import { send, type Answer } from '../../support/http.js';
import { uploadDocument, type UploadedDocument } from '../../support/uploads.js';

export interface Doc extends UploadedDocument {
  folderId: string | null;
  parentId: string | null;
  currentVersion: { number: number; sha256: string; fileName: string };
  deletedAt: string | null;
  onHold: boolean;
  code?: string;
}

let made = 0;
/** A document with a little text of its own in its first version. */
export async function newDocument(as: Person, caseId: string, fields: Record<string, string | string[]> = {}, text = `A text of its own, number ${++made} ${newId()}`): Promise<Doc> {
  return (await uploadDocument(as, caseId, { name: 'note.txt', bytes: text }, fields)) as Doc;
}

/** A change of whatever state it is in. */
export const change = <B = Doc>(as: Person, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<B & { code?: string }>> =>
  send(as, method, path, body, { 'if-match': '*', ...headers });

export const read = async (as: Person, id: string): Promise<Doc> => (await send<Doc>(as, 'GET', `/v1/documents/${id}`)).body;

/** An attachment of a document, as extraction makes them: of the same stored file, for want of another. */
export async function newAttachment(firm: TestFirm, parentId: string, title = 'Attachment'): Promise<string> {
  const { database } = await testApp();
  const [id, versionId] = [newId(), newId()];
  await asSystem(firm, async () => {
    await database.execute('insert into documents (firm_id, id, case_id, folder_id, parent_id, title) select firm_id, $2, case_id, folder_id, id, $3 from documents where id = $1', [parentId, id, title]);
    await database.execute(`insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
      select firm_id, $3, case_id, $2, object_id, sha256, size, media_type, file_name, author_id from document_versions where document_id = $1 and number = 1`, [parentId, id, versionId]);
  });
  return id;
}

export async function asSystem<T>(firm: Pick<TestFirm, 'id'>, work: () => Promise<T>): Promise<T> {
  const { database } = await testApp();
  return database.write({ kind: 'system', firmId: firm.id }, work);
}
/** One statement as the system, and its rows. */
export async function ask<R>(firm: Pick<TestFirm, 'id'>, text: string, values: unknown[] = []): Promise<R[]> {
  const { database } = await testApp();
  return asSystem(firm, () => database.query(text, values) as Promise<R[]>);
}
