import { Transform, type Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, openPromise, type Entry, type ZipFile } from 'yauzl';
import type { Problem } from '../../../common/errors/problem.js';
import * as errors from './import.errors.js';
import { isLitter } from './import-paths.js';

/** What one ZIP may come to. */
export interface ZipLimits {
  entries: number;
  entryBytes: number;
  totalBytes: number;
}

/** A file in a ZIP, by its directory; nothing of it has been inflated. */
export interface ZipEntry {
  /** Its place in the directory, counted from 1: always the same for the same ZIP. */
  number: number;
  /** As it stands there: anything may. */
  name: string;
  size: number;
  /** Nobody means to import it. */
  litter: boolean;
  /** Why it is not taken. */
  refused: Problem | undefined;
}

/** Beyond this, a size is one that an honest packer does not come to; small files may be all blanks. */
const MOST_RATIO = 200;
const RATIO_FROM_BYTES = 1024 * 1024;
const [FILE_KIND, SYMLINK, FOLDER, PLAIN] = [0o170000, 0o120000, 0o040000, 0o100000];
const UNIX = 3;

/**
 * A ZIP somebody sent. Its directory is read whole and judged before anything is inflated; entries are then read one by one, held to the
 * size and the checksum that the directory gives. A ZIP in a ZIP is a file like others.
 */
export class ZipUpload {
  private constructor(
    private readonly zip: ZipFile,
    private readonly raw: ReadonlyMap<number, Entry>,
    readonly entries: readonly ZipEntry[],
  ) {}

  /** Throws a problem that says what is wrong with the whole of it. */
  static async open(path: string, size: number, limits: ZipLimits): Promise<ZipUpload> {
    // names are decoded here: yauzl would give the whole ZIP up for one that leads elsewhere
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false }).catch((error: Error) => {
      throw errors.zipUnreadable(`${error.message}.`);
    });
    try {
      const raw = new Map<number, Entry>();
      const entries = await judge(zip, size, limits, raw);
      return new ZipUpload(zip, raw, entries);
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  /** The bytes of an entry that was not refused; fails when they are not what the directory says. */
  async read({ number }: ZipEntry): Promise<Readable> {
    const entry = this.raw.get(number)!;
    const source = await this.zip.openReadStreamPromise(entry).catch((error: Error) => {
      throw errors.zipEntryUnreadable(`${error.message}.`);
    });
    const checked = checksum(entry.crc32);
    checked.on('error', () => undefined); // whoever reads it hears of it, also when that begins later
    source.on('error', (error: Error) => checked.destroy(errors.zipEntryUnreadable(`${error.message}.`)));
    checked.on('close', () => source.destroy());
    return source.pipe(checked);
  }

  close(): void {
    this.zip.close();
  }
}

async function judge(zip: ZipFile, size: number, limits: ZipLimits, raw: Map<number, Entry>): Promise<ZipEntry[]> {
  if (zip.entryCount > limits.entries * 2) throw tooMany(limits); // folders have entries too
  const entries: ZipEntry[] = [];
  let [number, total] = [0, 0];
  try {
    for await (const entry of zip.eachEntry()) {
      number++;
      const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
      if (/[/\\]$/.test(name) || kindOf(entry) === FOLDER) continue;
      const litter = isLitter(name);
      if (!litter) total += entry.uncompressedSize;
      raw.set(number, entry);
      entries.push({ number, name, size: entry.uncompressedSize, litter, refused: litter ? undefined : whyRefused(entry, limits) });
    }
  } catch (error) {
    throw errors.zipUnreadable(`${(error as Error).message}.`);
  }
  if (entries.length > limits.entries) throw tooMany(limits);
  if (total > limits.totalBytes) throw errors.zipTooLarge(`Unpacked it has ${inMegabytes(total)}; at most ${inMegabytes(limits.totalBytes)} are taken.`);
  if (total > RATIO_FROM_BYTES && total > size * MOST_RATIO) throw errors.zipTooLarge(`It would unpack to ${Math.round(total / size)} times its size: that is no ordinary ZIP.`);
  return entries;
}

const tooMany = (limits: ZipLimits): Problem => errors.zipTooManyFiles(`At most ${limits.entries} files are imported at once.`);
const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`;

/** What a packer on Unix says of the file; 0 where nobody says. */
const kindOf = (entry: Entry): number => (entry.versionMadeBy >> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & FILE_KIND : 0);

function whyRefused(entry: Entry, limits: ZipLimits): Problem | undefined {
  const kind = kindOf(entry);
  if (kind === SYMLINK) return errors.zipEntryLink();
  if (kind !== 0 && kind !== PLAIN) return errors.zipEntryLink('It is a device or the like, no file.');
  if (entry.isEncrypted()) return errors.zipEntryEncrypted();
  if (!entry.canDecodeFileData()) return errors.zipEntryUnreadable(`Its method of compression (${entry.compressionMethod}) is not known here.`);
  if (entry.uncompressedSize > limits.entryBytes) return errors.zipEntryTooLarge(`It has ${inMegabytes(entry.uncompressedSize)}; at most ${inMegabytes(limits.entryBytes)} are taken.`);
  if (entry.uncompressedSize > RATIO_FROM_BYTES && entry.uncompressedSize > entry.compressedSize * MOST_RATIO) return errors.zipEntryTooLarge('It would unpack to more than 200 times its size.');
  return undefined;
}

function checksum(expected: number): Transform {
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush(done) {
      done(sum === expected ? null : errors.zipEntryUnreadable('Its checksum does not fit.'));
    },
  });
}
