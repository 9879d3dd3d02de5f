// @ts-check
import { LimitReached } from './outcome.js';

const PIECE = 48_000;
const ATTACHMENT_PIECE = 60_000;

/** What PostgreSQL cannot hold or nobody can read: NUL and the other controls but tab and line ends. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\ufffe\uffff]/g;

/**
 * Where readers put the text. They call `write` and `page` as they go and `await out.flush()` every now and then: that
 * sends what has gathered, and comes back when the server has taken it, so that neither side ever holds much.
 */
export class Output {
  /**
   * @param {(message: object) => Promise<void>} send resolves when the server took the message
   * @param {{ maxCharacters: number }} limits
   */
  constructor(send, limits) {
    this.send = send;
    this.room = limits.maxCharacters;
    /** @type {number | null} */
    this.currentPage = null;
    this.pending = '';
    /** @type {{ page: number | null, text: string }[]} */
    this.queue = [];
    this.waiting = 0;
    /** Whether anything but blanks was written. */
    this.hasText = false;
    this.lineBreaks = 2; // nothing begins with blank lines
  }

  /** Raw text; line ends of any kind become \n, and more than one blank line becomes one. @param {string} text */
  write(text) {
    let clean = text.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n').replace(CONTROLS, '');
    if (clean === '') return;
    if (clean.includes('\n')) clean = clean.replace(/[ \t]+\n/g, '\n').replace(/\n{3,}/g, '\n\n');
    while (this.lineBreaks >= 2 && clean.startsWith('\n')) clean = clean.slice(1);
    if (this.lineBreaks === 1 && clean.startsWith('\n\n')) clean = clean.slice(1);
    if (clean === '') return;
    let ends = clean.length;
    while (ends > 0 && clean[ends - 1] === '\n') ends--;
    this.lineBreaks = ends === 0 ? Math.min(2, this.lineBreaks + clean.length) : clean.length - ends;
    if (!this.hasText && /\S/.test(clean)) this.hasText = true;
    this.pending += clean;
    this.waiting += clean.length;
  }

  /** The end of a line, if one is open. */
  line() {
    if (this.lineBreaks === 0) this.write('\n');
  }

  /** The end of a paragraph, if one is open: a blank line follows. */
  paragraph() {
    if (this.lineBreaks < 2) this.write(this.lineBreaks === 0 ? '\n\n' : '\n');
  }

  /** What follows stands on this page (from 1); null where the format has none. @param {number | null} number */
  page(number) {
    if (number === this.currentPage) return;
    this.paragraph();
    this.settle();
    this.currentPage = number;
  }

  /** Whether it is time to flush. */
  get full() {
    return this.waiting >= PIECE;
  }

  async flush() {
    this.settle();
    const queue = this.queue;
    this.queue = [];
    this.waiting = 0;
    for (const { page, text } of queue) {
      for (let at = 0; at < text.length; ) {
        const end = pieceEnd(text, at);
        await this.take(page, text.slice(at, end));
        at = end;
      }
    }
  }

  /** @param {number | null} page @param {string} text */
  async take(page, text) {
    const fits = text.length <= this.room ? text : text.slice(0, this.room);
    this.room -= fits.length;
    if (fits !== '') await this.send({ kind: 'text', page, text: wellFormed(fits) });
    if (fits.length < text.length) throw new LimitReached();
  }

  /** A file inside the file, in pieces. @param {string} name @param {string} mediaType @param {Uint8Array} bytes */
  async attachment(name, mediaType, bytes) {
    await this.send({ kind: 'attachment', name, mediaType, size: bytes.length });
    for (let at = 0; at < bytes.length; at += ATTACHMENT_PIECE) {
      await this.send({ kind: 'bytes', base64: Buffer.from(bytes.subarray(at, at + ATTACHMENT_PIECE)).toString('base64') });
    }
    await this.send({ kind: 'attachment-end' });
  }

  settle() {
    if (this.pending === '') return;
    this.queue.push({ page: this.currentPage, text: this.pending });
    this.pending = '';
  }
}

/** PostgreSQL takes no half of a surrogate pair. @param {string} text */
const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** Never between the halves of a surrogate pair. @param {string} text @param {number} at */
function pieceEnd(text, at) {
  const end = at + PIECE;
  if (end >= text.length) return text.length;
  const unit = text.charCodeAt(end);
  return unit >= 0xdc00 && unit <= 0xdfff ? end + 1 : end;
}
