/** A citation or section reference in a text: one token, however it is written. */
export interface Reference {
  /** The most exact form first; the index keeps all of them. */
  terms: string[];
  /** The word it began with ("section"), which stays findable. */
  word?: string;
  start: number;
  end: number;
}

// Reporters, as they are written without points and blanks. What follows a number and one of them, and is a number, is a page.
const REPORTERS = [
  'us', 'sct', 'led', 'led2d', 'f', 'f2d', 'f3d', 'f4th', 'fsupp', 'fsupp2d', 'fsupp3d', 'fappx', 'fedappx', 'fedcl', 'frd', 'br', 'tc',
  'a', 'a2d', 'a3d', 'p', 'p2d', 'p3d', 'ne', 'ne2d', 'ne3d', 'nw', 'nw2d', 'se', 'se2d', 'sw', 'sw2d', 'sw3d', 'so', 'so2d', 'so3d',
  'cal', 'cal2d', 'cal3d', 'cal4th', 'cal5th', 'calapp', 'calapp2d', 'calapp3d', 'calapp4th', 'calapp5th', 'calrptr', 'calrptr2d', 'calrptr3d',
  'ny', 'ny2d', 'ny3d', 'nys', 'nys2d', 'nys3d', 'ad', 'ad2d', 'ad3d', 'misc2d', 'misc3d', 'ill', 'ill2d', 'illapp', 'illapp2d', 'illapp3d', 'ohiost', 'ohiost2d', 'ohiost3d',
  'mass', 'massapp', 'tex', 'wash', 'wash2d', 'washapp', 'pa', 'nj', 'njsuper', 'mich', 'michapp', 'wis', 'wis2d', 'md', 'va', 'nc', 'ga', 'conn', 'kan', 'minn', 'wl',
] as const;
// "12 a 5" and "3 p 4" are no citations: reporters of one letter, and words of the language, want their point
const WANT_POINT = new Set(['us', 'a', 'p', 'f', 'so', 'ad', 'se', 'ne', 'mass', 'wash', 'ill', 'pa', 'va', 'md', 'ga', 'nc', 'br', 'tc', 'cal', 'tex', 'conn', 'kan', 'minn', 'mich', 'wis', 'nj', 'ny']);
const KNOWN: ReadonlySet<string> = new Set(REPORTERS);
const CODES: ReadonlySet<string> = new Set(['usc', 'usca', 'cfr', 'fedreg', 'stat']);

const VOLUME = /(\d{1,4})\s{1,3}((?:[A-Za-z]{1,6}\.?\s?){1,3}(?:\d(?:d|th)\.?)?)\s{0,3}(§{0,2}\s{0,3})(\d{1,6}(?:[.-]\d+)*[a-z]{0,2})((?:\([a-zA-Z0-9]{1,5}\))*)(?![\p{L}\p{N}])/uy;
const SECTION = /(§{1,2}|sections?|secs?\.?)\s{0,3}(\d{1,6}(?:[.:–-]\d+)*[a-z]{0,2})((?:\s?\([a-zA-Z0-9]{1,5}\))*)(?![\p{L}\p{N}])/iuy;
const FURTHER = /(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+)(\d{1,6}(?:\.\d+)*[a-z]{0,2})((?:\([a-zA-Z0-9]{1,5}\))*)(?![\p{L}\p{N}])(?!\s+(?:days?|months?|years?|hours?|percent)\b)/iuy;

/** The reference that begins there, if one does. */
export function referenceAt(text: string, start: number): Reference | undefined {
  const first = text.charCodeAt(start);
  return first >= 48 && first <= 57 ? citationAt(text, start) : sectionAt(text, start);
}

function citationAt(text: string, start: number): Reference | undefined {
  VOLUME.lastIndex = start;
  const match = VOLUME.exec(text);
  if (!match) return undefined;
  const [whole, volume, written, sign, page, subsections] = match as unknown as [string, string, string, string, string, string];
  const reporter = written.toLowerCase().replace(/[.\s]/g, '');
  const end = start + whole.length;
  if (CODES.has(reporter)) {
    const code = reporter === 'usca' ? 'usc' : reporter;
    const exact = `${volume}.${code}.${page}`.toLowerCase();
    const section = sectionTerms(page, subsections);
    return { terms: [...(subsections ? [`${exact}${subsections.toLowerCase()}`] : []), exact, ...section], start, end };
  }
  if (sign !== '' || !KNOWN.has(reporter)) return undefined;
  if (WANT_POINT.has(reporter) && !written.includes('.') && written.trim() !== 'US') return undefined;
  return { terms: [`${volume}.${reporter}.${page}`.toLowerCase()], start, end: end - subsections.length };
}

function sectionTerms(number: string, subsections: string): string[] {
  const plain = `§${number.toLowerCase().replace(/–/g, '-')}`;
  const inner = subsections.replace(/\s/g, '').toLowerCase();
  return inner ? [`${plain}${inner}`, plain] : [plain];
}

function sectionAt(text: string, start: number): Reference | undefined {
  SECTION.lastIndex = start;
  const match = SECTION.exec(text);
  if (!match) return undefined;
  const [whole, sign, number, subsections] = match as unknown as [string, string, string, string];
  const terms = sectionTerms(number, subsections);
  let end = start + whole.length;
  if (sign === '§§' || /s\.?$/i.test(sign)) {
    for (FURTHER.lastIndex = end; ;) {
      const more = FURTHER.exec(text);
      if (!more) break;
      terms.push(...sectionTerms(more[1]!, more[2]!));
      end = FURTHER.lastIndex;
    }
  }
  return { terms, ...(/^s/i.test(sign) && { word: 'section' }), start, end };
}
