// The figures as a table for people, JSON for programs, and Markdown for docs/performance.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './load.mjs';
import { root } from './root.mjs';

const whole = (n) => Math.round(n).toLocaleString('en-US');
const rate = ({ median: middle, min, max }) => `${whole(middle)} (${whole(min)}-${whole(max)})`;
const two = (n) => n.toFixed(2);
const optional = (n, digits = 0) => (n === undefined || Number.isNaN(n) ? '-' : n.toFixed(digits));

/** The share of the bare rate, twice: of the medians, and the median of the pairs measured next to each other. */
export const shares = ({ ours, bare, ratios }) => ({ ofMedians: ours.rps.median / bare.rps.median, ofPairs: median(ratios) });

export function verdict(result) {
  if (result.target === undefined) return 'for information';
  const { ofMedians } = shares(result);
  const enough = ofMedians >= result.target && !result.deadlocks;
  return `${enough ? 'reached' : 'MISSED'} (${result.target})${result.deadlocks === undefined ? '' : `, deadlocks: ${result.deadlocks}`}`;
}

export const missed = (result) => verdict(result).startsWith('MISSED');

const HEAD = ['workload', 'LexiFlow req/s', 'bare req/s', 'ratio', 'pairs', 'p50 ms', 'p99 ms', 'CPU us/req', 'PostgreSQL us/req', 'RSS MiB', 'target'];

function row(result) {
  const { ours, bare } = result;
  const { ofMedians, ofPairs } = shares(result);
  const pair = (name, digits) => `${optional(ours[name], digits)} / ${optional(bare[name], digits)}`;
  return [
    result.title, rate(ours.rps), rate(bare.rps), two(ofMedians), `${two(ofPairs)} (${two(Math.min(...result.ratios))}-${two(Math.max(...result.ratios))})`,
    pair('p50', 1), pair('p99', 1), pair('serverUs'), pair('postgresUs'), pair('memoryMiB'), verdict(result),
  ];
}

/** For the terminal: columns under each other. */
export function table(results) {
  const rows = [HEAD, ...results.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}

const markdown = (results) =>
  [HEAD, HEAD.map((_, i) => (i === 0 ? '---' : '---:')), ...results.map(row)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export function machine(postgresVersion) {
  const [first] = cpus();
  return {
    processor: `${cpus().length} x ${first?.model.trim()}`, memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`, node: process.version, postgres: postgresVersion,
  };
}

const START = '<!-- bench:start, written by npm run bench -->';
const END = '<!-- bench:end -->';

/** Puts the figures between the markers of docs/performance.md; what people wrote around them stays. */
export function writePerformancePage(report) {
  const page = join(root, 'docs', 'performance.md');
  const text = existsSync(page) ? readFileSync(page, 'utf8') : `# Performance\n\n${START}\n${END}\n`;
  const { machine: on, options } = report;
  const section = `${START}

Measured ${report.date} by \`${report.command}\` on ${on.processor}, ${on.memoryGiB} GiB, ${on.system}, Node ${on.node}, PostgreSQL ${on.postgres} (${report.database}).
Load generator, both servers and the database share the machine. ${options.rounds} rounds of ${options.seconds} s per side, taken in turn; ${options.connections} connections; pool of
${options.poolSize} connections on both sides; ${options.firms} firms of ${options.people} people; the rate limit is off, the log goes to a file (${whole(report.logLines)} lines). Rates are
medians with the slowest and fastest round; "pairs" is the median (and range) of the ratios of rounds measured next to each other; \`LexiFlow / bare\` in the other columns.

${markdown(report.results)}

${END}`;
  const from = text.indexOf(START);
  const to = text.indexOf(END);
  const next = from < 0 || to < 0 ? `${text.trimEnd()}\n\n${section}\n` : text.slice(0, from) + section + text.slice(to + END.length);
  writeFileSync(page, next);
}
