// @ts-check
import { createReadStream } from 'node:fs';
import { decoded } from '../encoding.js';
import { contains } from '../scan.js';

/** Plain text, Markdown, CSV and the like, as they are. Form feeds begin pages, as in transcripts. @type {import('../formats.js').Reader} */
export async function readText({ path, encoding }, out) {
  const paged = await contains(createReadStream(path), /\f/);
  let page = 1;
  if (paged) out.page(page);
  for await (const text of decoded(path, encoding)) {
    const pieces = text.split('\f');
    for (let i = 0; i < pieces.length; i++) {
      if (i > 0) out.page(++page);
      out.write(/** @type {string} */ (pieces[i]));
    }
    if (out.full) await out.flush();
  }
  return { pageCount: paged ? page : null };
}
