// @ts-check
import { Parser } from 'htmlparser2';
import iconv from 'iconv-lite';
import { decoded } from '../encoding.js';

const SKIPPED = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe', 'object', 'select', 'datalist', 'canvas', 'math']);
const VERBATIM = new Set(['pre', 'textarea']);
const PARAGRAPHS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'table', 'blockquote', 'pre', 'hr', 'title', 'article', 'section', 'figure', 'form', 'fieldset']);
const LINES = new Set(['div', 'li', 'tr', 'dt', 'dd', 'header', 'footer', 'main', 'nav', 'aside', 'address', 'option', 'caption', 'figcaption', 'body', 'head', 'center', 'summary', 'details']);

/** HTML: what a reader would see, blocks as paragraphs and lines; nothing in it is run or fetched. @type {import('../formats.js').Reader} */
export async function readHtml({ path, head, encoding }, out) {
  const page = htmlWriter(out);
  for await (const text of decoded(path, declared(head) ?? encoding)) {
    page.write(text);
    if (out.full) await out.flush();
  }
  page.end();
  return { pageCount: null };
}

/** Writes HTML that comes in pieces as text. @param {import('../output.js').Output} out */
export function htmlWriter(out) {
  let skipping = 0;
  let verbatim = 0;
  let blank = true;
  /** Between blocks there are no blanks. @param {string} name */
  const separate = (name) => {
    if (PARAGRAPHS.has(name)) out.paragraph();
    else if (LINES.has(name)) out.line();
    else return;
    blank = true;
  };
  const parser = new Parser({
    onopentagname: (name) => {
      if (SKIPPED.has(name)) skipping++;
      if (skipping > 0) return;
      if (VERBATIM.has(name)) verbatim++;
      if (name === 'br') {
        out.write('\n');
        blank = true;
      }
      separate(name);
    },
    onclosetag: (name) => {
      if (SKIPPED.has(name) && skipping > 0) skipping--;
      if (skipping > 0) return;
      if (VERBATIM.has(name) && verbatim > 0) verbatim--;
      if (name === 'td' || name === 'th') {
        out.write('\t');
        blank = true;
      }
      separate(name);
    },
    ontext: (text) => {
      if (skipping > 0) return;
      if (verbatim > 0) return out.write(text);
      const flat = text.replace(/[\s\u00a0]+/g, ' ');
      const rest = blank && flat.startsWith(' ') ? flat.slice(1) : flat;
      if (rest === '') return;
      blank = rest.endsWith(' ');
      out.write(rest);
    },
  }, { decodeEntities: true, lowerCaseTags: true });
  return { write: (/** @type {string} */ text) => parser.write(text), end: () => parser.end() };
}

/** What the page says of its own encoding; a mark at its beginning counts for more. @param {Buffer} head */
function declared(head) {
  if (head[0] === 0xef || head[0] === 0xff || head[0] === 0xfe || head.subarray(0, 64).includes(0)) return undefined;
  const name = /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})/i.exec(head.subarray(0, 4096).toString('latin1'))?.[1];
  if (!name || /^utf-?16/i.test(name) || !iconv.encodingExists(name)) return undefined;
  return /^iso-?8859-?1$|^latin-?1$|^(us-)?ascii$/i.test(name) ? 'windows-1252' : name;
}
