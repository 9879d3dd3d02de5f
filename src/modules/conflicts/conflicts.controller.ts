import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { ConflictCheckDto, ConflictCheckQuery, ConflictReportDto, CreateConflictCheck, CreateConflictDecision } from './conflicts.dto.js';
import * as errors from './conflicts.errors.js';
import { Conflicts } from './conflicts.service.js';

@ApiTags('Conflict checks')
@Controller('v1/conflict-checks')
export class ConflictsController {
  constructor(private readonly conflicts: Conflicts) {}

  @Get()
  @Op({ summary: 'Conflict checks that were made', access: 'conflicts.check', returns: ConflictCheckDto, page: true })
  list(@Query() query: ConflictCheckQuery): Promise<Page<ConflictCheckDto>> {
    return this.conflicts.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One conflict check, with the hits that the reader may see', access: 'conflicts.check', returns: ConflictReportDto })
  get(@Param('id') id: string): Promise<ConflictReportDto> {
    return this.conflicts.get(id);
  }

  @Post()
  @Op({
    summary: 'Look for conflicts of interest',
    description: 'Looks through all contacts, aliases, parties and relations of the firm. What is hidden from you shows as one hit with `hidden` and nothing else. The check is kept.',
    access: 'conflicts.check', returns: ConflictReportDto, creates: 'conflict_checks', problems: [errors.unknownCheckCase],
  })
  create(@Body() input: CreateConflictCheck): Promise<ConflictReportDto> {
    return this.conflicts.create(input);
  }

  @Post(':id/decisions')
  @Op({
    summary: 'Clear, waive or decline', description: 'About one hit (a hidden one too), or about the whole check. A decision is never changed: a later one stands above it.',
    access: 'conflicts.decide', returns: ConflictReportDto, creates: 'conflict_checks', location: '/v1/conflict-checks', problems: [errors.unknownHit],
  })
  decide(@Param('id') id: string, @Body() input: CreateConflictDecision): Promise<ConflictReportDto> {
    return this.conflicts.decide(id, input);
  }
}
