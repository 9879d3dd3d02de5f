// @ts-check
import { attribute, readXml, relationsOf } from '../xml.js';

const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57]);

/** Excel: each sheet is a page, headed by its name; rows as lines, cells between tabs; formulas as what they last came to. @type {import('../formats.js').Reader} */
export async function readXlsx({ parts }, out) {
  const relations = await relationsOf(parts, 'xl/workbook.xml');
  const { sheets, from1904 } = await workbook(parts);
  const shared = await sharedStrings(parts, [...relations.values()].find(({ type }) => type === 'sharedStrings')?.target);
  const dates = await dateStyles(parts, [...relations.values()].find(({ type }) => type === 'styles')?.target);
  let page = 0;
  for (const { name, id } of sheets) {
    out.page(++page);
    out.write(`${name}\n`);
    const file = relations.get(id)?.target;
    if (!file || !parts.has(file)) continue;
    await readSheet(parts, file, out, { shared, dates, from1904 });
    for (const { type, target } of (await relationsOf(parts, file)).values()) {
      if (type === 'comments' && parts.has(target)) await readComments(parts, target, out);
    }
    await out.flush();
  }
  return { pageCount: sheets.length };
}

/** @param {import('../zip.js').Parts} parts */
async function workbook(parts) {
  /** @type {{ name: string, id: string }[]} */
  const sheets = [];
  let from1904 = false;
  await readXml(await parts.stream('xl/workbook.xml'), {
    open: (tag, at) => {
      if (tag === 'sheet') sheets.push({ name: at['name'] ?? '', id: at['r:id'] ?? attribute(at, 'id') ?? '' });
      else if (tag === 'workbookPr') from1904 = ['1', 'true'].includes(at['date1904'] ?? '');
    },
  });
  return { sheets, from1904 };
}

/** @param {import('../zip.js').Parts} parts @param {string | undefined} name */
async function sharedStrings(parts, name) {
  /** @type {string[]} */
  const strings = [];
  if (!name || !parts.has(name)) return strings;
  let text = '';
  let inText = false;
  let phonetic = 0;
  await readXml(await parts.stream(name), {
    open: (tag) => {
      if (tag === 'si') text = '';
      else if (tag === 'rPh') phonetic++;
      else if (tag === 't') inText = phonetic === 0;
    },
    close: (tag) => {
      if (tag === 'si') strings.push(text);
      else if (tag === 'rPh') phonetic--;
      else if (tag === 't') inText = false;
    },
    text: (piece) => {
      if (inText) text += piece;
    },
  });
  return strings;
}

/** Which cell styles show a number as a date or time. @param {import('../zip.js').Parts} parts @param {string | undefined} name */
async function dateStyles(parts, name) {
  const own = new Set(DATE_FORMATS);
  /** @type {boolean[]} */
  const styles = [];
  if (!name || !parts.has(name)) return styles;
  let inFormats = false;
  await readXml(await parts.stream(name), {
    open: (tag, at) => {
      if (tag === 'numFmt') {
        const code = (at['formatCode'] ?? '').replace(/"[^"]*"|\[[^\]]*\]|\\./g, '');
        if (/[ymdhs]/i.test(code) && !/[#?]|0(?![:.0])/.test(code)) own.add(Number(at['numFmtId']));
      } else if (tag === 'cellXfs') inFormats = true;
      else if (tag === 'xf' && inFormats) styles.push(own.has(Number(at['numFmtId'])));
    },
    close: (tag) => {
      if (tag === 'cellXfs') inFormats = false;
    },
  });
  return styles;
}

/**
 * @param {import('../zip.js').Parts} parts @param {string} name @param {import('../output.js').Output} out
 * @param {{ shared: string[], dates: boolean[], from1904: boolean }} book
 */
async function readSheet(parts, name, out, book) {
  let type = '';
  let style = 0;
  let value = '';
  let inValue = false;
  let first = true;
  await readXml(await parts.stream(name), {
    open: (tag, at) => {
      if (tag === 'row') first = true;
      else if (tag === 'c') {
        type = at['t'] ?? 'n';
        style = Number(at['s'] ?? 0);
        value = '';
      } else if (tag === 'v' || tag === 't') inValue = true;
    },
    close: (tag) => {
      if (tag === 'v' || tag === 't') inValue = false;
      else if (tag === 'c' && value !== '') {
        out.write((first ? '' : '\t') + shown(value, type, style, book));
        first = false;
      } else if (tag === 'row') out.line();
    },
    text: (text) => {
      if (inValue) value += text;
    },
  }, () => (out.full ? out.flush() : undefined));
}

/** A cell as a person sees it, nearly: numbers unformatted, dates as ISO. @param {string} value @param {string} type @param {number} style @param {{ shared: string[], dates: boolean[], from1904: boolean }} book */
function shown(value, type, style, book) {
  if (type === 's') return book.shared[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type !== 'n') return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  return book.dates[style] ? moment(number, book.from1904) : String(Number(number.toPrecision(15)));
}

/** @param {number} serial days since the end of 1899 (or 1904) @param {boolean} from1904 */
function moment(serial, from1904) {
  const days = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial; // Excel's calendar has a 29 February 1900
  const at = new Date(Math.round((days - 25_569) * 86_400) * 1000);
  if (Number.isNaN(at.getTime())) return String(serial);
  const text = at.toISOString();
  if (serial < 1) return text.slice(11, 16);
  return Number.isInteger(serial) ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}

/** @param {import('../zip.js').Parts} parts @param {string} name @param {import('../output.js').Output} out */
async function readComments(parts, name, out) {
  let inText = false;
  await readXml(await parts.stream(name), {
    open: (tag) => void (tag === 't' && (inText = true)),
    close: (tag) => {
      if (tag === 't') inText = false;
      else if (tag === 'comment') out.line();
    },
    text: (text) => {
      if (inText) out.write(text);
    },
  });
}
