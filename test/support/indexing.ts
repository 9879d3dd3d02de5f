import type { Database } from '../../src/database/database.js';
import type { JobContext } from '../../src/modules/jobs/job-handler.js';
import { VersionIndexer } from '../../src/modules/search/version-indexer.js';

/** Declares the text of these versions taken out, and indexes them as the job would. */
export async function indexVersions(database: Database, firmId: string, versionIds: readonly string[]): Promise<void> {
  const system = { kind: 'system', firmId } as const;
  const job = {
    id: '', name: 'search.index', firmId, userId: null, attempt: 1, lastAttempt: false, signal: new AbortController().signal,
    read: (work) => database.read(system, work), write: (work) => database.write(system, work),
  } satisfies JobContext;
  await database.write(system, () => database.execute(`update document_texts t set status = 'extracted', started_at = now(), finished_at = now(),
    page_count = (select max(k.page) from document_chunks k where k.version_id = t.version_id) where t.version_id = any ($1) and t.finished_at is null`, [versionIds]));
  const indexer = new VersionIndexer(database, job);
  for (const id of versionIds) await indexer.index(id);
}
