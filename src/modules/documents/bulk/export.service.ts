import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../../../common/errors/problem.js';
import { currentPrincipal, currentRequest } from '../../../common/http/request-context.js';
import { StreamedAnswer } from '../../../common/http/streamed-answer.js';
import { newId } from '../../../common/ids.js';
import { LOGGER, type Logger } from '../../../common/logging/logger.js';
import { Database } from '../../../database/database.js';
import type { UserActor } from '../../../database/unit-of-work.js';
import { ObjectMissingError } from '../../storage/object-store.js';
import { Quarantine } from '../../storage/quarantine.js';
import { StoredFiles } from '../../storage/stored-files.service.js';
import { contentDisposition } from '../files/file-names.js';
import { ArchivePaths } from './archive-paths.js';
import type { ExportQuery } from './export.dto.js';
import * as sql from './export.queries.js';
import { Manifest, type ManifestRow } from './manifest.js';
import { zipStream, type ArchiveEntry } from './zip-stream.js';

const BATCH = 200;
const NOWHERE = '00000000-0000-0000-0000-000000000000';
const MANIFESTS = ['manifest.json', 'manifest.csv'];
/** What deflating makes smaller; the others are packed already, or might as well be. */
const COMPRESSIBLE = /^(text\/|message\/|application\/(json|xml|rtf|msword|vnd\.ms-)|image\/(bmp|svg|tiff))/;

interface CaseHead {
  id: string;
  number: string;
  title: string;
  folderKnown: boolean;
}

interface VersionRow {
  documentId: string;
  number: number;
  title: string;
  type: string;
  status: string;
  privilege: string;
  author: string | null;
  documentDate: string | null;
  fileName: string;
  mediaType: string;
  size: string | number;
  sha256: string;
  objectId: string;
  createdAt: string;
  comment: string | null;
  folders: string[];
}

/** The documents of a case as one ZIP, made while it goes out: rows come in short flights, bytes from the store, and neither is held. */
@Injectable()
export class DocumentExport {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredFiles,
    private readonly quarantine: Quarantine,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Opens units of its own, each closed before a byte goes out. That it happened is on the audit trail before the first one does. */
  async export(caseId: string, query: ExportQuery): Promise<StreamedAnswer> {
    const actor = currentPrincipal();
    const about = await this.database.read(actor, () => this.database.first<CaseHead>(sql.EXPORT_HEAD, [caseId, query.folderId ?? null]));
    if (!about?.folderKnown) throw notFound();
    const headers = { 'content-type': 'application/zip', 'content-disposition': contentDisposition('attachment', `${about.number} documents.zip`), 'cache-control': 'private, no-store' };
    return new StreamedAnswer(200, headers, async () => {
      const exportedAt = await this.record(actor, about, query);
      return zipStream(this.entries(actor, about, query, exportedAt));
    });
  }

  private async record(actor: UserActor, about: CaseHead, { versions = 'current', ...filters }: ExportQuery): Promise<string> {
    const { requestId, address, reason } = currentRequest()!;
    const recorded = await this.database.write(actor, () =>
      this.database.first<{ createdAt: string }>(sql.INSERT_EXPORT, [about.id, newId(), actor.userId, versions, JSON.stringify(filters)]),
    { requestId, address, ...(reason !== undefined && { reason }) });
    if (!recorded) throw notFound();
    return recorded.createdAt;
  }

  private async *entries(actor: UserActor, about: CaseHead, query: ExportQuery, exportedAt: string): AsyncGenerator<ArchiveEntry> {
    const { versions = 'current', ...filters } = query;
    const paths = new ArchivePaths(MANIFESTS);
    const manifest = await Manifest.begin(this.quarantine, {
      case: { id: about.id, number: about.number, title: about.title }, exportedAt, exportedBy: actor.userId, versions, filters,
    });
    try {
      for (let last: VersionRow | undefined; ; ) {
        const rows = await this.batch(actor, about.id, query, last);
        for (const row of rows) {
          const path = paths.take(row.folders, row.fileName, versions === 'all' ? ` (v${row.number})` : '');
          const source = await this.open(actor, row);
          await manifest.add([listed(path, row, source ? null : 'missing: the store has no such object')]);
          if (source) yield { path, source, size: Number(row.size), at: new Date(row.createdAt), compress: COMPRESSIBLE.test(row.mediaType) };
        }
        if (rows.length < BATCH) break;
        last = rows.at(-1);
      }
      for (const { name, source } of await manifest.end()) yield { path: name, source, at: new Date(exportedAt), compress: true };
    } finally {
      await manifest.discard();
    }
  }

  private async batch(actor: UserActor, caseId: string, { versions, folderId, type }: ExportQuery, last: VersionRow | undefined): Promise<VersionRow[]> {
    const values = [caseId, last?.documentId ?? NOWHERE, last?.number ?? 0, folderId ?? null, type ?? null, versions === 'all', BATCH];
    const [visible, rows] = await this.database.read(actor, () => this.database.batch([{ text: sql.EXPORT_CASE, values: [caseId] }, { text: sql.EXPORT_BATCH, values }]));
    // hidden from the caller in the middle of it: an archive that breaks off says more than one that is short
    if (visible!.length === 0) throw notFound();
    return rows as unknown as VersionRow[];
  }

  /** Undefined: somebody removed it past LexiFlow; the manifest says so, and the rest goes out. */
  private async open({ firmId }: UserActor, { objectId, sha256, documentId, number }: VersionRow) {
    try {
      const source = await this.stored.open({ firmId, objectId, sha256 });
      return source.on('error', () => undefined); // whoever reads it hears of it, also when that begins later
    } catch (error) {
      if (!(error instanceof ObjectMissingError)) throw error;
      this.log.error({ err: error, document: documentId, version: number }, 'an export found no bytes for a version');
      return undefined;
    }
  }
}

const listed = (path: string, row: VersionRow, note: string | null): ManifestRow => ({
  path, documentId: row.documentId, title: row.title, version: row.number, size: Number(row.size), sha256: row.sha256, mediaType: row.mediaType, author: row.author,
  date: row.documentDate, type: row.type, status: row.status, privilege: row.privilege, addedAt: row.createdAt, comment: row.comment, note,
});
