import { PDFDocument } from 'pdfkit';
import { headingText, kindOf, momentOf } from './blocks.js';

/** PDF with text. @param {import('./blocks.js').Content} content @param {{ userPassword?: string, ownerPassword?: string }} [lock] */
export async function pdfOf(content, lock = {}) {
  const pdf = newPdf(content, lock);
  const done = bytesOf(pdf);
  if (content.header) {
    const stamp = () => pdf.font('Times-Italic').fontSize(9).text(content.header, 72, 40, { lineBreak: false }).font('Times-Roman').fontSize(11).text('', 72, 72);
    stamp();
    pdf.on('pageAdded', stamp);
  }
  pdf.font('Times-Bold').fontSize(16).text(content.title, { align: 'center' }).moveDown();
  for (const block of content.blocks) write(pdf, block);
  for (const [i, note] of (content.footnotes ?? []).entries()) pdf.font('Times-Roman').fontSize(8).text(`${i + 1} ${note}`);
  pdf.end();
  return done;
}

/** A PDF as a scanner makes it: a picture on every page, no text. @param {number} pages */
export async function scanOf(pages) {
  const pdf = newPdf({ title: 'Scan' }, {});
  const done = bytesOf(pdf);
  for (let page = 0; page < pages; page++) {
    if (page > 0) pdf.addPage();
    pdf.image(GREY, 0, 0, { width: 612, height: 792 });
  }
  pdf.end();
  return done;
}

/** The smallest PNG: one grey dot. */
const GREY = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');

/** @param {{ title: string, author?: string, date?: string }} content @param {object} lock */
const newPdf = (content, lock) => new PDFDocument({
  size: 'LETTER', margin: 72, info: { Title: content.title, Author: content.author ?? '', CreationDate: momentOf(content) }, ...lock,
});

/** @param {any} pdf @param {import('./blocks.js').Block} block */
function write(pdf, block) {
  const body = () => pdf.font('Times-Roman').fontSize(11);
  switch (kindOf(block)) {
    case 'heading': return pdf.moveDown(0.5).font('Times-Bold').fontSize(12).text(headingText(block)).moveDown(0.5);
    case 'items': return body().list(block.items).moveDown();
    case 'table': for (const row of block.table) body().text(row.join('    ')); return pdf.moveDown();
    case 'page': return pdf.addPage();
    default: return body().text(block, { lineGap: 2 }).moveDown();
  }
}

/** @param {any} pdf @returns {Promise<Buffer>} */
function bytesOf(pdf) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const pieces = [];
    pdf.on('data', (piece) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces))).on('error', reject);
  });
}
