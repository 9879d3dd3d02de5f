import { Module } from '@nestjs/common';
import { CasesModule } from '../../cases/cases.module.js';
import { JobsModule } from '../../jobs/jobs.module.js';
import { StorageModule } from '../../storage/storage.module.js';
import { DocumentsModule } from '../documents.module.js';
import { CheckoutsModule } from '../checkouts/checkouts.module.js';
import { Downloads } from './downloads.service.js';
import { FileIntake } from './file-upload.js';
import { Links } from './links.service.js';
import { NewDocuments } from './new-documents.service.js';
import { NewDocumentsController } from './new-documents.controller.js';
import { Texts } from './texts.service.js';
import { DownloadsController, VersionsController } from './versions.controller.js';
import { Versions } from './versions.service.js';

/** The bytes of documents: how they come in as versions and go out again. */
@Module({
  imports: [CasesModule, CheckoutsModule, DocumentsModule, JobsModule, StorageModule],
  controllers: [NewDocumentsController, VersionsController, DownloadsController],
  providers: [Downloads, FileIntake, Links, NewDocuments, Texts, Versions],
  exports: [Downloads, FileIntake, NewDocuments, Versions],
})
export class VersionsModule {}
