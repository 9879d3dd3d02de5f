import { hash } from 'node:crypto';
import { preconditionFailed, preconditionRequired } from '../errors/problem.js';
import { currentRequest } from './request-context.js';

/** `"<version>.<hash of this representation>"`: the hash tells representations apart, the version tells states apart. */
export function etagOf(version: unknown, text: string): string {
  const short = hash('sha1', text, 'base64url').slice(0, 16);
  return typeof version === 'number' ? `"${version}.${short}"` : `"${short}"`;
}

const parts = (header: string): string[] => header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));

/** If-None-Match: the caller has exactly this representation. */
export const isUnchanged = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || parts(header).includes(etag));

/**
 * If-Match against the state in the database; call it inside the transaction, after the row was locked. Throws 412 with
 * the current ETag when the caller looked at an older state.
 */
export function assertFresh(current: { version: number }, representation?: object): void {
  const request = currentRequest();
  if (!request) return; // jobs and commands change what they have just read
  if (request.ifMatch === undefined) throw preconditionRequired();
  if (request.ifMatch.trim() === '*') return;
  const versions = parts(request.ifMatch).map((tag) => /^"(\d+)(?:\.[\w-]+)?"$/.exec(tag)?.[1]);
  if (versions.includes(String(current.version))) return;
  const etag = representation ? etagOf(current.version, JSON.stringify(representation)) : `"${current.version}"`;
  throw preconditionFailed({ detail: 'Read it again, look at what changed, and repeat your change with the new ETag.', headers: { etag }, members: { currentVersion: current.version } });
}
