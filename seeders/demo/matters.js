/** Cases in the order in which they came, so that their numbers follow it, with all that hangs on them and how they ended. */
export async function seedMatters(seed, matters) {
  const told = matters.map((matter) => read(seed, matter)).sort((a, b) => a.start - b.start);
  for (const matter of told) await seed.insertBy('cases', [caseRow(seed, matter)]);
  const each = (table, rowsOf) => seed.insertBy(table, told.flatMap((matter) => rowsOf(matter).map((row) => ({ case_id: matter.id, ...row }))));
  await each('case_members', ({ lead, team, start }) => team.map(([who, role]) => ({ by: lead, id: seed.newId(), user_id: seed.who(who), role, ...written(seed, start, '10:05') })));
  await each('case_walls', ({ wall }) => (wall ? [{ by: 'MC', id: seed.newId(), user_id: seed.who(wall.who), starts_at: seed.at(wall.day), reason: wall.reason, created_by: seed.who('MC') }] : []));
  await each('case_parties', (matter) => matter.parties.map((party) => partyRow(seed, matter, party)));
  await each('case_notes', ({ memos }) => memos.map(({ author, day, body, pinned }) => ({ by: author, id: seed.newId(), body, pinned, author_id: seed.who(author), ...written(seed, seed.workday(day), '11:40') })));
  await seedTasks(seed, told, each);
  await seedEvents(seed, told, each);
  for (const matter of told) await liveOn(seed, matter);
}

/** A case with its words taken apart and its days moved off weekends. */
function read(seed, matter) {
  const start = seed.workday(matter.opened ?? matter.intake);
  const team = matter.team.split(', ').map((member) => member.split(' '));
  return { ...matter, id: seed.id('case', matter.key), start, team, lead: team[0][0] };
}

function caseRow(seed, { id, start, lead, ...matter }) {
  const year = seed.day(start).slice(0, 4);
  const docket = matter.docket?.replace('{year}', year).replace('{yy}', year.slice(2)).replace('{seq}', String(1000 + ([...matter.key].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 7) % 9000)));
  return {
    by: lead, id, title: matter.title, description: matter.description ?? null, client_id: seed.id('client', matter.client), practice_area: matter.area,
    jurisdiction: matter.jurisdiction ?? null, court: matter.court ?? null, court_name: matter.court_name ?? null, docket_number: docket ?? null,
    client_matter_id: matter.client_matter_id ?? null, responsible_attorney_id: seed.who(lead), originating_attorney_id: seed.who(matter.originating ?? lead),
    status: matter.opened === undefined ? 'intake' : 'open', opened_on: matter.opened === undefined ? null : seed.day(start), limitation_on: seed.day(matter.limitation),
    tags: matter.tags, metadata: matter.metadata, access: 'open', created_by: seed.who(lead), ...written(seed, start, '10:00'),
  };
}

/** 'northline defendant opposing < corrigan' */
function partyRow(seed, { key, lead, start }, words) {
  const [party, counsel] = words.split(' < ');
  const [contact, role, side] = party.split(' ');
  return {
    by: lead, id: seed.id('party', `${key} ${contact}`), contact_id: seed.id('contact', contact), role, side,
    represented_by_id: counsel ? seed.id('party', `${key} ${counsel}`) : null, since: seed.day(start), ...written(seed, start, '10:10'),
  };
}

/** Done ones are written open and ticked off afterwards, as in life. */
async function seedTasks(seed, told, each) {
  const tasks = new Map(told.map((matter) => [matter, matter.tasks.map((task, position) => ({ ...task, id: seed.newId(), position }))]));
  const when = (matter, task) => Math.max(matter.start, Math.min(-1, (task.done ?? task.due) - 18));
  await each('case_tasks', (matter) => tasks.get(matter).map(({ id, position, title, description, assignee, due, priority, status, ...task }) => ({
    by: matter.lead, id, position, title, description: description ?? null, assignee_id: seed.who(assignee), due_on: seed.day(seed.workday(due)), priority, status,
    created_by: seed.who(matter.lead), ...written(seed, when(matter, { due, ...task }), '10:20'),
  })));
  await each('case_task_items', (matter) => tasks.get(matter).flatMap((task) => task.items.map((item, position) => ({
    by: matter.lead, id: seed.newId(), task_id: task.id, title: item.slice(2), done: item.startsWith('+'), position,
  }))));
  const done = [...tasks.values()].flat().filter((task) => task.done !== undefined);
  for (const by of new Set(done.map(({ assignee }) => assignee))) {
    await seed.as(by);
    await seed.client.query(`update case_tasks t set status = 'done', completed_at = d.at, completed_by = $2
      from jsonb_to_recordset($1::jsonb) d(id uuid, at timestamptz) where t.firm_id = $3 and t.id = d.id`,
    [JSON.stringify(done.filter(({ assignee }) => assignee === by).map((task) => ({ id: task.id, at: seed.at(task.done, '16:30') }))), seed.who(by), seed.firmId]);
  }
}

async function seedEvents(seed, told, each) {
  const events = new Map(told.map((matter) => [matter, matter.events.map((event) => ({ ...event, id: seed.newId(), day: seed.workday(event.day) }))]));
  await each('case_events', (matter) => events.get(matter).map(({ id, kind, title, description, where, day, time, minutes, status, remind = [] }) => ({
    by: matter.lead, id, kind, title, description: description ?? null, location: where ?? null, starts_at: seed.at(day, time), ends_at: minutes > 0 ? ending(seed, day, time, minutes) : null,
    time_zone: seed.timeZone, status: status ?? (day < 0 ? 'done' : 'scheduled'),
    // none that would be due already: a fresh demo does not begin with a pile of mails
    reminders: remind.filter((before) => before < day * 1440 - 720), created_by: seed.who(matter.lead), ...written(seed, Math.max(matter.start, Math.min(-1, day - 21)), '10:30'),
  })));
  await each('case_event_attendees', (matter) => events.get(matter).flatMap(({ id, day, who }) => who.map((name) => ({
    by: matter.lead, id: seed.newId(), event_id: id, user_id: name.startsWith('@') ? null : seed.who(name), contact_id: name.startsWith('@') ? seed.id('contact', name.slice(1)) : null,
    response: day < 0 || !name.startsWith('@') ? 'accepted' : 'needs_action',
  }))));
}

/** What became of it: restricted, on hold, closed, opened again, archived. */
async function liveOn(seed, { id, lead, access, held, closed, archived, reopened, reopen_reason }) {
  const steps = [
    access === 'restricted' && [`access = 'restricted'`],
    held !== undefined && [`status = 'on_hold'`],
    closed !== undefined && [`status = 'closed', closed_on = '${seed.day(seed.workday(closed))}'`],
    reopened !== undefined && [`status = 'open', closed_on = null`, reopen_reason],
    archived !== undefined && [`status = 'archived'`],
  ].filter(Boolean);
  for (const [set, reason] of steps) {
    await seed.as(lead, reason);
    await seed.client.query(`update cases set ${set} where firm_id = $1 and id = $2`, [seed.firmId, id]);
  }
}

/** Checks as people made them, through the door that looks; a decision is about the whole check. */
export async function seedConflictChecks(seed, checks) {
  for (const { by, day, about, purpose, names, decision, decidedBy, reason } of checks) {
    const id = seed.newId();
    const at = seed.at(seed.workday(day), '09:05');
    await seed.insertBy('conflict_checks', [{ by, id, case_id: about ? seed.id('case', about) : null, terms: names, purpose, asked_by: seed.who(by), created_at: at, updated_at: at }]);
    await seed.insert('conflict_terms', names.map((name, index) => ({ id: seed.newId(), check_id: id, position: index + 1, name, created_at: at, updated_at: at })));
    await seed.client.query('select doors.check_conflicts($1)', [id]);
    if (decision) await seed.insertBy('conflict_decisions', [{ by: decidedBy, id: seed.newId(), check_id: id, decision, reason, decided_by: seed.who(decidedBy) }]);
  }
}

/** The end in the words of the same day; an end past midnight is cut to it. */
function ending(seed, day, time, minutes) {
  const [hour, minute] = time.split(':').map(Number);
  const end = Math.min(hour * 60 + minute + minutes, 23 * 60 + 59);
  return seed.at(day, `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`);
}

function written(seed, offset, time) {
  const at = seed.at(offset, time);
  return { created_at: at, updated_at: at };
}
