// @ts-check
import { diffArrays } from 'diff';

/**
 * @typedef {{ page: number | null, text: string }} Piece
 * @typedef {{ words: string[], key: string, page: number | null, end: string }} Line `end`: what follows its last word
 * @typedef {{ op: 'equal' | 'insert' | 'delete' | 'omitted', text: string, words: number, fromPage: number | null, toPage: number | null }} Op
 * @typedef {{ word: string, end: string, page: number | null }} Word
 * @typedef {{ context: number, timeoutMs: number }} Options
 */

/** Beyond so many differences between two stretches they are told as one replaced by the other. */
const MAX_LINE_EDITS = 20_000;
const MAX_WORD_EDITS = 4_000;
/** Words that two different sentences have in common by chance are no common ground. */
const CHANCE = 2;

/**
 * What became of one text in another, word by word: lines are aligned first, then the words of those that differ. How
 * lines are broken, and how many blanks stand between words, makes no difference.
 * @param {Piece[]} from @param {Piece[]} to @param {Options} options
 */
export function compareTexts(from, to, { context, timeoutMs }) {
  const deadline = performance.now() + timeoutMs;
  const [a, b] = [linesOf(from), linesOf(to)];
  /** @type {Op[]} */
  const ops = [];
  let approximate = false;
  let [i, j] = [0, 0];
  const changed = (/** @type {number} */ toI, /** @type {number} */ toJ) => {
    approximate = words(wordsOf(a.slice(i, toI)), wordsOf(b.slice(j, toJ)), ops, deadline) || approximate;
    [i, j] = [toI, toJ];
  };
  const blocks = diffArrays(a.map(({ key }) => key), b.map(({ key }) => key), { timeout: timeoutMs / 2, maxEditLength: MAX_LINE_EDITS });
  if (!blocks) changed(a.length, b.length);
  for (let at = 0; blocks && at < blocks.length; at++) {
    const { added, removed, count } = /** @type {NonNullable<(typeof blocks)[0]>} */ (blocks[at]);
    if (!added && !removed) {
      for (let n = 0; n < count; n++, i++, j++) equalLine(ops, /** @type {Line} */ (a[i]), /** @type {Line} */ (b[j]));
      continue;
    }
    // what was taken out and what was put in at the same place belong together
    const next = blocks[at + 1];
    const both = next && (next.added || next.removed) ? next : undefined;
    if (both) at++;
    const gone = removed ? count : both?.removed ? both.count : 0;
    const come = added ? count : both?.added ? both.count : 0;
    changed(i + gone, j + come);
  }
  return { ...sums(ops), approximate, ops: abridged(ops, context) };
}

/** @param {Piece[]} pieces @returns {Line[]} */
function linesOf(pieces) {
  /** @type {Line[]} */
  const lines = [];
  let rest = '';
  /** @type {number | null} */
  let page = null;
  const add = (/** @type {string} */ text) => {
    const words = text.split(/\s+/).filter(Boolean);
    if (words.length > 0) lines.push({ words, key: words.join(' '), page, end: '\n' });
    else if (lines.length > 0) /** @type {Line} */ (lines.at(-1)).end = '\n\n';
  };
  for (const piece of pieces) {
    if (piece.page !== page && rest !== '') {
      add(rest);
      rest = '';
    }
    page = piece.page;
    const parts = (rest + piece.text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) add(part);
  }
  add(rest);
  return lines;
}

/** @param {Line[]} lines @returns {Word[]} */
function wordsOf(lines) {
  return lines.flatMap(({ words, page, end }) => words.map((word, n) => ({ word, page, end: n === words.length - 1 ? end : ' ' })));
}

/** The words of two stretches that differ; true where they were too many to be told apart. @param {Word[]} a @param {Word[]} b @param {Op[]} ops @param {number} deadline */
function words(a, b, ops, deadline) {
  const timeout = Math.max(1, deadline - performance.now());
  const parts = a.length === 0 || b.length === 0 ? undefined : diffArrays(a, b, { comparator: (x, y) => x.word === y.word, timeout, maxEditLength: MAX_WORD_EDITS });
  if (!parts) {
    if (a.length > 0) push(ops, 'delete', a);
    if (b.length > 0) push(ops, 'insert', b);
    return a.length > 0 && b.length > 0;
  }
  /** @type {{ gone: Word[], come: Word[] }} */
  let open = { gone: [], come: [] };
  let at = 0; // in a: what is equal comes with the words of b
  const settle = () => {
    if (open.gone.length > 0) push(ops, 'delete', open.gone);
    if (open.come.length > 0) push(ops, 'insert', open.come);
    open = { gone: [], come: [] };
  };
  for (const [n, { value, added, removed, count }] of parts.entries()) {
    if (added) open.come.push(...value);
    else if (removed) {
      open.gone.push(...value);
      at += count;
    }
    else {
      const own = a.slice(at, at + count);
      at += count;
      const replacedBefore = open.gone.length > CHANCE && open.come.length > CHANCE;
      if (count <= CHANCE && replacedBefore && n < parts.length - 1) {
        open.gone.push(...own);
        open.come.push(...value);
        continue;
      }
      settle();
      push(ops, 'equal', value, own[0]?.page ?? null);
    }
  }
  settle();
  return false;
}

/** @param {Op[]} ops @param {Line} from @param {Line} to */
function equalLine(ops, from, to) {
  add(ops, { op: 'equal', text: to.key + to.end, words: to.words.length, fromPage: from.page, toPage: to.page });
}

/** @param {Op[]} ops @param {'equal' | 'insert' | 'delete'} op @param {Word[]} words @param {number | null} [fromPage] */
function push(ops, op, words, fromPage) {
  const page = words[0]?.page ?? null;
  add(ops, {
    op, text: words.map(({ word, end }) => word + end).join(''), words: words.length,
    fromPage: op === 'insert' ? null : op === 'delete' ? page : (fromPage ?? null), toPage: op === 'delete' ? null : page,
  });
}

/** What is equal and stands on the same pages is one. @param {Op[]} ops @param {Op} op */
function add(ops, op) {
  const last = ops.at(-1);
  if (op.op !== 'equal' || last?.op !== 'equal' || last.fromPage !== op.fromPage || last.toPage !== op.toPage) return ops.push(op);
  last.text += op.text;
  return (last.words += op.words);
}

/** @param {Op[]} ops */
function sums(ops) {
  const of = (/** @type {Op['op']} */ op) => ops.reduce((sum, each) => sum + (each.op === op ? each.words : 0), 0);
  const [unchanged, inserted, deleted] = [of('equal'), of('insert'), of('delete')];
  const all = 2 * unchanged + inserted + deleted;
  return { wordsUnchanged: unchanged, wordsInserted: inserted, wordsDeleted: deleted, unchangedShare: all === 0 ? 1 : Math.floor((2 * unchanged * 10_000) / all) / 10_000 };
}

/** Of what is equal only so many words beside a change (Infinity: all); between them, how many were left out. @param {Op[]} ops @param {number} context */
function abridged(ops, context) {
  if (context === Infinity) return ops;
  return ops.flatMap((op, n) => {
    if (op.op !== 'equal') return [op];
    const before = isChange(ops[n - 1]) ? context : 0;
    const after = isChange(ops[n + 1]) ? context : 0;
    if (op.words <= before + after + 1) return [op];
    const pieces = op.text.match(/\S+\s*/g) ?? [];
    const part = (/** @type {number} */ start, /** @type {number} */ end) => ({ ...op, text: pieces.slice(start, end).join(''), words: end - start });
    return [
      ...(before > 0 ? [part(0, before)] : []),
      { ...op, op: /** @type {const} */ ('omitted'), text: '', words: op.words - before - after },
      ...(after > 0 ? [part(pieces.length - after, pieces.length)] : []),
    ];
  });
}

/** @param {Op | undefined} op */
const isChange = (op) => op?.op === 'insert' || op?.op === 'delete';
