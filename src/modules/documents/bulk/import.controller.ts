import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Upload } from '../../../common/http/upload.js';
import { StartsTask } from '../../tasks/starts-task.js';
import { ImportDocuments } from './import.dto.js';
import * as errors from './import.errors.js';
import { DocumentImports } from './import.service.js';

@ApiTags('Documents')
@Controller('v1/cases/:id/documents/import')
export class ImportController {
  constructor(private readonly imports: DocumentImports) {}

  @Post()
  @StartsTask({
    summary: 'Make documents of many files, or of what is in ZIPs',
    description: 'Up to 200 parts named `file`; a file name may be a path, whose folders are made. ZIPs are unpacked, one level deep. The result of the task has `created`, `refused`, `failed`, `skipped` '
      + 'and `files`: for each its `path`, the `archive` it came in, `outcome`, `documentId`, `code` and `detail`, and `sameAs` where a document in the folder has the same bytes already.',
    access: 'documents.write', upload: { fields: ImportDocuments, files: 200 }, problems: [errors.caseArchived, errors.importTooLarge],
  })
  import(@Param('id') id: string): Upload {
    return this.imports.upload(id) as Upload;
  }
}
