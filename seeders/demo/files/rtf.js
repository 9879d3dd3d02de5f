import { headingText, kindOf } from './blocks.js';

/** Rich text. @param {import('./blocks.js').Content} content */
export function rtfOf(content) {
  const body = [`{\\b\\fs32 ${rtf(content.title)}}\\par\\par`, ...content.blocks.map(blockOf)].join('\n');
  return Buffer.from(`{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\froman Times New Roman;}}{\\info{\\title ${rtf(content.title)}}{\\author ${rtf(content.author ?? '')}}}\n\\f0\\fs24\n${body}\n}`, 'latin1');
}

/** @param {import('./blocks.js').Block} block */
function blockOf(block) {
  switch (kindOf(block)) {
    case 'heading': return `{\\b ${rtf(headingText(block))}}\\par\\par`;
    case 'items': return block.items.map((item) => `{\\pntext\\'b7\\tab}${rtf(item)}\\par`).join('\n');
    case 'table': return block.table.map((row) => `\\trowd ${row.map((cell) => `${rtf(cell)}\\cell`).join(' ')} \\row`).join('\n');
    case 'page': return '\\page';
    default: return `${rtf(block)}\\par\\par`;
  }
}

/** @param {string} text */
const rtf = (text) => text.replace(/[\\{}]/g, '\\$&').replace(/[^\x20-\x7e]/g, (sign) => (sign.charCodeAt(0) < 256 ? `\\'${sign.charCodeAt(0).toString(16).padStart(2, '0')}` : `\\u${(sign.charCodeAt(0) << 16) >> 16}?`));
