import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { caseArchived } from './cases.errors.js';
import { AddParty, PartyDto, PartyQuery, UpdateParty } from './parties.dto.js';
import * as errors from './parties.errors.js';
import { Parties } from './parties.service.js';

const PROBLEMS = [errors.partyExists, errors.unknownParty, errors.selfRepresented, errors.partyDates, caseArchived];

@ApiTags('Cases')
@Controller('v1/cases/:id/parties')
export class PartiesController {
  constructor(private readonly parties: Parties) {}

  @Get()
  @Op({ summary: 'Who takes part in a case', access: 'cases.read', returns: PartyDto, page: true })
  list(@Param('id') id: string, @Query() query: PartyQuery): Promise<Page<PartyDto>> {
    return this.parties.list(id, query);
  }

  @Get(':partyId')
  @Op({ summary: 'One party of a case', access: 'cases.read', returns: PartyDto })
  get(@Param('id') id: string, @Param('partyId') partyId: string): Promise<PartyDto> {
    return this.parties.get(id, partyId);
  }

  @Post()
  @Op({ summary: 'Add a party to a case', description: 'With `contactId`, or with `contact` for somebody new.', access: 'cases.write', returns: PartyDto, creates: 'case_parties', problems: [...PROBLEMS, errors.unknownContact, errors.oneContact, errors.contactName] })
  add(@Param('id') id: string, @Body() input: AddParty): Promise<PartyDto> {
    return this.parties.add(id, input);
  }

  @Patch(':partyId')
  @Op({ summary: 'Change a party’s part in the case', access: 'cases.write', returns: PartyDto, versioned: true, problems: PROBLEMS })
  update(@Param('id') id: string, @Param('partyId') partyId: string, @Body() changes: UpdateParty): Promise<PartyDto> {
    return this.parties.update(id, partyId, changes);
  }

  @Delete(':partyId')
  @Op({ summary: 'Remove a party from a case', description: 'The contact stays.', access: 'cases.write', versioned: true, problems: [caseArchived] })
  remove(@Param('id') id: string, @Param('partyId') partyId: string): Promise<void> {
    return this.parties.remove(id, partyId);
  }
}
