import { seedDocuments, storePapers } from './demo/documents.js';
import { HARBOR_FINCH } from './demo/harbor-finch.js';
import { seedConflictChecks, seedMatters } from './demo/matters.js';
import { NORTHGATE } from './demo/northgate.js';
import { seedPeople } from './demo/people.js';
import { Seed, dayIn, insert } from './demo/seed.js';

/** The password of every demo user. Never for a database that real people use. */
const PASSWORD = 'lexiflow-demo';

/** The firms came into being so many hours ago: before the first of their clients, and before their notifications. */
const HOURS_OPEN = 24 * 1_130;

/**
 * Makes two demo firms with people to sign in as, all of it in one transaction, after the files of their documents were
 * stored. A firm whose slug is taken is left exactly as it is and reported with `created: false`.
 * @param {import('pg').Client} client connected with the owner's rights
 * @param {{ hashPassword: (password: string) => Promise<string>, newId: () => string, engineRole: string, describe: Function, store: Function }} options
 *   `describe` tells what a file is, `store` puts it into the object store
 * @returns {Promise<{ firms: { name: string, slug: string, logins: string[], created: boolean }[], password: string }>}
 */
export async function seedDemo(client, { hashPassword, newId, engineRole, describe, store }) {
  const demos = [HARBOR_FINCH, NORTHGATE];
  const firmIds = new Map();
  for (const demo of await missingOf(client, engineRole, demos)) {
    const firmId = newId();
    firmIds.set(demo, firmId);
    await storePapers(demo.papers, { firmId, newId, day: (offset) => dayIn(demo.firm.time_zone, offset), describe, store });
  }
  await client.query('begin');
  try {
    // two processes that start together must not both find the firms missing
    await client.query(`select pg_advisory_xact_lock(hashtext('lexiflow.seed_demo'))`);
    // row-level security is forced on the owner too; only the engine role reaches every firm's rows
    await client.query(`select set_config('role', $1, true)`, [engineRole]);
    const taken = await slugsTaken(client, demos);
    const missing = demos.filter(({ firm }) => !taken.has(firm.slug));
    const hash = missing.length > 0 ? await hashPassword(PASSWORD) : undefined;
    for (const demo of missing) await seedFirm(client, demo, firmIds.get(demo), hash, newId);
    await client.query('commit');
    return {
      firms: demos.map((demo) => ({
        name: demo.firm.name,
        slug: demo.firm.slug,
        logins: demo.users.map(({ email }) => email),
        created: missing.includes(demo),
      })),
      password: PASSWORD,
    };
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** The firms that are not there yet, looked up before anything is made for them. */
async function missingOf(client, engineRole, demos) {
  await client.query('begin');
  try {
    await client.query(`select set_config('role', $1, true)`, [engineRole]);
    const taken = await slugsTaken(client, demos);
    return demos.filter(({ firm }) => !taken.has(firm.slug));
  } finally {
    await client.query('rollback');
  }
}

async function slugsTaken(client, demos) {
  const { rows } = await client.query('select slug from firms where slug = any ($1)', [demos.map(({ firm }) => firm.slug)]);
  return new Set(rows.map(({ slug }) => slug));
}

/** One firm, section by section. A new domain adds its data to the firm above and a line here. */
async function seedFirm(client, demo, firmId, hash, newId) {
  // the audit trail notes the firm itself as the actor
  await asSystem(client, firmId);
  // not by doors.create_firm: it knows an admin and few of the settings
  await insert(client, 'firms', [{ firm_id: firmId, ...demo.firm, ...written(HOURS_OPEN) }]);
  const userIds = new Map(demo.users.map(({ email }) => [email, newId()]));
  const initials = new Map(demo.users.map((user) => [user.initials, userIds.get(user.email)]));
  const seed = new Seed({ client, firmId, newId, timeZone: demo.firm.time_zone, userIds, initials });
  await seedUsers(seed, demo.users, hash);
  // from here on people write, each what is his
  await seedPeople(seed, { ...demo.people, matters: demo.matters });
  await seedMatters(seed, demo.matters);
  await seedDocuments(seed, demo.papers);
  await seedConflictChecks(seed, demo.conflictChecks);
  await asSystem(client, firmId);
  await seedNotifications(seed, demo.notifications);
}

async function asSystem(client, firmId) {
  await client.query(`select set_config('app.actor_kind', 'system', true), set_config('app.firm_id', $1, true), set_config('app.user_id', '', true), set_config('app.origin', '', true)`, [firmId]);
}

async function seedUsers({ client, firmId, userIds }, users, hash) {
  await insert(client, 'users', users.map(({ hoursSinceLogin, ...row }) => ({
    firm_id: firmId, id: userIds.get(row.email), status: 'active', ...row, last_login_at: hoursAgo(hoursSinceLogin), ...written(HOURS_OPEN),
  })));
  await insert(client, 'user_passwords', users.map(({ email }) => ({ firm_id: firmId, user_id: userIds.get(email), hash })));
}

async function seedNotifications(seed, notifications) {
  await seed.insert('notifications', notifications.map(({ to, hours, hoursRead, about, ...row }) => ({
    id: seed.newId(), user_id: seed.userIds.get(to), ...row, case_id: about && seed.id('case', about), subject_type: about && 'case', subject_id: about && seed.id('case', about),
    read_at: hoursRead === null ? null : hoursAgo(hoursRead), ...written(hours, hoursRead ?? hours),
  })));
}

/** Created so many hours ago, and changed for the last time. */
function written(hours, hoursChanged = hours) {
  return { created_at: hoursAgo(hours), updated_at: hoursAgo(hoursChanged) };
}

function hoursAgo(hours) {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}
