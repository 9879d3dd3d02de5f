import { NORTHGATE_PAPERS } from './harbor-finch-papers-business.js';
import { client, company, event, matter, memo, note, person, task, user } from './words.js';

/** A firm of one, so that everybody sees that firms see nothing of each other. */
export const NORTHGATE = {
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
  people: {
    contacts: [
      company('lakeshore', 'Lakeshore Clinics, S.C.', { address: '900 Lakeshore Terrace | Evanston | IL | 60201 | US', email: 'office@lakeshoreclinics.example', phone: '+1 847 555 0144', by: 'TN' }),
      person('abernathy', 'Joan', 'Abernethy', { address: '2120 Oak Park Lane | Oak Park | IL | 60302 | US', email: 'joan.abernethy@mail.example', phone: '+1 708 555 0129', by: 'TN' }),
      person('dvorak', 'Milan', 'Dvorsky', { email: 'milan.dvorsky@mail.example', phone: '+1 312 555 0163', by: 'TN' }),
      // a client of the other firm too: neither firm learns that
      company('northline', 'Northline Carriers Inc.', { address: '9 Switchyard Way | Albany | NY | 12207 | US', by: 'TN' }),
    ],
    relations: [],
    clients: [client('lakeshore', 420, { by: 'TN' }), client('abernathy', 233, { by: 'TN' }), client('dvorak', 47, { terms: 14, by: 'TN' })],
  },
  matters: [
    matter('lakeshore-lease', 'lakeshore', 'health-care', 'Lakeshore Clinics: equipment lease dispute', {
      opened: -402, closed: -188, jurisdiction: 'us-il', tags: ['settled'], team: 'TN lead', parties: ['lakeshore respondent client'], memos: [memo('TN', -190, 'Lessor takes the scanner back and 18,000.')],
    }),
    matter('lakeshore-privacy', 'lakeshore', 'privacy', 'Lakeshore Clinics: privacy review', {
      opened: -64, jurisdiction: 'us-il', team: 'TN lead', parties: ['lakeshore other client'], tasks: [task('Vendor contracts: list', 'TN', -2, { priority: 'high' }), task('Draft the notice of practices', 'TN', 9)],
      events: [event('meeting', 'Interviews at the clinic', 6, '09:00', 180, { who: ['TN'], remind: [1440] })],
    }),
    matter('abernathy-will', 'abernathy', 'trusts-estates', 'Abernethy: will', { opened: -230, held: -90, jurisdiction: 'us-il', team: 'TN lead', parties: ['abernathy other client'], tasks: [task('Ask about the cottage', 'TN', 0)] }),
    matter('dvorak-crash', 'dvorak', 'personal-injury', 'Dvorsky v. Northline Carriers', {
      opened: -45, limitation: 620, jurisdiction: 'us-il', court: 'ilnd', team: 'TN lead', parties: ['dvorak plaintiff client', 'northline defendant opposing'], memos: [memo('TN', -44, 'Dash camera shows the signal. Preservation letter is out.')],
      tasks: [task('Medical records', 'TN', -4)], events: [event('deadline', 'Answer of the defendant', 8, '17:00', 0, { remind: [1440] })],
    }),
    matter('dvorak-job', 'dvorak', 'employment', 'Dvorsky: notice from his employer', { intake: -1, jurisdiction: 'us-il', team: 'TN lead', tasks: [task('Read the contract', 'TN', 1)] }),
  ],
  conflictChecks: [],
  papers: NORTHGATE_PAPERS,
};
