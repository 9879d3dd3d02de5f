import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { ContactCaseDto, ContactCaseQuery, ContactDto, ContactQuery, ContactRowDto, CreateContact, CreatedContactDto, UpdateContact } from './contacts.dto.js';
import * as errors from './clients.errors.js';
import { Contacts } from './contacts.service.js';

const FAULTS = [
  errors.contactNameMissing, errors.contactKindMismatch, errors.unknownPart, errors.severalPrimary, errors.duplicatePart, errors.contactTooLarge, errors.invalidAddress,
];

@ApiTags('Contacts')
@Controller('v1/contacts')
export class ContactsController {
  constructor(private readonly contacts: Contacts) {}

  @Get()
  @Op({
    summary: 'Persons and companies', access: 'clients.read', returns: ContactRowDto, page: true, expand: ['names', 'emails', 'phones', 'addresses'],
    description: 'A contact known only through cases that are hidden from the caller is not there.',
  })
  list(@Query() query: ContactQuery): Promise<Page<ContactRowDto>> {
    return this.contacts.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One contact with everything a form shows', access: 'clients.read', returns: ContactDto })
  get(@Param('id') id: string): Promise<ContactDto> {
    return this.contacts.get(id);
  }

  @Post()
  @Op({
    summary: 'Make a contact', description: 'The answer names contacts that may be the same; that does not stop it.', access: 'clients.write',
    returns: CreatedContactDto, creates: 'contacts', secrets: ['possibleDuplicates'], dryRun: true, problems: FAULTS,
  })
  create(@Body() input: CreateContact): Promise<CreatedContactDto> {
    return this.contacts.create(input);
  }

  @Patch(':id')
  @Op({
    summary: 'Change a contact', access: 'clients.write', returns: ContactDto, versioned: true, problems: FAULTS,
    description: 'A list that is sent replaces the one there is: elements with their id are kept or changed, those without are made, the rest go. A list that is left out stays.',
  })
  update(@Param('id') id: string, @Body() changes: UpdateContact): Promise<ContactDto> {
    return this.contacts.update(id, changes);
  }

  @Delete(':id')
  @Op({
    summary: 'Delete a contact', description: 'With its relations. A client, or whoever has a part in a case, stays.', access: 'clients.write', versioned: true, dryRun: true,
    problems: [errors.contactIsClient, errors.contactInCase, errors.contactIsBilled],
  })
  remove(@Param('id') id: string): Promise<void> {
    return this.contacts.remove(id);
  }

  @Get(':id/cases')
  @Op({ summary: 'The cases of a contact, and what it is in each', access: 'cases.read', returns: ContactCaseDto, page: true })
  cases(@Param('id') id: string, @Query() query: ContactCaseQuery): Promise<Page<ContactCaseDto>> {
    return this.contacts.cases(id, query);
  }
}
