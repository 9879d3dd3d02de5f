/** A character without accent and case; empty for what only carries an accent. */
const fold = (character: string): string => character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const wordOf = (text: string): string[] => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/**
 * Where words of `text` begin like a word of `q`, or (for four letters and more) look like one with a letter wrong.
 * Positions are those of the original text, accents and all.
 */
export function matchPositions(text: string, q: string): { start: number; end: number }[] {
  const asked = wordOf(q);
  const found: { start: number; end: number }[] = [];
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const folded = fold(word);
    const begins = asked.filter((one) => folded.startsWith(one)).sort((a, b) => b.length - a.length)[0];
    if (begins) found.push({ start: index, end: index + lengthOf(word, begins.length) });
    else if (asked.some((one) => one.length >= 4 && alike(one, folded))) found.push({ start: index, end: index + word.length });
  }
  return found;
}

/** How much of `word` its first `count` folded letters are. */
function lengthOf(word: string, count: number): number {
  let length = 0;
  let seen = 0;
  for (const character of word) {
    const more = fold(character).length;
    if (seen >= count && more > 0) break;
    seen += more;
    length += character.length;
  }
  return length;
}

/** Half of the pairs of letters are the same. */
function alike(a: string, b: string): boolean {
  const pairs = (word: string) => new Set([...` ${word} `].slice(1).map((letter, i) => ` ${word} `[i]! + letter));
  const [left, right] = [pairs(a), pairs(b)];
  const common = [...left].filter((pair) => right.has(pair)).length;
  return (2 * common) / (left.size + right.size) >= 0.5;
}
