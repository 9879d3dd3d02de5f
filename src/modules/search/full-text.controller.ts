import { Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { invalidCursor } from '../../common/errors/problem.js';
import { Op } from '../../common/http/operation.js';
import { StartsTask } from '../tasks/starts-task.js';
import type { TaskDto } from '../tasks/tasks.dto.js';
import { FullTextDto, FullTextQuery } from './full-text.dto.js';
import { modeUnavailable, onlyExclusions } from './full-text.errors.js';
import { FullText } from './full-text.service.js';

@ApiTags('Search')
@Controller('v1/search')
export class FullTextController {
  constructor(private readonly fullText: FullText) {}

  @Get()
  @Op({
    summary: 'Documents by what they say', access: 'documents.read', returns: FullTextDto, fields: false, problems: [modeUnavailable, onlyExclusions, invalidCursor],
    description: 'Ranked by BM25 over passages of some 1,500 characters. A query that cannot be read as it stands is read as well as it can be: see `interpretedAs` and `warnings`. Documents in the trash, and those of hidden cases, are not found and not counted.',
  })
  find(@Query() query: FullTextQuery): Promise<FullTextDto> {
    return this.fullText.find(query);
  }

  @Post('reindex')
  @StartsTask({ summary: 'Make the index of all documents anew', access: 'firm.manage', description: 'It is also done when the language of the firm changes. Documents stay findable meanwhile.' })
  reindex(): Promise<TaskDto> {
    return this.fullText.reindex();
  }
}
