import { faultAt } from '../../common/errors/problem.js';
import { newId } from '../../common/ids.js';
import type { Statement } from '../../database/flight.js';
import type { AddressEntry, CreateContact, EmailEntry, OtherName, PhoneEntry, UpdateContact } from './contacts.dto.js';
import * as errors from './clients.errors.js';
import { replacePart } from './contacts.queries.js';

type Entry = Partial<OtherName & EmailEntry & PhoneEntry & AddressEntry>;
export type Part = 'names' | 'emails' | 'phones' | 'addresses';
export const PART_NAMES: readonly Part[] = ['names', 'emails', 'phones', 'addresses'];
/** The arrays of a contact as they are stored. */
export type Held = Record<Part, (Entry & { id: string })[]>;

/** What makes an element the same as another, where that may not be. */
const SAMENESS: Readonly<Record<Part, ((entry: Entry) => string) | undefined>> = {
  names: ({ kind, name }) => `${kind} ${name}`,
  emails: ({ email }) => email!,
  phones: undefined,
  addresses: undefined,
};
const MEMBER: Readonly<Record<Part, string>> = { names: 'name', emails: 'email', phones: 'phone', addresses: 'line1' };

/** The statements that make the arrays of a contact those that were sent; none for arrays that stay as they are. `at`: where the contact stands in the body. */
export function replaceParts(firmId: string, contactId: string, sent: CreateContact | UpdateContact, held?: Held, at = ''): Statement[] {
  return PART_NAMES.flatMap((part) => {
    const entries = sent[part];
    return entries === undefined ? [] : replaced(part, firmId, contactId, entries, held?.[part] ?? [], at);
  });
}

function replaced(part: Part, firmId: string, contactId: string, entries: readonly Entry[], held: readonly (Entry & { id: string })[], where: string): Statement[] {
  refuse(part, entries, held, where);
  const wanted = settle(part, entries);
  const before = new Map(held.map((entry, position) => [entry.id, stored(part, { ...entry }, position)]));
  const changed = wanted.map((entry, position) => stored(part, entry, position)).filter((row) => JSON.stringify(before.get(row['id'] as string)) !== JSON.stringify(row));
  const staying = new Set(wanted.map(({ id }) => id));
  const gone = held.map(({ id }) => id).filter((id) => !staying.has(id));
  if (part !== 'addresses') gone.push(...changed.map(({ id }) => id as string).filter((id) => before.has(id)));
  // addresses are all written again, since the primary one may be another: rows that do not change leave no trace
  const rows = part === 'addresses' && changed.length > 0 ? wanted.map((entry, position) => stored(part, entry, position)) : changed;
  return replacePart(part, firmId, contactId, gone, rows);
}

function refuse(part: Part, entries: readonly Entry[], held: readonly { id: string }[], where: string): void {
  const known = new Set(held.map(({ id }) => id));
  const ids = new Set<string>();
  const seen = new Set<string>();
  let primaries = 0;
  for (const [i, entry] of entries.entries()) {
    const at = `${where}/${part}/${i}`;
    if (entry.id !== undefined) {
      const id = entry.id.toLowerCase();
      if (!known.has(id)) throw faultAt(errors.unknownPart, `${at}/id`, 'Leave the id out to make a new element.');
      if (ids.has(id)) throw faultAt(errors.duplicatePart, `${at}/id`, 'This element stands in the list twice.');
      ids.add(id);
    }
    const same = SAMENESS[part]?.(entry);
    if (same !== undefined && seen.has(same)) throw faultAt(errors.duplicatePart, `${at}/${MEMBER[part]}`, 'This stands in the list twice.');
    if (same !== undefined) seen.add(same);
    if (entry.isPrimary && ++primaries > 1) throw faultAt(errors.severalPrimary, `${at}/isPrimary`, 'Let one element be the primary one.');
  }
}

/** With ids, labels and one primary element. */
function settle(part: Part, entries: readonly Entry[]): (Entry & { id: string })[] {
  const none = !entries.some(({ isPrimary }) => isPrimary);
  return entries.map((entry, i) => ({
    ...entry,
    id: entry.id?.toLowerCase() ?? newId(),
    ...(part !== 'names' && { label: entry.label ?? 'work', isPrimary: entry.isPrimary ?? (none && i === 0) }),
    ...(part !== 'names' && none && i === 0 && { isPrimary: true }),
  }));
}

/** As the row of its table. */
function stored(part: Part, entry: Entry & { id: string }, position: number): Record<string, unknown> {
  const { id } = entry;
  if (part === 'names') return { id, kind: entry.kind, name: entry.name };
  const common = { id, label: entry.label, is_primary: entry.isPrimary, position };
  if (part === 'emails') return { ...common, email: entry.email };
  if (part === 'phones') return { ...common, phone: entry.phone };
  return {
    ...common, line1: entry.line1, line2: entry.line2 ?? null, city: entry.city ?? null, region: entry.region ?? null, postal_code: entry.postalCode ?? null, country: entry.country,
  };
}
