import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../../common/http/operation.js';
import type { StreamedAnswer } from '../../../common/http/streamed-answer.js';
import type { Upload } from '../../../common/http/upload.js';
import type { Page } from '../../../common/pagination/page.js';
import { Downloads } from './downloads.service.js';
import { Links } from './links.service.js';
import { Texts } from './texts.service.js';
import {
  ContentQuery, CreateLink, LinkDto, PassageDto, PassagesQuery, RestoreVersion, TextQuery, UploadVersion, VersionDto, VersionsQuery,
} from './versions.dto.js';
import * as errors from './versions.errors.js';
import { Versions } from './versions.service.js';

const BYTES = 'application/octet-stream';

@ApiTags('Documents')
@Controller('v1/documents/:id')
export class VersionsController {
  constructor(
    private readonly versions: Versions,
    private readonly downloads: Downloads,
    private readonly texts: Texts,
    private readonly links: Links,
  ) {}

  @Get('content')
  @Op({
    summary: 'Download the current version', access: 'documents.read', unit: 'own', produces: BYTES, ranges: true,
    problems: [errors.rangeNotSatisfiable, errors.notShownInline, errors.objectMissing],
  })
  current(@Param('id') id: string, @Query() { disposition }: ContentQuery): Promise<StreamedAnswer> {
    return this.downloads.content(id, undefined, disposition);
  }

  @Get('versions')
  @Op({ summary: 'Versions of a document, the newest first', access: 'documents.read', returns: VersionDto, page: true })
  list(@Param('id') id: string, @Query() query: VersionsQuery): Promise<Page<VersionDto>> {
    return this.versions.list(id, query);
  }

  @Post('versions')
  @Op({
    summary: 'Upload the next version', description: 'If-Match takes the ETag of the document.', access: 'documents.write', returns: VersionDto, versioned: true,
    creates: 'document_versions', locatedBy: 'number', upload: { fields: UploadVersion }, problems: [errors.caseArchived, errors.documentInTrash, errors.fileTypeRefused],
  })
  upload(@Param('id') id: string): Upload {
    return this.versions.upload(id) as Upload;
  }

  @Get('versions/:number')
  @Op({ summary: 'One version', access: 'documents.read', returns: VersionDto })
  get(@Param('id') id: string, @Param('number') number: string): Promise<VersionDto> {
    return this.versions.get(id, number);
  }

  @Get('versions/:number/content')
  @Op({
    summary: 'Download a version', access: 'documents.read', unit: 'own', produces: BYTES, ranges: true,
    problems: [errors.rangeNotSatisfiable, errors.notShownInline, errors.objectMissing],
  })
  content(@Param('id') id: string, @Param('number') number: string, @Query() { disposition }: ContentQuery): Promise<StreamedAnswer> {
    return this.downloads.content(id, number, disposition);
  }

  @Get('versions/:number/text')
  @Op({
    summary: 'The text of a version, whole or one page', access: 'documents.read', unit: 'own', produces: 'text/plain', problems: [errors.textPending, errors.textMissing],
  })
  text(@Param('id') id: string, @Param('number') number: string, @Query() { page }: TextQuery): Promise<StreamedAnswer> {
    return this.texts.whole(id, number, page);
  }

  @Get('versions/:number/passages')
  @Op({
    summary: 'The text of a version in pieces', description: 'In order, with page and place; put together they are the whole.', access: 'documents.read', unit: 'own', returns: PassageDto, page: true,
    problems: [errors.textPending, errors.textMissing],
  })
  passages(@Param('id') id: string, @Param('number') number: string, @Query() query: PassagesQuery): Promise<Page<PassageDto>> {
    return this.texts.passages(id, number, query);
  }

  @Post('versions/:number/restore')
  @Op({
    summary: 'Bring an old version back, as the next one', description: 'If-Match takes the ETag of the document.', access: 'documents.write', returns: VersionDto, status: 201, versioned: true,
    problems: [errors.caseArchived, errors.documentInTrash],
  })
  restore(@Param('id') id: string, @Param('number') number: string, @Body() input: RestoreVersion): Promise<VersionDto> {
    return this.versions.restore(id, number, input);
  }

  @Post('versions/:number/links')
  @Op({
    summary: 'Make a short-lived address of a version', description: 'For browsers, which send no credential. It acts as you: it ends with your session or key, and with your access to the case.',
    access: 'documents.read', returns: LinkDto, status: 201, problems: [errors.notShownInline],
  })
  link(@Param('id') id: string, @Param('number') number: string, @Body() input: CreateLink): Promise<LinkDto> {
    return this.links.create(id, number, input);
  }
}

@ApiTags('Documents')
@Controller('v1/downloads')
export class DownloadsController {
  constructor(
    private readonly downloads: Downloads,
    private readonly links: Links,
  ) {}

  @Get(':token')
  @Op({
    summary: 'Download by a signed address', access: 'public', unit: 'own', produces: BYTES, ranges: true,
    problems: [errors.linkOver, errors.rangeNotSatisfiable, errors.objectMissing],
  })
  async follow(@Param('token') token: string): Promise<StreamedAnswer> {
    const { actor, versionId, disposition } = this.links.read(token);
    return this.downloads.linked(actor, versionId, disposition);
  }
}
