import { finished, type PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file that goes into an archive; its source is read once the one before it is through. */
export interface ArchiveEntry {
  path: string;
  source: Readable;
  /** Of the source, where it is known: a source that turns out otherwise breaks the archive off. */
  size?: number;
  at: Date;
  compress: boolean;
}

/**
 * A ZIP that is made while it is read: one source is open at a time, and nothing is read ahead of the reader. A reader that
 * goes away closes the source at hand and ends the entries; a source that fails breaks the archive off, without a directory at its end.
 */
export function zipStream(entries: AsyncIterable<ArchiveEntry>): Readable {
  const zip = new ZipFile();
  const out = zip.outputStream as PassThrough;
  zip.on('error', (error: Error) => out.destroy(error));
  void fill(zip, out, entries).then(() => zip.end(), (error: Error) => out.destroy(error));
  return out;
}

async function fill(zip: ZipFile, out: PassThrough, entries: AsyncIterable<ArchiveEntry>): Promise<void> {
  for await (const { path, source, size, at, compress } of entries) {
    try {
      if (out.destroyed) throw new Error('nobody reads the archive any more');
      zip.addReadStream(source, path, { mtime: at, mode: 0o100644, compress, ...(size !== undefined && { size }) });
      await endOf(source, out);
    } finally {
      source.destroy();
    }
  }
}

function endOf(source: Readable, out: PassThrough): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('nobody reads the archive any more'));
    out.once('close', gone);
    finished(source, { writable: false }, (error) => {
      out.off('close', gone);
      if (error) reject(error);
      else resolve();
    });
  });
}
