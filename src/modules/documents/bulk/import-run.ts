import { busy } from '../../../common/errors/problem.js';
import { toProblem } from '../../../common/http/problem.filter.js';
import { newId } from '../../../common/ids.js';
import type { Database } from '../../../database/database.js';
import { PermanentFailure, type JobContext } from '../../jobs/job-handler.js';
import { ObjectMissingError } from '../../storage/object-store.js';
import type { Quarantine } from '../../storage/quarantine.js';
import type { PlacedFile, StoredFiles } from '../../storage/stored-files.service.js';
import type { TaskProgress } from '../../tasks/task-progress.js';
import { describeReceived, type DescribedFile } from '../files/described-file.js';
import { titleOf } from '../files/file-names.js';
import type { NewDocuments } from '../versions/new-documents.service.js';
import { fileTypeRefused, objectMissing } from '../versions/versions.errors.js';
import { folderAt } from './import-folders.js';
import type { ImportDocuments, ImportedFile } from './import.dto.js';
import * as errors from './import.errors.js';
import { importPath, pathText, type ImportPath } from './import-paths.js';
import * as sql from './import.queries.js';
import { ZipUpload, type ZipEntry, type ZipLimits } from './zip-entries.js';

export interface ImportTools {
  database: Database;
  quarantine: Quarantine;
  stored: StoredFiles;
  documents: NewDocuments;
}

export interface ImportOrder {
  taskId: string;
  caseId: string;
  filedUnder: ImportDocuments;
}

/** A row of document_import_files. */
interface FileRow {
  id: string;
  firmId: string;
  upload: number;
  entry: number;
  path: string;
  sha256: string;
  size: number;
  mediaType: string;
  nameMatches: boolean;
  declaredType: string | null;
  outcome: string | null;
  result: Omit<ImportedFile, 'path' | 'outcome'>;
}

/** A file whose bytes are in the store, and what they are. */
interface Prepared {
  path: ImportPath;
  described: DescribedFile;
  placed: PlacedFile;
}

/** A file to be dealt with. */
interface Pending {
  id: string;
  /** In the transaction that settles it: holds its row, so that no other run makes a second document. False: another run has settled it. */
  hold: () => Promise<boolean>;
  archive?: string;
}

type Outcome = Pick<ImportedFile, 'outcome' | 'code' | 'detail'>;

const ZIP = 'application/zip';
/** From this attempt of the job on a file that fails is left at that; the job has more, for servers that are restarted. */
const ATTEMPTS_OF_A_FILE = 3;

/** One run of an import: goes on where the one before it broke off. Each file ends in an outcome of its own, written with its document. */
export class ImportRun {
  private done = 0;
  private total = 0;

  constructor(
    private readonly tools: ImportTools,
    private readonly order: ImportOrder,
    private readonly job: JobContext,
    private readonly progress: TaskProgress,
    private readonly limits: ZipLimits,
  ) {}

  async run(): Promise<void> {
    await this.assertVisible();
    const rows = await this.rows();
    if (rows.length === 0) return this.progress.fail(errors.importExpired('Send them again.'));
    this.total = rows.length;
    this.done = rows.filter(({ outcome }) => outcome !== null).length;
    for (const row of rows) {
      if (row.outcome !== null) continue;
      if (row.mediaType === ZIP) await this.unpack(row, rows.filter(({ upload, entry }) => upload === row.upload && entry > 0));
      else await this.makeOf(row);
      await this.step();
    }
    await this.end();
  }

  /** A file that was uploaded as such. */
  private makeOf(row: FileRow): Promise<void> {
    const path = importPath(row.path);
    const { mediaType, nameMatches, declaredType } = row;
    const described = { fileName: path.fileName, title: titleOf(path.fileName), mediaType, nameMatches, declaredType, refused: undefined };
    return this.deal(this.uploaded(row), async () => ({ path, described, placed: placedAs(row) }));
  }

  private async unpack(row: FileRow, settled: readonly FileRow[]): Promise<void> {
    const outcome = await this.unpackAll(row, settled).then(() => ({ outcome: 'expanded' as const }), (error: unknown) => this.outcomeOf(error));
    if (await this.settle(this.uploaded(row), outcome)) this.tools.stored.withdraw(placedAs(row));
  }

  private async unpackAll(row: FileRow, settled: readonly FileRow[]): Promise<void> {
    const { quarantine, stored } = this.tools;
    const source = await stored.open({ firmId: row.firmId, objectId: row.id, sha256: row.sha256 });
    source.on('error', () => undefined); // whoever reads it hears of it, also when that begins later
    const file = await quarantine.receive(source, { maxBytes: row.size, tooLarge: () => new Error('the stored ZIP is longer than it was') });
    try {
      const zip = await ZipUpload.open(file.path, file.size, { ...this.limits, entries: this.limits.entries - this.total + settled.length + 1 });
      try {
        await this.takeAllOut(row, zip, new Set(settled.map(({ entry }) => entry)));
      } finally {
        zip.close();
      }
    } finally {
      await quarantine.discard(file);
    }
  }

  private async takeAllOut(row: FileRow, zip: ZipUpload, settled: ReadonlySet<number>): Promise<void> {
    const open = zip.entries.filter(({ number }) => !settled.has(number));
    this.total += open.length;
    for (const entry of open) {
      const id = newId();
      const path = importPath(entry.name);
      const hold = async () => (await this.tools.database.query(sql.INSERT_ENTRY, [row.id, id, entry.number, pathText(path)])).length > 0;
      const pending = { id, hold, archive: row.path };
      if (entry.litter) await this.settle(pending, { outcome: 'skipped' });
      else await this.deal(pending, () => this.takeOut(row.firmId, zip, entry, path));
      await this.step();
    }
  }

  /** The bytes of an entry on their way into the store, as those of an upload go. */
  private async takeOut(firmId: string, zip: ZipUpload, entry: ZipEntry, path: ImportPath): Promise<Prepared> {
    if (entry.refused) throw entry.refused;
    const { quarantine, stored } = this.tools;
    const file = await quarantine.receive(await zip.read(entry), { maxBytes: entry.size, tooLarge: () => errors.zipEntryTooLarge('It has more than its ZIP says.') });
    try {
      const described = await describeReceived(file, path.fileName);
      if (described.refused !== undefined) throw fileTypeRefused(described.refused);
      return { path, described, placed: await stored.place(firmId, file) };
    } finally {
      await quarantine.discard(file); // unless the store took it over
    }
  }

  /** Makes the document, or says why not. `prepare` runs before the transaction. */
  private async deal(pending: Pending, prepare: () => Promise<Prepared>): Promise<void> {
    let prepared: Prepared | undefined;
    try {
      prepared = await prepare();
      const made = await this.job.write(() => this.make(pending, prepared!));
      // another run took the same entry out of its ZIP; the bytes of an upload may be what its document refers to
      if (!made && pending.archive !== undefined) this.tools.stored.withdraw(prepared.placed);
    } catch (error) {
      const settled = await this.settle(pending, await this.outcomeOf(error));
      if (settled && prepared) this.tools.stored.withdraw(prepared.placed); // no transaction refers to it, now or later
    }
  }

  /** False where another run has settled it. */
  private async make(pending: Pending, { path, described, placed }: Prepared): Promise<boolean> {
    const { database, documents, stored } = this.tools;
    const { caseId, filedUnder } = this.order;
    if (!(await pending.hold())) return false;
    await documents.assertPlace({ caseId, ...(filedUnder.folderId !== undefined && { folderId: filedUnder.folderId }) });
    const folderId = await folderAt(database, caseId, filedUnder.folderId, path.folders);
    const same = await database.first<{ id: string }>(sql.SAME_IN_FOLDER, [caseId, folderId ?? null, placed.sha256]);
    const { id } = await documents.create({ ...filedUnder, caseId, ...(folderId !== undefined && { folderId }) }, { ...described, placed }, await stored.claim(placed));
    const result = { documentId: id, ...(same && { sameAs: same.id }), ...(pending.archive !== undefined && { archive: pending.archive }) };
    await database.execute(sql.SETTLE_FILE, [pending.id, 'created', JSON.stringify(result)]);
    return true;
  }

  /** False where another run has settled it. */
  private settle({ id, hold, archive }: Pending, { outcome, ...result }: Omit<Outcome, 'outcome'> & { outcome: string }): Promise<boolean> {
    return this.job.write(async () => {
      if (!(await hold())) return false;
      await this.tools.database.execute(sql.SETTLE_FILE, [id, outcome, JSON.stringify({ ...result, ...(archive !== undefined && { archive }) })]);
      return true;
    });
  }

  /** What an error means for the file; throws what means something for the whole import, or may go well next time. */
  private async outcomeOf(error: unknown): Promise<Outcome> {
    if (error instanceof PermanentFailure || this.job.signal.aborted) throw error;
    const problem = error instanceof ObjectMissingError ? objectMissing() : toProblem(error);
    if (problem.status === 401) throw error; // whoever started it has left
    if (problem.code === errors.unknownCase.code) await this.assertVisible();
    const lasting = problem.code === objectMissing.code || (problem.status < 500 && problem.code !== busy.code);
    if (!lasting && this.job.attempt < ATTEMPTS_OF_A_FILE) throw error;
    return { outcome: problem.status < 500 ? 'refused' : 'failed', code: problem.code, detail: problem.extras.detail ?? problem.title };
  }

  private async assertVisible(): Promise<void> {
    const { database } = this.tools;
    if (!(await this.job.read(() => database.first(sql.CASE_VISIBLE, [this.order.caseId])))) throw new PermanentFailure('the case is hidden from who started the import');
  }

  private async end(): Promise<void> {
    const { database } = this.tools;
    await this.assertVisible(); // or the rows would be missing, and the task with them
    const rows = await this.rows();
    const files = rows.filter(({ outcome }) => outcome !== 'expanded').map(({ path, outcome, result }) => ({ path, outcome, ...result }));
    const count = (outcome: string) => files.filter((file) => file.outcome === outcome).length;
    await this.job.write(async () => {
      await this.progress.complete({ created: count('created'), refused: count('refused'), failed: count('failed'), skipped: count('skipped'), files });
      await database.execute(sql.DELETE_FILES, [this.order.taskId]);
    });
  }

  private uploaded({ id }: FileRow): Pending {
    return { id, hold: async () => (await this.tools.database.query(sql.HOLD_FILE, [id])).length > 0 };
  }

  private async step(): Promise<void> {
    this.done++;
    await this.progress.progress(this.done, this.total);
  }

  private rows(): Promise<FileRow[]> {
    return this.job.read(() => this.tools.database.query<FileRow>(sql.FILES_OF, [this.order.taskId]));
  }
}

/** The bytes of an uploaded file wait under the id of its row. */
const placedAs = ({ firmId, id, sha256, size }: FileRow): PlacedFile => ({ firmId, id, sha256, size });
