import { headingText, kindOf, momentOf, xml } from './blocks.js';
import { zipOf } from './zip.js';

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Word. @param {import('./blocks.js').Content} content */
export function docxOf(content) {
  const notes = content.footnotes ?? [];
  const relations = [['styles', 'styles.xml'], ...(content.header ? [['header', 'header1.xml']] : []), ...(notes.length > 0 ? [['footnotes', 'footnotes.xml']] : [])];
  return zipOf({
    '[Content_Types].xml': contentTypes(relations),
    '_rels/.rels': `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
    'docProps/core.xml': coreProperties(content),
    'word/_rels/document.xml.rels': `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`).join('')}</Relationships>`,
    'word/styles.xml': `${DECLARATION}<w:styles ${W}><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style></w:styles>`,
    'word/document.xml': `${DECLARATION}<w:document ${W}><w:body>${paragraph(content.title, 'Title')}${content.blocks.map(blockOf).join('')}${notes.map((_, i) => `<w:p><w:r><w:footnoteReference w:id="${i + 1}"/></w:r></w:p>`).join('')}<w:sectPr>${content.header ? '<w:headerReference w:type="default" r:id="rId2"/>' : ''}</w:sectPr></w:body></w:document>`,
    ...(content.header && { 'word/header1.xml': `${DECLARATION}<w:hdr ${W}>${paragraph(content.header)}</w:hdr>` }),
    ...(notes.length > 0 && { 'word/footnotes.xml': `${DECLARATION}<w:footnotes ${W}>${notes.map((note, i) => `<w:footnote w:id="${i + 1}">${paragraph(note)}</w:footnote>`).join('')}</w:footnotes>` }),
  });
}

/** @param {import('./blocks.js').Block} block */
function blockOf(block) {
  switch (kindOf(block)) {
    case 'heading': return paragraph(headingText(block), 'Heading1');
    case 'items': return block.items.map((item, i) => paragraph(`(${String.fromCharCode(97 + i)}) ${item}`)).join('');
    case 'table': return `<w:tbl>${block.table.map((row) => `<w:tr>${row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`;
    case 'page': return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>';
    default: return paragraph(block);
  }
}

/** @param {string} text @param {string} [style] */
const paragraph = (text, style) => `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ''}<w:r><w:t xml:space="preserve">${xml(text)}</w:t></w:r></w:p>`;

/** @param {string[][]} relations */
function contentTypes(relations) {
  const main = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
  const kinds = [['document.xml', 'document.main'], ...relations.map(([type, target]) => [target, type])];
  return `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${kinds.map(([part, kind]) => `<Override PartName="/word/${part}" ContentType="${main}.${kind}+xml"/>`).join('')}<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`;
}

/** @param {import('./blocks.js').Content} content */
export function coreProperties(content) {
  const at = `${momentOf(content).toISOString().slice(0, 19)}Z`;
  return `${DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xml(content.title)}</dc:title><dc:creator>${xml(content.author ?? '')}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created></cp:coreProperties>`;
}
