import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { CheckoutsModule } from './checkouts/checkouts.module.js';
import { DocumentsController } from './documents.controller.js';
import { Documents } from './documents.service.js';
import { FoldersController } from './folders.controller.js';
import { Folders } from './folders.service.js';
import { HoldsModule } from './holds/holds.module.js';
import { ExpireTrashJob } from './jobs/expire-trash.job.js';
import { Trash } from './trash.service.js';

/** Documents and folders as such; their bytes, texts, holds and check-outs have modules of their own. */
@Module({
  imports: [CasesModule, CheckoutsModule, HoldsModule, JobsModule],
  controllers: [DocumentsController, FoldersController],
  providers: [Documents, ExpireTrashJob, Folders, Trash],
  exports: [Documents],
})
export class DocumentsModule {}
