import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { CaseNoteDto, CaseNotesQuery, CreateCaseNote, UpdateCaseNote } from './case-notes.dto.js';
import { CaseNotes } from './case-notes.service.js';
import * as errors from './casework.errors.js';

@ApiTags('Work on cases')
@Controller('v1')
export class CaseNotesController {
  constructor(private readonly notes: CaseNotes) {}

  @Get('cases/:id/notes')
  @Op({ summary: 'Notes on a case, pinned ones first, then the newest', access: 'cases.read', returns: CaseNoteDto, page: true })
  list(@Param('id') id: string, @Query() query: CaseNotesQuery): Promise<Page<CaseNoteDto>> {
    return this.notes.list(id, query);
  }

  @Post('cases/:id/notes')
  @Op({
    summary: 'Write a note on a case', access: 'case_work.write', returns: CaseNoteDto, creates: 'case_notes', location: '/v1/case-notes',
    problems: [errors.caseArchived, errors.unknownPerson, errors.tooManyMentions],
  })
  create(@Param('id') id: string, @Body() input: CreateCaseNote): Promise<CaseNoteDto> {
    return this.notes.create(id, input);
  }

  @Get('case-notes/:id')
  @Op({ summary: 'One note', access: 'cases.read', returns: CaseNoteDto })
  get(@Param('id') id: string): Promise<CaseNoteDto> {
    return this.notes.get(id);
  }

  @Patch('case-notes/:id')
  @Op({
    summary: 'Change or pin a note', description: 'By its author, the lead of the case or an administrator.', access: 'case_work.write', returns: CaseNoteDto,
    versioned: true, problems: [errors.caseArchived, errors.noteOfAnother, errors.unknownPerson, errors.tooManyMentions],
  })
  update(@Param('id') id: string, @Body() changes: UpdateCaseNote): Promise<CaseNoteDto> {
    return this.notes.update(id, changes);
  }

  @Delete('case-notes/:id')
  @Op({
    summary: 'Remove a note', description: 'By its author, the lead of the case or an administrator.', access: 'case_work.write', versioned: true,
    problems: [errors.caseArchived, errors.noteOfAnother],
  })
  remove(@Param('id') id: string): Promise<void> {
    return this.notes.remove(id);
  }
}
