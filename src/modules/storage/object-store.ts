import type { Readable } from 'node:stream';

/** A file on this machine's disk that nobody else will touch: its bytes have been counted and hashed. */
export interface FileAtHand {
  path: string;
  size: number;
  /** 64 lower-case hex digits. */
  sha256: string;
}

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredObject {
  key: string;
  size: number;
  modifiedAt: Date;
}

/** Where the bytes of files live. A key is written once and never changed; it is part of no path a caller can choose. */
export interface ObjectStore {
  /** For messages: which store this is, without secrets. */
  readonly description: string;
  /** Says in one sentence (a StartupError) what keeps this store from being used, by trying it. */
  check(): Promise<void>;
  /** Takes the file over, which is gone afterwards. Atomic, and durable when it returns. Never inside a transaction. */
  put(key: string, file: FileAtHand): Promise<void>;
  /** The bytes, all or a range of them. Throws ObjectMissingError before the first byte when there is nothing. */
  open(key: string, range?: ByteRange): Promise<Readable>;
  stat(key: string): Promise<{ size: number } | undefined>;
  /** Nothing happens when there is nothing. */
  remove(key: string): Promise<void>;
  /** What is stored under a prefix that is empty or ends in a slash, in no particular order. */
  list(prefix: string): AsyncIterable<StoredObject>;
}

export const OBJECT_STORE = Symbol('object store');

/** The row says there is an object, and the store has none: somebody removed it past LexiFlow, or a restore is incomplete. */
export class ObjectMissingError extends Error {
  constructor(readonly key: string) {
    super(`the store has no object ${key}`);
  }
}

/**
 * The key of a stored object. The row's own id is part of it, so that removing what an old row refers to can never hit
 * what was stored anew with the same bytes (docs/decisions/0007).
 */
export const objectKey = (object: { firmId: string; id: string; sha256: string }): string =>
  `${object.firmId}/${object.sha256.slice(0, 2)}/${object.sha256}-${object.id}`;

const KEY = /^([0-9a-f-]{36})\/[0-9a-f]{2}\/([0-9a-f]{64})-([0-9a-f-]{36})$/;

/** The parts of a key that objectKey made; undefined for anything else. */
export function partsOfKey(key: string): { firmId: string; sha256: string; id: string } | undefined {
  const match = KEY.exec(key);
  return match ? { firmId: match[1]!, sha256: match[2]!, id: match[3]! } : undefined;
}

const SEGMENT = /^\w[\w.-]{0,199}$/;

/** Stops a key that is no plain relative path: every store asks before it uses one. */
export function assertKey(key: string): void {
  if (key.length > 900 || !key.split('/').every((part) => SEGMENT.test(part))) throw new Error(`"${key}" is no key of a stored object`);
}
