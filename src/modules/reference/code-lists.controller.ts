import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import { CodeLists } from './code-lists.service.js';
import { CreateItem, ItemsDto, ListQuery, OwnItemDto, UpdateItem } from './reference.dto.js';
import * as errors from './reference.errors.js';

const OWN = 'The firm’s own entries stand beside the built-in ones; one with the code of a built-in entry takes its place.';
const DELETED = 'It is no longer offered; what holds its code keeps it. PATCH {"active": true} brings it back.';

@ApiTags('Reference data')
@Controller('v1/reference')
export class CodeListsController {
  constructor(private readonly lists: CodeLists) {}

  @Get('practice-areas')
  @Op({ summary: 'Practice areas', description: OWN, access: 'reference.read', returns: ItemsDto })
  practiceAreas(@Query() query: ListQuery): Promise<ItemsDto> {
    return this.lists.list('practice_area', query);
  }

  @Get('practice-areas/:id')
  @Op({ summary: 'One practice area of the firm’s own', access: 'reference.read', returns: OwnItemDto })
  practiceArea(@Param('id') id: string): Promise<OwnItemDto> {
    return this.lists.get('practice_area', id);
  }

  @Post('practice-areas')
  @Op({ summary: 'Add a practice area', access: 'reference.manage', returns: OwnItemDto, creates: 'reference_items', problems: [errors.codeTaken, errors.detailsTooLarge] })
  addPracticeArea(@Body() input: CreateItem): Promise<OwnItemDto> {
    return this.lists.create('practice_area', input);
  }

  @Patch('practice-areas/:id')
  @Op({ summary: 'Change a practice area', access: 'reference.manage', returns: OwnItemDto, versioned: true, problems: [errors.detailsTooLarge] })
  changePracticeArea(@Param('id') id: string, @Body() changes: UpdateItem): Promise<OwnItemDto> {
    return this.lists.update('practice_area', id, changes);
  }

  @Delete('practice-areas/:id')
  @Op({ summary: 'Take a practice area out of use', description: DELETED, access: 'reference.manage', versioned: true })
  removePracticeArea(@Param('id') id: string): Promise<void> {
    return this.lists.deactivate('practice_area', id);
  }

  @Get('courts')
  @Op({ summary: 'Courts', description: OWN, access: 'reference.read', returns: ItemsDto })
  courts(@Query() query: ListQuery): Promise<ItemsDto> {
    return this.lists.list('court', query);
  }

  @Get('courts/:id')
  @Op({ summary: 'One court of the firm’s own', access: 'reference.read', returns: OwnItemDto })
  court(@Param('id') id: string): Promise<OwnItemDto> {
    return this.lists.get('court', id);
  }

  @Post('courts')
  @Op({ summary: 'Add a court', access: 'reference.manage', returns: OwnItemDto, creates: 'reference_items', problems: [errors.codeTaken, errors.detailsTooLarge] })
  addCourt(@Body() input: CreateItem): Promise<OwnItemDto> {
    return this.lists.create('court', input);
  }

  @Patch('courts/:id')
  @Op({ summary: 'Change a court', access: 'reference.manage', returns: OwnItemDto, versioned: true, problems: [errors.detailsTooLarge] })
  changeCourt(@Param('id') id: string, @Body() changes: UpdateItem): Promise<OwnItemDto> {
    return this.lists.update('court', id, changes);
  }

  @Delete('courts/:id')
  @Op({ summary: 'Take a court out of use', description: DELETED, access: 'reference.manage', versioned: true })
  removeCourt(@Param('id') id: string): Promise<void> {
    return this.lists.deactivate('court', id);
  }

  @Get('document-types')
  @Op({ summary: 'Types of documents', description: OWN, access: 'reference.read', returns: ItemsDto })
  documentTypes(@Query() query: ListQuery): Promise<ItemsDto> {
    return this.lists.list('document_type', query);
  }

  @Get('document-types/:id')
  @Op({ summary: 'One type of documents of the firm’s own', access: 'reference.read', returns: OwnItemDto })
  documentType(@Param('id') id: string): Promise<OwnItemDto> {
    return this.lists.get('document_type', id);
  }

  @Post('document-types')
  @Op({ summary: 'Add a type of documents', access: 'reference.manage', returns: OwnItemDto, creates: 'reference_items', problems: [errors.codeTaken, errors.detailsTooLarge] })
  addDocumentType(@Body() input: CreateItem): Promise<OwnItemDto> {
    return this.lists.create('document_type', input);
  }

  @Patch('document-types/:id')
  @Op({ summary: 'Change a type of documents', access: 'reference.manage', returns: OwnItemDto, versioned: true, problems: [errors.detailsTooLarge] })
  changeDocumentType(@Param('id') id: string, @Body() changes: UpdateItem): Promise<OwnItemDto> {
    return this.lists.update('document_type', id, changes);
  }

  @Delete('document-types/:id')
  @Op({ summary: 'Take a type of documents out of use', description: DELETED, access: 'reference.manage', versioned: true })
  removeDocumentType(@Param('id') id: string): Promise<void> {
    return this.lists.deactivate('document_type', id);
  }

  @Get('jurisdictions')
  @Op({ summary: 'Jurisdictions', access: 'reference.read', returns: ItemsDto })
  jurisdictions(): Promise<ItemsDto> {
    return this.lists.list('jurisdiction');
  }

  @Get('currencies')
  @Op({ summary: 'Currencies (ISO 4217), with their decimal digits', access: 'reference.read', returns: ItemsDto })
  currencies(): Promise<ItemsDto> {
    return this.lists.list('currency');
  }
}
