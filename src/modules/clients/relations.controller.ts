import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import * as errors from './clients.errors.js';
import { CreateRelation, NetworkDto, NetworkQuery, RelationDto, RelationQuery, UpdateRelation } from './relations.dto.js';
import { Relations } from './relations.service.js';

@ApiTags('Contacts')
@Controller('v1/contacts/:id')
export class RelationsController {
  constructor(private readonly relations: Relations) {}

  @Get('network')
  @Op({
    summary: 'The contacts around a contact', access: 'clients.read', returns: NetworkDto,
    description: 'Follows relations in both directions, circles included. Contacts hidden from the caller are absent, and nothing is reached through them.',
  })
  network(@Param('id') id: string, @Query() query: NetworkQuery): Promise<NetworkDto> {
    return this.relations.network(id, query);
  }

  @Get('relations')
  @Op({ summary: 'How a contact stands to others', access: 'clients.read', returns: RelationDto, page: true })
  list(@Param('id') id: string, @Query() query: RelationQuery): Promise<Page<RelationDto>> {
    return this.relations.list(id, query);
  }

  @Get('relations/:relationId')
  @Op({ summary: 'One relation', access: 'clients.read', returns: RelationDto })
  get(@Param('id') id: string, @Param('relationId') relationId: string): Promise<RelationDto> {
    return this.relations.get(id, relationId);
  }

  @Post('relations')
  @Op({
    summary: 'Relate two contacts', access: 'clients.write', returns: RelationDto, creates: 'contact_relations',
    problems: [errors.unknownContact, errors.relationExists, errors.relationToSelf, errors.relationDates],
  })
  create(@Param('id') id: string, @Body() input: CreateRelation): Promise<RelationDto> {
    return this.relations.create(id, input);
  }

  @Patch('relations/:relationId')
  @Op({ summary: 'Change a relation', access: 'clients.write', returns: RelationDto, versioned: true, problems: [errors.relationExists, errors.relationDates] })
  update(@Param('id') id: string, @Param('relationId') relationId: string, @Body() changes: UpdateRelation): Promise<RelationDto> {
    return this.relations.update(id, relationId, changes);
  }

  @Delete('relations/:relationId')
  @Op({ summary: 'End a relation as if it had never been', description: 'One that is over has an `until` instead.', access: 'clients.write', versioned: true })
  remove(@Param('id') id: string, @Param('relationId') relationId: string): Promise<void> {
    return this.relations.remove(id, relationId);
  }
}
