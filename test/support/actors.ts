import type { UserActor } from '../../src/database/unit-of-work.js';
import type { Person, TestFirm } from './factories.js';
import type { Owner } from './rows.js';

/** The actor a person's access token makes, for tests that go to the database past HTTP. */
export function actorOf(person: Person): UserActor {
  const claims = JSON.parse(Buffer.from(person.token.split('.')[1]!, 'base64url').toString()) as { sub: string; fid: string; sid: string; role: string };
  return { kind: 'user', firmId: claims.fid, userId: claims.sub, role: claims.role, credential: { kind: 'session', id: claims.sid } };
}

/** The firm's administrator as the owner of rows. */
export const adminOf = (firm: TestFirm): Owner => ({ firmId: firm.id, userId: firm.admin.id });
