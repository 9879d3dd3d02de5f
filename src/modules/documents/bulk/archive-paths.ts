/** What no system takes in a name, and what would make a name read as another one. */
const UNSAFE = /[<>:"/\\|?*\p{Cc}\p{Cs}]/gu;
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff]/gu;
/** Names that are devices on Windows, with whatever extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
const MOST_CHARACTERS = 150;

/** One step of a path that every system can unpack. */
export function safeStep(name: string): string {
  const clean = name.normalize('NFC').replace(INVISIBLE, '').replace(UNSAFE, '_').replace(/[. ]+$/, '').trimStart();
  const [stem, extension] = split(clean === '' ? '_' : clean);
  const short = [...stem].slice(0, MOST_CHARACTERS - extension.length).join('') + extension;
  return DEVICE.test(short) ? `_${short}` : short;
}

/** Gives out paths within one archive, each once, also where a system takes `A.pdf` and `a.pdf` for the same. */
export class ArchivePaths {
  private readonly taken: Set<string>;

  constructor(reserved: readonly string[] = []) {
    this.taken = new Set(reserved.map(keyOf));
  }

  /** `mark` goes behind the name, before the extension. */
  take(folders: readonly string[], fileName: string, mark = ''): string {
    const [stem, extension] = split(safeStep(fileName));
    const before = folders.map((name) => `${safeStep(name)}/`).join('');
    for (let n = 1; ; n++) {
      const path = `${before}${stem}${mark}${n === 1 ? '' : ` (${n})`}${extension}`;
      if (this.taken.has(keyOf(path))) continue;
      this.taken.add(keyOf(path));
      return path;
    }
  }
}

const keyOf = (path: string): string => path.normalize('NFC').toLowerCase();

function split(name: string): [stem: string, extension: string] {
  const extension = /[^.](\.[^.\s]{1,15})$/u.exec(name)?.[1] ?? '';
  return [name.slice(0, name.length - extension.length), extension];
}
