import { createHash } from 'node:crypto';
import { momentOf } from './blocks.js';

/**
 * A mail as a mail program saves it.
 * @param {{ from: string, to: string, cc?: string, subject: string, date?: string, text: string, attachments?: { fileName: string, mediaType: string, bytes: Buffer }[] }} mail
 */
export function emlOf({ from, to, cc, subject, date, text, attachments = [] }) {
  const boundary = `=_${createHash('sha256').update(`${subject} ${text}`).digest('hex').slice(0, 24)}`;
  const head = [
    `From: ${from}`, `To: ${to}`, ...(cc ? [`Cc: ${cc}`] : []), `Subject: ${encoded(subject)}`, `Date: ${momentOf({ date }).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${boundary.slice(2)}@harborfinch.example>`, 'MIME-Version: 1.0', `Content-Type: multipart/mixed; boundary="${boundary}"`,
  ];
  const body = [`Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.from(text))}`];
  for (const { fileName, mediaType, bytes } of attachments) {
    const whole = mediaType === 'message/rfc822';
    body.push(`Content-Type: ${mediaType}; name="${fileName}"\r\nContent-Disposition: attachment; filename="${fileName}"\r\nContent-Transfer-Encoding: ${whole ? '8bit' : 'base64'}\r\n\r\n${whole ? bytes.toString('utf8') : base64(bytes)}`);
  }
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`);
}

/** @param {string} text */
// eslint-disable-next-line no-control-regex
const encoded = (text) => (/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);

/** @param {Buffer} bytes */
const base64 = (bytes) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
