import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { hashPassword } from './common/auth/passwords.js';
import { newId } from './common/ids.js';
import { projectRoot } from './database/migrator.js';
import type { Engine } from './database/engine.js';
import { describeReceived } from './modules/documents/files/described-file.js';
import { objectKey, type FileAtHand, type ObjectStore } from './modules/storage/object-store.js';

export interface SeedSummary {
  firms: { name: string; slug: string; logins: string[] }[];
  password: string;
}

interface Seeders {
  seedReference(client: pg.Client): Promise<void>;
  seedDemo(client: pg.Client, tools: {
    hashPassword: typeof hashPassword; newId: typeof newId; engineRole: string; describe: typeof describeReceived;
    store(object: { firmId: string; id: string; sha256: string }, file: FileAtHand): Promise<void>;
  }): Promise<SeedSummary>;
}

/** Code lists, and on request the demo firms, whose documents need a store. Both may run again and again. */
export async function seedAll(engine: Engine, { demo }: { demo: ObjectStore | false }): Promise<SeedSummary | undefined> {
  const load = (name: string) => import(pathToFileURL(join(projectRoot, 'seeders', name)).href) as Promise<unknown>;
  const { seedReference } = (await load('reference.js')) as Seeders;
  const { seedDemo } = (await load('demo.js')) as Seeders;
  const client = await engine.connectOwner();
  try {
    await seedReference(client);
    if (!demo) return undefined;
    return await seedDemo(client, { hashPassword, newId, engineRole: engine.roles.engine, describe: describeReceived, store: (object, file) => demo.put(objectKey(object), file) });
  } finally {
    await client.end();
  }
}
