// @ts-check
import { open } from 'node:fs/promises';
import { encodingOf } from './encoding.js';
import { Outcome } from './outcome.js';
import { readDocx } from './readers/docx.js';
import { readEml } from './readers/eml.js';
import { readHtml } from './readers/html.js';
import { readOdf } from './readers/odf.js';
import { readPdf } from './readers/pdf.js';
import { readPptx } from './readers/pptx.js';
import { readRtf } from './readers/rtf.js';
import { readText } from './readers/text.js';
import { readXlsx } from './readers/xlsx.js';
import { Parts } from './zip.js';

/**
 * @typedef {'pdf' | 'docx' | 'xlsx' | 'pptx' | 'odt' | 'ods' | 'odp' | 'rtf' | 'html' | 'eml' | 'text'} Kind
 * @typedef {{ made: boolean, wanted: boolean, maxCount: number, maxBytes: number }} AttachmentLimits `made`: they are documents already
 * @typedef {{ path: string, mediaType: string, fileName: string, maxCharacters: number, attachments: AttachmentLimits }} Order what the server asks for
 * @typedef {{ kind: Kind, path: string, size: number, head: Buffer, encoding: string, parts: Parts, attachments: AttachmentLimits }} Source
 *   `parts` only for archives, `encoding` only for text
 * @typedef {{ pageCount: number | null, reason?: string | undefined }} Summary
 * @typedef {(source: Source, out: import('./output.js').Output) => Promise<Summary>} Reader
 */

const HEAD = 64 * 1024;

/** @type {Record<Kind, Reader>} */
const READERS = {
  pdf: readPdf, docx: readDocx, xlsx: readXlsx, pptx: readPptx, odt: readOdf, ods: readOdf, odp: readOdf, rtf: readRtf, html: readHtml, eml: readEml, text: readText,
};

/** What a name promises, where it promises something that could be read. @type {Record<string, string>} */
const PROMISES = {
  pdf: 'a PDF', docx: 'a Word document', docm: 'a Word document', xlsx: 'a workbook', xlsm: 'a workbook', pptx: 'a presentation', odt: 'an OpenDocument text', ods: 'an OpenDocument sheet',
  odp: 'an OpenDocument presentation', rtf: 'rich text', html: 'a web page', htm: 'a web page', txt: 'text', md: 'text', csv: 'text', eml: 'a message',
};

/**
 * Reads a file by what it is, whatever it is called. Throws an Outcome where there is no text to be had.
 * @param {Order} order @param {import('./output.js').Output} out @returns {Promise<Summary>}
 */
export async function readFile(order, out) {
  const { head, size } = await beginning(order.path);
  if (size === 0) throw new Outcome('empty', 'The file has no bytes.');
  const base = { path: order.path, size, head, encoding: '', parts: /** @type {Parts} */ (/** @type {unknown} */ (undefined)), attachments: order.attachments };
  const magic = magicOf(head);
  if (magic === 'zip') return readArchive(order, base, out);
  if (magic) return READERS[magic]({ ...base, kind: magic }, out);
  if (isCompound(head)) throw await compound(order.path, size);
  const known = /^(image|audio|video|font)\//.exec(order.mediaType)?.[1];
  const encoding = known ? undefined : await encodingOf(order.path, head);
  if (!encoding) throw notReadable(order, known);
  const kind = textKind(order, head, encoding);
  return READERS[kind]({ ...base, kind, encoding }, out);
}

/** @param {string} path */
async function beginning(path) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(HEAD, size)), 0, Math.min(HEAD, size), 0);
    return { head: buffer.subarray(0, bytesRead), size };
  } finally {
    await file.close();
  }
}

/** @param {Buffer} head @returns {'pdf' | 'rtf' | 'zip' | undefined} */
function magicOf(head) {
  if (head.subarray(0, 1024).includes('%PDF-')) return 'pdf';
  if (/^(\xef\xbb\xbf)?\s{0,16}\{\\rtf/.test(head.subarray(0, 32).toString('latin1'))) return 'rtf';
  return head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')) || head.subarray(0, 4).equals(Buffer.from('PK\u0005\u0006')) ? 'zip' : undefined;
}

/** @param {Order} order @param {Omit<Source, 'kind'>} base @param {import('./output.js').Output} out */
async function readArchive(order, base, out) {
  let parts;
  try {
    parts = await Parts.open(order.path, base.size);
  } catch (error) {
    if (error instanceof Outcome) throw error;
    throw new Outcome('corrupt', `The archive cannot be opened: ${(/** @type {Error} */ (error)).message.slice(0, 200)}.`);
  }
  try {
    const kind = await archiveKind(parts);
    if (!kind && promiseOf(order)) throw new Outcome('mislabelled', `The name says ${promiseOf(order)}, but the content is an archive of another kind.`);
    if (!kind) throw new Outcome('unsupported', 'The file is an archive; upload the files in it to have them read.');
    return await READERS[kind]({ ...base, kind, parts }, out);
  } finally {
    parts.close();
  }
}

/** @param {Parts} parts @returns {Promise<Kind | undefined>} */
async function archiveKind(parts) {
  if (parts.has('[Content_Types].xml')) {
    if (parts.has('xl/workbook.xml')) return 'xlsx';
    if (parts.has('ppt/presentation.xml')) return 'pptx';
    if (parts.names(/^word\/document\d*\.xml$/).length > 0) return 'docx';
  }
  if (!parts.has('mimetype') || !parts.has('content.xml')) return undefined;
  const stated = await parts.text('mimetype', 200);
  const kind = /^application\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)/.exec(stated)?.[1];
  return kind === 'text' ? 'odt' : kind === 'spreadsheet' ? 'ods' : kind === 'presentation' ? 'odp' : undefined;
}

/** @param {Buffer} head */
const isCompound = (head) => head.subarray(0, 8).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]));

/** Old Office files, Outlook messages, and the wrapping of encrypted new ones; their directory may stand anywhere. @param {string} path @param {number} size */
async function compound(path, size) {
  const file = await open(path);
  try {
    for (let at = 0; at < Math.min(size, 64 * 1024 ** 2); at += 1024 ** 2) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1024 ** 2 + 64), 0, 1024 ** 2 + 64, at);
      if (buffer.subarray(0, bytesRead).includes(Buffer.from('EncryptedPackage', 'utf16le'))) return new Outcome('encrypted', 'The file is protected by a password.');
    }
  } finally {
    await file.close();
  }
  return new Outcome('unsupported', 'The file is of an old binary format (Office before 2007, or an Outlook message); save it in a current one to have it read.');
}

/** @param {Order} order @param {string | undefined} known */
function notReadable(order, known) {
  const promised = promiseOf(order);
  if (promised) return new Outcome('mislabelled', `The name says ${promised}, but the content is ${known ? `of the type ${order.mediaType}` : 'none'}.`);
  if (known === 'image') return new Outcome('image_only', 'The file is a picture; it has no text to read.');
  return new Outcome('unsupported', `Files of the type ${order.mediaType || 'unknown'} are kept, but their text is not read.`);
}

/** @param {Order} order */
const extension = (order) => /\.([a-z0-9]{1,5})$/i.exec(order.fileName)?.[1]?.toLowerCase() ?? '';
/** @param {Order} order */
const promiseOf = (order) => PROMISES[extension(order)];

/** @param {Order} order @param {Buffer} head @param {string} encoding @returns {Kind} */
function textKind(order, head, encoding) {
  const name = extension(order);
  const start = new TextDecoder(encoding.startsWith('utf-16') ? encoding : 'latin1').decode(head.subarray(0, 4096)).replace(/^(\ufeff|\u00ef\u00bb\u00bf)/, '').trimStart();
  if (/^(<!doctype\s+html|<html[\s>])/i.test(start)) return 'html';
  if (name === 'eml' || order.mediaType === 'message/rfc822' || /^(Received|Return-Path|Delivered-To|MIME-Version|Message-ID):\s/i.test(start)) return 'eml';
  if (/^(html?|xhtml)$/.test(name) || (/^(text\/html|application\/xhtml)/.test(order.mediaType) && name === '')) return 'html';
  return 'text';
}
