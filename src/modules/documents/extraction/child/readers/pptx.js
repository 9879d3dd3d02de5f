// @ts-check
import { attribute, readXml, relationsOf } from '../xml.js';

/** PowerPoint: each slide is a page, in the order in which they are shown, its notes after it. @type {import('../formats.js').Reader} */
export async function readPptx({ parts }, out) {
  const main = 'ppt/presentation.xml';
  const relations = await relationsOf(parts, main);
  /** @type {string[]} */
  const slides = [];
  await readXml(await parts.stream(main), {
    open: (tag, at) => {
      if (tag !== 'sldId') return;
      const target = relations.get(at['r:id'] ?? attribute(at, 'id') ?? '')?.target;
      if (target && parts.has(target)) slides.push(target);
    },
  });
  let page = 0;
  for (const slide of slides) {
    out.page(++page);
    await readShapes(parts, slide, out);
    for (const { type, target } of (await relationsOf(parts, slide)).values()) {
      if ((type === 'notesSlide' || type === 'comments') && parts.has(target)) await readShapes(parts, target, out);
    }
    await out.flush();
  }
  return { pageCount: slides.length };
}

/** @param {import('../zip.js').Parts} parts @param {string} name @param {import('../output.js').Output} out */
async function readShapes(parts, name, out) {
  let inText = 0;
  let skipping = 0;
  /** The slide's number on its notes is no text of theirs. */
  let field = 0;
  await readXml(await parts.stream(name), {
    open: (tag, at) => {
      if (tag === 'Fallback') skipping++;
      else if (tag === 'fld' && at['type'] === 'slidenum') field++;
      else if (tag === 't' || tag === 'text') inText++;
      else if (tag === 'br') out.write('\n');
    },
    close: (tag) => {
      if (tag === 'Fallback') skipping--;
      else if (tag === 'fld' && field > 0) field--;
      else if (tag === 't' || tag === 'text') inText--;
      else if (tag === 'tc') out.write('\t');
      else if (tag === 'p' || tag === 'tr' || tag === 'cm') out.line();
      else if (tag === 'sp' || tag === 'graphicFrame') out.paragraph();
    },
    text: (text) => {
      if (inText > 0 && skipping === 0 && field === 0) out.write(text);
    },
  }, () => (out.full ? out.flush() : undefined));
}
