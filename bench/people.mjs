// A firm that has met 200,000 people and companies in 200,000 cases: what conflict checks and the search box look through.
import pg from 'pg';

export const GIVEN = ['James', 'Mary', 'John', 'Patricia', 'Robert', 'Jennifer', 'Michael', 'Linda', 'William', 'Elizabeth', 'David', 'Barbara', 'Richard', 'Susan', 'Joseph', 'Jessica', 'Thomas', 'Sarah',
  'Charles', 'Karen', 'Christopher', 'Lisa', 'Daniel', 'Nancy', 'Matthew', 'Betty', 'Anthony', 'Margaret', 'Mark', 'Sandra', 'Donald', 'Ashley', 'Steven', 'Kimberly', 'Paul', 'Emily', 'Andrew', 'Donna',
  'Joshua', 'Michelle', 'Kenneth', 'Carol', 'Kevin', 'Amanda', 'Brian', 'Dorothy', 'George', 'Melissa', 'Edward', 'Deborah', 'José', 'María', 'Luis', 'Carmen', 'Hans', 'Greta', 'Jürgen', 'Anneliese', 'François',
  'Chloé', 'Søren', 'Ingrid', 'Giovanni', 'Lucia', 'Piotr', 'Agnieszka', 'Ivan', 'Natalia', 'Wei', 'Mei', 'Hiroshi', 'Yuki', 'Raj', 'Priya', 'Ahmed', 'Fatima', 'Kwame', 'Amara', 'Liam', 'Siobhán'];
const COMMON = ['Smith', 'Johnson', 'Williams', 'Brown', 'Jones', 'García', 'Miller', 'Davis', 'Rodríguez', 'Martínez', 'Hernández', 'López', 'Wilson', 'Anderson', 'Thomas', 'Taylor', 'Moore', 'Jackson', 'Martin', 'Lee',
  'Thompson', 'White', 'Harris', 'Clark', 'Lewis', 'Robinson', 'Walker', 'Young', 'Allen', 'King', 'Wright', 'Scott', 'Nguyen', 'Hill', 'Flores', 'Green', 'Adams', 'Nelson', 'Baker', 'Hall', 'Müller', 'Schmidt',
  'Schneider', 'Fischer', 'Meyer', 'Dubois', 'Moreau', 'Rossi', 'Ferrari', 'Kowalski', 'Nowak', 'Petrov', 'Ivanova', 'Tanaka', 'Suzuki', 'Patel', 'Singh', 'Khan', 'O’Brien', 'Murphy'];
const ROOTS = ['Ash', 'Black', 'Bran', 'Brook', 'Car', 'Chester', 'Cliff', 'Dal', 'Den', 'Ed', 'El', 'Fair', 'Farn', 'Gar', 'Gold', 'Hal', 'Ham', 'Hart', 'Hay', 'Hol', 'Kings', 'Lan', 'Lin', 'Mar', 'Mill', 'Nor', 'Oak', 'Pem',
  'Rad', 'Red', 'Roth', 'Sand', 'Shel', 'Stan', 'Strat', 'Thorn', 'Up', 'Wal', 'Wed', 'Whit'];
const ENDS = ['berg', 'borough', 'bridge', 'burn', 'bury', 'by', 'combe', 'dale', 'don', 'feld', 'field', 'ford', 'grove', 'ham', 'hurst', 'ington', 'land', 'ley', 'low', 'man', 'mann', 'mere', 'more', 'son', 'stein', 'ston', 'ton', 'ward', 'well', 'wood'];
export const FAMILY = [...COMMON, ...ROOTS.flatMap((root) => ENDS.map((end) => root + end))];
const FIRST = [...ROOTS.map((root) => `${root}ridge`), 'Acme', 'Apex', 'Atlas', 'Aurora', 'Beacon', 'Bluewater', 'Cascade', 'Cobalt', 'Crestview', 'Delta', 'Evergreen', 'Falcon', 'Granite', 'Harbor', 'Horizon', 'Ironwood', 'Keystone', 'Liberty',
  'Meridian', 'Northwind', 'Orion', 'Pacific', 'Pinnacle', 'Quantum', 'Redwood', 'Sierra', 'Summit', 'Titan', 'Union', 'Vanguard', 'Westfield', 'Zenith', ...COMMON];
const SECOND = ['Logistics', 'Biotech', 'Foods', 'Holdings', 'Software', 'Shipping', 'Energy', 'Realty', 'Pharma', 'Textiles', 'Steel', 'Insurance', 'Capital', 'Media', 'Aviation', 'Robotics', 'Timber', 'Mining', 'Dairy', 'Optics', 'Motors', 'Brewing',
  'Solar', 'Plastics', 'Marine', 'Networks', 'Ceramics', 'Paper', 'Chemicals', 'Construction'];
const FORMS = ['Inc', 'LLC', 'Corp.', 'GmbH', 'Ltd', 'Co.', 'LLP', 'S.A.'];
const BATCH = 20_000;
const ANALYZE = 'analyze contacts, contact_names, contact_search, contact_emails, contact_relations, contact_cases, clients, cases, case_search, case_parties';

const TABLES = ['contacts', 'contact_names', 'contact_emails', 'contact_relations', 'clients', 'cases', 'case_parties'];
// what the triggers would have written row by row, in a tenth of the time; the trail is left out
const DERIVED = [
  `insert into contact_search (firm_id, contact_id, source_id, source, name, normal, sorted, initials, sounds)
   select $1, x.contact_id, x.id, x.source, x.name, x.normal, internal.sorted_words(x.normal), internal.initials_of(x.normal), internal.sounds_of(x.normal) from (
     select id as contact_id, id, 'name' as source, name, internal.normal_name(name) as normal from contacts where firm_id = $1
     union all select contact_id, id, kind, name, internal.normal_name(name) from contact_names where firm_id = $1 offset 0) x`,
  `insert into contact_cases (firm_id, contact_id, case_id, source_id, restricted)
   select $1, k.contact_id, c.id, c.id, false from cases c join clients k on k.firm_id = c.firm_id and k.id = c.client_id where c.firm_id = $1
   union all select $1, contact_id, case_id, id, false from case_parties where firm_id = $1`,
  `select internal.write_case_text($1, array_agg(id)) from (select id, row_number() over () / 5000 as part from cases where firm_id = $1) c group by part`,
];

/** Fills the firm as the engine role, then what the triggers keep beside it. */
export async function fillPeople(ownerUrl, firm, count, say) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const set = (name, value) => owner.query('select set_config($1, $2, false)', [name, value]);
  await owner.query('grant temporary on database ' + owner.escapeIdentifier(owner.database) + ' to lexiflow_engine');
  for (const table of TABLES) await owner.query(`alter table ${table} disable trigger user`);
  await owner.query('set role lexiflow_engine');
  await set('app.actor_kind', 'system');
  await set('app.firm_id', firm.id);
  // two different skews: a few names are very common, most are rare
  const pick = (list, power) => `(${list})[1 + floor(cardinality(${list}) * power(random(), ${power}))::int]`;
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(from + BATCH, count);
    await owner.query(`create temp table fresh as select n, gen_random_uuid() as id, n % 4 = 0 as company from generate_series(${from}, ${to - 1}) n`);
    await owner.query(
      `insert into contacts (firm_id, id, kind, given_name, middle_name, family_name, company_name)
       select $1, id, case when company then 'company' else 'person' end, case when not company then ${pick('$2::text[]', 1.5)} end,
         case when not company and n % 3 = 0 then case when n % 2 = 0 then left(${pick('$2::text[]', 1)}, 1) || '.' else ${pick('$2::text[]', 1)} end end, case when not company then ${pick('$3::text[]', 3)} end,
         case when company then ${pick('$4::text[]', 1)} || ' ' || ${pick('$5::text[]', 1)} || case when n % 3 = 0 then ' ' || ${pick('$4::text[]', 1)} else '' end || ' ' || ${pick('$6::text[]', 1)} end
       from fresh`, [firm.id, GIVEN, FAMILY, FIRST, SECOND, FORMS]);
    await owner.query(`insert into contact_names (firm_id, id, contact_id, kind, name) select $1, gen_random_uuid(), id, case when company then 'trade' else 'maiden' end,
      case when company then ${pick('$4::text[]', 1)} || ' ' || ${pick('$5::text[]', 1)} else ${pick('$2::text[]', 1)} || ' ' || ${pick('$3::text[]', 2)} end from fresh where n % 8 in (0, 1)`, [firm.id, GIVEN, FAMILY, FIRST, SECOND]);
    await owner.query(`insert into contact_emails (firm_id, id, contact_id, email, is_primary) select $1, gen_random_uuid(), id, 'contact' || n || '@mail' || n % 500 || '.example', true from fresh where n % 2 = 0`, [firm.id]);
    // clients 1 in 20, a case a contact, parties from this batch, relations among it
    await owner.query(`insert into clients (firm_id, id, contact_id, number, tax_id) select $1, gen_random_uuid(), id, 'C-' || lpad(n::text, 7, '0'), '12-' || lpad(n::text, 7, '0') from fresh where n % 20 = 0`, [firm.id]);
    await owner.query('create temp table matters as select n, gen_random_uuid() as id from fresh');
    await owner.query('analyze fresh, matters');
    const other = (factor) => `${from} + (m.n * ${factor} + 1) % ${to - from}`;
    await owner.query(`insert into cases (firm_id, id, number, title, docket_number, client_id, status, opened_on, closed_on, access) select $1, m.id, '2026-' || lpad(m.n::text, 7, '0'),
      ${pick('$2::text[]', 3)} || ' v. ' || ${pick('$3::text[]', 1)} || ' ' || ${pick('$4::text[]', 1)}, '1:26-cv-' || lpad((m.n * 7 % 100000)::text, 5, '0'), k.id,
      case when m.n % 3 = 0 then 'closed' else 'open' end, date '2016-01-01' + m.n % 3650, case when m.n % 3 = 0 then date '2026-06-01' end, 'open'
      from matters m join fresh f on f.n = ${other(1)} / 20 * 20 join clients k on k.firm_id = $1 and k.contact_id = f.id`, [firm.id, FAMILY, FIRST, SECOND]);
    await owner.query(`insert into case_parties (firm_id, id, case_id, contact_id, role, side) select $1, gen_random_uuid(), m.id, f.id, case when m.n % 2 = 0 then 'defendant' else 'witness' end, 'opposing'
      from matters m join fresh f on f.n = ${other(7919)}`, [firm.id]);
    await owner.query(`insert into contact_relations (firm_id, id, from_contact_id, to_contact_id, kind) select $1, gen_random_uuid(), m.id, f.id, (array['parent_company', 'affiliate', 'spouse', 'employer'])[1 + m.n % 4]
      from fresh m join fresh f on f.n = ${other(7919)} where m.n % 10 = 0 and m.id <> f.id`, [firm.id]);
    await owner.query('drop table fresh, matters');
    say(`  ${to.toLocaleString('en-US')} contacts and cases`);
  }
  // analyzing is the owner's; without it the checks of foreign keys plan for empty tables
  await owner.query('reset role');
  await owner.query(ANALYZE);
  await owner.query('set role lexiflow_engine');
  for (const statement of DERIVED) await owner.query(statement, [firm.id]);
  await owner.query('reset role');
  for (const table of TABLES) await owner.query(`alter table ${table} enable trigger user`);
  await owner.query('vacuum analyze contact_search, contact_cases, case_search');
  await owner.end();
}
