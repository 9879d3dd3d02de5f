import { join } from 'node:path';
import type { Environment } from '../../config/environment.js';
import { LocalStore } from './local-store.js';
import type { ObjectStore } from './object-store.js';
import { S3Store } from './s3-store.js';

/** The store the environment names. */
export const makeObjectStore = (environment: Environment, dataFolder: string): ObjectStore =>
  environment.STORAGE === 's3' ? new S3Store(environment) : new LocalStore(join(dataFolder, 'storage'));
