import { openPromise, type Entry } from 'yauzl';

const ZIP = 'application/zip';
/** Enough to find what an office file begins with; a directory of millions is not walked. */
const MOST_ENTRIES = 4_000;
const MOST_MIMETYPE_BYTES = 200;

const OOXML = 'application/vnd.openxmlformats-officedocument';
const PARTS: [RegExp, string][] = [
  [/^word\/document\d*\.xml$/i, `${OOXML}.wordprocessingml.document`],
  [/^xl\/workbook\.(xml|bin)$/i, `${OOXML}.spreadsheetml.sheet`],
  [/^ppt\/presentation\.xml$/i, `${OOXML}.presentationml.presentation`],
];
const DECLARED = /^application\/(?:vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation|graphics)(?:-template)?|epub\+zip)$/;

/** What kind of ZIP a file is, by the names in its directory: nothing but a short declaration is inflated. */
export async function zipTypeOf(path: string): Promise<string> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false, validateEntrySizes: true }).catch(() => undefined);
  if (!zip) return ZIP;
  try {
    let seen = 0;
    for await (const entry of zip.eachEntry()) {
      const found = PARTS.find(([pattern]) => pattern.test(entry.fileName));
      if (found) return found[1];
      if (entry.fileName === 'mimetype') {
        const declared = await declaredIn(zip, entry);
        if (DECLARED.test(declared)) return declared.replace(/-template$/, '');
      }
      if (++seen >= MOST_ENTRIES) break;
    }
    return ZIP;
  } catch {
    return ZIP; // a broken directory: extraction says more
  } finally {
    zip.close();
  }
}

async function declaredIn(zip: { openReadStreamPromise(entry: Entry): Promise<NodeJS.ReadableStream> }, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MOST_MIMETYPE_BYTES) return '';
  let text = '';
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    text += (chunk as Buffer).toString('latin1');
    if (text.length > MOST_MIMETYPE_BYTES) return '';
  }
  return text.trim();
}
