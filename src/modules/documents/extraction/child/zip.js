// @ts-check
import yauzl from 'yauzl';
import { Outcome } from './outcome.js';

const MAX_ENTRIES = 20_000;
const MAX_UNPACKED = 1024 ** 3;
/** Whatever the ratio, so much may be unpacked: a short workbook of zeros is no bomb. */
const HARMLESS = 64 * 1024 ** 2;
const MAX_RATIO = 150;

/**
 * The parts of an Office file by name. Names are only looked up, never used as paths. Sizes are checked as declared
 * before anything is inflated, and yauzl holds each part to what it declared while it is.
 */
export class Parts {
  /** @param {yauzl.ZipFile} zip @param {Map<string, yauzl.Entry>} entries @param {number} fileSize */
  constructor(zip, entries, fileSize) {
    this.zip = zip;
    this.entries = entries;
    this.budget = Math.min(MAX_UNPACKED, Math.max(HARMLESS, fileSize * MAX_RATIO));
  }

  /** @param {string} path @param {number} fileSize */
  static async open(path, fileSize) {
    const zip = await yauzl.openPromise(path, { autoClose: false });
    /** @type {Map<string, yauzl.Entry>} */
    const entries = new Map();
    try {
      if (zip.entryCount > MAX_ENTRIES) throw new Outcome('too_large', `The archive has ${zip.entryCount} entries; at most ${MAX_ENTRIES} are read.`);
      for await (const entry of zip.eachEntry()) {
        if (entry.isEncrypted()) throw new Outcome('encrypted', 'The file is protected by a password.');
        if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
      }
    } catch (error) {
      zip.close();
      throw error;
    }
    return new Parts(zip, entries, fileSize);
  }

  /** @param {string} name */
  has(name) {
    return this.entries.has(name);
  }

  /** Names that match, in natural order: slide2 before slide10. @param {RegExp} pattern */
  names(pattern) {
    return [...this.entries.keys()].filter((name) => pattern.test(name)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  /** One part's bytes as they inflate. @param {string} name @returns {Promise<AsyncIterable<Buffer>>} */
  async stream(name) {
    const entry = this.entries.get(name);
    if (!entry) throw new Outcome('corrupt', `The file has no part "${name.slice(0, 100)}".`);
    this.budget -= entry.uncompressedSize;
    if (this.budget < 0) throw new Outcome('too_large', `The file unpacks to far more than its size: its part "${name.slice(0, 100)}" was not read.`);
    return this.zip.openReadStreamPromise(entry);
  }

  /** A small part as a whole. @param {string} name */
  async text(name, maxBytes = 1_000_000) {
    const pieces = [];
    let size = 0;
    for await (const piece of await this.stream(name)) {
      size += piece.length;
      if (size > maxBytes) throw new Outcome('too_large', `The file's part "${name.slice(0, 100)}" is too large.`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  close() {
    this.zip.close();
  }
}
