/** The password of every demo user. Never for a database that real people use. */
const PASSWORD = 'lexiflow-demo';

/** The firms came into being so many hours ago: before the first of their notifications. */
const HOURS_OPEN = 240;

const HARBOR_FINCH = {
  firm: {
    slug: 'harbor-finch',
    name: 'Harbor & Finch LLP',
    legal_name: 'Harbor & Finch Limited Liability Partnership',
    tax_id: '00-5550142',
    ledes_law_firm_id: '00-5550142',
    address_line1: '48 Wall Street',
    address_line2: '21st Floor',
    city: 'New York',
    region: 'NY',
    postal_code: '10005',
    country: 'US',
    phone: '+1 212 555 0140',
    email: 'office@harborfinch.example',
    website: 'https://harborfinch.example',
    time_zone: 'America/New_York',
    currency: 'USD',
    language: 'en',
    client_number_template: 'C-{seq:5}',
    case_number_template: '{year}-{seq:5}',
    invoice_number_template: 'INV-{year}-{seq:5}',
    work_week: [1, 2, 3, 4, 5],
    work_day_minutes: 450,
    week_starts_on: 1,
    fiscal_year_start_month: 1,
    session_days: 30,
  },
  users: [
    user('admin', 'admin@harborfinch.example', 'Miriam', 'Castellanos', 'MC', 'Director of Operations', '+1 212 555 0141', 3),
    user('partner', 'partner@harborfinch.example', 'Eleanor', 'Finch', 'EF', 'Managing Partner', '+1 212 555 0142', 1),
    user('associate', 'associate@harborfinch.example', 'Daniel', 'Okafor', 'DO', 'Senior Associate', '+1 212 555 0143', 0.5),
    user('paralegal', 'paralegal@harborfinch.example', 'Grace', 'Lindqvist', 'GL', 'Litigation Paralegal', '+1 212 555 0144', 2),
    user('billing', 'billing@harborfinch.example', 'Rajesh', 'Menon', 'RM', 'Billing Manager', '+1 212 555 0145', 20),
    user('readonly', 'readonly@harborfinch.example', 'Harold', 'Whitcombe', 'HW', 'Of Counsel', '+1 212 555 0146', 200),
  ],
  notifications: [
    note('admin@harborfinch.example', 'system', 'Welcome to LexiFlow', 'Your firm is ready. Check its address, time zone and number templates under Firm settings.', 170, 168),
    note('admin@harborfinch.example', 'system', 'Daniel Okafor accepted your invitation', null, 120, 118),
    note('admin@harborfinch.example', 'reminder', 'Quarterly review of user access is due on Friday', 'Six people are active; one of them, Harold Whitcombe, has not signed in this week.', 26, null),
    note('admin@harborfinch.example', 'task', 'Audit trail verified', 'All sealed entries are intact.', 5, null),
    note('partner@harborfinch.example', 'reminder', 'Partners’ meeting tomorrow at 9:00', 'Conference room B. Rajesh will present the receivables.', 50, 47),
    note('partner@harborfinch.example', 'mention', 'Daniel Okafor mentioned you', 'Eleanor, could you look at the outline before it goes to the client?', 22, null),
    note('partner@harborfinch.example', 'system', 'New sign-in from Chrome on macOS', 'If this was not you, end the session and change your password.', 1, null),
    note('associate@harborfinch.example', 'mention', 'Eleanor Finch mentioned you', 'Daniel, good work on the brief. Please add the two cases from our call.', 74, 71),
    note('associate@harborfinch.example', 'task', 'Your export is ready', 'It can be downloaded for seven days.', 30, null),
    note('associate@harborfinch.example', 'reminder', 'Time of last week is not complete', 'Thursday holds 2.4 of 7.5 hours.', 9, null),
    note('paralegal@harborfinch.example', 'reminder', 'Continuing education credits are due this month', null, 96, 90),
    note('paralegal@harborfinch.example', 'mention', 'Daniel Okafor mentioned you', 'Grace, please call the court reporter about Tuesday.', 4, null),
    note('billing@harborfinch.example', 'task', 'Import finished', 'The UTBMS code lists are in place.', 144, 143),
    note('billing@harborfinch.example', 'reminder', 'Month-end closing begins in three days', 'Ask timekeepers to submit open entries.', 16, null),
    note('readonly@harborfinch.example', 'system', 'Your access is read-only', 'Ask Miriam Castellanos if you need more.', 220, 201),
  ],
};

const NORTHGATE = {
  firm: {
    slug: 'northgate',
    name: 'Northgate Law',
    legal_name: 'Northgate Law PC',
    tax_id: '00-5550187',
    ledes_law_firm_id: '00-5550187',
    address_line1: '220 North Wells Street',
    address_line2: 'Suite 610',
    city: 'Chicago',
    region: 'IL',
    postal_code: '60606',
    country: 'US',
    phone: '+1 312 555 0187',
    email: 'hello@northgate.example',
    website: 'https://northgate.example',
    time_zone: 'America/Chicago',
    currency: 'USD',
    language: 'en',
    client_number_template: 'NG{seq:4}',
    case_number_template: 'NG-{year}-{seq:4}',
    invoice_number_template: '{year}{seq:6}',
    work_week: [1, 2, 3, 4],
    work_day_minutes: 540,
    week_starts_on: 7,
    fiscal_year_start_month: 7,
    session_days: 14,
  },
  users: [user('admin', 'admin@northgate.example', 'Teresa', 'Nowak', 'TN', 'Principal', '+1 312 555 0188', 6)],
  notifications: [
    note('admin@northgate.example', 'system', 'Welcome to LexiFlow', 'Your firm is ready. Invite the people you work with.', 80, 79),
    note('admin@northgate.example', 'reminder', 'Invite a second administrator', 'A firm with one administrator is locked out when that person is.', 7, null),
  ],
};

/**
 * Makes two demo firms with people to sign in as, all of it in one transaction. A firm whose slug is taken is left
 * exactly as it is and reported with `created: false`.
 * @param {import('pg').Client} client connected with the owner's rights
 * @param {{ hashPassword: (password: string) => Promise<string>, newId: () => string, engineRole: string }} options
 * @returns {Promise<{ firms: { name: string, slug: string, logins: string[], created: boolean }[], password: string }>}
 */
export async function seedDemo(client, { hashPassword, newId, engineRole }) {
  const demos = [HARBOR_FINCH, NORTHGATE];
  await client.query('begin');
  try {
    // two processes that start together must not both find the firms missing
    await client.query(`select pg_advisory_xact_lock(hashtext('lexiflow.seed_demo'))`);
    // row-level security is forced on the owner too; only the engine role reaches every firm's rows
    await client.query(`select set_config('role', $1, true)`, [engineRole]);
    const { rows } = await client.query('select slug from firms where slug = any ($1)', [demos.map(({ firm }) => firm.slug)]);
    const missing = demos.filter(({ firm }) => !rows.some(({ slug }) => slug === firm.slug));
    const hash = missing.length > 0 ? await hashPassword(PASSWORD) : undefined;
    for (const demo of missing) await seedFirm(client, demo, hash, newId);
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

/** One firm, section by section. A new domain adds its data to the firm above and a line here. */
async function seedFirm(client, demo, hash, newId) {
  const firmId = newId();
  // the audit trail notes the firm itself as the actor
  await client.query(`select set_config('app.actor_kind', 'system', true), set_config('app.firm_id', $1, true)`, [firmId]);
  // not by doors.create_firm: it knows an admin and few of the settings
  await insert(client, 'firms', [{ firm_id: firmId, ...demo.firm, ...written(HOURS_OPEN) }]);
  const seed = { client, firmId, newId, userIds: new Map(demo.users.map(({ email }) => [email, newId()])) };
  await seedUsers(seed, demo.users, hash);
  await seedNotifications(seed, demo.notifications);
}

async function seedUsers({ client, firmId, userIds }, users, hash) {
  await insert(client, 'users', users.map(({ hoursSinceLogin, ...row }) => ({
    firm_id: firmId, id: userIds.get(row.email), status: 'active', ...row, last_login_at: hoursAgo(hoursSinceLogin), ...written(HOURS_OPEN),
  })));
  await insert(client, 'user_passwords', users.map(({ email }) => ({ firm_id: firmId, user_id: userIds.get(email), hash })));
}

async function seedNotifications({ client, firmId, newId, userIds }, notifications) {
  await insert(client, 'notifications', notifications.map(({ to, hours, hoursRead, ...row }) => ({
    firm_id: firmId, id: newId(), user_id: userIds.get(to), ...row,
    read_at: hoursRead === null ? null : hoursAgo(hoursRead), ...written(hours, hoursRead ?? hours),
  })));
}

function user(role, email, given_name, family_name, initials, title, phone, hoursSinceLogin) {
  return { role, email, given_name, family_name, initials, title, phone, hoursSinceLogin };
}

/** Written so many hours ago and read so many hours ago; null: not read yet. */
function note(to, kind, title, body, hours, hoursRead) {
  return { to, kind, title, body, hours, hoursRead };
}

/** Created so many hours ago, and changed for the last time. */
function written(hours, hoursChanged = hours) {
  return { created_at: hoursAgo(hours), updated_at: hoursAgo(hoursChanged) };
}

function hoursAgo(hours) {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

/** Rows in one statement. All of them name the same columns: a column that only some name would be null in the others. */
async function insert(client, table, rows) {
  const columns = Object.keys(rows[0]).join(', ');
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
