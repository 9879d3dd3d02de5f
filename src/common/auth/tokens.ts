import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits of chance, printable. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** How secrets of full entropy are stored: they need no slow hash. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares without telling how far two values agree. */
export const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const hex = (id: string): string => id.replaceAll('-', '');
const dashed = (text: string): string => text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** A token that can be looked up under the policies, because it says which firm and row it belongs to. */
export interface OpaqueToken {
  firmId: string;
  id: string;
  secret: string;
}

export const formatToken = (prefix: string, token: OpaqueToken): string => `${prefix}_${hex(token.firmId)}_${hex(token.id)}_${token.secret}`;

/** The parts of a token, or undefined when it is not one of ours. */
export function parseToken(prefix: string, text: string): OpaqueToken | undefined {
  const match = /^([a-z]{3})_([0-9a-f]{32})_([0-9a-f]{32})_([\w-]{43})$/.exec(text);
  if (!match || match[1] !== prefix) return undefined;
  return { firmId: dashed(match[2]!), id: dashed(match[3]!), secret: match[4]! };
}
