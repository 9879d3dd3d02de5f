import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { CaseStanding } from '../cases/case-standing.service.js';
import { FOLDER_IN_CASE } from './documents.queries.js';
import * as errors from './documents.errors.js';
import type { CreateFolder, FolderDto, FoldersQuery, UpdateFolder } from './folders.dto.js';
import * as sql from './folders.queries.js';

/** The folders of a case: a tree. That it stays one is the business of the database. */
@Injectable()
export class Folders {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
  ) {}

  /** The whole tree of a case, flat. */
  async list(query: FoldersQuery): Promise<Page<FolderDto>> {
    await this.cases.assertVisible(query.caseId);
    return listPage<FolderDto>(this.database, sql.FOLDER_LIST, query, sql.folderFilters(query.caseId));
  }

  async get(id: string): Promise<FolderDto> {
    const folder = await this.database.first<FolderDto>(sql.FOLDER_BY_ID, [id]);
    if (!folder) throw notFound();
    return folder;
  }

  async create({ caseId, parentId = null, name }: CreateFolder): Promise<FolderDto> {
    await this.cases.assertChanging(caseId).catch((error: unknown) => {
      throw (error as { code?: string }).code === 'not_found' ? faultAt(errors.unknownCase, '/caseId') : error;
    });
    await this.assertParent(parentId, caseId);
    const id = newId();
    await this.database.execute(sql.INSERT_FOLDER, [this.database.firmId, id, caseId, parentId, name.normalize(), this.database.userId]);
    return this.get(id);
  }

  async update(id: string, { name, parentId }: UpdateFolder): Promise<FolderDto> {
    const folder = await this.lock(id);
    await this.assertParent(parentId ?? null, folder.caseId);
    const update = sql.updateFolder(id, { name: name?.normalize(), parentId });
    if (update) await this.database.execute(update.text, update.values);
    return this.get(id);
  }

  /** What is in the trash does not keep a folder; restored, it is in none. */
  async remove(id: string): Promise<void> {
    await this.lock(id);
    const { documents, folders } = (await this.database.first<{ documents: number; folders: number }>(sql.CONTENTS, [id]))!;
    if (documents + folders > 0) throw errors.folderNotEmpty({ detail: `In it: ${documents} documents, ${folders} folders. Move or delete them first.`, members: { documents, folders } });
    await this.database.execute(sql.DELETE_FOLDER, [id]);
  }

  private async lock(id: string): Promise<FolderDto> {
    await this.database.query(sql.LOCK_FOLDER, [id]);
    const folder = await this.get(id);
    assertFresh(folder, folder);
    await this.cases.assertChanging(folder.caseId);
    return folder;
  }

  private async assertParent(parentId: string | null, caseId: string): Promise<void> {
    if (parentId !== null && !(await this.database.first(FOLDER_IN_CASE, [parentId, caseId]))) throw faultAt(errors.unknownFolder, '/parentId');
  }
}
