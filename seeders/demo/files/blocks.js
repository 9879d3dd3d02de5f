/**
 * What the writers of files take: a document as a list of blocks, the same for each format.
 * @typedef {string | { table: string[][] } | { items: string[] } | { page: true }} Block a string is a paragraph, or a heading where it begins with '# '
 * @typedef {{ title: string, author?: string, date?: string, header?: string, footnotes?: string[], blocks: Block[] }} Content `date` is YYYY-MM-DD
 */

/** Which kind a block is, so that writers need not ask twice. @param {Block} block */
export function kindOf(block) {
  if (typeof block === 'string') return block.startsWith('# ') ? 'heading' : 'paragraph';
  return 'table' in block ? 'table' : 'items' in block ? 'items' : 'page';
}

/** @param {string} heading */
export const headingText = (heading) => heading.slice(2);

/** A file's date is the document's own, not that of the day on which it was made: the same content gives the same bytes. @param {{ date?: string }} content */
export const momentOf = (content) => new Date(`${content.date ?? '2026-01-15'}T12:00:00Z`);

/** @param {string} text */
export const xml = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The pages of a content: its blocks between page breaks. @param {Block[]} blocks */
export function pagesOf(blocks) {
  /** @type {Block[][]} */
  const pages = [[]];
  for (const block of blocks) {
    if (kindOf(block) === 'page') pages.push([]);
    else pages.at(-1).push(block);
  }
  return pages;
}
