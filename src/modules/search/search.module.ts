import { Module } from '@nestjs/common';
import { QuickSearchController } from './quick-search.controller.js';
import { QuickSearch } from './quick-search.service.js';

@Module({ controllers: [QuickSearchController], providers: [QuickSearch] })
export class SearchModule {}
