// @ts-check
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LimitReached, Outcome } from '../outcome.js';
import { contains } from '../scan.js';

/** A PDF is held in memory as a whole: its table of contents stands at its end. */
const MAX_BYTES = 300 * 1024 ** 2;
const NAMED_PAGES = 10;

/** PDF, page by page: its text, filled-in fields and comments. @type {import('../formats.js').Reader} */
export async function readPdf({ path, size }, out) {
  if (size > MAX_BYTES) throw new Outcome('too_large', `PDF files of up to ${MAX_BYTES / 1024 ** 2} MB are read; this one is larger.`);
  const pdfjs = await import('unpdf/pdfjs');
  const task = pdfjs.getDocument({
    data: new Uint8Array(await readFile(path)), isEvalSupported: false, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false,
    enableXfa: false, stopAtErrors: false, verbosity: 0, maxImageSize: 1,
  });
  const document = await task.promise.catch((error) => {
    if (error?.name === 'PasswordException') throw new Outcome('encrypted', 'The PDF is protected by a password.');
    throw new Outcome('corrupt', `The PDF cannot be opened: ${sentence(error)}`);
  });
  /** @type {number[]} */
  const broken = [];
  let blank = 0;
  for (let number = 1; number <= document.numPages; number++) {
    out.page(number);
    try {
      if (!(await readPage(document, number, out))) blank++;
    } catch (error) {
      if (error instanceof LimitReached) throw error;
      broken.push(number);
    }
    if (out.full || number % 20 === 0) await out.flush();
  }
  if (broken.length === document.numPages) throw new Outcome('corrupt', 'No page of the PDF can be read.');
  if (blank === document.numPages && (await contains(createReadStream(path), /\/Subtype\s*\/Image|\/CCITTFaxDecode|\/DCTDecode/))) {
    throw new Outcome('image_only', 'The PDF consists of pictures, as a scanner makes them; it has no text to read.');
  }
  return { pageCount: document.numPages, reason: remark(document.numPages, blank, broken) };
}

/** Whether the page has text. @param {import('unpdf/pdfjs').PDFDocumentProxy} document @param {number} number @param {import('../output.js').Output} out */
async function readPage(document, number, out) {
  const page = await document.getPage(number);
  try {
    const { items } = await page.getTextContent({ disableNormalization: false });
    let text = layOut(/** @type {any[]} */ (items));
    for (const note of await page.getAnnotations()) {
      const value = note.subtype === 'Widget' ? note.fieldValue : note.contentsObj?.str;
      if (typeof value === 'string' && value.trim() !== '' && value !== 'Off') text += `\n\n${value}`;
    }
    out.write(text);
    return /\S/.test(text);
  } finally {
    page.cleanup();
  }
}

/** Lines as they stand, a blank one where the gap between two is wider than usual. @param {{ str?: string, hasEOL?: boolean, transform?: number[], height?: number }[]} items */
function layOut(items) {
  let text = '';
  /** @type {number | undefined} */
  let lastY;
  let lastHeight = 0;
  let ended = false;
  for (const { str, hasEOL, transform, height } of items) {
    if (str === undefined) continue;
    if (str !== '' && transform) {
      const y = transform[5] ?? 0;
      if (ended && lastY !== undefined && lastY - y > Math.max(height ?? 0, lastHeight) * 1.75) text += '\n';
      ended = false;
      lastY = y;
      if (height) lastHeight = height;
    }
    text += str;
    if (hasEOL) {
      if (text.endsWith('\u00ad')) text = text.slice(0, -1);
      else text += '\n';
      ended = true;
    }
  }
  return text;
}

/** @param {number} pages @param {number} blank @param {number[]} broken */
function remark(pages, blank, broken) {
  const remarks = [];
  if (broken.length > 0) remarks.push(`${broken.length} of ${pages} pages cannot be read: ${broken.slice(0, NAMED_PAGES).join(', ')}${broken.length > NAMED_PAGES ? ' ...' : ''}.`);
  if (blank > 0 && blank < pages) remarks.push(`${blank} of ${pages} pages have no text; they are blank or pictures.`);
  return remarks.length > 0 ? remarks.join(' ') : undefined;
}

/** @param {unknown} error */
const sentence = (error) => `${(error instanceof Error ? error.message : String(error)).slice(0, 200).replace(/\.$/, '')}.`;
