import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../../common/http/operation.js';
import type { StreamedAnswer } from '../../../common/http/streamed-answer.js';
import { ExportQuery } from './export.dto.js';
import { DocumentExport } from './export.service.js';

@ApiTags('Documents')
@Controller('v1/cases/:id/documents/export')
export class ExportController {
  constructor(private readonly exports: DocumentExport) {}

  @Get()
  @Op({
    summary: 'The documents of a case as a ZIP',
    description: 'With the folders as paths, and manifest.json and manifest.csv at the end: path, document, version, size and SHA-256 of each file. What is in the trash stays out. Recorded on the audit trail.',
    access: 'documents.read', unit: 'own', produces: 'application/zip',
  })
  export(@Param('id') id: string, @Query() query: ExportQuery): Promise<StreamedAnswer> {
    return this.exports.export(id, query);
  }
}
