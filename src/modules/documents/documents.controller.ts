import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { DocumentQuery } from './document-list.dto.js';
import { CopyDocument, DOCUMENT_EXPANSIONS, DocumentDto, MoveDocument, PurgedDto, PurgeDocument, TrashDocument, UpdateDocument } from './documents.dto.js';
import * as errors from './documents.errors.js';
import { Documents } from './documents.service.js';
import { Trash } from './trash.service.js';

@ApiTags('Documents')
@Controller('v1/documents')
export class DocumentsController {
  constructor(
    private readonly documents: Documents,
    private readonly trash: Trash,
  ) {}

  @Get()
  @Op({
    summary: 'The documents you may see', description: 'Sorts: title, createdAt, updatedAt, documentDate; a document without a date comes last of all.',
    access: 'documents.read', returns: DocumentDto, page: true, expand: DOCUMENT_EXPANSIONS,
  })
  list(@Query() query: DocumentQuery): Promise<Page<DocumentDto>> {
    return this.documents.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One document, also one in the trash', access: 'documents.read', returns: DocumentDto, expand: DOCUMENT_EXPANSIONS })
  get(@Param('id') id: string): Promise<DocumentDto> {
    return this.documents.get(id);
  }

  @Patch(':id')
  @Op({
    summary: 'Change what is said of a document', access: 'documents.write', returns: DocumentDto, versioned: true,
    problems: [errors.documentInTrash, errors.caseArchived, errors.unknownPerson, errors.invalidTags, errors.metadataTooLarge],
  })
  update(@Param('id') id: string, @Body() changes: UpdateDocument): Promise<DocumentDto> {
    return this.documents.update(id, changes);
  }

  @Post(':id/move')
  @Op({
    summary: 'Move a document to another folder or case', description: 'Its attachments come along. An attachment that is moved to another case becomes a document of its own. A legal hold keeps it in its case.',
    access: 'documents.write', returns: DocumentDto, versioned: true, dryRun: true,
    problems: [errors.documentInTrash, errors.caseArchived, errors.unknownCase, errors.unknownFolder, errors.nowhereToMove, errors.onHold],
  })
  move(@Param('id') id: string, @Body() to: MoveDocument): Promise<DocumentDto> {
    return this.documents.move(id, to);
  }

  @Post(':id/copy')
  @Op({
    summary: 'Copy a document', description: 'The copy begins with version 1, which is the current version of the other. Older versions and check-outs stay behind.',
    access: 'documents.write', returns: DocumentDto, creates: 'documents', location: '/v1/documents', problems: [errors.documentInTrash, errors.caseArchived, errors.unknownCase, errors.unknownFolder],
  })
  copy(@Param('id') id: string, @Body() to: CopyDocument): Promise<DocumentDto> {
    return this.documents.copy(id, to);
  }

  @Delete(':id')
  @Op({
    summary: 'Put a document into the trash', description: 'With its attachments. It stays there for as long as the firm says (`trashDays`), and can be restored.',
    access: 'documents.write', versioned: true, problems: [errors.documentInTrash, errors.caseArchived, errors.checkedOut],
  })
  remove(@Param('id') id: string, @Query() query: TrashDocument): Promise<void> {
    return this.trash.put(id, query);
  }

  @Post(':id/restore')
  @Op({ summary: 'Take a document out of the trash', description: 'With the attachments that went there with it.', access: 'documents.write', returns: DocumentDto, versioned: true, problems: [errors.notInTrash, errors.caseArchived] })
  restore(@Param('id') id: string): Promise<DocumentDto> {
    return this.trash.restore(id);
  }

  @Post(':id/purge')
  @Op({
    summary: 'Delete a document in the trash for good', description: 'With its versions, texts and attachments in the trash. A legal hold forbids it.',
    access: 'documents.purge', returns: PurgedDto, versioned: true, dryRun: true, problems: [errors.notInTrash, errors.caseArchived, errors.onHold],
  })
  purge(@Param('id') id: string, @Body() body: PurgeDocument): Promise<PurgedDto> {
    return this.trash.purge(id, body);
  }
}
