import { Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../../common/http/operation.js';
import type { Upload } from '../../../common/http/upload.js';
import { UploadDocument } from './document-upload.dto.js';
import { NewDocuments } from './new-documents.service.js';
import { DocumentDto } from '../documents.dto.js';
import { caseArchived, invalidTags, metadataTooLarge, unknownCase, unknownFolder, unknownPerson } from '../documents.errors.js';
import { fileTypeRefused } from './versions.errors.js';

@ApiTags('Documents')
@Controller('v1/documents')
export class NewDocumentsController {
  constructor(private readonly documents: NewDocuments) {}

  @Post()
  @Op({
    summary: 'Upload a document', description: 'Makes the document and its version 1.', access: 'documents.write', returns: DocumentDto, creates: 'documents',
    upload: { fields: UploadDocument }, problems: [caseArchived, fileTypeRefused, unknownCase, unknownFolder, unknownPerson, invalidTags, metadataTooLarge],
  })
  create(): Upload {
    return this.documents.upload() as Upload;
  }
}
