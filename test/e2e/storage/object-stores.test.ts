import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadEnvironment, StartupError } from '../../../src/config/environment.js';
import { LocalStore } from '../../../src/modules/storage/local-store.js';
import { objectKey, ObjectMissingError, partsOfKey, type FileAtHand, type ObjectStore } from '../../../src/modules/storage/object-store.js';
import { S3Store } from '../../../src/modules/storage/s3-store.js';
import { startS3, type S3Server } from '../../support/s3.js';

let folder: string;
let s3: S3Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lexiflow-stores-'));
  s3 = await startS3();
});
afterAll(async () => {
  await s3.stop();
  rmSync(folder, { recursive: true, force: true });
});

const s3Store = (extra: Record<string, string> = {}): S3Store => new S3Store(loadEnvironment({ ...s3.environment, ...extra }));
const STORES: Record<string, () => ObjectStore> = {
  'the local folder': () => new LocalStore(join(folder, 'storage')),
  'a bucket': () => s3Store(),
  'a bucket below a prefix': () => s3Store({ S3_PREFIX: 'shared/lexiflow' }),
};

function fileOf(bytes: Buffer): FileAtHand {
  const path = join(folder, randomUUID());
  writeFileSync(path, bytes);
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
const newKey = (file: FileAtHand, firmId = randomUUID()): string => objectKey({ firmId, id: randomUUID(), sha256: file.sha256 });
const read = async (store: ObjectStore, key: string, range?: { start: number; end: number }): Promise<Buffer> => buffer(await store.open(key, range));

describe.each(Object.keys(STORES))('%s', (name) => {
  let store: ObjectStore;
  beforeAll(() => {
    store = STORES[name]!();
  });

  test('can be used', () => expect(store.check()).resolves.toBeUndefined());

  test.each([0, 1, 70_000, 17 * 1024 * 1024])('takes a file of %i bytes over and gives it back', async (size) => {
    const bytes = randomBytes(size);
    const file = fileOf(bytes);
    const key = newKey(file);
    await store.put(key, file);
    expect(existsSync(file.path)).toBe(false);
    expect(await store.stat(key)).toEqual({ size });
    expect((await read(store, key)).equals(bytes)).toBe(true);
  });

  test('gives ranges, both ends included', async () => {
    const file = fileOf(Buffer.from('0123456789'));
    const key = newKey(file);
    await store.put(key, file);
    expect((await read(store, key, { start: 2, end: 5 })).toString()).toBe('2345');
    expect((await read(store, key, { start: 9, end: 9 })).toString()).toBe('9');
  });

  test('says of what is not there that it is not, before the first byte', async () => {
    const key = newKey(fileOf(Buffer.from('never stored')));
    expect(await store.stat(key)).toBeUndefined();
    await expect(store.open(key)).rejects.toBeInstanceOf(ObjectMissingError);
    await expect(store.remove(key)).resolves.toBeUndefined();
  });

  test('removes one object and no other of the same bytes', async () => {
    const [first, second] = [fileOf(Buffer.from('twice')), fileOf(Buffer.from('twice'))];
    const [a, b] = [newKey(first), newKey(second)];
    await store.put(a, first);
    await store.put(b, second);
    await store.remove(a);
    expect(await store.stat(a)).toBeUndefined();
    expect((await read(store, b)).toString()).toBe('twice');
  });

  test('lists what is below a prefix, whoever else has something there', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const keys: string[] = [];
    for (const firmId of [mine, mine, theirs]) {
      const file = fileOf(randomBytes(20));
      keys.push(newKey(file, firmId));
      await store.put(keys.at(-1)!, file);
    }
    const listed = async (prefix: string) => {
      const found: { key: string; size: number; modifiedAt: Date }[] = [];
      for await (const object of store.list(prefix)) found.push(object);
      return found;
    };
    const found = await listed(`${mine}/`);
    expect(found.map(({ key }) => key).sort()).toEqual(keys.slice(0, 2).sort());
    expect(found.every(({ size, modifiedAt }) => size === 20 && Math.abs(Date.now() - modifiedAt.getTime()) < 60_000)).toBe(true);
    expect((await listed('')).map(({ key }) => key)).toEqual(expect.arrayContaining(keys));
    expect(await listed(`${randomUUID()}/`)).toEqual([]);
  });

  test.each(['../outside', 'a/../../outside', '/etc/passwd', 'a//b', '', '.', 'a/.hidden', 'a\\..\\b', 'a/\0b', `${'x'.repeat(250)}`])('does not take %j for a key', async (key) => {
    const file = fileOf(Buffer.from('escapes'));
    await expect(store.put(key, file)).rejects.toThrow(/is no key/);
    await expect(store.open(key)).rejects.toThrow(/is no key/);
    await expect(store.stat(key)).rejects.toThrow(/is no key/);
    await expect(store.remove(key)).rejects.toThrow(/is no key/);
  });

  test('makes nothing of a file that is not there', async () => {
    const key = newKey(fileOf(Buffer.from('x')));
    await expect(store.put(key, { path: join(folder, 'nowhere'), size: 3, sha256: '0'.repeat(64) })).rejects.toThrow(/ENOENT/);
    expect(await store.stat(key)).toBeUndefined();
  });
});

describe('the local folder', () => {
  test('shows neither drafts nor links', async () => {
    const root = join(folder, 'links');
    const store = new LocalStore(root);
    const file = fileOf(Buffer.from('real'));
    const key = newKey(file);
    await store.put(key, file);
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'outside');
    symlinkSync(secret, join(root, 'link'));
    writeFileSync(join(root, '.incoming-1'), 'half');
    const keys: string[] = [];
    for await (const object of store.list('')) keys.push(object.key);
    expect(keys).toEqual([key]);
  });

  test('that cannot be written to is said in a sentence', async () => {
    const blocked = join(folder, 'a-file');
    writeFileSync(blocked, '');
    const check = new LocalStore(join(blocked, 'storage')).check();
    await expect(check).rejects.toBeInstanceOf(StartupError);
    await expect(check).rejects.toThrow(/Files cannot be stored in .*DATA_DIR/);
  });
});

describe('a bucket', () => {
  test.each([
    [{ S3_BUCKET: 'no-such-bucket' }, /STORAGE=s3: the bucket "no-such-bucket" at http.* cannot be used: there is no such bucket.*S3_BUCKET/],
    [{ S3_ACCESS_KEY_ID: 'NOBODY' }, /it refuses the key.*S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY/],
    [{ S3_ENDPOINT: 'http://127.0.0.1:9' }, /ECONNREFUSED.*S3_ENDPOINT/],
  ])('that cannot be used with %j is said in a sentence', async (wrong, sentence) => {
    const check = s3Store(wrong).check();
    await expect(check).rejects.toBeInstanceOf(StartupError);
    await expect(check).rejects.toThrow(sentence);
  });

  test('needs its variables', () => {
    expect(() => loadEnvironment({ STORAGE: 's3' })).toThrow(/STORAGE=s3 needs S3_BUCKET/);
    expect(() => loadEnvironment({ ...s3.environment, S3_SECRET_ACCESS_KEY: '' })).toThrow(/belong together: set S3_SECRET_ACCESS_KEY/);
    expect(() => loadEnvironment({ ...s3.environment, S3_PREFIX: '../up' })).toThrow(/S3_PREFIX/);
  });
});

test('a key says whose it is and nothing else is one', () => {
  const parts = { firmId: randomUUID(), id: randomUUID(), sha256: 'ab'.repeat(32) };
  expect(objectKey(parts)).toBe(`${parts.firmId}/ab/${parts.sha256}-${parts.id}`);
  expect(partsOfKey(objectKey(parts))).toEqual(parts);
  expect(partsOfKey('firm/incoming/3')).toBeUndefined();
});

test('nothing of the tests’ files is left over outside the stores', () => {
  expect(readdirSync(folder).filter((name) => name === 'outside')).toEqual([]);
  expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('outside');
});
