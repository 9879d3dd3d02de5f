// The little language in which the demo is told. Days count from the day of seeding: -3 is three days ago.

/** Somebody to sign in as. */
export function user(role, email, given_name, family_name, initials, title, phone, hoursSinceLogin) {
  return { role, email, given_name, family_name, initials, title, phone, hoursSinceLogin };
}

/** Written so many hours ago and read so many hours ago; null: not read yet. With `about`, the key of a case. */
export function note(to, kind, title, body, hours, hoursRead, about = null) {
  return { to, kind, title, body, hours, hoursRead, about };
}

/** @param {object} more address 'line | city | region | postal code | country', email, phone, names, tags, metadata, website, notes */
export function company(key, company_name, more = {}) {
  return { key, kind: 'company', company_name, ...more };
}

/** A person by his names: 'Bridget Halloran', 'Dr. | Ingrid | Solberg' has no title: titles stand in the job title. */
export function person(key, given_name, family_name, more = {}) {
  return { key, kind: 'person', given_name, family_name, ...more };
}

/** `from` is the kind of `to`. */
export function relation(from, kind, to, more = {}) {
  return { from, kind, to, ...more };
}

/** The contact becomes a client so many days ago. */
export function client(contact, openedDay, more = {}) {
  return { contact, openedDay, ...more };
}

/** Done when `done` is the day it was; otherwise open unless `status` says more. Items: '+ done', '- still to do'. */
export function task(title, assignee, due, { priority = 'normal', status = 'open', done, items = [], description } = {}) {
  return { title, assignee, due, priority, status, done, items, description };
}

/** At a time of the firm's own zone, on a working day. Past ones took place unless `status` says otherwise. */
export function event(kind, title, day, time, minutes, { where, who = [], remind, status, description } = {}) {
  return { kind, title, day, time, minutes, where, who, remind, status, description };
}

/** A note on a case, by whom and on which day. */
export function memo(author, day, body, pinned = false) {
  return { author, day, body, pinned };
}

/**
 * A case. Days: `opened`, `closed`, `archived`, `held`, `limitation`; `intake` says since when it has been asked about.
 * `team` and `parties` are words: 'EF lead, DO associate', 'northline defendant opposing < pell' (represented by).
 */
export function matter(key, client, area, title, more) {
  return { key, client, area, title, tags: [], metadata: {}, parties: [], memos: [], tasks: [], events: [], ...more };
}
