import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { currentRequest } from '../../common/http/request-context.js';
import { newId } from '../../common/ids.js';
import { listStatements, placeOf, toPage, type Page, type Place } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type { Statement } from '../../database/flight.js';
import { assertChanging, CaseStanding } from '../cases/case-standing.service.js';
import { cleanTags } from '../cases/cases.service.js';
import { Jobs } from '../jobs/jobs.service.js';
import { Holds } from './holds/holds.service.js';
import type { DocumentQuery } from './document-list.dto.js';
import * as lists from './document-list.queries.js';
import type { CopyDocument, DocumentDto, MoveDocument, UpdateDocument } from './documents.dto.js';
import * as errors from './documents.errors.js';
import * as sql from './documents.queries.js';

/** Documents of cases: what is said of them and where they are. What is in them is the business of their versions. */
@Injectable()
export class Documents {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
    private readonly holds: Holds,
    private readonly jobs: Jobs,
  ) {}

  /** One statement, expansions included; one more with count. */
  async list(query: DocumentQuery): Promise<Page<DocumentDto>> {
    const expand = currentRequest()?.expand ?? [];
    const { userId } = this.database;
    const { page, count, place } = lists.wantsDoor(query) ? throughDoor(query, userId, expand) : underPolicies(query, userId, expand);
    const [rows, counted] = await this.database.batch([page, ...(query.count ? [count] : [])]);
    return toPage(place, rows!, counted?.[0]?.['total'] as number | undefined, (row: DocumentDto) => row);
  }

  async get(id: string, expand: readonly string[] = currentRequest()?.expand ?? []): Promise<DocumentDto> {
    const document = await this.database.first<DocumentDto>(sql.documentById(expand), [id]);
    if (!document) throw notFound();
    return document;
  }

  async update(id: string, changes: UpdateDocument): Promise<DocumentDto> {
    await this.lockLive(id);
    const update = sql.updateDocument(id, { ...changes, ...(changes.tags && { tags: cleanTags(changes.tags) }) });
    if (update) await this.database.execute(update.text, update.values);
    return this.get(id);
  }

  /** Attachments come along, wherever it goes. Out of a case only where nothing holds it. */
  async move(id: string, to: MoveDocument): Promise<DocumentDto> {
    if (to.caseId === undefined && to.folderId === undefined) throw errors.nowhereToMove();
    const current = await this.lockLive(id);
    const place = await this.placeFor(current, to);
    const elsewhere = place.caseId !== current.caseId;
    if (elsewhere) {
      await this.holds.assertFree([id]);
      await this.database.execute(sql.LEAVE, [id]);
    }
    await this.database.execute(sql.MOVE, [id, place.caseId, place.folderId]);
    await this.database.execute(sql.MOVE_BELOW, [id, place.folderId, current.folderId, elsewhere]);
    return this.get(id);
  }

  /** A document of its own, whose first version is the current one of the other, on the same stored file. Attachments are taken out of it anew. */
  async copy(id: string, to: CopyDocument): Promise<DocumentDto> {
    const source = await this.lock(id);
    if (source.deletedAt) throw errors.documentInTrash('Restore it first.');
    const place = await this.placeFor(source, to, to.caseId === undefined ? source.folderId : null);
    const [copyId, versionId] = [newId(), newId()];
    const { userId } = this.database;
    await this.database.execute(sql.COPY_DOCUMENT, [id, copyId, place.caseId, place.folderId, to.title ?? null, userId]);
    await this.database.execute(sql.COPY_VERSION, [id, versionId, copyId, place.caseId, userId]);
    await this.jobs.enqueue('documents.extract', { versionId }, { runAs: null });
    return this.get(copyId);
  }

  /** The document, locked, for whoever changes it next: in a case that changes, and as the caller has seen it. */
  async lockFresh(id: string): Promise<DocumentDto> {
    const document = await this.lock(id);
    assertFresh(document);
    assertChanging({ status: document.caseStatus });
    return document;
  }

  private async lockLive(id: string): Promise<DocumentDto> {
    const document = await this.lockFresh(id);
    if (document.deletedAt) throw errors.documentInTrash('Restore it first.');
    return document;
  }

  private async lock(id: string): Promise<DocumentDto & { caseStatus: string }> {
    const [, rows] = await this.database.batch([{ text: sql.LOCK_DOCUMENT, values: [id] }, { text: sql.STANDING, values: [id] }]);
    const document = rows?.[0] as unknown as (DocumentDto & { caseStatus: string }) | undefined;
    if (!document) throw notFound();
    return document;
  }

  /** Case and folder something goes to; both are there for the caller, and the case changes. */
  private async placeFor(from: { caseId: string }, to: MoveDocument, folderOtherwise: string | null = null): Promise<{ caseId: string; folderId: string | null }> {
    const caseId = to.caseId?.toLowerCase() ?? from.caseId;
    await this.cases.assertChanging(caseId).catch((error: unknown) => {
      throw (error as { code?: string }).code === 'not_found' ? faultAt(errors.unknownCase, '/caseId') : error;
    });
    const folderId = to.folderId === undefined ? folderOtherwise : to.folderId;
    if (to.folderId && !(await this.database.first(sql.FOLDER_IN_CASE, [to.folderId, caseId]))) throw faultAt(errors.unknownFolder, '/folderId');
    return { caseId, folderId };
  }
}

interface Listing {
  page: Statement;
  count: Statement;
  place: Pick<Place, 'limit' | 'cursorOf'>;
}

function underPolicies(query: DocumentQuery, me: string, expand: readonly string[]): Listing {
  const statements = listStatements(lists.documentList(expand), query, lists.plainFilters(query, me));
  return { page: statements.page, count: statements.count!, place: statements };
}

function throughDoor(query: DocumentQuery, me: string, expand: readonly string[]): Listing {
  const place = placeOf(lists.documentList(expand), query);
  const filter = lists.doorFilter(query, me);
  return { page: lists.foundDocuments(filter, place, expand), count: { text: lists.COUNT_FOUND, values: [filter] }, place };
}
