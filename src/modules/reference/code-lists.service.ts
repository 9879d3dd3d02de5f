import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { Database } from '../../database/database.js';
import type { CreateItem, ItemDto, ItemsDto, ListQuery, OwnItemDto, UpdateItem } from './reference.dto.js';
import * as sql from './reference.queries.js';

export type CodeList = 'practice_area' | 'court' | 'jurisdiction' | 'currency' | 'document_type';

/** Code lists: built-in entries, and a firm's own beside or in place of them. */
@Injectable()
export class CodeLists {
  constructor(private readonly database: Database) {}

  async list(kind: CodeList, query: ListQuery = {}): Promise<ItemsDto> {
    return { data: await this.database.query<ItemDto>(sql.LIST, [kind, query.includeInactive ?? false]) };
  }

  async get(kind: CodeList, id: string): Promise<OwnItemDto> {
    const item = await this.database.first<OwnItemDto>(sql.ITEM, [id, kind]);
    if (!item) throw notFound();
    return item;
  }

  async create(kind: CodeList, { code, label, details = {}, position = 0 }: CreateItem): Promise<OwnItemDto> {
    return (await this.database.first<OwnItemDto>(sql.INSERT_ITEM, [this.database.firmId, newId(), kind, code, label, JSON.stringify(details), position]))!;
  }

  async update(kind: CodeList, id: string, changes: UpdateItem): Promise<OwnItemDto> {
    const [, rows] = await this.database.batch([{ text: sql.LOCK_ITEM, values: [id, kind] }, { text: sql.ITEM, values: [id, kind] }]);
    const current = rows![0] as unknown as (OwnItemDto & { version: number }) | undefined;
    if (!current) throw notFound();
    assertFresh(current, current);
    const statement = sql.updateItem(id, changes);
    if (statement) await this.database.execute(statement.text, statement.values);
    return this.get(kind, id);
  }

  /** Out of use, not gone: cases may hold its code. */
  async deactivate(kind: CodeList, id: string): Promise<void> {
    await this.update(kind, id, { active: false });
  }
}
