import { join } from 'node:path';
import type { Environment } from '../../config/environment.js';
import { LocalStore } from './local-store.js';
import type { ObjectStore } from './object-store.js';

/** The store the environment names. The SDK of S3 is large: who has no use for it does not load it. */
export async function makeObjectStore(environment: Environment, dataFolder: string): Promise<ObjectStore> {
  if (environment.STORAGE === 'local') return new LocalStore(join(dataFolder, 'storage'));
  const { S3Store } = await import('./s3-store.js');
  return new S3Store(environment);
}
