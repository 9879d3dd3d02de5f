// @ts-check
import { createReadStream } from 'node:fs';
import iconv from 'iconv-lite';
import { Outcome } from '../outcome.js';
import { contains } from '../scan.js';

const MAX_DEPTH = 500;

/** Groups that hold no text of the document, besides all that begin with \*. */
const ASIDE = new Set(['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'listtable', 'listoverridetable', 'rsidtbl', 'revtbl', 'generator', 'xmlnstbl', 'themedata', 'datastore', 'latentstyles', 'fldinst', 'nonshppict', 'template', 'pntext']);

/** @type {Record<string, string>} */
const SIGNS = {
  par: '\n', sect: '\n\n', line: '\n', row: '\n', tab: '\t', cell: '\t', nestcell: '\t', nestrow: '\n', emdash: '\u2014', endash: '\u2013', emspace: ' ', enspace: ' ', qmspace: ' ',
  bullet: '\u2022', lquote: '\u2018', rquote: '\u2019', ldblquote: '\u201c', rdblquote: '\u201d',
};
/** @type {Record<string, string>} */
const SYMBOLS = { '~': '\u00a0', _: '\u2011', '-': '', '{': '{', '}': '}', '\\': '\\', '\n': '\n', '\r': '\n' };

/** Windows' numbers of character sets, as fonts name them. @type {Record<number, number>} */
const CHARSETS = { 77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250 };

/** Rich text. Pages where the author put page breaks. @type {import('../formats.js').Reader} */
export async function readRtf({ path }, out) {
  const paged = await contains(createReadStream(path), /\\page(?![a-z])/);
  const reader = new RtfReader(out, paged);
  for await (const piece of createReadStream(path, { highWaterMark: 64 * 1024 })) {
    reader.feed(/** @type {Buffer} */ (piece));
    if (out.full) await out.flush();
  }
  reader.end();
  return { pageCount: paged ? reader.page : null };
}

/**
 * A state machine over bytes that come in pieces: a control word may end in the next one.
 * @typedef {{ aside: boolean, skip: number, encoding: string, fontTable: boolean }} Group `skip`: how many characters stand for a \u that was read
 */
class RtfReader {
  /** @param {import('../output.js').Output} out @param {boolean} paged */
  constructor(out, paged) {
    this.out = out;
    this.paged = paged;
    this.page = 1;
    if (paged) out.page(1);
    /** @type {Group} */
    this.group = { aside: false, skip: 1, encoding: 'windows-1252', fontTable: false };
    /** @type {Group[]} */
    this.stack = [];
    this.standard = 'windows-1252';
    /** @type {Map<number, string>} */
    this.fonts = new Map();
    this.font = 0;
    /** What follows a \u for readers that do not know it. */
    this.fallback = 0;
    /** Raw bytes of \'hh and of plain text, decoded together: a character may be made of two. @type {number[]} */
    this.bytes = [];
    /** An unfinished control: the characters after its backslash. @type {string | undefined} */
    this.control = undefined;
    this.binary = 0;
    this.starred = false;
  }

  /** @param {Buffer} piece */
  feed(piece) {
    for (let i = 0; i < piece.length; i++) {
      const byte = /** @type {number} */ (piece[i]);
      if (this.binary > 0) {
        const jump = Math.min(this.binary, piece.length - i);
        this.binary -= jump;
        i += jump - 1;
      } else if (this.control !== undefined) {
        if (!this.controlByte(byte)) i--; // it belongs to what follows
      } else if (byte === 0x5c) this.control = '';
      else if (byte === 0x7b) this.open();
      else if (byte === 0x7d) this.close();
      else if (byte !== 10 && byte !== 13) this.plain(byte);
    }
  }

  end() {
    if (this.control) this.word();
    this.settle();
    if (this.stack.length > 0 && !this.out.hasText) throw new Outcome('corrupt', 'The rich text breaks off before its text begins.');
  }

  /** Whether the byte was part of the control. @param {number} byte */
  controlByte(byte) {
    const control = /** @type {string} */ (this.control);
    const sign = String.fromCharCode(byte);
    if (control.startsWith("'")) {
      this.control = control + sign;
      if (this.control.length < 3) return true;
      const code = parseInt(this.control.slice(1), 16);
      this.control = undefined;
      if (!Number.isNaN(code)) this.plain(code);
      return true;
    }
    if (control === '' && !/[a-z]/i.test(sign)) {
      if (sign === "'") this.control = sign;
      else {
        this.control = undefined;
        if (sign === '*') this.starred = true;
        else if (SYMBOLS[sign] !== undefined) this.text(/** @type {string} */ (SYMBOLS[sign]));
      }
      return true;
    }
    if (/^[a-z]*$/i.test(control) ? /[a-z0-9-]/i.test(sign) : /[0-9]/.test(sign)) {
      if (control.length > 40) throw new Outcome('corrupt', 'The rich text has a control word without end.');
      this.control = control + sign;
      return true;
    }
    this.word();
    return sign === ' '; // one blank ends a word and is no text
  }

  word() {
    const [, name = '', number] = /^([a-z]+)(-?\d+)?$/i.exec(this.control ?? '') ?? [];
    this.control = undefined;
    const value = number === undefined ? undefined : Number(number);
    if (this.starred || ASIDE.has(name)) {
      this.settle();
      this.group.aside = true;
      this.group.fontTable = name === 'fonttbl';
      this.starred = false;
    }
    if (name === 'bin') this.binary = Math.max(0, value ?? 0);
    else if (name === 'ansicpg') this.codepage(value);
    else if (name === 'mac') this.standard = this.group.encoding = 'macroman';
    else if (name === 'pc') this.standard = this.group.encoding = 'cp437';
    else if (name === 'pca') this.standard = this.group.encoding = 'cp850';
    else if (name === 'uc') this.group.skip = Math.min(20, value ?? 1);
    else if (name === 'f' || name === 'deff') this.useFont(value ?? 0);
    else if (name === 'fcharset' && this.group.aside) this.charset(value ?? 0);
    else if (name === 'plain') this.useFont(-1);
    else if (name === 'u' && value !== undefined) this.unicode(value);
    else if (name === 'page' && this.paged && !this.group.aside) {
      this.settle();
      this.out.page(++this.page);
    }
    else if (SIGNS[name] !== undefined) this.text(/** @type {string} */ (SIGNS[name]));
  }

  /** @param {number | undefined} number */
  codepage(number) {
    const name = number === 65001 ? 'utf-8' : number === 10000 ? 'macroman' : `cp${number}`;
    if (iconv.encodingExists(name)) this.standard = this.group.encoding = name;
  }

  /** @param {number} number */
  charset(number) {
    const page = CHARSETS[number];
    const name = page === 10000 ? 'macroman' : `cp${page}`;
    if (page && iconv.encodingExists(name)) this.fonts.set(this.font, name);
  }

  /** @param {number} number */
  useFont(number) {
    this.settle();
    this.font = number;
    if (!this.group.aside) this.group.encoding = this.fonts.get(number) ?? this.standard;
  }

  /** @param {number} value */
  unicode(value) {
    this.text(String.fromCharCode(value & 0xffff));
    this.fallback = this.group.skip;
  }

  open() {
    this.settle();
    this.fallback = 0;
    this.starred = false;
    if (this.stack.length >= MAX_DEPTH) throw new Outcome('corrupt', `The rich text nests deeper than ${MAX_DEPTH} groups.`);
    this.stack.push({ ...this.group });
  }

  close() {
    this.settle();
    this.fallback = 0;
    this.starred = false;
    this.group = this.stack.pop() ?? this.group;
  }

  /** @param {number} byte */
  plain(byte) {
    if (this.fallback > 0) this.fallback--;
    else if (!this.group.aside) {
      this.bytes.push(byte);
      if (this.bytes.length >= 4096 && byte < 0x80) this.settle();
    }
  }

  /** @param {string} text */
  text(text) {
    if (this.fallback > 0) {
      this.fallback--;
      return;
    }
    if (this.group.aside) return;
    this.settle();
    this.out.write(text);
  }

  settle() {
    if (this.bytes.length === 0) return;
    this.out.write(iconv.decode(Buffer.from(this.bytes), this.group.encoding));
    this.bytes = [];
  }
}
