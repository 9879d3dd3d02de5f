import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import { QuickSearchDto, QuickSearchQuery } from './quick-search.dto.js';
import { QuickSearch } from './quick-search.service.js';

@ApiTags('Search')
@Controller('v1/quick-search')
export class QuickSearchController {
  constructor(private readonly search: QuickSearch) {}

  @Get()
  @Op({
    summary: 'Cases, clients and contacts by a few letters', description: 'For the box at the top of every screen: beginnings of words, numbers and e-mail addresses; four letters and more may be mistyped.',
    access: 'search.use', returns: QuickSearchDto, fields: false,
  })
  find(@Query() query: QuickSearchQuery): Promise<QuickSearchDto> {
    return this.search.find(query);
  }
}
