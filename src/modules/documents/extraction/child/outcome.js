// @ts-check

/**
 * Why a file has no text, or not all of it: thrown by a reader, and told to the server as the version's status.
 * Anything else a reader throws means that the file is damaged, because the readers' libraries say so in many ways.
 */
export class Outcome extends Error {
  /**
   * @param {'empty' | 'image_only' | 'encrypted' | 'corrupt' | 'mislabelled' | 'unsupported' | 'too_large'} status
   * @param {string} reason a sentence for the person who uploaded the file
   */
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

/** Thrown by Output when the limit of characters is reached: what was read so far stays. */
export class LimitReached extends Error {}
