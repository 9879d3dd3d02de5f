import { BUSINESS } from './harbor-finch-business.js';
import { CONFLICT_CHECKS } from './harbor-finch-conflicts.js';
import { DISPUTES } from './harbor-finch-disputes.js';
import { BUSINESS_PAPERS } from './harbor-finch-papers-business.js';
import { DISPUTE_PAPERS } from './harbor-finch-papers-disputes.js';
import { CLIENTS, CONTACTS, RELATIONS } from './harbor-finch-people.js';
import { PRIVATE } from './harbor-finch-private.js';
import { note, user } from './words.js';

/** The firm that most of the demo is about. */
export const HARBOR_FINCH = {
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
    note('admin@harborfinch.example', 'system', 'LexiFlow was updated', 'Cases, clients, ethical walls and conflict checks have arrived.', 170, 168),
    note('admin@harborfinch.example', 'system', 'Harold Whitcombe changed his password', null, 120, 118),
    note('admin@harborfinch.example', 'reminder', 'Quarterly review of user access is due on Friday', 'Six people are active; one of them, Harold Whitcombe, has not signed in this week.', 26, null),
    note('admin@harborfinch.example', 'task', 'Audit trail verified', 'All sealed entries are intact.', 5, null),
    note('partner@harborfinch.example', 'reminder', 'Partners’ meeting tomorrow at 9:00', 'Conference room B. Rajesh will present the receivables.', 50, 47),
    note('partner@harborfinch.example', 'mention', 'Daniel Okafor mentioned you in Meridian Freight Systems v. Apex Dockworks', 'Eleanor, could you look at the exhibit list before it goes to Pell?', 22, null, 'apex'),
    note('partner@harborfinch.example', 'reminder', 'Suppression hearing in two days', 'People v. Petrović, 100 Centre Street, Part 62', 3, null, 'petrovic'),
    note('partner@harborfinch.example', 'mention', 'Daniel Okafor mentioned you in Project Larkspur', 'Second bid is in. Can we talk before the committee meets?', 14, null, 'larkspur'),
    note('partner@harborfinch.example', 'system', 'New sign-in from Chrome on macOS', 'If this was not you, end the session and change your password.', 1, null),
    note('associate@harborfinch.example', 'mention', 'Eleanor Finch mentioned you', 'Daniel, good work on the brief. Please add the two cases from our call.', 74, 71),
    note('associate@harborfinch.example', 'reminder', 'Due yesterday: Reply brief on suppression', 'People v. Petrović', 11, null, 'petrovic'),
    note('associate@harborfinch.example', 'task', 'Your export is ready', 'It can be downloaded for seven days.', 30, null),
    note('associate@harborfinch.example', 'reminder', 'Time of last week is not complete', 'Thursday holds 2.4 of 7.5 hours.', 9, null),
    note('paralegal@harborfinch.example', 'reminder', 'Continuing education credits are due this month', null, 96, 90),
    note('paralegal@harborfinch.example', 'mention', 'Daniel Okafor mentioned you in Vance v. Solace Home Health', 'Grace, please call the court reporter about Tuesday.', 4, null, 'vance'),
    note('billing@harborfinch.example', 'task', 'Import finished', 'The UTBMS code lists are in place.', 144, 143),
    note('billing@harborfinch.example', 'reminder', 'Month-end closing begins in three days', 'Ask timekeepers to submit open entries.', 16, null),
    note('readonly@harborfinch.example', 'system', 'Your access is read-only', 'Ask Miriam Castellanos if you need more.', 220, 201),
  ],
  people: { contacts: CONTACTS, relations: RELATIONS, clients: CLIENTS },
  matters: [...DISPUTES, ...BUSINESS, ...PRIVATE],
  conflictChecks: CONFLICT_CHECKS,
  papers: [...DISPUTE_PAPERS, ...BUSINESS_PAPERS],
};
