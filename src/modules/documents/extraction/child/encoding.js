// @ts-check
import { createReadStream } from 'node:fs';
import chardet from 'chardet';
import iconv from 'iconv-lite';
import { Outcome } from './outcome.js';

const SAMPLE = 256 * 1024;

/**
 * The encoding of a text: what its byte order mark says; UTF-16 by where its zeros stand; UTF-8 where the whole file is
 * valid UTF-8; else what the statistics of a sample say. Undefined: no text at all.
 * @param {string} path @param {Buffer} head the first bytes of the file
 * @returns {Promise<string | undefined>}
 */
export async function encodingOf(path, head) {
  const marked = markOf(head);
  if (marked) return marked;
  const wide = wideOf(head);
  if (wide) return wide;
  if (looksBinary(head)) return undefined;
  const sample = await unlessUtf8(path);
  if (!sample) return 'utf-8';
  const guess = chardet.detect(sample) ?? 'windows-1252';
  // ISO-8859-1 as found in the wild is Windows-1252, whose quotes and dashes are controls there
  const name = /^(ISO-8859-1|ASCII|UTF-8)$/i.test(guess) ? 'windows-1252' : guess;
  return iconv.encodingExists(name) ? name : 'windows-1252';
}

/** The file's text, piece by piece. @param {string} path @param {string} encoding @returns {AsyncGenerator<string>} */
export async function* decoded(path, encoding) {
  const decoder = iconv.getDecoder(encoding, { stripBOM: true });
  for await (const piece of createReadStream(path, { highWaterMark: 64 * 1024 })) yield decoder.write(/** @type {Buffer} */ (piece));
  const rest = decoder.end();
  if (rest) yield rest;
}

/** @param {Buffer} head */
function markOf(head) {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return head[2] === 0 && head[3] === 0 ? 'utf-32le' : 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0 && head[1] === 0 && head[2] === 0xfe && head[3] === 0xff) return 'utf-32be';
  return undefined;
}

/** UTF-16 without a mark: blanks, digits and line ends leave zeros, all of them at even places or all at odd ones. @param {Buffer} head */
function wideOf(head) {
  const length = Math.min(head.length - (head.length % 2), 8192);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const wide = odd > 0 && even < odd * 0.05 ? 'utf-16le' : even > 0 && odd < even * 0.05 ? 'utf-16be' : undefined;
  if (!wide) return undefined;
  // zeros at every other place are also what tables of small numbers are made of
  const text = iconv.decode(head.subarray(0, length), wide);
  const odds = text.match(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\s]/gu)?.length ?? 0;
  return odds > text.length * 0.01 ? undefined : wide;
}

/** @param {Buffer} head */
function looksBinary(head) {
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    if (byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27) controls++;
  }
  return controls > head.length * 0.02;
}

/** A sample around the first bytes that are no UTF-8; undefined where all of it is. @param {string} path */
async function unlessUtf8(path) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of createReadStream(path, { highWaterMark: SAMPLE })) {
    const bytes = /** @type {Buffer} */ (piece);
    if (bytes.includes(0)) throw new Outcome('unsupported', 'The file begins as text but is none.');
    try {
      decoder.decode(bytes, { stream: true });
    } catch {
      return bytes;
    }
  }
  return undefined;
}
