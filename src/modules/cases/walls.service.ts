import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { codeOf, Database } from '../../database/database.js';
import { CaseStanding } from './case-standing.service.js';
import type { CaseWallQuery, CreateWall, LiftWall, UpdateWall, WallDto, WallQuery } from './walls.dto.js';
import * as errors from './walls.errors.js';
import * as sql from './walls.queries.js';

/** A clock that is a little slow says "now" in the past. */
const SLOW_CLOCK_MS = 5 * 60_000;

/**
 * Ethical walls. What a wall hides, and that its person never learns of it, is the policies' business
 * (migrations: case-access, walls); here is who may build one, and how it ends.
 */
@Injectable()
export class Walls {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
  ) {}

  /** Of all cases the caller sees. */
  list(query: WallQuery): Promise<Page<WallDto>> {
    return listPage<WallDto>(this.database, sql.WALL_LIST, query, sql.wallFilters(query));
  }

  async listOf(caseId: string, query: CaseWallQuery): Promise<Page<WallDto>> {
    await this.cases.assertVisible(caseId);
    return this.list(Object.assign(query, { caseId }));
  }

  async get(caseId: string, id: string): Promise<WallDto> {
    return this.one(sql.WALL_BY_ID, caseId, id);
  }

  /** Works from its start on, with the next request of the person: also against sessions and keys that are in use. */
  async create(caseId: string, input: CreateWall): Promise<WallDto> {
    const now = Date.now();
    const { userId, firmId } = this.database;
    await this.cases.assertVisible(caseId);
    if (input.userId.toLowerCase() === userId) throw faultAt(errors.wallYourself, '/userId', 'Ask somebody else who may manage walls to do it.');
    if (input.startsAt !== undefined && Date.parse(input.startsAt) < now - SLOW_CLOCK_MS) {
      throw faultAt(errors.wallStartsInPast, '/startsAt', 'Leave startsAt out for now, and write since when it is observed into the reason.');
    }
    const starts = input.startsAt === undefined ? now : Date.parse(input.startsAt);
    if (input.endsAt && Date.parse(input.endsAt) <= Math.max(starts, now)) throw faultAt(errors.wallEnds, '/endsAt', 'Choose a later end, or none.');
    const insert = this.database.first<WallDto>(sql.INSERT_WALL, [
      firmId, newId(), caseId, input.userId, input.startsAt ?? null, input.endsAt ?? null, input.reason, userId,
    ]);
    return (await insert.catch((error: unknown) => {
      // the case was hidden from the caller a moment ago: the policy refuses, and he is to learn no more than from a 404
      throw codeOf(error) === '42501' ? notFound() : error;
    }))!;
  }

  async update(caseId: string, id: string, changes: UpdateWall): Promise<WallDto> {
    const wall = await this.lockStanding(caseId, id);
    if (changes.endsAt && Date.parse(changes.endsAt) <= Math.max(Date.parse(wall.startsAt), Date.now())) {
      throw faultAt(errors.wallEnds, '/endsAt', 'Choose a later end. To end it now, lift it: that says who and why.');
    }
    return (await this.database.first<WallDto>(sql.UPDATE_WALL, [caseId, id, changes.reason ?? null, changes.endsAt ?? null, changes.endsAt !== undefined]))!;
  }

  /** Ends it now, and keeps who did it and why. */
  async lift(caseId: string, id: string, { reason }: LiftWall): Promise<WallDto> {
    await this.lockStanding(caseId, id);
    return (await this.database.first<WallDto>(sql.LIFT_WALL, [caseId, id, this.database.userId, reason]))!;
  }

  private async lockStanding(caseId: string, id: string): Promise<WallDto> {
    const wall = await this.one(sql.LOCK_WALL, caseId, id);
    assertFresh(wall, wall);
    if (wall.status === 'over' || wall.status === 'lifted') throw errors.wallOver('Build a new one.');
    return wall;
  }

  private async one(text: string, caseId: string, id: string): Promise<WallDto> {
    const wall = await this.database.first<WallDto>(text, [caseId, id]);
    if (!wall) throw notFound();
    return wall;
  }
}
