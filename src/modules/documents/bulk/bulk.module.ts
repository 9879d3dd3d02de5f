import { Module } from '@nestjs/common';
import { CasesModule } from '../../cases/cases.module.js';
import { JobsModule } from '../../jobs/jobs.module.js';
import { StorageModule } from '../../storage/storage.module.js';
import { TasksModule } from '../../tasks/tasks.module.js';
import { ImportJob } from '../jobs/import.job.js';
import { TidyImportJob } from '../jobs/tidy-import.job.js';
import { VersionsModule } from '../versions/versions.module.js';
import { ExportController } from './export.controller.js';
import { DocumentExport } from './export.service.js';
import { ImportController } from './import.controller.js';
import { DocumentImports } from './import.service.js';

/** Many documents at once, in and out. */
@Module({
  imports: [CasesModule, JobsModule, StorageModule, TasksModule, VersionsModule],
  controllers: [ExportController, ImportController],
  providers: [DocumentExport, DocumentImports, ImportJob, TidyImportJob],
})
export class BulkModule {}
