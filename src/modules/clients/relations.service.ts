import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { Contacts } from './contacts.service.js';
import { unknownContact } from './clients.errors.js';
import { MOST_NODES, type CreateRelation, type NetworkDto, type NetworkQuery, type RelationDto, type RelationQuery, type UpdateRelation } from './relations.dto.js';
import { CONTACT_EXISTS } from './contacts.queries.js';
import * as sql from './relations.queries.js';

/** How contacts stand to each other. A relation is seen by who sees both ends. */
@Injectable()
export class Relations {
  constructor(
    private readonly database: Database,
    private readonly contacts: Contacts,
  ) {}

  async list(contactId: string, query: RelationQuery): Promise<Page<RelationDto>> {
    await this.contacts.require(contactId);
    return listPage<RelationDto>(this.database, sql.RELATION_LIST, query, sql.relationFilters(contactId, query));
  }

  async get(contactId: string, id: string): Promise<RelationDto> {
    const relation = await this.database.first<RelationDto>(sql.RELATION, [id, contactId]);
    if (!relation) throw notFound();
    return relation;
  }

  async create(contactId: string, input: CreateRelation): Promise<RelationDto> {
    await this.contacts.require(contactId);
    if (!(await this.database.first(CONTACT_EXISTS, [input.contactId]))) {
      throw faultAt(unknownContact, '/contactId');
    }
    const [from, to] = input.direction === 'incoming' ? [input.contactId, contactId] : [contactId, input.contactId];
    const id = newId();
    const [, relations] = await this.database.batch([
      { text: sql.INSERT_RELATION, values: [this.database.firmId, id, from, to, input.kind, input.since ?? null, input.until ?? null, input.note ?? null] },
      { text: sql.RELATION, values: [id, contactId] },
    ]);
    return relations![0] as unknown as RelationDto;
  }

  async update(contactId: string, id: string, changes: UpdateRelation): Promise<RelationDto> {
    const current = await this.lock(contactId, id);
    assertFresh(current, current);
    const statement = sql.updateRelation(id, changes);
    if (statement) await this.database.execute(statement.text, statement.values);
    return this.get(contactId, id);
  }

  async remove(contactId: string, id: string): Promise<void> {
    const current = await this.lock(contactId, id);
    assertFresh(current, current);
    await this.database.execute(sql.DELETE_RELATION, [id]);
  }

  /** Who stands around a contact, in one statement. */
  async network(contactId: string, query: NetworkQuery): Promise<NetworkDto> {
    const found = await this.database.first<{ nodes: NetworkDto['nodes'] | null } & Omit<NetworkDto, 'nodes'>>(sql.NETWORK, [contactId, query.depth ?? 2, MOST_NODES]);
    if (!found?.nodes) throw notFound();
    return { ...found, nodes: found.nodes };
  }

  private async lock(contactId: string, id: string): Promise<RelationDto> {
    const [, relations] = await this.database.batch([{ text: sql.LOCK_RELATION, values: [id, contactId] }, { text: sql.RELATION, values: [id, contactId] }]);
    if (relations!.length === 0) throw notFound();
    return relations![0] as unknown as RelationDto;
  }
}
