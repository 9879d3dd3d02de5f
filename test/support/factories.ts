import { randomUUID } from 'node:crypto';
import { createLexiFlow, type LexiFlow } from '../../client/index.js';
import { hashPassword } from '../../src/common/auth/passwords.js';
import { newId } from '../../src/common/ids.js';
import type { Role } from '../../src/common/auth/permissions.js';
import { testApp, type TestApp } from './app.js';

export const PASSWORD = 'correct horse battery';

/** Somebody who is signed in, with a client that speaks as him. */
export interface Person {
  id: string;
  email: string;
  role: Role;
  token: string;
  refreshToken: string;
  api: LexiFlow;
}

export interface TestFirm {
  id: string;
  slug: string;
  admin: Person;
  /** Another active person of this firm, signed in. */
  person(role: Role): Promise<Person>;
}

/** Where a factory works: the application all tests share, unless a test brought its own. */
type Place = Pick<TestApp, 'database' | 'url'>;

let passwordHash: Promise<string> | undefined;

/** A firm of the test's own: nothing in it is anybody else's, so nothing need be cleaned up. */
export async function newFirm(place?: Place): Promise<TestFirm> {
  const { database } = place ?? (await testApp());
  passwordHash ??= hashPassword(PASSWORD);
  const id = newId();
  const slug = `firm-${randomUUID().slice(0, 13)}`;
  const adminEmail = `admin@${slug}.example`;
  const adminId = newId();
  const hash = await passwordHash;
  await database.write({ kind: 'guest' }, () =>
    database.execute('select doors.create_firm($1, $2, $3, $4, $5, $6, $7, $8, $9)', [id, slug, `Firm ${slug}`, '{}', adminId, adminEmail, 'Ada', 'Min', hash]));
  const admin = await signIn(adminEmail, 'admin', PASSWORD, place);
  let count = 0;
  return {
    id, slug, admin,
    person: async (role) => {
      const userId = newId();
      const email = `${role}${++count}@${slug}.example`;
      await database.write({ kind: 'system', firmId: id }, async () => {
        await database.execute(`insert into users (firm_id, id, email, given_name, family_name, role, status) values ($1, $2, $3, $4, $5, $6, 'active')`,
          [id, userId, email, role.charAt(0).toUpperCase() + role.slice(1), `Person${count}`, role]);
        await database.execute('insert into user_passwords (firm_id, user_id, hash) values ($1, $2, $3)', [id, userId, hash]);
      });
      return signIn(email, role, PASSWORD, place);
    },
  };
}

/** Signs in over HTTP, as a front end would. */
export async function signIn(email: string, role: Role, password = PASSWORD, place?: Place): Promise<Person> {
  const { url } = place ?? (await testApp());
  const { data, error } = await createLexiFlow({ baseUrl: url }).POST('/v1/auth/login', { body: { email, password } });
  if (!data) throw new Error(`no login for ${email}: ${JSON.stringify(error)}`);
  return { id: data.user.id, email, role, token: data.accessToken, refreshToken: data.refreshToken, api: createLexiFlow({ baseUrl: url, token: data.accessToken }) };
}

/** A client without a credential. */
export async function stranger(): Promise<LexiFlow> {
  return createLexiFlow({ baseUrl: (await testApp()).url });
}
