import { xml } from './blocks.js';
import { zipOf } from './zip.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const P = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${OFFICE}"`;
const relations = (list) => `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`).join('')}</Relationships>`;
const shape = (lines) => `<p:sp><p:txBody>${lines.map((line) => `<a:p><a:r><a:t>${xml(line)}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`;

/** PowerPoint. @param {{ title: string, lines: string[], notes?: string }[]} slides */
export function pptxOf(slides) {
  /** @type {Record<string, string>} */
  const parts = {
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/>${slides.map((slide, i) => `<Override PartName="/ppt/slides/slide${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.slide+xml"/>${slide.notes ? `<Override PartName="/ppt/notesSlides/notesSlide${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.notesSlide+xml"/>` : ''}`).join('')}</Types>`,
    '_rels/.rels': relations([['officeDocument', 'ppt/presentation.xml']]),
    'ppt/presentation.xml': `${DECLARATION}<p:presentation ${P}><p:sldIdLst>${slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="rId${i + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(slides.map((_, i) => ['slide', `slides/slide${i + 1}.xml`])),
  };
  for (const [i, { title, lines, notes }] of slides.entries()) {
    parts[`ppt/slides/slide${i + 1}.xml`] = `${DECLARATION}<p:sld ${P}><p:cSld><p:spTree>${shape([title])}${shape(lines)}</p:spTree></p:cSld></p:sld>`;
    if (!notes) continue;
    parts[`ppt/slides/_rels/slide${i + 1}.xml.rels`] = relations([['notesSlide', `../notesSlides/notesSlide${i + 1}.xml`]]);
    parts[`ppt/notesSlides/notesSlide${i + 1}.xml`] = `${DECLARATION}<p:notes ${P}><p:cSld><p:spTree>${shape([notes])}</p:spTree></p:cSld></p:notes>`;
  }
  return zipOf(parts);
}
