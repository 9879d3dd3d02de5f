import { fileTypeFromBuffer } from 'file-type';
import { extensionOf } from './file-names.js';
import { isWideText, looksLikeText, textTypeOf } from './text-types.js';
import { zipTypeOf } from './zip-types.js';

const BINARY = 'application/octet-stream';
const OLD_OFFICE = 'application/x-cfb';

/** What a file is, told from its bytes; the name only decides between things the bytes cannot tell apart. */
export interface SniffedType {
  mediaType: string;
  /** False where the bytes are something else than the name says. */
  nameMatches: boolean;
}

/** Looks at the first bytes, and into the directory of a ZIP. */
export async function sniff(file: { path: string; size: number; head: Buffer }, fileName: string): Promise<SniffedType> {
  const mediaType = await typeOf(file, extensionOf(fileName));
  return { mediaType, nameMatches: fits(mediaType, extensionOf(fileName)) };
}

async function typeOf(file: { path: string; size: number; head: Buffer }, extension: string): Promise<string> {
  const { head } = file;
  if (file.size === 0) return BINARY;
  if (head.subarray(0, 1024).includes('%PDF-')) return 'application/pdf'; // readers take it with a little before it
  if (head.subarray(0, 5).toString('latin1') === '{\\rtf') return 'application/rtf';
  const magic = magicOf(head);
  if (magic === 0x504b0304 || magic === 0x504b0506) return zipTypeOf(file.path);
  if (isWideText(head)) return textTypeOf(head, extension);
  const found = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime as string | undefined;
  if (found === OLD_OFFICE) return OLD[extension] ?? OLD_OFFICE;
  if (found && SOUNDS_OR_PICTURES.test(found) && looksLikeText(head)) return textTypeOf(head, extension);
  if (found && !found.startsWith('text/') && found !== 'application/xml' && found !== 'application/rtf') return found;
  return looksLikeText(head) ? textTypeOf(head, extension) : BINARY;
}

/** Some begin with letters alone: "FORM OF AGREEMENT" is no sound and "BMO" no picture. The real ones have no text behind that. */
const SOUNDS_OR_PICTURES = /^(?:audio|video|font)\/|^image\/(?!gif|svg)/;

const OLD: Record<string, string> = { doc: 'application/msword', dot: 'application/msword', xls: 'application/vnd.ms-excel', ppt: 'application/vnd.ms-powerpoint', msg: 'application/vnd.ms-outlook' };

const OOXML = 'application/vnd.openxmlformats-officedocument';
const ODF = 'application/vnd.oasis.opendocument';
const TEXTS = ['text/plain', 'text/csv', 'text/markdown', 'application/json', 'application/xml', 'text/html', 'message/rfc822'];

/** What may be behind an extension; one that is not here says nothing. */
const BEHIND: Record<string, readonly string[]> = {
  pdf: ['application/pdf'], rtf: ['application/rtf'],
  docx: [`${OOXML}.wordprocessingml.document`], docm: [`${OOXML}.wordprocessingml.document`], xlsx: [`${OOXML}.spreadsheetml.sheet`], xlsm: [`${OOXML}.spreadsheetml.sheet`], pptx: [`${OOXML}.presentationml.presentation`],
  odt: [`${ODF}.text`], ods: [`${ODF}.spreadsheet`], odp: [`${ODF}.presentation`],
  // an RTF or HTML file called .doc opens in Word, and is something else all the same
  doc: ['application/msword'], xls: ['application/vnd.ms-excel'], ppt: ['application/vnd.ms-powerpoint'], msg: ['application/vnd.ms-outlook'],
  html: ['text/html'], htm: ['text/html'], eml: ['message/rfc822'], xml: ['application/xml', 'text/html', 'image/svg+xml'], svg: ['image/svg+xml', 'application/xml'], json: ['application/json', 'text/plain'],
  txt: TEXTS, text: TEXTS, log: TEXTS, md: TEXTS, markdown: TEXTS, csv: TEXTS, tsv: TEXTS,
  zip: ['application/zip', 'application/epub+zip', `${OOXML}.wordprocessingml.document`, `${OOXML}.spreadsheetml.sheet`, `${OOXML}.presentationml.presentation`, `${ODF}.text`, `${ODF}.spreadsheet`, `${ODF}.presentation`],
  png: ['image/png', 'image/apng'], jpg: ['image/jpeg'], jpeg: ['image/jpeg'], gif: ['image/gif'], webp: ['image/webp'], tif: ['image/tiff'], tiff: ['image/tiff'], bmp: ['image/bmp'], heic: ['image/heic', 'image/heif'],
  mp3: ['audio/mpeg'], wav: ['audio/wav', 'audio/vnd.wave'], m4a: ['audio/x-m4a', 'audio/mp4'], mp4: ['video/mp4', 'audio/mp4'], mov: ['video/quicktime'], gz: ['application/gzip'], '7z': ['application/x-7z-compressed'], rar: ['application/x-rar-compressed'],
};

const fits = (mediaType: string, extension: string): boolean => !Object.hasOwn(BEHIND, extension) || BEHIND[extension]!.includes(mediaType);

/** Names by which a system would run a file when somebody opens it. */
const RUNNABLE = new Set([
  'exe', 'msi', 'msix', 'msp', 'mst', 'bat', 'cmd', 'com', 'scr', 'pif', 'cpl', 'dll', 'sys', 'drv', 'ocx', 'gadget', 'application', 'appref-ms', 'appx', 'js', 'jse', 'mjs', 'cjs', 'vbs', 'vbe', 'vb', 'wsf', 'wsh', 'wsc', 'sct',
  'hta', 'ps1', 'ps1xml', 'psm1', 'psd1', 'msc', 'reg', 'inf', 'scf', 'lnk', 'url', 'jar', 'class', 'sh', 'bash', 'zsh', 'csh', 'fish', 'run', 'elf', 'so', 'dylib', 'command', 'pkg', 'dmg', 'deb', 'rpm', 'apk', 'ipa', 'xpi', 'crx',
]);

/** Why a file is not taken: it is a program, by its bytes or by its name. Undefined: it may be kept. */
export function whyRefused(head: Buffer, fileName: string): string | undefined {
  const extension = extensionOf(fileName);
  if (RUNNABLE.has(extension)) return `Files named .${extension} are programs.`;
  const magic = magicOf(head);
  if (magic === 0x7f454c46) return 'Its content is a program (ELF).';
  if ([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe].includes(magic)) return 'Its content is a program (Mach-O or Java).';
  if (isPortableExecutable(head)) return 'Its content is a program (Windows).';
  const start = head.subarray(head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0, 128).toString('latin1');
  if (/^#! ?\//.test(start)) return 'Its content is a script.';
  if (magic === 0x4c000000 && magicOf(head.subarray(4)) === 0x01140200) return 'Its content is a shortcut.';
  return undefined;
}

const magicOf = (head: Buffer): number => (head.length >= 4 ? head.readUInt32BE(0) : 0);

/** "MZ" alone begins many a text. */
function isPortableExecutable(head: Buffer): boolean {
  if (head.length < 64 || head[0] !== 0x4d || head[1] !== 0x5a) return false;
  const at = head.readUInt32LE(0x3c);
  const signature = at + 4 <= head.length ? head.readUInt32LE(at) : 0;
  return signature === 0x4550 || (signature & 0xffff) === 0x454e || !looksLikeText(head);
}

const INLINE: ReadonlySet<string> = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'text/plain', 'text/markdown', 'text/csv']);

/** What a browser may show in place: nothing that could carry a script. */
export const mayShowInline = (mediaType: string): boolean => INLINE.has(mediaType);

/** The Content-Type of a download: texts are shown as text, whatever dialect they are in. */
export const servedType = (mediaType: string, inline: boolean): string => (inline && mediaType.startsWith('text/') ? 'text/plain; charset=utf-8' : mediaType);
