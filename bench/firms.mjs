// The people the benchmark reads and changes: firms of ordinary size, made with the engine role's rights.
import pg from 'pg';
import { hashPassword } from '../dist/common/auth/passwords.js';
import { newId } from '../dist/common/ids.js';

const PASSWORD = 'correct horse battery';
const GIVEN = ['Ada', 'Ben', 'Chloé', 'Dana', 'Emil', 'Farah', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Keiko', 'Liam', 'Maja', 'Noor', 'Otto', 'Priya'];
const FAMILY = ['Abbott', 'Baptiste', 'Castillo', 'Dvořák', 'Eriksen', 'Fischer', 'García', 'Haddad', 'Ivanova', 'Jensen', 'Kowalski', 'Lindqvist', 'Moreau', 'Nakamura', "O'Brien", 'Petrov'];
const ROLES = ['partner', 'associate', 'associate', 'paralegal', 'billing', 'readonly'];

/** Makes `count` firms of `people` each; returns them with their people's ids. */
export async function makeFirms(ownerUrl, { count, people }) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`set role lexiflow_engine`);
  const hash = await hashPassword(PASSWORD);
  const tag = newId().slice(-8);
  const firms = [];
  for (let f = 0; f < count; f++) {
    const id = newId();
    const slug = `bench-${tag}-${f}`;
    const email = `admin@${slug}.example`;
    const adminId = newId();
    await owner.query('select doors.create_firm($1, $2, $3, $4, $5, $6, $7, $8, $9)', [id, slug, `Bench & Partners ${f}`, '{}', adminId, email, 'Ada', 'Min', hash]);
    const ids = Array.from({ length: people }, newId);
    await owner.query(
      `insert into users (firm_id, id, email, given_name, family_name, initials, title, phone, role, status, time_zone, language)
       select $1, id, 'person' || n || '@' || $3::text, ($4::text[])[1 + n % 16], ($5::text[])[1 + (n / 16) % 16] || ' ' || n, 'PN', 'Attorney at Law',
         '+1 212 555 ' || lpad((n % 10000)::text, 4, '0'), ($6::text[])[1 + n % 6], 'active', 'America/New_York', 'en'
       from unnest($2::uuid[]) with ordinality as p(id, n)`,
      [id, ids, `${slug}.example`, GIVEN, FAMILY, ROLES]);
    firms.push({ id, slug, email, adminId, ids });
  }
  await owner.query('reset role');
  await owner.query('analyze users, firms, sessions, notifications');
  await owner.end();
  return firms;
}

/** Every admin signs in, as a front end would. */
export async function signInAll(url, firms) {
  for (const firm of firms) {
    const response = await fetch(`${url}/v1/auth/login`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: firm.email, password: PASSWORD }),
    });
    if (!response.ok) throw new Error(`sign-in failed: ${response.status} ${await response.text()}`);
    firm.token = (await response.json()).accessToken;
  }
}
