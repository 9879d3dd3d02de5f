// @ts-check
import { Outcome } from '../outcome.js';
import { contains } from '../scan.js';
import { attribute, readXml } from '../xml.js';

const SKIPPED = new Set(['tracked-changes', 'forms', 'automatic-styles', 'font-face-decls', 'scripts', 'creator', 'date', 'note-citation']);

/** OpenDocument text, sheets and slides. Pages: soft page breaks, sheets, slides. @type {import('../formats.js').Reader} */
export async function readOdf({ parts, kind }, out) {
  if (parts.has('META-INF/manifest.xml') && (await contains(await parts.stream('META-INF/manifest.xml'), /encryption-data/))) {
    throw new Outcome('encrypted', 'The file is protected by a password.');
  }
  const pageTag = kind === 'ods' ? 'table' : kind === 'odp' ? 'page' : undefined;
  const breaks = kind === 'odt' && (await contains(await parts.stream('content.xml'), /soft-page-break/));
  let page = 0;
  if (breaks) out.page(++page);
  let skipping = 0;
  let inText = 0;
  let cells = 0;
  await readXml(await parts.stream('content.xml'), {
    open: (tag, at) => {
      if (SKIPPED.has(tag)) skipping++;
      if (skipping > 0) return;
      if (tag === pageTag) {
        out.page(++page);
        if (kind === 'ods') out.write(`${attribute(at, 'name') ?? ''}\n`);
      }
      if (tag === 'p' || tag === 'h') inText++;
      else if (tag === 's') out.write(' '.repeat(Math.min(200, Number(attribute(at, 'c') ?? 1) || 1)));
      else if (tag === 'tab') out.write('\t');
      else if (tag === 'line-break') out.write('\n');
      else if (tag === 'soft-page-break' && breaks) out.page(++page);
      else if (tag === 'note') out.write(' (');
      else if (tag === 'table-cell') cells++;
    },
    close: (tag) => {
      if (SKIPPED.has(tag)) skipping--;
      else if (skipping > 0) return;
      else if (tag === 'p' || tag === 'h') {
        inText--;
        if (cells > 0 || inText > 0) out.write(' ');
        else out.paragraph();
      }
      else if (tag === 'note') out.write(')');
      else if (tag === 'table-cell') {
        cells--;
        out.write('\t');
      }
      else if (tag === 'table-row') out.line();
      else if (tag === 'table') out.paragraph();
    },
    text: (text) => {
      if (skipping === 0 && inText > 0) out.write(text.replace(/\s+/g, ' '));
    },
  }, () => (out.full ? out.flush() : undefined));
  return { pageCount: page > 0 ? page : null };
}
