import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { assertChanging } from '../cases/case-standing.service.js';
import { Notifications } from '../notifications/notifications.service.js';
import type { CaseNoteDto, CaseNotesQuery, CreateCaseNote, UpdateCaseNote } from './case-notes.dto.js';
import * as sql from './case-notes.queries.js';
import { CasePeople, type CaseAtHand } from './case-people.service.js';
import * as errors from './casework.errors.js';

const MENTION = /@\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/gi;
const MOST_MENTIONS = 50;

/** Whom a text mentions, each once. */
export const mentionsIn = (body: string): string[] => [...new Set([...body.matchAll(MENTION)].map((match) => match[1]!.toLowerCase()))];

@Injectable()
export class CaseNotes {
  constructor(
    private readonly database: Database,
    private readonly people: CasePeople,
    private readonly notifications: Notifications,
  ) {}

  async list(caseId: string, query: CaseNotesQuery): Promise<Page<CaseNoteDto>> {
    await this.people.caseAtHand(caseId);
    return listPage<CaseNoteDto>(this.database, sql.NOTE_LIST, query, sql.noteFilters(caseId, query));
  }

  get(id: string): Promise<CaseNoteDto> {
    return this.one(sql.NOTE_BY_ID, id);
  }

  async create(caseId: string, input: CreateCaseNote): Promise<CaseNoteDto> {
    const about = await this.people.caseAtHand(caseId);
    assertChanging(about);
    const id = newId();
    const mentioned = await this.mentioned(about, input.body);
    await this.database.execute(sql.INSERT_NOTE, [this.database.firmId, id, caseId, input.body, input.pinned ?? false, this.database.userId]);
    await this.tell(about, id, mentioned);
    return this.get(id);
  }

  /** Who is mentioned for the first time is notified. */
  async update(id: string, changes: UpdateCaseNote): Promise<CaseNoteDto> {
    const { note, about } = await this.mine(id);
    const before = new Set(mentionsIn(note.body));
    const mentioned = changes.body === undefined ? [] : (await this.mentioned(about, changes.body)).filter((userId) => !before.has(userId));
    const update = sql.updateNote(id, changes);
    if (update) await this.database.execute(update.text, update.values);
    await this.tell(about, id, mentioned);
    return this.get(id);
  }

  async remove(id: string): Promise<void> {
    await this.mine(id);
    await this.database.execute(sql.DELETE_NOTE, [id]);
  }

  /** The note, locked, for somebody who may change it: its author, who leads the case, an administrator. */
  private async mine(id: string): Promise<{ note: CaseNoteDto; about: CaseAtHand }> {
    const note = await this.one(sql.LOCK_NOTE, id);
    const about = await this.people.caseAtHand(note.caseId);
    const { actor } = this.database;
    if (note.author.id !== this.database.userId && !about.leads && !(actor.kind === 'user' && actor.role === 'admin')) throw errors.noteOfAnother();
    assertFresh(note, note);
    assertChanging(about);
    return { note, about };
  }

  /** Whom to tell: the mentioned ones who see the case. Somebody who does not is no error, and learns nothing. */
  private async mentioned(about: CaseAtHand, body: string): Promise<string[]> {
    const ids = mentionsIn(body);
    if (ids.length > MOST_MENTIONS) throw faultAt(errors.tooManyMentions, '/body');
    if (ids.length === 0) return [];
    const found = await this.people.among(about.id, ids);
    const unknown = ids.find((id) => !found.has(id));
    if (unknown) throw faultAt(errors.unknownPerson, '/body', `There is no person ${unknown} in the firm; take the mention out`);
    return ids.filter((id) => found.get(id)!.sees && id !== this.database.userId);
  }

  private async tell(about: CaseAtHand, noteId: string, userIds: string[]): Promise<void> {
    if (userIds.length === 0) return;
    await this.notifications.notifyAll(userIds, {
      kind: 'mention', title: `${await this.people.callersName()} mentioned you in a note on ${about.number} ${about.title}`,
      subjectType: 'case_note', subjectId: noteId, caseId: about.id,
    });
  }

  private async one(text: string, id: string): Promise<CaseNoteDto> {
    const note = await this.database.first<CaseNoteDto>(text, [id]);
    if (!note) throw notFound();
    return note;
  }
}
