import iconv from 'iconv-lite';
import * as files from '../../seeders/demo/files/index.js';

export interface MixedFile {
  name: string;
  bytes: Buffer;
  /** How taking its text out has to end. */
  status: string;
  /** A word that stands in this file only, where it has text. */
  word: string | undefined;
}

const noise = (seed: number): Buffer => Buffer.from(Array.from({ length: 3000 }, (_, i) => ((i + seed) * 7919 + seed * 31) % 251));
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');
const prose = (word: string, n: number) => ({
  title: `File ${n}`, date: '2026-02-03',
  blocks: ['# Recitals', `This agreement number ${n} mentions ${word} once, and § ${n} twice: § ${n}.`, { items: ['first', 'second'] }, { table: [['Item', 'Amount'], ['Rent', `${n}.50`]] }, { page: true as const }, `“Café” – signed on page two of file ${n}.`],
});

type Maker = [extension: string, status: string, make: (word: string, n: number) => Buffer | Promise<Buffer>];

/** Every kind of file there is to tell apart: those with text, and those with each reason for having none. */
const MAKERS: Maker[] = [
  ['pdf', 'extracted', (word, n) => files.pdfOf(prose(word, n))], ['docx', 'extracted', (word, n) => files.docxOf(prose(word, n))], ['odt', 'extracted', (word, n) => files.odtOf(prose(word, n))],
  ['rtf', 'extracted', (word, n) => files.rtfOf(prose(word, n))], ['html', 'extracted', (word, n) => files.htmlOf(prose(word, n))], ['md', 'extracted', (word, n) => files.markdownOf(prose(word, n))],
  ['txt', 'extracted', (word, n) => files.textOf(prose(word, n))], ['odp', 'extracted', (word, n) => files.odpOf(prose(word, n))],
  ['xlsx', 'extracted', (word, n) => files.xlsxOf([{ name: 'One', rows: [[word, n, '2026-02-03']] }, { name: 'Two', rows: [['§', n]] }])],
  ['ods', 'extracted', (word, n) => files.odsOf([{ name: 'One', rows: [[word, n]] }])],
  ['pptx', 'extracted', (word, n) => files.pptxOf([{ title: `Slide ${n}`, lines: [word], notes: 'Note' }])],
  ['csv', 'extracted', (word, n) => files.csvOf([['word', 'n'], [word, n]])],
  ['eml', 'extracted', (word, n) => files.emlOf({ from: 'a@x.example', to: 'b@x.example', subject: `Mail ${n}`, text: `It says ${word}.`, attachments: [{ fileName: `note ${n}.txt`, mediaType: 'text/plain', bytes: Buffer.from(`attached to ${n}`) }] })],
  ['txt', 'extracted', (word, n) => iconv.encode(`Número ${n}: el señor dijo ${word} en el café, según consta en la página ${n}.\r\n`, 'windows-1252')],
  ['txt', 'extracted', (word, n) => iconv.encode(`Договор номер ${n}: ${word}. Стороны договорились о нижеследующем.\r\n`, 'utf-16le', { addBOM: n % 2 === 0 })],
  ['log', 'extracted', (word, n) => Buffer.from(`${n} ${word}\n`.repeat(300))],
  ['txt', 'empty', () => Buffer.alloc(0)], ['pdf', 'image_only', (_, n) => files.scanOf(1 + (n % 3))], ['png', 'image_only', (_, n) => Buffer.concat([pixel, Buffer.from([n % 256, n >> 8])])],
  ['pdf', 'encrypted', (word, n) => files.pdfOf(prose(word, n), { userPassword: 'secret', ownerPassword: 'other' })], ['docx', 'corrupt', async (word, n) => (await files.docxOf(prose(word, n))).subarray(0, 1500)],
  ['bin.dat', 'unsupported', (_, n) => noise(n)], ['pdf', 'mislabelled', (_, n) => noise(n + 5)], ['zip', 'unsupported', (word) => files.zipOf({ 'a.txt': word })],
];

/** So many different files, each kind in its turn. */
export async function mixedFiles(count: number): Promise<MixedFile[]> {
  return Promise.all(Array.from({ length: count }, async (_, n) => {
    const [extension, status, make] = MAKERS[n % MAKERS.length]!;
    const word = `quaxelbrimth${[...String(n)].map((digit) => 'bcdfghjklm'[Number(digit)]).join('a')}`;
    return { name: `${String(n).padStart(4, '0')} Schriftstück.${extension}`, bytes: Buffer.from(await make(word, n)), status, word: status === 'extracted' ? word : undefined };
  }));
}
