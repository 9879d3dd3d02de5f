import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Quarantine } from '../../storage/quarantine.js';

/** A file of the archive, as its manifest lists it. */
export interface ManifestRow {
  path: string;
  documentId: string;
  title: string;
  version: number;
  size: number;
  sha256: string;
  mediaType: string;
  author: string | null;
  date: string | null;
  type: string;
  status: string;
  privilege: string;
  addedAt: string;
  comment: string | null;
  /** Null: the file is in the archive. */
  note: string | null;
}

const COLUMNS = ['path', 'documentId', 'title', 'version', 'size', 'sha256', 'mediaType', 'author', 'date', 'note'] as const satisfies readonly (keyof ManifestRow)[];

/** What is in an archive, twice: as JSON, and as a table. Written to disk row by row, since it grows with the archive. */
export class Manifest {
  private rows = 0;

  private constructor(
    private readonly quarantine: Quarantine,
    private readonly paths: { json: string; csv: string },
    private readonly files: { json: FileHandle; csv: FileHandle },
  ) {}

  static async begin(quarantine: Quarantine, head: object): Promise<Manifest> {
    const paths = { json: quarantine.newPath(), csv: quarantine.newPath() };
    const manifest = new Manifest(quarantine, paths, { json: await open(paths.json, 'wx', 0o600), csv: await open(paths.csv, 'wx', 0o600) });
    await manifest.files.json.write(`${JSON.stringify(head).slice(0, -1)},"files":[`);
    await manifest.files.csv.write(`\ufeff${lineOf(COLUMNS)}`); // the mark tells Excel that it is UTF-8
    return manifest;
  }

  async add(rows: readonly ManifestRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.files.json.write(`${this.rows > 0 ? ',\n' : '\n'}${rows.map((row) => JSON.stringify(row)).join(',\n')}`);
    await this.files.csv.write(rows.map((row) => lineOf(COLUMNS.map((column) => row[column]))).join(''));
    this.rows += rows.length;
  }

  /** Nothing is added afterwards. */
  async end(): Promise<{ name: string; source: Readable }[]> {
    await this.files.json.write(`\n],"count":${this.rows}}\n`);
    return [{ name: 'manifest.json', source: createReadStream(this.paths.json) }, { name: 'manifest.csv', source: createReadStream(this.paths.csv) }];
  }

  async discard(): Promise<void> {
    for (const kind of ['json', 'csv'] as const) {
      await this.files[kind].close().catch(() => undefined);
      await this.quarantine.discard({ path: this.paths[kind] });
    }
  }
}

/** A cell that begins like a formula would be one when the table is opened; manifest.json has the text as it is. */
const lineOf = (values: readonly (string | number | null)[]): string =>
  `${values.map((value) => `"${String(value ?? '').replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`).join(',')}\r\n`;
