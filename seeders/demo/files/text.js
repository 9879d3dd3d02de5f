import { headingText, kindOf, xml } from './blocks.js';

/** A web page. @param {import('./blocks.js').Content} content */
export function htmlOf(content) {
  return Buffer.from(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${xml(content.title)}</title><style>body { font-family: serif }</style></head>
<body>
<h1>${xml(content.title)}</h1>
${content.blocks.map((block) => {
    switch (kindOf(block)) {
      case 'heading': return `<h2>${xml(headingText(block))}</h2>`;
      case 'items': return `<ul>${block.items.map((item) => `<li>${xml(item)}</li>`).join('')}</ul>`;
      case 'table': return `<table>${block.table.map((row) => `<tr>${row.map((cell) => `<td>${xml(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
      case 'page': return '<hr>';
      default: return `<p>${xml(block)}</p>`;
    }
  }).join('\n')}
</body></html>
`);
}

/** Markdown. @param {import('./blocks.js').Content} content */
export const markdownOf = (content) => Buffer.from(`# ${content.title}\n\n${lines(content, (heading) => `## ${heading}`, '---')}\n`);

/** Plain text; page breaks are form feeds. @param {import('./blocks.js').Content} content @param {number} [width] lines are broken there */
export const textOf = (content, width = 88) => Buffer.from(`${content.title.toUpperCase()}\n\n${lines(content, (heading) => heading.toUpperCase(), '\f', width)}\n`);

/** Comma-separated values. @param {(string | number)[][]} rows */
export const csvOf = (rows) => Buffer.from(rows.map((row) => row.map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')).join('\r\n') + '\r\n');

/** @param {import('./blocks.js').Content} content @param {(heading: string) => string} heading @param {string} pageBreak @param {number} [width] */
function lines(content, heading, pageBreak, width) {
  return content.blocks.map((block) => {
    switch (kindOf(block)) {
      case 'heading': return heading(headingText(block));
      case 'items': return block.items.map((item) => `- ${item}`).join('\n');
      case 'table': return block.table.map((row) => `| ${row.join(' | ')} |`).join('\n');
      case 'page': return pageBreak;
      default: return width ? wrap(block, width) : block;
    }
  }).join('\n\n').replaceAll('\n\n\f\n\n', '\n\f');
}

/** @param {string} text @param {number} width */
function wrap(text, width) {
  let [line, done] = ['', ''];
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      done += `${line}\n`;
      line = '';
    }
    line += (line === '' ? '' : ' ') + word;
  }
  return done + line;
}
