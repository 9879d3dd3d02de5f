import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { FullTextController } from './full-text.controller.js';
import { FullText } from './full-text.service.js';
import { IndexJob } from './jobs/index.job.js';
import { ReindexJob } from './jobs/reindex.job.js';
import { QuickSearchController } from './quick-search.controller.js';
import { QuickSearch } from './quick-search.service.js';

@Module({ imports: [TasksModule], controllers: [QuickSearchController, FullTextController], providers: [QuickSearch, FullText, IndexJob, ReindexJob] })
export class SearchModule {}
