// @ts-check

const OVERLAP = 64;

/** Whether a byte stream contains one of these (short) patterns; reads no further than the first. @param {AsyncIterable<unknown>} stream @param {RegExp} pattern */
export async function contains(stream, pattern) {
  let tail = '';
  for await (const piece of stream) {
    const text = tail + /** @type {Buffer} */ (piece).toString('latin1');
    if (pattern.test(text)) return true;
    tail = text.slice(-OVERLAP);
  }
  return false;
}
