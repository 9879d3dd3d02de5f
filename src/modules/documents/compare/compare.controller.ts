import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../../common/http/operation.js';
import { currentRequest } from '../../../common/http/request-context.js';
import type { StreamedAnswer } from '../../../common/http/streamed-answer.js';
import { textMissing, textPending } from '../versions/versions.errors.js';
import { CompareQuery, ComparisonDto } from './compare.dto.js';
import * as errors from './compare.errors.js';
import { Compare } from './compare.service.js';
import { comparisonPage } from './comparison-page.js';

@ApiTags('Documents')
@Controller('v1/documents')
export class CompareController {
  constructor(private readonly compare: Compare) {}

  @Get(':id/compare')
  @Op({
    summary: 'What changed between two versions, word by word',
    description: 'Of the same document, or of two documents of the firm. Line breaks make no difference. With `format=html`, or `Accept: text/html`, the answer is a page to read.',
    access: 'documents.read', unit: 'own', returns: ComparisonDto, fields: false,
    problems: [textPending, textMissing, errors.tooLargeToCompare, errors.compareBusy],
  })
  async differences(@Param('id') id: string, @Query() query: CompareQuery): Promise<ComparisonDto | StreamedAnswer> {
    const comparison = await this.compare.compare(id, query);
    const html = query.format ? query.format === 'html' : /^\s*text\/html/.test(currentRequest()?.request.headers.accept ?? '');
    return html ? comparisonPage(comparison) : comparison;
  }
}
