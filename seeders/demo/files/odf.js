import { headingText, kindOf, pagesOf, xml } from './blocks.js';
import { zipOf } from './zip.js';

const NAMES = ['office', 'text', 'table', 'draw'].map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name === 'draw' ? 'drawing' : name}:1.0"`).join(' ');

/** OpenDocument text. @param {import('./blocks.js').Content} content */
export const odtOf = (content) => odf('text', `<text:h text:outline-level="1">${xml(content.title)}</text:h>${content.blocks.map(blockOf).join('')}`);

/** OpenDocument sheets. @param {{ name: string, rows: (string | number)[][] }[]} sheets */
export const odsOf = (sheets) => odf('spreadsheet', sheets.map(({ name, rows }) => `<table:table table:name="${xml(name)}">${rowsOf(rows)}</table:table>`).join(''));

/** OpenDocument slides. @param {import('./blocks.js').Content} content */
export const odpOf = (content) => odf('presentation', pagesOf(content.blocks).map((blocks, i) => `<draw:page draw:name="page${i + 1}"><draw:frame><draw:text-box>${blocks.map(blockOf).join('')}</draw:text-box></draw:frame></draw:page>`).join(''));

/** @param {string} kind @param {string} body */
function odf(kind, body) {
  const type = `application/vnd.oasis.opendocument.${kind}`;
  return zipOf({
    mimetype: type,
    'content.xml': `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${NAMES} office:version="1.3"><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    'META-INF/manifest.xml': `<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
  }, ['mimetype']);
}

/** @param {import('./blocks.js').Block} block */
function blockOf(block) {
  switch (kindOf(block)) {
    case 'heading': return `<text:h text:outline-level="2">${xml(headingText(block))}</text:h>`;
    case 'items': return `<text:list>${block.items.map((item) => `<text:list-item><text:p>${xml(item)}</text:p></text:list-item>`).join('')}</text:list>`;
    case 'table': return `<table:table>${rowsOf(block.table)}</table:table>`;
    case 'page': return '<text:soft-page-break/>';
    default: return `<text:p>${xml(block)}</text:p>`;
  }
}

/** @param {(string | number)[][]} rows */
const rowsOf = (rows) => rows.map((row) => `<table:table-row>${row.map((cell) => `<table:table-cell><text:p>${xml(cell)}</text:p></table:table-cell>`).join('')}</table:table-row>`).join('');
