// @ts-check
import { contains } from '../scan.js';
import { attribute, readXml, relationsOf } from '../xml.js';

/** Deleted text has tags of its own (w:delText); what was moved away has not, and fallbacks repeat what stands before them. */
const SKIPPED = new Set(['moveFrom', 'Fallback', 'instrText']);
const ASIDE = ['header', 'footnotes', 'endnotes', 'comments', 'footer'];

/** Word: body, then headers, notes, comments and footers. Pages where Word (or the author) left page breaks. @type {import('../formats.js').Reader} */
export async function readDocx({ parts }, out) {
  const main = await mainPart(parts);
  const paged = await contains(await parts.stream(main), /lastRenderedPageBreak|w:type="page"/);
  if (paged) out.page(1);
  const pages = await readPart(parts, main, out, paged);
  out.page(null);
  const seen = new Set();
  for (const type of ASIDE) {
    for (const { target } of [...(await relationsOf(parts, main)).values()].filter((relation) => relation.type === type)) {
      if (seen.has(target) || !parts.has(target)) continue;
      seen.add(target);
      out.paragraph();
      await readPart(parts, target, out, false);
    }
  }
  return { pageCount: paged ? pages : await statedPages(parts) };
}

/** @param {import('../zip.js').Parts} parts */
async function mainPart(parts) {
  const package_ = await relationsOf(parts, '');
  const stated = [...package_.values()].find(({ type }) => type === 'officeDocument')?.target;
  return stated && parts.has(stated) ? stated : 'word/document.xml';
}

/** The number of the last page. @param {import('../zip.js').Parts} parts @param {string} name @param {import('../output.js').Output} out @param {boolean} paged */
async function readPart(parts, name, out, paged) {
  let skipping = 0;
  let inText = 0;
  let cells = 0;
  let page = 1;
  /** Word notes a break it rendered at the start of the page that an explicit break began. */
  let justBroken = false;
  const breakPage = (/** @type {boolean} */ rendered) => {
    if (!paged || (rendered && justBroken)) return;
    out.page(++page);
    justBroken = !rendered;
  };
  await readXml(await parts.stream(name), {
    open: (tag, at) => {
      if (SKIPPED.has(tag)) skipping++;
      if (skipping > 0) return;
      if (tag === 't') inText++;
      else if (tag === 'tab' && Object.keys(at).length === 0) out.write('\t'); // a tab stop's definition has attributes
      else if (tag === 'cr') out.write('\n');
      else if (tag === 'br' && attribute(at, 'type') === 'page') breakPage(false);
      else if (tag === 'br') out.write('\n');
      else if (tag === 'lastRenderedPageBreak') breakPage(true);
      else if (tag === 'noBreakHyphen') out.write('\u2011');
      else if (tag === 'tc') cells++;
    },
    close: (tag) => {
      if (SKIPPED.has(tag)) skipping--;
      else if (skipping > 0) return;
      else if (tag === 't') inText--;
      else if (tag === 'p' && cells > 0) out.write(' ');
      else if (tag === 'p') out.paragraph();
      else if (tag === 'tc') {
        cells--;
        out.write('\t');
      }
      else if (tag === 'tr') out.line();
      else if (tag === 'tbl') out.paragraph();
    },
    text: (text) => {
      if (skipping > 0 || inText <= 0) return;
      out.write(text);
      justBroken = false;
    },
  }, () => (out.full ? out.flush() : undefined));
  return page;
}

/** What the program that wrote the file counted, for files without breaks. @param {import('../zip.js').Parts} parts */
async function statedPages(parts) {
  if (!parts.has('docProps/app.xml')) return null;
  const pages = Number(/<Pages>(\d{1,6})<\/Pages>/.exec(await parts.text('docProps/app.xml'))?.[1]);
  return pages > 0 ? pages : null;
}
