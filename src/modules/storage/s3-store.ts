import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client, type S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { StartupError, type Environment } from '../../config/environment.js';
import { assertKey, ObjectMissingError, type ByteRange, type FileAtHand, type ObjectStore, type StoredObject } from './object-store.js';

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
/** S3 takes no upload of more parts. */
const MOST_PARTS = 10_000;
const CONNECTIONS = 256;

// The release is pinned, and this Node is one it supports: what later releases will want is no business of an operator.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Objects in a bucket of anything that speaks S3. Nothing of a file is ever held in memory but a few parts on their way. */
export class S3Store implements ObjectStore {
  readonly description: string;
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;

  constructor(environment: Environment) {
    const { S3_BUCKET, S3_PREFIX, S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_FORCE_PATH_STYLE } = environment;
    this.bucket = S3_BUCKET!;
    this.prefix = S3_PREFIX === undefined ? '' : `${S3_PREFIX.replace(/^\/+|\/+$/g, '')}/`;
    this.description = `the bucket "${this.bucket}"${S3_ENDPOINT ? ` at ${S3_ENDPOINT}` : ''}`;
    this.client = new S3Client({
      region: S3_REGION,
      ...(S3_ENDPOINT && { endpoint: S3_ENDPOINT }),
      // without keys the SDK looks where it always does: environment, profile, role of the machine
      ...(S3_ACCESS_KEY_ID && { credentials: { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY! } }),
      forcePathStyle: S3_FORCE_PATH_STYLE ?? S3_ENDPOINT !== undefined,
      // the checksums the SDK adds by itself are unknown to many servers that speak S3
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // no limit on silence in the middle of an answer: a slow reader of a download makes one
      requestHandler: {
        connectionTimeout: 5_000, requestTimeout: 300_000, throwOnRequestTimeout: true,
        httpsAgent: { maxSockets: CONNECTIONS }, httpAgent: { maxSockets: CONNECTIONS },
      },
    });
  }

  async check(): Promise<void> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.bucket }));
    } catch (error) {
      throw new StartupError(`STORAGE=s3: ${this.description} cannot be used: ${reasonOf(error as S3ServiceException)}`);
    }
  }

  async put(key: string, file: FileAtHand): Promise<void> {
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.bucket, Key: this.nameOf(key), Body: createReadStream(file.path, { highWaterMark: 1024 * 1024 }), ContentType: 'application/octet-stream' },
      partSize: Math.max(PART_BYTES, Math.ceil(file.size / MOST_PARTS)),
      queueSize: PARTS_AT_ONCE,
    });
    await upload.done();
    const stored = await this.stat(key);
    if (stored?.size !== file.size) throw new Error(`${this.description} took ${stored?.size ?? 'no'} bytes of ${key} instead of ${file.size}`);
    await rm(file.path, { force: true });
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({
        Bucket: this.bucket, Key: this.nameOf(key), ...(range && { Range: `bytes=${range.start}-${range.end}` }),
      }));
      return Body as Readable;
    } catch (error) {
      throw isMissing(error) ? new ObjectMissingError(key) : error;
    }
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    try {
      const { ContentLength } = await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: this.nameOf(key) }));
      return { size: ContentLength ?? 0 };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: this.nameOf(key) })).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    if (prefix !== '') assertKey(prefix.replace(/\/$/, ''));
    let token: string | undefined;
    do {
      const page = await this.client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix + prefix, ...(token && { ContinuationToken: token }) }));
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key) yield { key: Key.slice(this.prefix.length), size: Size ?? 0, modifiedAt: LastModified ?? new Date() };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token);
  }

  private nameOf(key: string): string {
    assertKey(key);
    return this.prefix + key;
  }
}

const isMissing = (error: unknown): boolean => {
  const { name, $metadata } = error as S3ServiceException;
  return name === 'NoSuchKey' || name === 'NotFound' || ($metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket');
};

/** What an operator can do about it; the words of S3 servers differ, their names and codes hardly do. */
function reasonOf(error: Partial<S3ServiceException> & { code?: string }): string {
  const status = error.$metadata?.httpStatusCode;
  if (error.name === 'NoSuchBucket' || status === 404) return 'there is no such bucket; make it, or correct S3_BUCKET.';
  if (['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AccessDenied', 'Forbidden', 'InvalidToken', 'ExpiredToken'].includes(error.name ?? '') || status === 403 || status === 401) {
    return `it refuses the key (${status}); correct S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or give the key the right to list, read, write and delete there.`;
  }
  if (error.name === 'CredentialsProviderError') return 'there is no key; set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.';
  if (error.name === 'PermanentRedirect' || status === 301) return 'it is in another region; correct S3_REGION.';
  return `${error.message || error.code || 'it does not answer'}; check S3_ENDPOINT and S3_REGION.`;
}
