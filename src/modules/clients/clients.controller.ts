import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { ClientDto, ClientQuery, ClientRowDto, CreateClient, UpdateClient } from './clients.dto.js';
import * as errors from './clients.errors.js';
import { Clients } from './clients.service.js';
import { CaseRowDto, ContactCaseQuery } from './contacts.dto.js';

const BILLING = [errors.unknownContact, errors.unknownAddress];

@ApiTags('Clients')
@Controller('v1/clients')
export class ClientsController {
  constructor(private readonly clients: Clients) {}

  @Get()
  @Op({
    summary: 'The clients of the firm', access: 'clients.read', returns: ClientRowDto, page: true, expand: ['contact'],
    description: 'A client known only through cases that are hidden from the caller is not there.',
  })
  list(@Query() query: ClientQuery): Promise<Page<ClientRowDto>> {
    return this.clients.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One client', access: 'clients.read', returns: ClientDto, expand: ['contact', 'cases'] })
  get(@Param('id') id: string): Promise<ClientDto> {
    return this.clients.get(id);
  }

  @Post()
  @Op({
    summary: 'Make a client', description: 'From a contact that is there, or with a new one. The number comes from the firm’s template, without gaps.', access: 'clients.write',
    returns: ClientDto, creates: 'clients', dryRun: true,
    problems: [errors.contactChoice, errors.alreadyClient, ...BILLING, errors.contactNameMissing, errors.contactKindMismatch, errors.severalPrimary, errors.duplicatePart, errors.unknownPart],
  })
  create(@Body() input: CreateClient): Promise<ClientDto> {
    return this.clients.create(input);
  }

  @Patch(':id')
  @Op({
    summary: 'Change a client', description: 'Billing details are open to whoever has clients.billing; status, day and notes want clients.write as well. The name is changed at the contact.',
    access: 'clients.billing', returns: ClientDto, versioned: true, problems: BILLING,
  })
  update(@Param('id') id: string, @Body() changes: UpdateClient): Promise<ClientDto> {
    return this.clients.update(id, changes);
  }

  @Get(':id/cases')
  @Op({ summary: 'The cases of a client', access: 'cases.read', returns: CaseRowDto, page: true })
  cases(@Param('id') id: string, @Query() query: ContactCaseQuery): Promise<Page<CaseRowDto>> {
    return this.clients.cases(id, query);
  }
}
