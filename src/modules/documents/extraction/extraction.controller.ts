import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../../common/http/operation.js';
import { versionNumber } from '../versions/versions.service.js';
import { ReadAgainAnswerDto, ReadAgainDto, TextStateDto } from './extraction.dto.js';
import { Extraction } from './extraction.service.js';

@ApiTags('Documents')
@Controller('v1')
export class ExtractionController {
  constructor(private readonly extraction: Extraction) {}

  @Post('documents/:id/versions/:number/extract')
  @Op({ summary: 'Take the text out of a version again', description: 'What it has stays until the new attempt begins.', access: 'documents.write', status: 202, returns: TextStateDto })
  again(@Param('id') id: string, @Param('number') number: string): Promise<TextStateDto> {
    return this.extraction.again(id, versionNumber(number));
  }

  @Post('document-texts/retry')
  @Op({
    summary: 'Take the text out of all versions that failed again', description: 'Up to 500 at a time. Those that have waited for more than an hour are started too.',
    access: 'jobs.manage', status: 202, returns: ReadAgainAnswerDto,
  })
  all(@Body() body: ReadAgainDto): Promise<ReadAgainAnswerDto> {
    return this.extraction.allAgain(body.status ?? ['failed']);
  }
}
