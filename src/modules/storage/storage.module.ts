import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { ENGINE } from '../../database/database.module.js';
import type { Engine } from '../../database/engine.js';
import { StorageInspection } from './inspection.js';
import { SweepObjectsJob } from './jobs/sweep-objects.job.js';
import { makeObjectStore } from './make-object-store.js';
import { OBJECT_STORE, type ObjectStore } from './object-store.js';
import { Quarantine } from './quarantine.js';
import { StoredFiles } from './stored-files.service.js';

/** The bytes of files: shared by all modules, as jobs are. A store that cannot be used stops the boot. */
@Module({
  providers: [
    { provide: OBJECT_STORE, useFactory: (environment: Environment, engine: Engine) => makeObjectStore(environment, engine.folder.root), inject: [Environment, ENGINE] },
    Quarantine, StorageInspection, StoredFiles, SweepObjectsJob,
  ],
  exports: [OBJECT_STORE, Quarantine, StoredFiles],
})
export class StorageModule implements OnModuleInit {
  constructor(@Inject(OBJECT_STORE) private readonly store: ObjectStore) {}

  async onModuleInit(): Promise<void> {
    await this.store.check();
  }
}
