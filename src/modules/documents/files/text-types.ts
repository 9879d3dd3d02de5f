const SAMPLE = 8 * 1024;

/** Whether bytes read as text in some encoding: no NUL but in UTF-16, and hardly any control characters. */
export function looksLikeText(head: Buffer): boolean {
  const sample = head.subarray(0, SAMPLE);
  if (sample.length === 0) return false;
  if (utf16Of(sample)) return isWideText(sample);
  let odd = 0;
  for (const byte of sample) {
    if (byte === 0) return false;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) odd++;
  }
  return odd <= sample.length / 100;
}

/** A sound file may begin with the mark of UTF-16; noise then reads as characters nobody writes. */
export function isWideText(head: Buffer): boolean {
  if (!utf16Of(head.subarray(0, SAMPLE))) return false;
  const text = textOf(head);
  return (text.match(/[\p{Co}\p{Cn}\p{Cs}\ufffd]|(?![\t\n\r\f])\p{Cc}/gu)?.length ?? 0) <= text.length / 50;
}

/** UTF-16 by its mark, or by every other byte of Latin text being zero. */
function utf16Of(sample: Buffer): 'utf16le' | 'utf16be' | undefined {
  if (sample.length >= 2 && sample[0] === 0xff && sample[1] === 0xfe) return 'utf16le';
  if (sample.length >= 2 && sample[0] === 0xfe && sample[1] === 0xff) return 'utf16be';
  if (sample.length < 32) return undefined;
  let [even, odd] = [0, 0];
  for (let i = 0; i + 1 < sample.length; i += 2) {
    if (sample[i] === 0) even++;
    if (sample[i + 1] === 0) odd++;
  }
  const half = sample.length / 2;
  if (odd > half * 0.8 && even === 0) return 'utf16le';
  return even > half * 0.8 && odd === 0 ? 'utf16be' : undefined;
}

function textOf(head: Buffer): string {
  const sample = head.subarray(0, SAMPLE);
  const wide = utf16Of(sample);
  if (wide === 'utf16be') return Buffer.from(sample.subarray(0, sample.length & ~1)).swap16().toString('utf16le').replace(/^\ufeff/, '');
  return sample.toString(wide ?? 'utf8').replace(/^\ufeff/, '');
}

const BY_NAME: Record<string, string> = { md: 'text/markdown', markdown: 'text/markdown', csv: 'text/csv', tsv: 'text/csv' };
const MAIL_HEADERS = /^(?:from|to|cc|date|subject|received|return-path|message-id|mime-version|delivered-to|x-[\w-]+|dkim-signature|reply-to|content-type|arc-[\w-]+|thread-[\w-]+)$/i;

/** Which kind of text it is. HTML is HTML whatever its name says; the name decides between plain ones. */
export function textTypeOf(head: Buffer, extension: string): string {
  const text = textOf(head).trimStart();
  if (isHtml(text)) return 'text/html';
  if (/^<\?xml\b|^<svg\b/i.test(text)) return /<svg\b/i.test(text) ? 'image/svg+xml' : /<html\b/i.test(text) ? 'text/html' : 'application/xml';
  if (isMail(text, extension)) return 'message/rfc822';
  if (BY_NAME[extension]) return BY_NAME[extension];
  if (extension === 'json' && /^[[{]/.test(text)) return 'application/json';
  return 'text/plain';
}

/** As browsers guess it: a tag of HTML at the very start, comments aside. */
function isHtml(text: string): boolean {
  const start = text.replace(/^(?:<!--[\s\S]*?-->\s*)+/, '');
  return /^<(?:!doctype\s+html|html|head|body|script|iframe|title|style|meta|table|div|h[1-6]|p|a|font|br|b|form|img|link|base|object|embed)(?=[\s>/])/i.test(start);
}

/** Several lines of headers a mail has; under the name .eml two will do. */
function isMail(text: string, extension: string): boolean {
  const lines = text.split(/\r?\n/).slice(0, 40);
  let known = 0;
  for (const line of lines) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) continue;
    const name = /^([\w-]+):(?:\s|$)/.exec(line)?.[1];
    if (!name) return false;
    if (MAIL_HEADERS.test(name)) known++;
  }
  return known >= (extension === 'eml' ? 1 : 3);
}
