import { Module } from '@nestjs/common';
import { JobsModule } from '../../jobs/jobs.module.js';
import { StorageModule } from '../../storage/storage.module.js';
import { ExtractJob } from '../jobs/extract.job.js';
import { ExtractionController } from './extraction.controller.js';
import { Extraction } from './extraction.service.js';
import { TextReaders } from './text-readers.js';

/** Text out of files: the processes that read them, and the job that stores what they find. */
@Module({
  imports: [JobsModule, StorageModule],
  controllers: [ExtractionController],
  providers: [Extraction, ExtractJob, TextReaders],
})
export class ExtractionModule {}
