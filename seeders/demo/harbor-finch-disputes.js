import { event, matter, memo, task } from './words.js';

const SUPREME = 'Supreme Court of the State of New York, New York County';

export const DISPUTES = [
  matter('northline', 'meridian', 'litigation', 'Meridian Freight Systems v. Northline Carriers', {
    opened: -1085, closed: -420, archived: -360, court: 'state-trial', court_name: SUPREME, docket: '65{seq}/{year}', jurisdiction: 'us-ny', originating: 'EF', tags: ['breach-of-contract', 'settled'], metadata: { settlement: { amount: '410000.00', currency: 'USD' } },
    description: 'Northline stopped serving the Albany lanes eight months before the end of its haulage agreement.',
    team: 'EF lead, DO associate, GL paralegal', parties: ['meridian plaintiff client', 'northline defendant opposing < corrigan', 'corrigan opposing_counsel opposing', 'hahn judge neutral', 'solberg expert client'],
    memos: [memo('EF', -1080, 'Adelaide sent the haulage agreement and both amendments. Clause 14.2 has liquidated damages we should not overlook.'), memo('DO', -455, 'Corrigan offers 380. Adelaide will take anything above 400 if it is paid before the year ends.'), memo('EF', -424, 'Settled at 410,000 with a mutual release. Stipulation of discontinuance filed.', true)],
    tasks: [task('Draft the complaint', 'DO', -1070, { done: -1072, priority: 'high' }), task('Serve first document requests', 'GL', -960, { done: -962 }), task('Prepare settlement agreement', 'DO', -430, { done: -428, items: ['+ Release', '+ Payment schedule', '+ Confidentiality'] })],
    events: [event('hearing', 'Preliminary conference', -905, '09:30', 60, { where: '60 Centre Street, Room 208', who: ['EF'] }), event('mediation', 'Mediation with Carla Benedetti', -460, '10:00', 420, { where: 'Benedetti Mediation, 5th floor', who: ['EF', 'DO', '@benedetti', '@pryce'] })],
  }),
  matter('apex', 'meridian', 'litigation', 'Meridian Freight Systems v. Apex Dockworks', {
    opened: -412, court: 'state-trial', court_name: SUPREME, docket: '65{seq}/{year}', jurisdiction: 'us-ny', limitation: 318, originating: 'EF', client_matter_id: 'MFS-L-2204', tags: ['cargo', 'commercial-division'], metadata: { claim: { amount: '1840000.00', currency: 'USD' }, vessel: 'MV Calla Bay' },
    description: 'Sixty-two containers of chilled produce spoiled on Pier 19 when the reefer plugs were without power for 31 hours.',
    team: 'EF lead, DO associate, GL paralegal, RM billing', parties: ['meridian plaintiff client', 'meridian-cold third_party client', 'apex defendant opposing < pell', 'pell opposing_counsel opposing', 'hahn judge neutral', 'solberg expert client', 'mokwena witness client'],
    memos: [memo('DO', -395, 'Terminal log shows the breaker tripped at 02:14. Nobody signed for the 06:00 inspection.'), memo('GL', -61, 'All 62 container files are indexed. Four temperature charts are missing; asked Thandi Mokwena.'), memo('EF', -6, 'Judge Delacroix-Hahn wants a joint list of exhibits, no more than 120. We are at 164.', true), memo('DO', -1, 'Solberg moved her deposition prep to the afternoon.')],
    tasks: [
      task('Cut the exhibit list to 120', 'GL', 2, { priority: 'urgent', status: 'in_progress', items: ['+ Mark duplicates', '+ Merge temperature charts', '- Agree with Pell on stipulated exhibits', '- File the joint list'] }),
      task('Prepare Dr. Solberg for deposition', 'DO', 0, { priority: 'high' }), task('Opposition to motion in limine', 'DO', 5, { priority: 'high' }), task('Ask Mokwena for the four missing charts', 'GL', -4, { priority: 'high' }),
      task('Budget to trial for the client', 'RM', 8), task('Answer third set of interrogatories', 'DO', -40, { done: -42 }),
    ],
    events: [
      event('deposition', 'Deposition of Thandi Mokwena', -48, '10:00', 300, { where: 'Pell & Rowan, 77 Broad Street', who: ['DO', '@mokwena', '@pell'] }),
      event('deposition', 'Deposition of Dr. Solberg', 3, '09:30', 420, { where: 'Our office, conference room B', who: ['EF', 'DO', '@solberg', '@pell'], remind: [1440, 60] }),
      event('filing', 'Opposition to motion in limine due', 5, '17:00', 0, { remind: [4320, 1440] }), event('deadline', 'Joint exhibit list', 9, '17:00', 0, { remind: [2880] }),
      event('trial', 'Bench trial, first day', 47, '09:30', 480, { where: '60 Centre Street, Room 228', who: ['EF', 'DO', 'GL'], remind: [10080, 1440] }),
    ],
  }),
  matter('genovate', 'bluefern', 'patent', 'Bluefern Biologics v. Genovate Labs', {
    opened: -338, court: 'nysd', docket: '1:{yy}-cv-0{seq}', jurisdiction: 'us', originating: 'EF', tags: ['patent', 'protective-order'], metadata: { patents: ['US 11,999,014', 'US 11,999,027'] },
    description: 'Infringement of two patents on lyophilised carrier proteins. Counterclaim for invalidity.',
    team: 'EF lead, DO associate', wall: { who: 'GL', day: -335, reason: 'Worked as a paralegal for Genovate’s former counsel on the prosecution of the asserted patents. Screened from files, calendar and billing on the partner’s instruction.' },
    parties: ['bluefern plaintiff client', 'genovate defendant opposing < ashdown', 'ashdown opposing_counsel opposing', 'osei judge neutral', 'demiray expert client'],
    memos: [memo('EF', -333, 'Screen for Grace is in place; the files are in the locked room and on the restricted share.', true), memo('DO', -30, 'Claim construction went our way on terms 1, 2 and 4. Ashdown will try again on summary judgment.')],
    tasks: [task('Invalidity contentions: rebuttal outline', 'DO', -1, { priority: 'high' }), task('Protective order: designate the lab notebooks', 'DO', 6, { items: ['+ Volumes 1-9', '- Volumes 10-14'] }), task('Call with Bluefern’s head of research', 'EF', 1)],
    events: [event('hearing', 'Claim construction hearing', -33, '14:00', 180, { where: '500 Pearl Street, Courtroom 12C', who: ['EF', 'DO'] }), event('filing', 'Summary judgment motions due', 19, '23:59', 0, { remind: [10080, 2880] }), event('call', 'Call with expert Prof. Demiray', 1, '11:00', 45, { who: ['DO', '@demiray'], remind: [30] })],
  }),
  matter('oduya-fall', 'granite', 'insurance', 'Oduya v. Quarrystone Construction (defence for Granite Peak)', {
    opened: -289, court: 'state-trial', court_name: 'Supreme Court of the State of New York, Westchester County', docket: '5{seq}/{year}', jurisdiction: 'us-ny', client_matter_id: 'GP-CL-88120', tags: ['labor-law', 'panel'], metadata: { policy: 'GL-4471902', reserve: { amount: '350000.00', currency: 'USD' } },
    description: 'Fall from a scaffold on the Route 9 site. Defence under a general liability policy.',
    team: 'DO lead, EF attorney, GL paralegal, RM billing', parties: ['oduya plaintiff opposing < tessler', 'quarrystone defendant client', 'granite insurer client', 'tessler opposing_counsel opposing', 'ekwensi expert client'],
    memos: [memo('DO', -280, 'Photographs show the guard rail was taken down for a delivery. Who ordered it is the case.'), memo('RM', -14, 'Granite’s auditor cut 3.2 hours of block-billed entries. Please keep research and drafting apart.')],
    tasks: [task('90-day status report to Granite Peak', 'DO', -2, { priority: 'high' }), task('Subpoena the delivery company', 'GL', 4), task('Order medical records, second request', 'GL', -15, { done: -17 }), task('Review independent medical examination', 'DO', 11)],
    events: [event('deposition', 'Examination before trial: Samson Oduya', -35, '10:00', 360, { where: 'White Plains', who: ['DO', '@oduya'] }), event('deadline', 'Note of issue', 33, '17:00', 0, { remind: [10080, 1440] })],
  }),
  matter('redlund', 'quarrystone', 'construction', 'Redlund Electric Supply: mechanic’s lien', {
    opened: -790, closed: -640, court: 'state-trial', court_name: 'Supreme Court of the State of New York, Westchester County', jurisdiction: 'us-ny', tags: ['lien', 'bonded'], team: 'DO lead, GL paralegal', parties: ['quarrystone respondent client', 'redlund petitioner opposing < corrigan', 'corrigan opposing_counsel opposing'],
    memos: [memo('DO', -652, 'Redlund took 60 cents on the dollar and filed the satisfaction.')], tasks: [task('File lien discharge bond', 'GL', -770, { done: -771 })], events: [],
  }),
  matter('vance', 'solace', 'employment', 'Vance v. Solace Home Health', {
    opened: -204, court: 'nysd', docket: '1:{yy}-cv-0{seq}', jurisdiction: 'us', originating: 'EF', tags: ['discrimination', 'eeoc'], description: 'Age discrimination and retaliation; the plaintiff managed the Brooklyn region until January.',
    team: 'DO lead, EF attorney, GL paralegal', parties: ['vance plaintiff opposing < ashdown', 'solace defendant client', 'ashdown opposing_counsel opposing', 'osei judge neutral', 'benedetti mediator neutral'],
    memos: [memo('DO', -190, 'Position statement to the agency mentions two warnings; HR can only find one. Must be corrected before we answer.'), memo('GL', -9, 'Personnel files of the five comparators are in. Two were over 50 when promoted.', true)],
    tasks: [task('Mediation statement', 'DO', 7, { priority: 'high', items: ['+ Facts', '- Damages', '- Comparators'] }), task('Litigation hold: confirm with IT', 'GL', -60, { done: -63 }), task('Interview the HR director again', 'EF', 0, { priority: 'high' }), task('Rule 26(a)(1) disclosures', 'DO', -75, { done: -75 })],
    events: [event('mediation', 'Court-annexed mediation', 12, '10:00', 360, { where: '40 Foley Square', who: ['EF', 'DO', '@benedetti', '@ashdown'], remind: [10080, 1440] }), event('filing', 'Mediation statement due', 8, '17:00', 0, { remind: [1440] })],
  }),
  matter('solace-wages', 'solace', 'employment', 'Solace Home Health: overtime audit of home aides', {
    opened: -66, jurisdiction: 'us-ny', tags: ['wage-and-hour', 'privileged'], team: 'EF lead, DO associate, RM observer', parties: ['feld expert client'],
    memos: [memo('EF', -50, 'Feldheim samples 40 of 310 aides first; if the error rate is above 5 % he takes all.')], tasks: [task('Collect payroll exports for the sample', 'GL', 3), task('Engagement letter for Feldheim', 'EF', -55, { done: -57 })],
    events: [event('meeting', 'Interim results with HR and Feldheim', 6, '15:00', 90, { where: '88 Atlantic Avenue', who: ['EF', 'DO', '@feld'], remind: [120] })],
  }),
  matter('pixelforge', 'pinnel', 'intellectual-property', 'Pinnel & Vane v. Pixelforge Studios', {
    opened: -301, court: 'nysd', docket: '1:{yy}-cv-0{seq}', jurisdiction: 'us', limitation: 640, tags: ['copyright', 'software'], description: 'A game that retells three novels of the client’s catalogue, down to the names.',
    team: 'EF lead, DO associate, GL paralegal', parties: ['pinnel plaintiff client', 'pixelforge defendant opposing < pell', 'pell opposing_counsel opposing', 'demiray expert client'],
    memos: [memo('DO', -270, 'Substantial similarity chart has 41 entries; the judge will read ten.'), memo('EF', -11, 'Pixelforge hints at a licence. London would take a royalty of 6 % with a minimum.')],
    tasks: [task('Term sheet for a licence', 'EF', 4), task('Subpoena platform sales figures', 'GL', -7, { priority: 'high' }), task('Expert report, first draft', 'DO', 20)],
    events: [event('call', 'Call with London on licence terms', 1, '09:00', 45, { who: ['EF'], remind: [30] }), event('deadline', 'Close of fact discovery', 58, '17:00', 0, { remind: [10080] })],
  }),
  matter('lumiere', 'vermeil', 'trademark', 'Maison Vermeil: counterfeit sales by Lumière & Gold', {
    opened: -255, court: 'nysd', docket: '1:{yy}-cv-0{seq}', jurisdiction: 'us', tags: ['trademark', 'injunction'], team: 'DO lead, EF attorney, GL paralegal', parties: ['vermeil plaintiff client', 'lumiere defendant opposing < corrigan', 'corrigan opposing_counsel opposing', 'osei judge neutral'],
    memos: [memo('GL', -240, 'Test purchases: 7 of 9 are fakes, all from the Canal Arcade shop.'), memo('DO', -88, 'Preliminary injunction granted. Marshal seized 212 pieces.', true)],
    tasks: [task('Motion for default on the second defendant', 'DO', 14), task('Storage invoice for seized goods', 'RM', -3)], events: [event('hearing', 'Status conference', 16, '11:00', 30, { where: '500 Pearl Street, Courtroom 12C', who: ['DO'], remind: [1440] })],
  }),
  matter('dimarco', 'dimarco', 'criminal-defense', 'People v. DiMarco', {
    opened: -915, closed: -770, archived: -700, court: 'state-trial', court_name: 'Criminal Court of the City of New York, Kings County', docket: 'CR-0{seq}-{yy}KN', jurisdiction: 'us-ny', tags: ['dismissed'], team: 'EF lead, GL paralegal', parties: ['dimarco defendant client', 'haddon opposing_counsel opposing'],
    memos: [memo('EF', -772, 'Dismissed on speedy-trial grounds. Sealing order requested.')], tasks: [task('Order sealing certificate', 'GL', -750, { done: -752 })], events: [event('hearing', 'Motion to dismiss', -773, '09:30', 60, { who: ['EF'] })],
  }),
  matter('petrovic', 'petrovic', 'criminal-defense', 'People v. Petrović', {
    opened: -392, court: 'state-trial', court_name: 'Supreme Court of the State of New York, New York County, Criminal Term', docket: 'IND-7{seq}-{yy}', jurisdiction: 'us-ny', tags: ['felony', 'bail-posted'], description: 'Grand larceny in the second degree; the money is said to have come from a friend’s company.',
    team: 'EF lead, DO associate, GL paralegal', parties: ['people-ny plaintiff opposing < haddon', 'haddon opposing_counsel opposing', 'petrovic defendant client', 'feld expert client'],
    memos: [memo('EF', -385, 'He says the transfers were loans. There is one e-mail that says so, and it is dated after the first transfer.'), memo('DO', -20, 'Supplemental discovery: 2 GB of bank records. Feldheim needs ten days.')],
    tasks: [task('Reply brief on suppression', 'DO', -1, { priority: 'urgent', status: 'in_progress' }), task('Meet the client before the hearing', 'EF', 1), task('Index bank records', 'GL', 3, { items: ['+ First account', '- Second account', '- Brokerage'] })],
    events: [event('hearing', 'Suppression hearing', 2, '09:30', 240, { where: '100 Centre Street, Part 62', who: ['EF', 'DO', '@petrovic'], remind: [2880, 1440, 120] }), event('deadline', 'Plea offer lapses', 24, '17:00', 0, { remind: [4320] })],
  }),
  matter('barrowman', 'barrowman', 'criminal-defense', 'Barrowman: grand jury subpoena', {
    intake: -3, jurisdiction: 'us-ny', tags: ['subpoena'], team: 'EF lead', parties: [], memos: [memo('EF', -3, 'Called from his car. Subpoena asks for ledgers of a company he left in spring. Told him to touch nothing.')],
    tasks: [task('Conflict check and engagement letter', 'DO', 0, { priority: 'urgent' })], events: [event('meeting', 'First meeting', 1, '16:00', 60, { where: 'Our office', who: ['EF', '@barrowman'], remind: [60] }), event('deadline', 'Return date of the subpoena', 13, '10:00', 0, { remind: [4320, 1440] })],
  }),
  matter('tolland', 'castlegate', 'real-estate', 'Castlegate Properties v. Tolland (holdover)', {
    opened: -610, closed: -498, court: 'state-trial', court_name: 'Civil Court of the City of New York, Housing Part', docket: 'LT-3{seq}-{yy}', jurisdiction: 'us-ny', tags: ['landlord-tenant'], team: 'DO lead, GL paralegal', parties: ['castlegate petitioner client', 'tolland respondent opposing'],
    memos: [memo('DO', -500, 'Moved out under the stipulation; keys are with the super.')], tasks: [], events: [event('hearing', 'Return date', -560, '09:30', 60, { who: ['DO'] })],
  }),
  matter('granite-water', 'granite', 'insurance', 'Granite Peak: subrogation after water damage, Lenox building', {
    opened: -860, closed: -505, jurisdiction: 'us-ny', client_matter_id: 'GP-SUB-71004', tags: ['subrogation', 'panel'], team: 'DO lead, RM billing', parties: ['granite claimant client', 'hartigan expert client'], memos: [memo('DO', -510, 'Recovered 61 % of the payout.')], tasks: [task('Closing report', 'DO', -506, { done: -506 })], events: [],
  }),
  matter('chaudhry', 'chaudhry', 'employment', 'Chaudhry: severance and non-compete', {
    opened: -480, closed: -402, jurisdiction: 'us-nj', tags: ['severance'], team: 'DO lead', parties: [], memos: [memo('DO', -404, 'Non-compete cut to six months, severance up by two. He starts on Monday.')], tasks: [task('Review release', 'DO', -410, { done: -411 })], events: [],
  }),
  matter('wire-fraud', 'tidewater', 'banking', 'Tidewater: recovery of a misdirected wire', {
    opened: -27, court: 'state-trial', court_name: SUPREME, jurisdiction: 'us-ny', tags: ['fraud', 'urgent'], metadata: { wire: { amount: '728400.00', currency: 'USD' } }, description: 'A spoofed e-mail changed the beneficiary the day before closing. Two thirds are frozen at the receiving bank.',
    team: 'EF lead, DO associate, GL paralegal', parties: ['tidewater plaintiff client', 'hahn judge neutral', 'feld expert client'], memos: [memo('EF', -26, 'Order to show cause signed at 18:40; served on the receiving bank by courier and e-mail.', true), memo('DO', -5, 'Receiving bank’s counsel confirms 486,200 frozen.')],
    tasks: [task('Affidavit of the wire desk supervisor', 'GL', 0, { priority: 'urgent', status: 'in_progress' }), task('Trace the remainder', 'DO', 6, { priority: 'high' }), task('Notify the cyber insurer', 'GL', -24, { done: -25 })],
    events: [event('hearing', 'Return of the order to show cause', 4, '14:15', 90, { where: '60 Centre Street, Room 228', who: ['EF', 'DO'], remind: [1440, 120] })],
  }),
  matter('fitzallan', 'fitzallan', 'personal-injury', 'Fitzallan: fall on a county footbridge', {
    opened: -61, jurisdiction: 'us-ny', limitation: 25, tags: ['notice-of-claim'], team: 'DO lead, GL paralegal', parties: ['fitzallan claimant client', 'ekwensi expert client'], memos: [memo('DO', -58, 'Ninety days for the notice of claim run out sooner than he thinks. Calendared with three reminders.', true)],
    tasks: [task('Notice of claim', 'GL', 8, { priority: 'urgent', items: ['+ Photographs', '- Hospital records', '- Notarised statement'] }), task('Request hospital records', 'GL', -20, { done: -19 })],
    events: [event('deadline', 'Notice of claim: last day', 22, '17:00', 0, { remind: [20160, 10080, 2880] })],
  }),
];
