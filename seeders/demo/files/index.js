/** Writers of real files of every kind, from the same content: for the demo, and for tests. */
export { docxOf } from './docx.js';
export { emlOf } from './eml.js';
export { odpOf, odsOf, odtOf } from './odf.js';
export { pdfOf, scanOf } from './pdf.js';
export { pptxOf } from './pptx.js';
export { rtfOf } from './rtf.js';
export { csvOf, htmlOf, markdownOf, textOf } from './text.js';
export { xlsxOf } from './xlsx.js';
export { zipOf } from './zip.js';
