const MOST_BYTES = 255;
const UNNAMED = 'unnamed';

/** Controls, what turns the direction of writing round (so that exe.pdf reads as fdp.exe), blanks of no width, separators of lines. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/**
 * A name that is safe to show, store and hand out again, from whatever a sender calls a file: the last step of a path, with
 * nothing invisible in it, of at most 255 bytes. `../../etc/passwd` is `passwd`.
 */
export function safeFileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1)!;
  const name = last.replace(INVISIBLE, '').normalize('NFC').replace(/\s+/gu, ' ').trim().replace(/[. ]+$/, '');
  return shorten(/^\.*$/.test(name) ? UNNAMED : name);
}

/** The letters behind the last dot, in lower case; empty where there are none. */
export const extensionOf = (fileName: string): string => /[^.]\.([^.\s]{1,15})$/u.exec(fileName)?.[1]?.toLowerCase() ?? '';

/** What a document is called when nobody said: its file’s name without the extension. */
export function titleOf(fileName: string): string {
  const extension = extensionOf(fileName);
  const title = extension ? fileName.slice(0, -extension.length - 1) : fileName;
  return title.trim() || fileName;
}

/** Cuts the middle out, not the extension, and no character in two. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MOST_BYTES) return name;
  const extension = extensionOf(name);
  const tail = extension ? `.${extension}` : '';
  const room = MOST_BYTES - Buffer.byteLength(tail);
  let kept = '';
  let bytes = 0;
  for (const character of name.slice(0, name.length - tail.length)) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept.trimEnd() + tail;
}

/** `attachment; filename="..."; filename*=UTF-8''...` (RFC 6266): the plain form for old readers, the encoded one for the rest. */
export function contentDisposition(disposition: 'attachment' | 'inline', fileName: string): string {
  const plain = fileName.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${disposition}; filename="${plain}"${plain === fileName ? '' : `; filename*=UTF-8''${encoded}`}`;
}
