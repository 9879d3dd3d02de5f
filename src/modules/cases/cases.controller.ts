import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { CaseQuery } from './case-list.dto.js';
import { CASE_EXPANSIONS, CaseDto, CreateCase, UpdateCase } from './cases.dto.js';
import * as errors from './cases.errors.js';
import { Cases } from './cases.service.js';
import { CreateCaseCommand } from './commands/create-case.command.js';
import { contactName, oneContact, partyDates, partyExists, unknownContact, unknownParty } from './parties.errors.js';

const WRITING = [errors.unknownPerson, errors.openedOnRequired, errors.closedBeforeOpened, errors.invalidTags, errors.metadataTooLarge];

@ApiTags('Cases')
@Controller('v1/cases')
export class CasesController {
  constructor(
    private readonly cases: Cases,
    private readonly creating: CreateCaseCommand,
  ) {}

  @Get()
  @Op({
    summary: 'The cases you may see', description: 'Sorts: openedOn, closedOn, limitationOn, number, title, createdAt, updatedAt; a day not known yet comes last of all.',
    access: 'cases.read', returns: CaseDto, page: true, expand: CASE_EXPANSIONS,
  })
  list(@Query() query: CaseQuery): Promise<Page<CaseDto>> {
    return this.cases.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One case', access: 'cases.read', returns: CaseDto, expand: CASE_EXPANSIONS })
  get(@Param('id') id: string): Promise<CaseDto> {
    return this.cases.get(id);
  }

  @Post()
  @Op({
    summary: 'Open a case', description: 'It gets its number here. Whoever opens it becomes a member. Answers with members and parties.',
    access: 'cases.write', returns: CaseDto, creates: 'cases', dryRun: true,
    problems: [...WRITING, errors.unknownClient, errors.duplicateMember, unknownContact, oneContact, contactName, partyExists, partyDates, unknownParty],
  })
  create(@Body() input: CreateCase): Promise<CaseDto> {
    return this.creating.run(input);
  }

  @Patch(':id')
  @Op({ summary: 'Change a case', access: 'cases.write', returns: CaseDto, versioned: true, problems: [...WRITING, errors.caseArchived] })
  update(@Param('id') id: string, @Body() changes: UpdateCase): Promise<CaseDto> {
    return this.cases.update(id, changes);
  }
}
