import { Injectable } from '@nestjs/common';
import { notFound, validationFailed } from '../../../common/errors/problem.js';
import { assertFresh } from '../../../common/http/etag.js';
import type { Upload } from '../../../common/http/upload.js';
import { newId } from '../../../common/ids.js';
import { listPage } from '../../../common/pagination/list.js';
import type { Page } from '../../../common/pagination/page.js';
import { currentPrincipal } from '../../../common/http/request-context.js';
import { Database } from '../../../database/database.js';
import { assertChanging } from '../../cases/case-standing.service.js';
import { Checkouts } from '../checkouts/checkouts.service.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { FileIntake, type NewFile } from './file-upload.js';
import type { RestoreVersion, UploadVersion, VersionDto, VersionsQuery } from './versions.dto.js';
import * as errors from './versions.errors.js';
import * as sql from './versions.queries.js';

interface Target {
  id: string;
  caseId: string;
  version: number;
  currentVersion: number;
  trashed: boolean;
  status: string;
}

/** The number in a path, or 404: there is no version that is not counted. */
export function versionNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw validationFailed({ errors: [{ parameter: 'number', code: 'is_int', message: 'number must be the number of a version: 1, 2, 3 ...' }] });
}

/** Versions of documents: once made they never change. */
@Injectable()
export class Versions {
  constructor(
    private readonly database: Database,
    private readonly intake: FileIntake,
    private readonly jobs: Jobs,
    private readonly checkouts: Checkouts,
  ) {}

  async list(documentId: string, query: VersionsQuery): Promise<Page<VersionDto>> {
    if (!(await this.database.first(sql.DOCUMENT_VISIBLE, [documentId]))) throw notFound();
    return listPage<VersionDto>(this.database, sql.VERSION_LIST, query, sql.versionFilters(documentId));
  }

  async get(documentId: string, number: string): Promise<VersionDto> {
    const version = await this.database.first<VersionDto>(sql.VERSION_BY_NUMBER, [documentId, versionNumber(number)]);
    if (!version) throw notFound();
    return version;
  }

  /** Takes a file as the next version. */
  upload(documentId: string): Upload<UploadVersion, VersionDto> {
    return this.intake.upload<UploadVersion, VersionDto>(currentPrincipal().firmId, {
      admit: async () => {
        this.assertOpen(await this.database.first<Target>(sql.VERSION_TARGET, [documentId]));
        await this.checkouts.assertFree(documentId);
      },
      record: async ({ comment, checkIn }, file, claim) => {
        const target = await this.lock(documentId);
        const version = await this.byId(await this.record(target, file, await claim(), comment));
        if (checkIn) await this.checkouts.release(documentId);
        return version;
      },
    });
  }

  /** The bytes of an older version as the next one. */
  async restore(documentId: string, number: string, { comment }: RestoreVersion): Promise<VersionDto> {
    await this.lock(documentId);
    const id = newId();
    const made = await this.database.execute(sql.INSERT_RESTORED, [documentId, versionNumber(number), id, this.database.userId, comment ?? null]);
    if (made === 0) throw notFound();
    await this.extract(id);
    return this.byId(id);
  }

  /** One more version of a document that the caller has locked or just made; returns its id. Its text is taken out soon after. */
  async record(document: { id: string; caseId: string }, file: NewFile, objectId: string, comment?: string): Promise<string> {
    const id = newId();
    const { placed, mediaType, declaredType, fileName, nameMatches } = file;
    await this.database.execute(sql.INSERT_VERSION, [
      this.database.firmId, id, document.caseId, document.id, objectId, placed.sha256, placed.size, mediaType, declaredType, fileName, nameMatches,
      this.database.userId, comment ?? null,
    ]);
    await this.extract(id);
    return id;
  }

  private async extract(versionId: string): Promise<void> {
    await this.jobs.enqueue('documents.extract', { versionId }, { runAs: null });
  }

  private async lock(documentId: string): Promise<Target> {
    const target = await this.database.first<Target>(sql.LOCK_VERSION_TARGET, [documentId]);
    this.assertOpen(target);
    await this.checkouts.assertFree(documentId);
    return target!;
  }

  private assertOpen(target: Target | undefined): void {
    if (!target) throw notFound();
    assertFresh(target);
    assertChanging(target);
    if (target.trashed) throw errors.documentInTrash('Take it out of the trash first.');
  }

  private async byId(id: string): Promise<VersionDto> {
    return (await this.database.first<VersionDto>(sql.VERSION_BY_ID, [id]))!;
  }
}
