// @ts-check
import { readFile } from 'node:fs/promises';
import PostalMime from 'postal-mime';
import { Outcome } from '../outcome.js';
import { htmlWriter } from './html.js';

/** A message is held in memory, twice while its attachments are decoded. */
const MAX_BYTES = 120 * 1024 ** 2;

/** A mail: its headers and body as text; its attachments, messages among them, as files of their own. @type {import('../formats.js').Reader} */
export async function readEml({ path, size, attachments }, out) {
  if (size > MAX_BYTES) throw new Outcome('too_large', `Messages of up to ${MAX_BYTES / 1024 ** 2} MB are read; this one is larger.`);
  const mail = await PostalMime.parse(await readFile(path), { forceRfc822Attachments: true, attachmentEncoding: 'arraybuffer', maxNestingDepth: 50, maxHeadersSize: 1_000_000 });
  headers(mail, out);
  out.paragraph();
  if (mail.text?.trim()) out.write(mail.text);
  else if (mail.html) {
    const page = htmlWriter(out);
    page.write(mail.html);
    page.end();
  }
  out.paragraph();
  const files = mail.attachments.filter((file) => !isDecoration(file));
  for (const file of files) out.write(`Attachment: ${nameOf(file)}\n`);
  await out.flush();
  if (attachments.made) return { pageCount: null };
  let skipped = 0;
  let room = attachments.maxBytes;
  for (const [index, file] of files.entries()) {
    const bytes = typeof file.content === 'string' ? Buffer.from(file.content) : new Uint8Array(file.content);
    if (!attachments.wanted || index >= attachments.maxCount || bytes.length > room) {
      skipped++;
      continue;
    }
    room -= bytes.length;
    await out.attachment(nameOf(file), file.mimeType ?? '', bytes);
  }
  return { pageCount: null, ...(skipped > 0 && { reason: `${skipped} of ${files.length} attachments were not made documents of their own: they are too many, too large, or nested too deep.` }) };
}

/** @param {import('postal-mime').Email} mail @param {import('../output.js').Output} out */
function headers(mail, out) {
  /** @type {[string, string][]} */
  const lines = [
    ['From', people(mail.from ? [mail.from] : undefined)], ['To', people(mail.to)], ['Cc', people(mail.cc)],
    ['Date', mail.date ?? ''], ['Subject', mail.subject ?? ''],
  ];
  for (const [name, value] of lines) if (value) out.write(`${name}: ${value.replace(/\s+/g, ' ')}\n`);
}

/** @param {import('postal-mime').Address[] | undefined} list @returns {string} */
function people(list) {
  return (list ?? []).map(({ name, address, group }) => (group ? `${name}: ${people(group)}` : name && address ? `${name} <${address}>` : name || address || '')).filter(Boolean).join(', ');
}

/** Pictures that the message's own page shows, as signatures do. @param {import('postal-mime').Attachment} file */
const isDecoration = (file) => file.mimeType.startsWith('image/') && (file.related === true || (file.disposition === 'inline' && file.contentId !== undefined));

/** @param {import('postal-mime').Attachment} file */
function nameOf(file) {
  return file.filename?.trim() || (file.mimeType === 'message/rfc822' ? 'message.eml' : 'attachment');
}
