// How the documents of the demo are told: where each stands, who wrote which version of it when, and what is in it.

/**
 * A document of a case. Days count from the day of seeding; `make` is given the day as YYYY-MM-DD and gives the bytes.
 * @typedef {{ by: string, day: number, comment?: string, make: (date: string) => Buffer | Promise<Buffer> }} PaperVersion
 * @typedef {{ on: string, folder: string, title: string, file: string, type: string, status: string, author?: string, privilege: string, tags: string[], metadata: object, versions: PaperVersion[] }} Paper
 * @param {string} on key of the case @param {string} folder 'Discovery/Depositions' @param {string} title @param {string} file
 * @param {{ type: string, by: string, day: number, status?: string, author?: string, privilege?: string, tags?: string[], metadata?: object, make: PaperVersion['make'], later?: PaperVersion[] }} more
 * @returns {Paper}
 */
export function paper(on, folder, title, file, { type, by, day, status = 'final', author, privilege = 'none', tags = [], metadata = {}, make, later = [] }) {
  return { on, folder, title, file, type, status, author, privilege, tags, metadata, versions: [{ by, day, make }, ...later] };
}

/** A further version of the document above it. @param {string} by @param {number} day @param {string} comment @param {PaperVersion['make']} make */
export const version = (by, day, comment, make) => ({ by, day, comment, make });
