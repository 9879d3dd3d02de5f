import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { StreamedAnswer } from '../../../common/http/streamed-answer.js';
import type { ComparedVersionDto, ComparisonDto, ComparisonOpDto } from './compare.dto.js';

const STYLE = `body { font: 16px/1.55 Georgia, serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
h1 { font-size: 1.35rem } main { white-space: pre-wrap; overflow-wrap: anywhere }
ins { background: #d9f2dd; color: #0b4d17; text-decoration: underline } del { background: #fbdddd; color: #7a1111; text-decoration: line-through }
.page, .omitted, footer, .sum { color: #555; font: 13px/1.5 system-ui, sans-serif } .page, .omitted { display: block; white-space: normal; border-top: 1px solid #ddd; margin: 1rem 0 .4rem }`;

/** Nothing on the page may run or be fetched, whatever the documents say. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`;

/** A comparison as a page to read and to print. */
export function comparisonPage(comparison: ComparisonDto): StreamedAnswer {
  return new StreamedAnswer(200, {
    'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY, 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff', vary: 'accept',
  }, async () => Readable.from(page(comparison), { objectMode: false }));
}

function* page(comparison: ComparisonDto): Generator<string> {
  const { from, to } = comparison;
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Comparison: ${escaped(to.title)}</title><style>${STYLE}</style></head>
<body><h1>${nameOf(from)} compared with ${nameOf(to)}</h1>
<p class="sum">${sentence(comparison)}</p>
<p class="sum">Legend: <ins>only in ${nameOf(to)}</ins> · <del>only in ${nameOf(from)}</del></p>
<main>`;
  let last: number | null = null;
  for (const [n, op] of comparison.ops.entries()) {
    const at: number | null = op.toPage ?? (op.op === 'delete' ? last : null);
    if (at !== null && at !== last) yield `<span class="page">Page ${at}</span>`;
    last = at ?? last;
    yield told(op, op.op === 'delete' && comparison.ops[n + 1]?.op === 'insert');
  }
  yield `</main>
<footer><p>${from.truncated || to.truncated ? 'Only the beginning of a text was read. ' : ''}Made by LexiFlow from the text of both files; pictures and layout are not compared.</p></footer></body></html>
`;
}

/** What was replaced stands in one line with what replaced it. */
function told({ op, text, words }: ComparisonOpDto, replaced: boolean): string {
  if (op === 'omitted') return `<span class="omitted">… ${words} words are the same …</span>`;
  if (op === 'equal') return escaped(text);
  const tag = op === 'insert' ? 'ins' : 'del';
  return `<${tag}>${escaped(text.trimEnd())}</${tag}>${replaced ? ' ' : escaped(text.slice(text.trimEnd().length))}`;
}

function sentence({ wordsInserted, wordsDeleted, wordsUnchanged, unchangedShare, sameFile, approximate }: ComparisonDto): string {
  if (sameFile) return 'The two files are the same, byte by byte.';
  if (wordsInserted + wordsDeleted === 0) return 'The files differ, but not in their words.';
  return `${wordsInserted} words inserted, ${wordsDeleted} deleted, ${wordsUnchanged} unchanged (${Math.floor(unchangedShare * 1000) / 10} %).${approximate ? ' Some stretches differ so much that they are shown as replaced as a whole.' : ''}`;
}

const nameOf = ({ title, number, fileName }: ComparedVersionDto): string => `${escaped(title)}, version ${number} (${escaped(fileName)})`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
