import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { contentDisposition, extensionOf, safeFileName, titleOf } from '../../../src/modules/documents/files/file-names.js';
import { mayShowInline, sniff, whyRefused } from '../../../src/modules/documents/files/media-types.js';

describe('the name of a file', () => {
  test.each([
    ['../../etc/passwd', 'passwd'], ['..\\..\\windows\\win.ini', 'win.ini'], ['C:\\Users\\me\\brief.docx', 'brief.docx'], ['/absolute/path.pdf', 'path.pdf'], ['plain.txt', 'plain.txt'],
    ['', 'unnamed'], ['.', 'unnamed'], ['..', 'unnamed'], ['a/..', 'unnamed'], ['   ', 'unnamed'], ['....', 'unnamed'], ['.htaccess', '.htaccess'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'], ['a\u0000b\n\r\tc.txt', 'abc.txt'], ['zero\u200bwidth\ufeff.txt', 'zerowidth.txt'], ['trailing. . .', 'trailing'],
    ['Cafe\u0301.pdf', 'Café.pdf'], ['broken\ud800.txt', 'broken.txt'], ['Müller & Söhne – Entwurf (2).docx', 'Müller & Söhne – Entwurf (2).docx'], ['契約書.pdf', '契約書.pdf'],
  ])('%j is %j', (given, name) => expect(safeFileName(given)).toBe(name));

  test('whatever is given, it is one step of a path, visible, in 255 bytes, and stays as it is', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: fc.constantFrom('.', '/', '\\', ' ', '\u202e', 'é', '😀', '\0', 'x'), maxLength: 300 })), (given) => {
      const name = safeFileName(given);
      expect(name).not.toMatch(/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      expect(name).not.toMatch(/^\.*$/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      expect(Buffer.from(name).toString()).toBe(name);
      expect(safeFileName(name)).toBe(name);
    }), { numRuns: 2_000 });
  });

  test('a long one keeps its extension and no half character', () => {
    const name = safeFileName(`${'ä'.repeat(300)}.pdf`);
    expect(name).toMatch(/^ä+\.pdf$/);
    expect(Buffer.byteLength(name)).toBeGreaterThan(250);
  });

  test.each([['Motion to dismiss.PDF', 'pdf', 'Motion to dismiss'], ['archive.tar.gz', 'gz', 'archive.tar'], ['README', '', 'README'], ['.gitignore', '', '.gitignore'], ['v1.2 final', '', 'v1.2 final']])(
    '%j has the extension %j and the title %j', (name, extension, title) => expect([extensionOf(name), titleOf(name)]).toEqual([extension, title]));

  test.each([
    ['brief.pdf', 'attachment; filename="brief.pdf"'],
    ['Grüße.pdf', `attachment; filename="Gru_e.pdf"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf`],
    ['a"b\\c;d.pdf', `attachment; filename="a_b_c;d.pdf"; filename*=UTF-8''a%22b%5Cc%3Bd.pdf`],
    ["it's (1)*.pdf", `attachment; filename="it's (1)*.pdf"`],
    ['契約書.pdf', `attachment; filename="___.pdf"; filename*=UTF-8''%E5%A5%91%E7%B4%84%E6%9B%B8.pdf`],
  ])('%j is handed out as %s', (name, header) => expect(contentDisposition('attachment', name)).toBe(header));

  test('a header can always be sent, whatever the name', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (given) => {
      expect(contentDisposition('inline', safeFileName(given))).toMatch(/^inline; filename="[\x20-\x7e]*"(; filename\*=UTF-8''[\w.~!#$&+^`|%-]*)?$/);
    }), { numRuns: 2_000 });
  });
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexiflow-kinds-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function kindOf(bytes: Buffer | string, name: string): Promise<[string, boolean]> {
  const whole = Buffer.from(bytes);
  const path = join(folder, `f${++count}`);
  writeFileSync(path, whole);
  const { mediaType, nameMatches } = await sniff({ path, size: whole.length, head: whole.subarray(0, 64 * 1024) }, name);
  return [mediaType, nameMatches];
}

async function zipOf(entries: Record<string, string>, compress = true): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), name, { compress });
  zip.end();
  return buffer(zip.outputStream);
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const PNG = hex('89504e470d0a1a0a 0000000d49484452 00000001000000010806000000 1f15c489 0000000a49444154789c6360000002000154a24f5e0000000049454e44ae426082');
const GIF = hex('474946383961 0100010080 0000 ffffff000000 2c00000000010001000002024401003b');
const DOC = Buffer.concat([hex('d0cf11e0a1b11ae1'), Buffer.alloc(2000)]);

describe('what a file is', () => {
  test.each<[string, Buffer | string, string, string, boolean]>([
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj', 'a.pdf', 'application/pdf', true],
    ['a PDF with something before it', `\n\n%PDF-1.4 ${'x'.repeat(50)}`, 'a.pdf', 'application/pdf', true],
    ['a PDF named .docx', '%PDF-1.7\n', 'a.docx', 'application/pdf', false],
    ['plain text', 'Dear Sir or Madam,\n\nplease find enclosed', 'letter.txt', 'text/plain', true],
    ['a form, which begins like a sound', 'FORM OF FRANCHISE AGREEMENT\nLocation of the Premises:', 'form.txt', 'text/plain', true],
    ['a firm, which begins like a picture', 'BMO Harris Bank N.A. agrees as follows: the lender shall ' + 'pay '.repeat(40), 'bank.txt', 'text/plain', true],
    ['a score, which begins like one played', 'MThd is how a melody begins, and OggS another', 'music.txt', 'text/plain', true],
    ['plain text without a name that says so', 'Dear Sir', 'letter', 'text/plain', true],
    ['text named .pdf', 'this is no PDF at all', 'fake.pdf', 'text/plain', false],
    ['UTF-16 with a mark', Buffer.from('\ufeffHello, this is text', 'utf16le'), 'a.txt', 'text/plain', true],
    ['sound that begins like UTF-16', Buffer.concat([hex('fffb9064'), Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255))]), 'a.mp3', 'audio/mpeg', true],
    ['UTF-16 without one', Buffer.from('Hello, this is text in two bytes a letter', 'utf16le'), 'a.txt', 'text/plain', true],
    ['Latin-1', Buffer.from('Grüße aus München, schöne Straße', 'latin1'), 'a.txt', 'text/plain', true],
    ['Markdown', '# Memo\n\n* one\n', 'memo.md', 'text/markdown', true],
    ['CSV', 'date,amount\n2026-01-01,12.00\n', 'costs.csv', 'text/csv', true],
    ['HTML', '<!DOCTYPE html><html><body>Hi</body></html>', 'a.html', 'text/html', true],
    ['HTML named .txt', '  <script>alert(1)</script>', 'a.txt', 'text/html', true],
    ['HTML named .pdf', '<html><script>alert(1)</script>', 'a.pdf', 'text/html', false],
    ['HTML behind a comment', '<!-- x --><body onload=alert(1)>', 'a.html', 'text/html', true],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'a.png', 'image/svg+xml', false],
    ['RTF', '{\\rtf1\\ansi Hello}', 'a.rtf', 'application/rtf', true],
    ['RTF named .doc', '{\\rtf1\\ansi Hello}', 'a.doc', 'application/rtf', false],
    ['a mail', 'From: a@x.example\r\nTo: b@x.example\r\nSubject: Hi\r\nDate: Mon, 1 Jan 2026 10:00:00 +0000\r\n\r\nHello', 'mail.eml', 'message/rfc822', true],
    ['a mail without .eml', 'Received: from x\r\n by y\r\nFrom: a@x.example\r\nSubject: Hi\r\n\r\nHello', 'mail', 'message/rfc822', true],
    ['text that talks about mail', 'From: the beginning\nwe said so', 'a.txt', 'text/plain', true],
    ['JSON', '{"a":1}', 'a.json', 'application/json', true],
    ['a PNG', PNG, 'a.png', 'image/png', true],
    ['a PNG named .jpg', PNG, 'a.jpg', 'image/png', false],
    ['a GIF with HTML in it', Buffer.concat([GIF, Buffer.from('<html><script>alert(1)</script></html>')]), 'a.html', 'image/gif', false],
    ['old Word', DOC, 'a.doc', 'application/msword', true],
    ['old Word named .xls', DOC, 'a.xls', 'application/vnd.ms-excel', true],
    ['an Outlook message', DOC, 'a.msg', 'application/vnd.ms-outlook', true],
    ['nothing', '', 'empty.txt', 'application/octet-stream', false],
    ['one byte', 'a', 'a.txt', 'text/plain', true],
    ['noise', hex('0001020304050607ff00ee00dd00cc00'), 'noise.dat', 'application/octet-stream', true],
    ['a broken ZIP', 'PK\u0003\u0004 not really', 'a.zip', 'application/zip', true],
  ])('%s', async (_what, bytes, name, mediaType, matches) => expect(await kindOf(bytes, name)).toEqual([mediaType, matches]));

  const OOXML = 'application/vnd.openxmlformats-officedocument';
  test.each<[string, Record<string, string>, string, string, boolean]>([
    ['DOCX', { '[Content_Types].xml': '<x/>', '_rels/.rels': '<x/>', 'word/document.xml': '<x/>' }, 'a.docx', `${OOXML}.wordprocessingml.document`, true],
    ['XLSX', { '[Content_Types].xml': '<x/>', 'xl/workbook.xml': '<x/>' }, 'a.xlsx', `${OOXML}.spreadsheetml.sheet`, true],
    ['PPTX', { 'docProps/app.xml': '<x/>', 'ppt/presentation.xml': '<x/>' }, 'a.pptx', `${OOXML}.presentationml.presentation`, true],
    ['DOCX named .xlsx', { 'word/document.xml': '<x/>' }, 'a.xlsx', `${OOXML}.wordprocessingml.document`, false],
    ['ODT', { mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<x/>' }, 'a.odt', 'application/vnd.oasis.opendocument.text', true],
    ['a ZIP', { 'a.txt': 'x', 'b/c.txt': 'y' }, 'a.zip', 'application/zip', true],
    ['a ZIP named .docx', { 'a.txt': 'x' }, 'a.docx', 'application/zip', false],
    ['a ZIP with paths that climb', { 'a.txt': 'x' }, 'a.zip', 'application/zip', true],
  ])('%s', async (_what, entries, name, mediaType, matches) => expect(await kindOf(await zipOf(entries), name)).toEqual([mediaType, matches]));

  test('a ZIP that declares itself with a bomb is a ZIP', async () => {
    expect(await kindOf(await zipOf({ mimetype: 'A'.repeat(5_000_000) }), 'a.odt')).toEqual(['application/zip', false]);
  });

  test('whatever the bytes are, there is an answer', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', 'PK\u0003\u0004', '%PDF-', '{\\rtf', '<', 'MZ', 'GIF89a', '\u00d0\u00cf\u0011\u00e0'), async (bytes, start) => {
      const whole = Buffer.concat([Buffer.from(start, 'latin1'), bytes]);
      expect((await kindOf(whole, 'x.bin'))[0]).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
      whyRefused(whole, 'x');
    }), { numRuns: 300 });
  });
});

describe('programs are refused', () => {
  const portable = Buffer.alloc(256);
  portable.write('MZ');
  portable.writeUInt32LE(0x80, 0x3c);
  portable.write('PE\0\0', 0x80);
  test.each<[Buffer | string, string]>([
    [portable, 'letter.pdf'], [hex('7f454c46 02010100'), 'letter.pdf'], [hex('cffaedfe 07000001'), 'x'], [hex('cafebabe 00000034'), 'x'], ['#!/bin/sh\nrm -rf /', 'notes.txt'], ['\u00ef\u00bb\u00bf#!/usr/bin/env node', 'x'],
    ['harmless', 'a.exe'], ['harmless', 'a.MSI'], ['harmless', 'a.bat'], ['harmless', 'a.js'], ['harmless', 'invoice.pdf.scr'], ['harmless', 'a.ps1'], ['harmless', 'a.jar'], ['harmless', 'a.hta'], ['harmless', 'a.lnk'],
    [hex('4c000000 01140200 00000000c000'), 'shortcut.pdf'],
  ])('%j named %j', (bytes, name) => expect(whyRefused(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, name)).toBeTruthy());

  test.each<[Buffer | string, string]>([
    ['MZ is how this letter begins, and it goes on for more than sixty-four characters as letters do.', 'letter.txt'], ['# Heading\n#!not a shebang', 'a.md'], ['<html>', 'a.html'], [PNG, 'a.png'], ['', 'empty'], ['{}', 'a.json'], ['MZ', 'x.txt'],
  ])('%j named %j is none', (bytes, name) => expect(whyRefused(Buffer.from(bytes), name)).toBeUndefined());
});

test('nothing is shown in place that could carry a script', () => {
  for (const type of ['text/html', 'image/svg+xml', 'application/xml', 'message/rfc822', 'application/zip', 'application/octet-stream', 'application/rtf']) expect(mayShowInline(type)).toBe(false);
  for (const type of ['application/pdf', 'image/png', 'text/plain']) expect(mayShowInline(type)).toBe(true);
});
