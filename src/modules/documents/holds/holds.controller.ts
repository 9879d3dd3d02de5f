import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../../common/http/operation.js';
import type { Page } from '../../../common/pagination/page.js';
import { CreateHold, HoldDto, HoldsQuery, ReleaseHold, UpdateHold } from './holds.dto.js';
import * as errors from './holds.errors.js';
import { Holds } from './holds.service.js';

@ApiTags('Holds')
@Controller('v1/holds')
export class HoldsController {
  constructor(private readonly holds: Holds) {}

  @Get()
  @Op({ summary: 'Legal holds on cases and documents', access: 'documents.read', returns: HoldDto, page: true })
  list(@Query() query: HoldsQuery): Promise<Page<HoldDto>> {
    return this.holds.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One hold', access: 'documents.read', returns: HoldDto })
  get(@Param('id') id: string): Promise<HoldDto> {
    return this.holds.get(id);
  }

  @Post()
  @Op({
    summary: 'Place a legal hold', access: 'holds.manage', returns: HoldDto, creates: 'holds', dryRun: true,
    description: 'On a document, or on a case and all of its documents. While one of its holds is active, a document is not purged, by hand or by the expiry of the trash, and does not leave its case. It can be changed, trashed and restored.',
    problems: [errors.holdNeedsOne, errors.unknownCase, errors.unknownHeldDocument],
  })
  create(@Body() input: CreateHold): Promise<HoldDto> {
    return this.holds.create(input);
  }

  @Patch(':id')
  @Op({ summary: 'Change name or reason of a hold', access: 'holds.manage', returns: HoldDto, versioned: true, problems: [errors.holdReleased] })
  update(@Param('id') id: string, @Body() changes: UpdateHold): Promise<HoldDto> {
    return this.holds.update(id, changes);
  }

  @Post(':id/release')
  @Op({
    summary: 'Release a hold', description: 'For good, and it stays as evidence. Other holds on the same keep what they hold.', access: 'holds.manage', returns: HoldDto,
    versioned: true, dryRun: true, problems: [errors.holdReleased],
  })
  release(@Param('id') id: string, @Body() input: ReleaseHold): Promise<HoldDto> {
    return this.holds.release(id, input);
  }
}
