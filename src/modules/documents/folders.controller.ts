import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import * as errors from './documents.errors.js';
import { CreateFolder, FolderDto, FoldersQuery, UpdateFolder } from './folders.dto.js';
import { Folders } from './folders.service.js';

const PLACING = [errors.caseArchived, errors.unknownFolder, errors.folderNameTaken, errors.invalidFolderName, errors.foldersTooDeep];

@ApiTags('Documents')
@Controller('v1/folders')
export class FoldersController {
  constructor(private readonly folders: Folders) {}

  @Get()
  @Op({ summary: 'The folders of a case: the whole tree, flat', description: 'Sorts: name, createdAt, updatedAt.', access: 'documents.read', returns: FolderDto, page: true })
  list(@Query() query: FoldersQuery): Promise<Page<FolderDto>> {
    return this.folders.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One folder', access: 'documents.read', returns: FolderDto })
  get(@Param('id') id: string): Promise<FolderDto> {
    return this.folders.get(id);
  }

  @Post()
  @Op({ summary: 'Make a folder', access: 'documents.write', returns: FolderDto, creates: 'folders', problems: [...PLACING, errors.unknownCase] })
  create(@Body() input: CreateFolder): Promise<FolderDto> {
    return this.folders.create(input);
  }

  @Patch(':id')
  @Op({ summary: 'Rename or move a folder', access: 'documents.write', returns: FolderDto, versioned: true, problems: [...PLACING, errors.folderInItself] })
  update(@Param('id') id: string, @Body() changes: UpdateFolder): Promise<FolderDto> {
    return this.folders.update(id, changes);
  }

  @Delete(':id')
  @Op({ summary: 'Delete an empty folder', description: 'Documents in the trash do not count; restored, they are in no folder.', access: 'documents.write', versioned: true, problems: [errors.caseArchived, errors.folderNotEmpty] })
  remove(@Param('id') id: string): Promise<void> {
    return this.folders.remove(id);
  }
}
