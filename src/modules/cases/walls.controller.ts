import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { CaseWallQuery, CreateWall, LiftWall, UpdateWall, WallDto, WallQuery } from './walls.dto.js';
import * as errors from './walls.errors.js';
import { Walls } from './walls.service.js';

@ApiTags('Walls')
@Controller('v1')
export class WallsController {
  constructor(private readonly walls: Walls) {}

  @Get('walls')
  @Op({ summary: 'Ethical walls of all cases one sees', description: 'Those that name the caller are not among them.', access: 'walls.manage', returns: WallDto, page: true })
  list(@Query() query: WallQuery): Promise<Page<WallDto>> {
    return this.walls.list(query);
  }

  @Get('cases/:id/walls')
  @Op({ summary: 'Ethical walls of a case', description: 'Those that name the caller are not among them.', access: 'walls.manage', returns: WallDto, page: true })
  listOf(@Param('id') id: string, @Query() query: CaseWallQuery): Promise<Page<WallDto>> {
    return this.walls.listOf(id, query);
  }

  @Get('cases/:id/walls/:wallId')
  @Op({ summary: 'One wall', access: 'walls.manage', returns: WallDto })
  get(@Param('id') id: string, @Param('wallId') wallId: string): Promise<WallDto> {
    return this.walls.get(id, wallId);
  }

  @Post('cases/:id/walls')
  @Op({
    summary: 'Wall a person off', access: 'walls.manage', returns: WallDto, creates: 'case_walls', dryRun: true,
    description: 'From its start the case and all about it are not there for this person, member or administrator or not. The person is not told.',
    problems: [errors.wallOverlaps, errors.wallYourself, errors.wallLastMember, errors.wallUnknownPerson, errors.wallStartsInPast, errors.wallEnds],
  })
  create(@Param('id') id: string, @Body() input: CreateWall): Promise<WallDto> {
    return this.walls.create(id, input);
  }

  @Patch('cases/:id/walls/:wallId')
  @Op({ summary: 'Change end or reason of a wall', access: 'walls.manage', returns: WallDto, versioned: true, problems: [errors.wallOver, errors.wallEnds, errors.wallOverlaps, errors.wallLastMember] })
  update(@Param('id') id: string, @Param('wallId') wallId: string, @Body() changes: UpdateWall): Promise<WallDto> {
    return this.walls.update(id, wallId, changes);
  }

  @Post('cases/:id/walls/:wallId/lift')
  @Op({
    summary: 'Lift a wall', description: 'It ends now and stays as evidence. Seats the person had on the case count again.', access: 'walls.manage', returns: WallDto,
    versioned: true, dryRun: true, problems: [errors.wallOver],
  })
  lift(@Param('id') id: string, @Param('wallId') wallId: string, @Body() input: LiftWall): Promise<WallDto> {
    return this.walls.lift(id, wallId, input);
  }
}
