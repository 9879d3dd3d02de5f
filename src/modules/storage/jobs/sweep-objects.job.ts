import { Inject } from '@nestjs/common';
import { Database } from '../../../database/database.js';
import { JobHandler, type JobContext } from '../../jobs/job-handler.js';
import { OBJECT_STORE, objectKey, type ObjectStore } from '../object-store.js';
import { DELETE_OBJECT, OBJECTS_TO_REMOVE } from '../stored-files.queries.js';

const AT_ONCE = 200;
const NONE = '00000000-0000-0000-0000-000000000000';

/**
 * Lets go of what was purged: first the object, then its row, so that nothing is forgotten in the store. A row that is
 * marked is never referred to again, and its key is its own; so no lock is held while the store works.
 */
@JobHandler('documents.sweep_objects', { unit: 'own', concurrency: 1, timeoutSeconds: 3600 })
export class SweepObjectsJob implements JobHandler<Record<string, never>> {
  constructor(
    private readonly database: Database,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  async handle(_payload: Record<string, never>, job: JobContext): Promise<void> {
    for (let after = NONE; ;) {
      const objects = await job.read(() => this.database.query<{ id: string; sha256: string }>(OBJECTS_TO_REMOVE, [after, AT_ONCE]));
      for (const object of objects) {
        job.signal.throwIfAborted();
        await this.store.remove(objectKey({ firmId: job.firmId, ...object }));
        await job.write(() => this.database.execute(DELETE_OBJECT, [object.id]));
      }
      if (objects.length < AT_ONCE) return;
      after = objects.at(-1)!.id;
    }
  }
}
