import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const S3_KEY = { S3_ACCESS_KEY_ID: 'S3RVER', S3_SECRET_ACCESS_KEY: 'S3RVER' };

export interface S3Server {
  endpoint: string;
  bucket: string;
  /** What a LexiFlow needs to use it. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** A server that speaks S3, in a process of its own, with one empty bucket. */
export async function startS3(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'lexiflow-s3-'));
  const bucket = 'lexiflow-test';
  const child = spawn(process.execPath, [join(import.meta.dirname, 's3-server.mjs'), folder, bucket], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    child.once('exit', (code) => reject(new Error(`the S3 server ended with ${code}`)));
  });
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint, bucket,
    environment: { STORAGE: 's3', S3_BUCKET: bucket, S3_ENDPOINT: endpoint, ...S3_KEY },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
