import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as files from '../../../seeders/demo/files/index.js';
import { ReaderFault, ReaderProcess, type ReadingAnswer, type ReadingOrder } from '../../../src/modules/documents/extraction/reader-process.js';

// The reading process by itself: what it makes of each format, and of files that are none.

let folder: string;
let reader: ReaderProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lexiflow-readers-'));
  await mkdir(join(folder, 'in'));
  reader = new ReaderProcess(join(folder, 'in'), 512);
});
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Read extends ReadingAnswer {
  pages: Map<number | null, string>;
  text: string;
  attachments: { name: string; mediaType: string; bytes: Buffer }[];
}

const never = new AbortController().signal;

async function read(bytes: Buffer | string, fileName: string, order: Partial<ReadingOrder> = {}, by = reader, timeoutMs = 30_000): Promise<Read> {
  const path = join(by.folder, 'file');
  await writeFile(path, bytes);
  const pages = new Map<number | null, string>();
  const attachments: Read['attachments'] = [];
  const answer = await by.read({ path, fileName, mediaType: '', maxCharacters: 10_000_000, attachments: { made: false, wanted: true, maxCount: 10, maxBytes: 1_000_000 }, ...order }, {
    text: async (page, text) => void pages.set(page, (pages.get(page) ?? '') + text),
    attachment: async (name, mediaType) => void attachments.push({ name, mediaType, bytes: Buffer.alloc(0) }),
    bytes: async (more) => void (attachments.at(-1)!.bytes = Buffer.concat([attachments.at(-1)!.bytes, more])),
    attachmentEnd: async () => undefined,
  }, timeoutMs, never);
  return { ...answer, pages, text: [...pages.values()].join(''), attachments };
}

const content = {
  title: 'Lease of the premises', author: 'E. Finch', date: '2026-03-02', header: 'Harbor & Finch LLP',
  blocks: [
    '# 1. Rent', 'The tenant pays € 2,400 a month — “in advance” — for Café Müller & Söhne.', { items: ['heat & light', 'water'] },
    { table: [['Month', 'Due'], ['May', '1,250.00']] }, { page: true as const }, '# 2. Term', 'Section 2.1 <not a tag> runs for five years.',
  ],
};
const sheets = [
  { name: 'Invoices', rows: [['Vendor', 'Amount', 'Date'], ['Pell & Co', 1250.5, '2026-03-02'], ['Pell & Co', 0.1, '2026-04-30']] },
  { name: 'Totals', rows: [['Sum', 1250.6]] },
];

describe('formats', () => {
  test.each([
    ['a.pdf', () => files.pdfOf(content), 2], ['a.docx', () => files.docxOf(content), 2], ['a.odt', () => files.odtOf(content), 2], ['a.odp', () => files.odpOf(content), 2],
    ['a.rtf', () => files.rtfOf(content), 2], ['a.txt', () => files.textOf(content), 2], ['a.html', () => files.htmlOf(content), null], ['a.md', () => files.markdownOf(content), null],
  ] as const)('%s', async (name, make, pageCount) => {
    const file = await read(await make(), name);
    expect(file).toMatchObject({ status: 'extracted', reason: null, pageCount, truncated: false });
    for (const words of ['€ 2,400 a month — “in advance” — for Café Müller & Söhne.', 'heat & light', '1,250.00', 'Section 2.1 <not a tag> runs']) {
      expect(file.text).toContain(words);
    }
    if (pageCount === null) return expect([...file.pages.keys()]).toEqual([null]);
    expect(file.pages.get(1)).toContain('2,400');
    expect(file.pages.get(2)).toContain('five years');
    expect(file.pages.get(2)).not.toContain('2,400');
  });

  test('a workbook: sheets are pages, dates are dates, numbers are not rounded', async () => {
    const file = await read(await files.xlsxOf(sheets), 'a.xlsx');
    expect(file).toMatchObject({ status: 'extracted', pageCount: 2 });
    expect(file.pages.get(1)).toBe('Invoices\nVendor\tAmount\tDate\nPell & Co\t1250.5\t2026-03-02\nPell & Co\t0.1\t2026-04-30\n\n');
    expect(file.pages.get(2)).toBe('Totals\nSum\t1250.6\n');
    expect((await read(await files.odsOf(sheets), 'a.ods')).pages.get(2)).toContain('1250.6');
  });

  test('a presentation: slides are pages, with their notes', async () => {
    const file = await read(await files.pptxOf([{ title: 'One', lines: ['First point'], notes: 'Say it slowly' }, { title: 'Two', lines: ['Second'] }]), 'a.pptx');
    expect(file).toMatchObject({ status: 'extracted', pageCount: 2 });
    expect(file.pages.get(1)).toContain('Say it slowly');
    expect(file.pages.get(2)).toBe('Two\n\nSecond\n\n');
  });

  test('Word: headers, footnotes, tables; not what was deleted or moved away', async () => {
    const body = '<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText>Deleted</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>Moved</w:t></w:r></w:moveFrom><w:r><w:tab/><w:t>tabbed</w:t></w:r></w:p>';
    const file = await read(await files.docxOf({ ...content, footnotes: ['See 410 U.S. 113.'] }), 'a.docx');
    expect(file.text).toMatch(/Harbor & Finch LLP[\s\S]*See 410 U\.S\. 113\./);
    const marked = await read(await files.zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>` }), 'a.docx');
    expect(marked.text).toBe('Kept\ttabbed\n\n');
  });

  test('a mail: headers, body, attachments with the messages among them', async () => {
    const inner = files.emlOf({ from: 'c@x.example', to: 'd@x.example', subject: 'Inner', text: 'Deep inside' });
    const file = await read(files.emlOf({
      from: 'Ada <a@x.example>', to: 'b@x.example', cc: 'e@x.example', subject: 'Café lease', text: 'Please see the lease.', date: '2026-02-03',
      attachments: [{ fileName: '../../etc/passwd', mediaType: 'text/plain', bytes: Buffer.from('lease text') }, { fileName: 'inner.eml', mediaType: 'message/rfc822', bytes: inner }],
    }), 'a.eml');
    expect(file).toMatchObject({ status: 'extracted', reason: null });
    expect(file.text).toMatch(/From: Ada <a@x\.example>\nTo: b@x\.example\nCc: e@x\.example\nDate: 2026-02-03\S*\nSubject: Café lease\n\nPlease see the lease\./);
    expect(file.attachments.map(({ bytes }) => bytes.toString()).slice(0, 1)).toEqual(['lease text']);
    expect(file.attachments[1]!.bytes.toString()).toContain('Subject: Inner');
    const few = await read(files.emlOf({ from: 'a@x.example', to: 'b@x.example', subject: 'S', text: 'T', attachments: [{ fileName: 'a.txt', mediaType: 'text/plain', bytes: Buffer.alloc(500) }] }), 'a.eml', { attachments: { made: false, wanted: true, maxCount: 10, maxBytes: 499 } });
    expect(few).toMatchObject({ status: 'extracted', attachments: [], reason: expect.stringMatching(/^1 of 1 attachments/) as string });
  });

  test('HTML: what is seen, nothing that runs', async () => {
    const file = await read('<html><head><title>T</title><script>evil()</script><style>x{}</style></head><body><p>One  two\n three</p><ul><li>a<li>b</ul><pre>x\n  y</pre>&lt;script&gt;<noscript>no</noscript></body></html>', 'a.html');
    expect(file.text).toBe('T\n\nOne two three\n\na\nb\n\nx\n  y\n\n<script>\n');
  });

  test('rich text: code pages, Unicode with its substitute, groups that are no text', async () => {
    const file = await read(String.raw`{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS Gothic;}}{\info{\title secret}}{\*\generator X;}caf\'e9 \u8364? \u-10179?\u-8704? {\f1 \'cf\'f0\'e8} {\f2\'93\'fa\'96\'7b}{\pict\bin5 }{{{}}\{x\}{\uc2\u233??}\par}`, 'a.rtf');
    expect(file.text).toBe('café € 😀 При 日本{x}é\n');
  });
});

describe('encodings', () => {
  const russian = 'Привет, мир. Это договор аренды между сторонами, которые договорились о нижеследующем. ';
  test.each([
    ['utf-8', russian], ['utf-16le', russian], ['utf-16be', russian], ['windows-1251', russian], ['koi8-r', russian],
    ['windows-1252', 'The lessee’s café owes £5 — “in full” — naïve as it is. '], ['shift_jis', '契約書は両当事者により署名された。日本の法律に従う。'], ['gb18030', '本合同由双方签署，适用中华人民共和国法律。'], ['big5', '本合約由雙方簽署，適用中華民國法律。'],
    ['euc-kr', '이 계약은 양 당사자가 서명하였으며 대한민국 법률을 따른다.'],
  ])('%s without a mark', async (encoding, text) => {
    const file = await read(iconv.encode(`${text}\n`.repeat(8), encoding), 'a.txt');
    expect(file).toMatchObject({ status: 'extracted' });
    expect(file.text).toContain(text.trim());
  });

  test.each(['utf8', 'utf-16le', 'utf-16be', 'utf-32le'])('%s with a mark', async (encoding) => {
    expect((await read(iconv.encode(russian, encoding, { addBOM: true }), 'a.txt')).text).toBe(russian);
  });

  test('a page that names its own', async () => {
    expect((await read(iconv.encode('<meta charset="windows-1253"><p>Σύμβαση', 'windows-1253'), 'a.html')).text).toContain('Σύμβαση');
  });
});

describe('files without text to read', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000', 'hex');
  test.each([
    ['an empty file', () => Buffer.alloc(0), 'a.txt', 'empty'],
    ['blanks', () => Buffer.from(' \n\t \n'), 'a.txt', 'empty'],
    ['a workbook without cells', () => files.docxOf({ title: ' ', blocks: [] }), 'a.docx', 'empty'],
    ['a scan', () => files.scanOf(2), 'a.pdf', 'image_only'],
    ['a picture', () => png, 'a.png', 'image_only'],
    ['a PDF with a password', () => files.pdfOf(content, { userPassword: 'secret', ownerPassword: 'other' }), 'a.pdf', 'encrypted'],
    ['a Word file with a password', () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000), Buffer.from('EncryptedPackage', 'utf16le'), Buffer.alloc(500)]), 'a.docx', 'encrypted'],
    ['an OpenDocument with a password', async () => files.zipOf({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': 'x', 'META-INF/manifest.xml': '<m><encryption-data/></m>' }, ['mimetype']), 'a.odt', 'encrypted'],
    ['an old Word file', () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(3000)]), 'a.doc', 'unsupported'],
    ['a ZIP', () => files.zipOf({ 'a.txt': 'a' }), 'a.zip', 'unsupported'],
    ['noise', () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), 'a.bin', 'unsupported'],
    ['half a PDF', async () => (await files.pdfOf(content)).subarray(0, 600), 'a.pdf', 'corrupt'],
    ['half a Word file', async () => (await files.docxOf(content)).subarray(0, 900), 'a.docx', 'corrupt'],
    ['a Word file with broken XML', () => files.zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document><w:p>' }), 'a.docx', 'corrupt'],
    ['a picture called PDF', () => png, 'a.pdf', 'mislabelled'],
    ['a ZIP called Word', () => files.zipOf({ 'a.txt': 'a' }), 'a.docx', 'mislabelled'],
    ['noise called text', () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), 'a.txt', 'mislabelled'],
  ] as const)('%s', async (_, make, name, status) => {
    const file = await read(await make(), name, { mediaType: name === 'a.png' || (status === 'mislabelled' && name === 'a.pdf') ? 'image/png' : '' });
    expect(file).toMatchObject({ status, reason: expect.stringMatching(/^[A-Z].*\.$/) as string });
  });

  test('read by what they are, whatever they are called', async () => {
    expect(await read(await files.pdfOf(content), 'a.docx')).toMatchObject({ status: 'extracted', pageCount: 2 });
    expect(await read(await files.docxOf(content), 'a.txt')).toMatchObject({ status: 'extracted' });
  });

  test('a PDF that only its owner may change is read', async () => {
    expect(await read(await files.pdfOf(content, { ownerPassword: 'other' }), 'a.pdf')).toMatchObject({ status: 'extracted' });
  });
});

describe('hostile files', () => {
  const word = (xml: string) => files.zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': xml });

  test('a ZIP bomb is not unpacked', async () => {
    const bomb = await word(`<w:document xmlns:w="w"><w:p><w:t>${'a'.repeat(80_000_000)}</w:t></w:p></w:document>`);
    expect(bomb.length).toBeLessThan(200_000);
    expect(await read(bomb, 'a.docx')).toMatchObject({ status: 'too_large', text: '' });
  });

  test('a part that is larger than it says', async () => {
    const zip = await word(`<w:document xmlns:w="w"><w:p><w:t>${'a'.repeat(100_000)}</w:t></w:p></w:document>`);
    const at = zip.lastIndexOf('word/document.xml') - 46; // its entry in the central directory
    zip.writeUInt32LE(50, at + 24);
    expect(await read(zip, 'a.docx')).toMatchObject({ status: 'corrupt' });
  });

  test('entities that grow are refused', async () => {
    const xml = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(100)}">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? '' : i - 1};`.repeat(10)}">`).join('')}]><w:document xmlns:w="w"><w:p><w:t>&a19;</w:t></w:p></w:document>`;
    expect(await read(await word(xml), 'a.docx')).toMatchObject({ status: 'corrupt', text: '' });
    expect(await read(await word('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document xmlns:w="w"><w:p><w:t>&a;</w:t></w:p></w:document>'), 'a.docx')).toMatchObject({ status: 'corrupt', text: '' });
  });

  test('names that lead out of an archive', async () => {
    const zip = await files.zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document xmlns:w="w"><w:p><w:t>fine</w:t></w:p></w:document>', 'xx/xx/etc/passwd': 'root' });
    const evil = Buffer.from(zip.toString('latin1').replaceAll('xx/xx/etc/passwd', '../../etc/passwd'), 'latin1');
    expect(await read(evil, 'a.docx')).toMatchObject({ status: 'corrupt' });
  });

  test('a PDF whose page is a flood', async () => {
    const { deflateSync } = await import('node:zlib');
    const stream = deflateSync(Buffer.alloc(300_000_000, 'q '));
    const head = `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Length ${stream.length}/Filter/FlateDecode>>stream\n`;
    const bomb = Buffer.concat([Buffer.from(head), stream, Buffer.from('\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF')]);
    const own = await newReader('bomb', 256);
    const end = await read(bomb, 'a.pdf', {}, own, 60_000).catch((error: unknown) => error);
    expect(end).toMatchObject({ kind: 'memory' });
    await own.close();
  });

  test('a PDF whose pages contain themselves, and one nested without end', async () => {
    const circle = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';
    const nested = `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages ${'['.repeat(200_000)}\n%%EOF`;
    for (const file of [circle, nested]) {
      const own = await newReader('circle', 256);
      const end = await read(file, 'a.pdf', {}, own, 3000).catch((error: unknown) => error);
      expect(end instanceof ReaderFault ? end.kind : (end as Read).status).toMatch(/^(corrupt|empty|time|memory)$/); // libraries differ; none goes on for ever
      await own.close();
    }
  });

  test('rich text nested without end, a mail of nothing but boundaries', async () => {
    expect(await read(`{\\rtf1 ${'{'.repeat(100_000)}`, 'a.rtf')).toMatchObject({ status: 'corrupt' });
    const parts = Array.from({ length: 2000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('');
    expect((await read(`MIME-Version: 1.0\r\n${parts}`, 'a.eml')).status).toMatch(/^(corrupt|empty)$/);
  });

  async function newReader(name: string, memoryMb: number): Promise<ReaderProcess> {
    await mkdir(join(folder, name), { recursive: true });
    return new ReaderProcess(join(folder, name), memoryMb);
  }

  test('a file that needs more memory than it may have ends its process, not ours', async () => {
    const own = await newReader('memory', 160);
    const mail = `From: a@x.example\r\nMIME-Version: 1.0\r\n\r\n${'word '.repeat(20_000_000)}`;
    await expect(read(mail, 'a.eml', {}, own)).rejects.toMatchObject({ kind: 'memory' });
    expect(own.alive).toBe(false);
  });

  test('a file that takes too long, and a process that is killed', async () => {
    const slow = await newReader('slow', 512);
    const rtf = `{\\rtf1 ${"\\'e9\\f1 ".repeat(3_000_000)}}`;
    await expect(read(rtf, 'a.rtf', {}, slow, 100)).rejects.toMatchObject({ kind: 'time' });
    expect(slow.alive).toBe(false);
    const killed = await newReader('killed', 512);
    const reading = read(rtf, 'a.rtf', {}, killed);
    setTimeout(() => process.kill(killed.pid!, 'SIGKILL'), 100);
    await expect(reading).rejects.toMatchObject({ kind: 'crash' });
  });

  test('a text longer than is read', async () => {
    const file = await read('word '.repeat(50_000), 'a.txt', { maxCharacters: 100_000 });
    expect(file).toMatchObject({ status: 'extracted', truncated: true, reason: expect.stringContaining('100000') as string });
    expect(file.text).toHaveLength(100_000);
  });

  test('the process sees nothing but its folder', async () => {
    const path = join(folder, 'outside.txt');
    await writeFile(path, 'secret');
    const end = await reader.read({ path, fileName: 'a.txt', mediaType: '', maxCharacters: 1000, attachments: { made: false, wanted: false, maxCount: 0, maxBytes: 0 } }, {
      text: async () => undefined, attachment: async () => undefined, bytes: async () => undefined, attachmentEnd: async () => undefined,
    }, 5000, never);
    expect(end).toMatchObject({ status: 'fault', reason: expect.stringContaining('Access to this API has been restricted') as string });
  });
});
