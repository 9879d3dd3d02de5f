import { ZipFile } from 'yazl';

const WRITTEN = new Date(2026, 0, 15, 12, 0, 0); // local time, as ZIP wants it: the same bytes everywhere

/** A ZIP of these parts, in their order. @param {Record<string, string | Buffer>} parts @param {string[]} [stored] those that are not to be compressed */
export async function zipOf(parts, stored = []) {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) {
    zip.addBuffer(Buffer.from(content), name, { mtime: WRITTEN, mode: 0o100644, compress: !stored.includes(name), forceDosTimestamp: true });
  }
  zip.end();
  const pieces = [];
  for await (const piece of zip.outputStream) pieces.push(piece);
  return Buffer.concat(pieces);
}
