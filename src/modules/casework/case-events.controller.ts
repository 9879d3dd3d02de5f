import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { unknownTimeZone } from '../../common/validation/time-zone.js';
import { CaseEventDto, CaseEventsQuery, CreateCaseEvent, EventsOfCaseQuery, UpdateCaseEvent } from './case-events.dto.js';
import { CaseEvents } from './case-events.service.js';
import * as errors from './casework.errors.js';

const PLANNING = [
  errors.caseArchived, errors.unknownPerson, errors.attendeeCannotSeeCase, errors.attendeeNeedsOne, errors.repeatedAttendee, errors.unknownContact,
  errors.eventEndsBeforeStart, unknownTimeZone,
];

@ApiTags('Work on cases')
@Controller('v1')
export class CaseEventsController {
  constructor(private readonly events: CaseEvents) {}

  @Get('case-events')
  @Op({ summary: 'Events and deadlines of all cases: the calendar', access: 'cases.read', returns: CaseEventDto, page: true })
  list(@Query() query: CaseEventsQuery): Promise<Page<CaseEventDto>> {
    return this.events.list(query);
  }

  @Get('cases/:id/events')
  @Op({ summary: 'Events and deadlines of a case', access: 'cases.read', returns: CaseEventDto, page: true })
  listOfCase(@Param('id') id: string, @Query() query: EventsOfCaseQuery): Promise<Page<CaseEventDto>> {
    return this.events.listOfCase(id, query);
  }

  @Post('cases/:id/events')
  @Op({
    summary: 'Plan an event or deadline', access: 'case_work.write', returns: CaseEventDto, creates: 'case_events', location: '/v1/case-events', problems: PLANNING,
  })
  create(@Param('id') id: string, @Body() input: CreateCaseEvent): Promise<CaseEventDto> {
    return this.events.create(id, input);
  }

  @Get('case-events/:id')
  @Op({ summary: 'One event', access: 'cases.read', returns: CaseEventDto })
  get(@Param('id') id: string): Promise<CaseEventDto> {
    return this.events.get(id);
  }

  @Patch('case-events/:id')
  @Op({
    summary: 'Change, move or cancel an event', description: 'Moved, it reminds anew; cancelled or done, it does not.', access: 'case_work.write', returns: CaseEventDto,
    versioned: true, problems: PLANNING,
  })
  update(@Param('id') id: string, @Body() changes: UpdateCaseEvent): Promise<CaseEventDto> {
    return this.events.update(id, changes);
  }

  @Delete('case-events/:id')
  @Op({ summary: 'Remove an event', access: 'case_work.write', versioned: true, problems: [errors.caseArchived] })
  remove(@Param('id') id: string): Promise<void> {
    return this.events.remove(id);
  }
}
