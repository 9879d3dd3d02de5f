import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { currentRequest } from '../../common/http/request-context.js';
import { newId } from '../../common/ids.js';
import { doorPage } from '../../common/pagination/door.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type { ContactCaseDto, ContactCaseQuery, ContactDto, ContactQuery, ContactRowDto, CreateContact, CreatedContactDto, UpdateContact } from './contacts.dto.js';
import { replaceParts, type Held } from './contact-parts.js';
import * as errors from './clients.errors.js';
import * as sql from './contacts.queries.js';

const OF_A_PERSON = ['givenName', 'middleName', 'familyName', 'suffix', 'dateOfBirth'] as const;

@Injectable()
export class Contacts {
  constructor(private readonly database: Database) {}

  list(query: ContactQuery): Promise<Page<ContactRowDto>> {
    const { kind, tag, q, email, phone, isClient } = query;
    return doorPage<ContactRowDto>(this.database, sql.contactList(currentRequest()?.expand ?? []), query, { kind, tag, q, email, phone, isClient });
  }

  async get(id: string): Promise<ContactDto> {
    const contact = await this.database.first<ContactDto>(sql.READ_CONTACT, [id]);
    if (!contact) throw notFound();
    return contact;
  }

  /** Refuses a contact that is not there to be seen. */
  async require(id: string): Promise<void> {
    if (!(await this.database.first(sql.CONTACT_EXISTS, [id]))) throw notFound();
  }

  /** Stores the contact and says which others may be the same; that never stops it. `at`: where it stands in the body. */
  async create(input: CreateContact, at = ''): Promise<CreatedContactDto> {
    const id = newId();
    assertNames(at, input);
    const { firmId, userId } = this.database;
    const answers = await this.database.batch([
      sql.insertContact(firmId, id, userId, { ...input, ...tidied(input) }),
      ...replaceParts(firmId, id, input, undefined, at),
      { text: sql.READ_CONTACT, values: [id] },
      { text: sql.POSSIBLE_DUPLICATES, values: [id] },
    ]);
    const [contact, possibleDuplicates] = answers.slice(-2);
    return { ...(contact![0] as unknown as ContactDto), possibleDuplicates: possibleDuplicates as unknown as CreatedContactDto['possibleDuplicates'] };
  }

  async update(id: string, changes: UpdateContact): Promise<ContactDto> {
    const current = await this.lock(id);
    assertFresh(current, current);
    assertNames('', { ...current, ...changes });
    const parts = replaceParts(this.database.firmId, id, changes, current as unknown as Held);
    const row = sql.updateContact(id, { ...changes, ...tidied(changes) }, parts.length > 0);
    const answers = await this.database.batch([...parts, ...(row ? [row] : []), { text: sql.READ_CONTACT, values: [id] }]);
    return answers.at(-1)![0] as unknown as ContactDto;
  }

  /** Only who has no part in anything can go; the database has the last word. */
  async remove(id: string): Promise<void> {
    const current = await this.lock(id);
    assertFresh(current, current);
    const uses = await this.database.first<{ client: boolean; inCases: boolean; billed: boolean }>(sql.USES_OF_CONTACT, [id]);
    if (uses!.client) throw errors.contactIsClient('Set the client to former instead.');
    if (uses!.inCases) throw errors.contactInCase('Take the contact out of its cases first.');
    if (uses!.billed) throw errors.contactIsBilled('Give the client another billing contact first.');
    await this.database.execute(sql.DELETE_CONTACT, [id]);
  }

  /** The cases the caller may see, and what the contact is in each. */
  async cases(id: string, query: ContactCaseQuery): Promise<Page<ContactCaseDto>> {
    await this.require(id);
    return listPage<ContactCaseDto>(this.database, sql.CONTACT_CASES, query, sql.caseFilters({ contactId: id, ...(query.status !== undefined && { status: query.status }) }));
  }

  private async lock(id: string): Promise<ContactDto> {
    const [, contacts] = await this.database.batch([{ text: sql.LOCK_CONTACT, values: [id] }, { text: sql.READ_CONTACT, values: [id] }]);
    if (contacts!.length === 0) throw notFound();
    return contacts![0] as unknown as ContactDto;
  }
}

/** Tags without blanks and repetitions. */
function tidied({ tags }: { tags?: string[] }): { tags?: string[] } {
  return tags === undefined ? {} : { tags: [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))] };
}

/** Says which member is missing, or does not belong to a contact of this kind. `at` is where the contact stands in the body. */
export function assertNames(at: string, contact: Partial<Omit<CreateContact, 'tags'>>): void {
  const person = contact.kind === 'person';
  const wrong = person ? (contact.companyName ? 'companyName' : undefined) : OF_A_PERSON.find((member) => contact[member]);
  if (wrong) throw faultAt(errors.contactKindMismatch, `${at}/${wrong}`, `A ${contact.kind} has no ${wrong}: set it to null, or change the kind.`);
  if (person && !contact.givenName && !contact.familyName) throw faultAt(errors.contactNameMissing, `${at}/familyName`, 'Give a person a givenName or a familyName.');
  if (!person && !contact.companyName) throw faultAt(errors.contactNameMissing, `${at}/companyName`, 'Give a company a companyName.');
}
