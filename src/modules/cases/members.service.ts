import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { CaseStanding } from './case-standing.service.js';
import { unknownPerson } from './cases.errors.js';
import { ACTIVE_PEOPLE } from './cases.queries.js';
import type { AddMember, MemberDto, MemberQuery, UpdateMember } from './members.dto.js';
import './members.errors.js';
import * as sql from './members.queries.js';

/** Who works on a case. Who is walled off stays out, member or not. */
@Injectable()
export class Members {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
  ) {}

  async list(caseId: string, query: MemberQuery): Promise<Page<MemberDto>> {
    await this.cases.assertVisible(caseId);
    return listPage<MemberDto>(this.database, sql.MEMBER_LIST, query, sql.memberFilters(caseId, query));
  }

  async get(caseId: string, id: string): Promise<MemberDto> {
    const member = await this.database.first<MemberDto>(sql.MEMBER_BY_ID, [caseId, id]);
    if (!member) throw notFound();
    return member;
  }

  async add(caseId: string, input: AddMember): Promise<MemberDto> {
    await this.cases.assertChanging(caseId);
    if (!(await this.database.first(ACTIVE_PEOPLE, [[input.userId]]))) throw faultAt(unknownPerson, '/userId');
    const id = newId();
    await this.database.execute(sql.INSERT_MEMBERS, [this.database.firmId, caseId, [id], [input.userId], [input.role]]);
    return this.get(caseId, id);
  }

  /** Makes them members who are none yet; roles of those who are stay as they are. */
  async ensure(caseId: string, members: readonly AddMember[]): Promise<void> {
    await this.database.execute(sql.ENSURE_MEMBERS, [
      this.database.firmId, caseId, members.map(newId), members.map(({ userId }) => userId), members.map(({ role }) => role),
    ]);
  }

  async update(caseId: string, id: string, changes: UpdateMember): Promise<MemberDto> {
    await this.cases.assertChanging(caseId);
    await this.lock(caseId, id);
    await this.database.execute(sql.UPDATE_MEMBER, [caseId, id, changes.role]);
    return this.get(caseId, id);
  }

  async remove(caseId: string, id: string): Promise<void> {
    await this.cases.assertChanging(caseId);
    await this.lock(caseId, id);
    // gone meanwhile, with the caller's own seat for instance: nothing was removed
    if ((await this.database.execute(sql.DELETE_MEMBER, [caseId, id])) === 0) throw notFound();
  }

  private async lock(caseId: string, id: string): Promise<void> {
    const member = await this.database.first<MemberDto>(sql.LOCK_MEMBER, [caseId, id]);
    if (!member) throw notFound();
    assertFresh(member, member);
  }
}
