/** Contacts with everything under them, how they stand to each other, and which are clients. */
export async function seedPeople(seed, { contacts, relations, clients, matters }) {
  const since = firstDays({ clients, matters });
  const by = (contact) => contact.by ?? 'GL';
  const under = (table, rowsOf) => seed.insertBy(table, contacts.flatMap((contact) => rowsOf(contact).map((row) => (
    { by: by(contact), id: seed.newId(), contact_id: seed.id('contact', contact.key), ...row }))));
  await seed.insertBy('contacts', contacts.map((contact) => ({
    by: by(contact), id: seed.id('contact', contact.key), kind: contact.kind, given_name: contact.given_name ?? null, family_name: contact.family_name ?? null,
    suffix: contact.suffix ?? null, company_name: contact.company_name ?? null, job_title: contact.job_title ?? null, website: contact.website ?? null,
    notes: contact.notes ?? null, tags: contact.tags ?? [], metadata: contact.metadata ?? {}, created_by: seed.who(by(contact)), ...written(seed, since.get(contact.key) ?? -700),
  })));
  await under('contact_names', ({ names = [] }) => names.map(([kind, name]) => ({ kind, name })));
  const label = (kind) => (kind === 'company' ? 'office' : 'home');
  await under('contact_emails', ({ email }) => (email ? [{ label: 'work', email, is_primary: true, position: 0 }] : []));
  await under('contact_phones', ({ phone, kind }) => (phone ? [{ label: kind === 'company' ? 'office' : 'mobile', phone, is_primary: true, position: 0 }] : []));
  await under('contact_addresses', ({ key, address, kind }) => (address ? [{ id: seed.id('address', key), label: label(kind), ...addressOf(address), is_primary: true, position: 0 }] : []));
  await seed.insertBy('contact_relations', relations.map(({ from, to, kind, since: first, until, note }) => ({
    by: 'DO', id: seed.newId(), from_contact_id: seed.id('contact', from), to_contact_id: seed.id('contact', to), kind, since: first ?? null, until: until ?? null, note: note ?? null,
  })));
  await seedClients(seed, contacts, clients);
}

/** One by one: the number is that of the order. */
async function seedClients(seed, contacts, clients) {
  const addressed = new Set(contacts.filter(({ address }) => address).map(({ key }) => key));
  for (const client of clients) {
    const by = client.by ?? 'DO';
    await seed.insertBy('clients', [{
      by, id: seed.id('client', client.contact), contact_id: seed.id('contact', client.contact), status: client.status ?? 'active', currency: client.currency ?? 'USD',
      payment_terms_days: client.terms ?? 30, tax_id: client.tax_id ?? null, ledes_client_id: client.ledes ?? null,
      billing_contact_id: client.billing ? seed.id('contact', client.billing) : null,
      billing_address_id: addressed.has(client.contact) ? seed.id('address', client.contact) : null,
      billing_instructions: client.instructions ?? null, notes: client.notes ?? null, opened_on: seed.day(seed.workday(-client.openedDay)), created_by: seed.who(by),
      ...written(seed, -client.openedDay),
    }]);
  }
}

/** A contact was written down when he was first needed. */
function firstDays({ clients, matters }) {
  const days = new Map();
  const note = (key, day) => days.set(key, Math.min(day, days.get(key) ?? 0));
  for (const { contact, openedDay } of clients) note(contact, -openedDay);
  for (const { parties, opened, intake } of matters) for (const party of parties) note(party.split(' ')[0], opened ?? intake);
  return days;
}

function addressOf(text) {
  const [line1, city, region, postal_code, country] = text.split(' | ');
  return { line1, city, region, postal_code, country };
}

function written(seed, offset) {
  const at = seed.at(seed.workday(offset), '09:15');
  return { created_at: at, updated_at: at };
}
