import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { TimelineEntryDto, TimelineQuery } from './timeline.dto.js';
import { Timeline } from './timeline.service.js';

@ApiTags('Work on cases')
@Controller('v1/cases/:id/timeline')
export class TimelineController {
  constructor(private readonly timeline: Timeline) {}

  @Get()
  @Op({
    summary: 'What happened on a case, in sentences, newest first', access: 'cases.read', returns: TimelineEntryDto, page: true,
    description: 'Walls are told to those who manage walls, refused access to those who read the audit trail.',
  })
  list(@Param('id') id: string, @Query() query: TimelineQuery): Promise<Page<TimelineEntryDto>> {
    return this.timeline.list(id, query);
  }
}
