// One firm with as many cases as a large firm gathers in decades, inserted by the server itself. Triggers stand aside and
// what they would keep (seats, links of contacts, the text to search) is inserted beside; nothing goes onto the trail.
import pg from 'pg';

const TABLES = ['contacts', 'clients', 'cases', 'case_members', 'case_events'];

/** Fills `firm` with `count` cases, a client for every hundred, three members and one event each. */
export async function makeCases(ownerUrl, firm, count = 200_000) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await insertCases(owner, 'lexiflow_engine', firm.id, [firm.adminId, ...firm.ids.slice(0, 40)], count);
  await owner.end();
}

/** The same on a connection of the tables' owner, with these people as members. */
export async function insertCases(owner, engine, firmId, people, count) {
  await owner.query('begin');
  for (const table of TABLES) await owner.query(`alter table ${table} disable trigger user`);
  await owner.query(`set local role ${engine}`);
  for (const [text, values] of statements(firmId, people, count)) await owner.query(text, values);
  await owner.query('reset role');
  for (const table of TABLES) await owner.query(`alter table ${table} enable trigger user`);
  await owner.query('commit');
  await owner.query('vacuum analyze contacts, clients, cases, case_members, case_events, case_seats, contact_cases, case_search');
}

/** Ids that tell what they belong to; the order of cases by id is the order in which they were made. */
const id = (kind, n) => `('0${kind}000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const person = (n) => `($2::uuid[])[1 + (${n}) % cardinality($2::uuid[])]`;

function statements(firm, people, count) {
  const clients = Math.max(1, Math.floor(count / 100));
  return [
    [`insert into contacts (firm_id, id, kind, company_name) select $1, ${id(1, 'n')}, 'company', 'Company ' || n || ' Holdings' from generate_series(1, $2::int) n`, [firm, clients]],
    [`insert into clients (firm_id, id, contact_id, number) select $1, ${id(2, 'n')}, ${id(1, 'n')}, 'C-' || lpad(n::text, 6, '0') from generate_series(1, $2::int) n`, [firm, clients]],
    [`insert into cases (firm_id, id, number, title, client_id, practice_area, status, opened_on, closed_on, limitation_on, responsible_attorney_id, tags, metadata, created_at, updated_at)
      select $1, ${id(3, 'n')}, '2000-' || lpad(n::text, 7, '0'), 'Matter ' || md5(n::text) || ' v. Respondent ' || n % 977, ${id(2, `1 + (n * 7919::bigint) % ${clients}`)},
        (array['litigation', 'insurance', 'employment', 'tax', 'family', 'corporate', 'property', 'criminal'])[1 + n % 8],
        case when n % 10 < 4 then 'open' when n % 10 < 9 then 'closed' else 'on_hold' end, date '2000-01-01' + (n * 9000::bigint / $3::int)::int,
        case when n % 10 between 4 and 8 then date '2000-01-01' + (n * 9000::bigint / $3::int)::int + 300 end, case when n % 5 = 0 then date '2001-01-01' + (n * 9000::bigint / $3::int)::int end,
        ${person('n')}, case when n % 2 = 0 then array['common', 'desk-' || n % 50] else array['desk-' || n % 50, 'rare-' || n / 20] end,
        jsonb_build_object('costCentre', 'CC-' || n % 100, 'file', n), timestamptz '2000-01-01' + n * interval '1 minute', timestamptz '2000-01-01' + n * interval '1 minute'
      from generate_series(1, $3::int) n`, [firm, people, count]],
    [`insert into contact_cases (firm_id, contact_id, case_id, source_id, restricted)
      select c.firm_id, k.contact_id, c.id, c.id, false from cases c join clients k on k.firm_id = c.firm_id and k.id = c.client_id where c.firm_id = $1`, [firm]],
    [`insert into case_members (firm_id, id, case_id, user_id, role)
      select $1, ${id(4, 'n * 4 + m')}, ${id(3, 'n')}, ${person('n + m * 11')}, (array['lead', 'associate', 'paralegal'])[m + 1] from generate_series(1, $3::int) n, generate_series(0, 2) m
      on conflict do nothing`, [firm, people, count]],
    [`insert into case_seats (firm_id, user_id, case_id) select firm_id, user_id, case_id from case_members where firm_id = $1`, [firm]],
    [`insert into case_events (firm_id, id, case_id, kind, title, starts_at, time_zone, status)
      select $1, ${id(5, 'n')}, ${id(3, 'n')}, 'deadline', 'Answer due in ' || n, now() + (10 + n % 300) * interval '1 day', 'America/New_York', 'scheduled'
      from generate_series(1, $2::int) n`, [firm, count]],
    [`insert into case_search (firm_id, case_id, content) select c.firm_id, c.id, lower(concat_ws(E'\\n', c.number, c.title, p.name))
      from cases c join clients k on k.firm_id = c.firm_id and k.id = c.client_id join contacts p on p.firm_id = k.firm_id and p.id = k.contact_id where c.firm_id = $1`, [firm]],
  ];
}
