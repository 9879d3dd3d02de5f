import { Injectable } from '@nestjs/common';
import { faultAt, notFound, type ProblemKind } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import * as errors from './casework.errors.js';
import * as sql from './casework.queries.js';

export interface CaseAtHand {
  id: string;
  number: string;
  title: string;
  status: string;
  /** The caller leads it: as its lead member or its responsible attorney. */
  leads: boolean;
}

export interface NamedPerson {
  id: string;
  /** Where the request names him, as a JSON pointer. */
  pointer: string;
}

interface PersonForCase {
  id: string;
  name: string;
  status: string;
  sees: boolean;
}

/** Cases as work on them needs them: is it there for the caller, and who else sees it. */
@Injectable()
export class CasePeople {
  constructor(private readonly database: Database) {}

  /** The case, or 404 where the caller does not see it. */
  async caseAtHand(caseId: string): Promise<CaseAtHand> {
    const found = await this.database.first<CaseAtHand>(sql.CASE_AT_HAND, [caseId, this.database.userId]);
    if (!found) throw notFound();
    return found;
  }

  /** The caller as others read of him. */
  async callersName(): Promise<string> {
    const me = await this.database.first<{ name: string }>(sql.NAME_OF, [this.database.userId]);
    return me!.name;
  }

  /** Refuses people who are not there, not active, or may not see the case; `blind` is the answer to the last. */
  async assertSee(caseId: string, people: readonly NamedPerson[], blind: ProblemKind): Promise<void> {
    if (people.length === 0) return;
    const found = await this.among(caseId, people.map(({ id }) => id));
    for (const { id, pointer } of people) {
      const person = found.get(id);
      if (!person || person.status === 'deactivated') throw faultAt(errors.unknownPerson, pointer);
      if (!person.sees) throw faultAt(blind, pointer);
    }
  }

  /** Those among some ids who are people of the firm. */
  async among(caseId: string, ids: readonly string[]): Promise<Map<string, PersonForCase>> {
    const rows = await this.database.query<PersonForCase>(sql.PEOPLE_FOR_CASE, [caseId, ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}
