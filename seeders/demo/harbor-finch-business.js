import { event, matter, memo, task } from './words.js';

export const BUSINESS = [
  matter('ironwood', 'beaumaris', 'securities', 'Beaumaris: co-investment with Ironwood Capital', {
    opened: -1060, closed: -720, archived: -610, jurisdiction: 'us-de', originating: 'EF', tags: ['private-equity'], team: 'EF lead, DO associate', parties: ['ironwood third_party opposing', 'beaumaris other client'],
    memos: [memo('EF', -730, 'Side letter gives him the most-favoured terms after all.')], tasks: [task('Closing set', 'DO', -715, { done: -716 })], events: [event('meeting', 'Closing', -720, '11:00', 60, { who: ['EF', 'DO', '@beaumaris'] })],
  }),
  matter('water-street', 'castlegate', 'real-estate', 'Castlegate: purchase of 240 Water Street', {
    opened: -1032, closed: -845, archived: -640, jurisdiction: 'us-ny', tags: ['acquisition', 'closed-deal'], metadata: { price: { amount: '18250000.00', currency: 'USD' } }, team: 'EF lead, DO associate, GL paralegal', parties: ['castlegate other client', 'stonebridge third_party neutral', 'hartigan expert client'],
    memos: [memo('DO', -900, 'Title shows an open permit from a boiler replacement. Seller closes it before we do.')], tasks: [task('Title objections', 'GL', -960, { done: -962 }), task('Post-closing binder', 'GL', -820, { done: -815 })], events: [],
  }),
  matter('stonebridge', 'castlegate', 'construction', 'Castlegate: façade defects at Stonebridge Lofts', {
    opened: -470, held: -45, jurisdiction: 'us-ny', limitation: 205, tags: ['tolling-agreement', 'expert'], description: 'The condominium claims repair costs from the sponsor. Tolled while both sides’ engineers look together.',
    team: 'DO lead, EF attorney, GL paralegal', parties: ['castlegate respondent client', 'stonebridge claimant opposing < tessler', 'tessler opposing_counsel opposing', 'hartigan expert client'],
    memos: [memo('DO', -45, 'On hold until the joint inspection report. Tolling agreement runs to the end of next quarter.', true)], tasks: [task('Chase the joint inspection report', 'GL', 21, { priority: 'low' }), task('Tolling agreement: extend', 'DO', 30)],
    events: [event('meeting', 'Joint inspection with both engineers', 26, '08:30', 240, { where: '240 Water Street, Brooklyn', who: ['DO', '@hartigan'], remind: [1440] })],
  }),
  matter('pinnel-us', 'pinnel', 'corporate', 'Pinnel & Vane: sale of the US backlist', {
    opened: -880, closed: -640, archived: -560, jurisdiction: 'us-ny', tags: ['asset-sale'], team: 'EF lead, DO associate', parties: ['pinnel other client'], memos: [memo('EF', -645, 'Chain of title is clean for 212 of 219 works; the other seven are carved out.')], tasks: [], events: [],
  }),
  matter('cold-terminal', 'meridian', 'mergers', 'Meridian: acquisition of the Elizabeth cold-storage terminal', {
    opened: -705, closed: -522, jurisdiction: 'us-nj', client_matter_id: 'MFS-C-1907', tags: ['acquisition', 'closed-deal'], metadata: { price: { amount: '42000000.00', currency: 'USD' } }, team: 'EF lead, DO associate, GL paralegal, RM billing', parties: ['meridian other client', 'meridian-cold other client', 'meridian-holdings guarantor client'],
    memos: [memo('DO', -560, 'Environmental: one monitoring well above the limit; escrow of 600,000 agreed.')], tasks: [task('Escrow release notice', 'RM', -160, { done: -158 })], events: [event('meeting', 'Signing', -540, '10:00', 90, { who: ['EF', 'DO', '@pryce'] })],
  }),
  matter('orchard-bylaws', 'orchard', 'pro-bono', 'Orchard Street Schools: new bylaws', {
    opened: -690, closed: -604, jurisdiction: 'us-ny', tags: ['nonprofit'], team: 'DO lead', parties: ['orchard other client'], memos: [memo('DO', -606, 'Adopted unanimously, with a conflict-of-interest policy this time.')], tasks: [], events: [],
  }),
  matter('orchard-charter', 'orchard', 'pro-bono', 'Orchard Street Schools: charter renewal', {
    opened: -130, jurisdiction: 'us-ny', tags: ['nonprofit', 'regulatory'], team: 'DO lead, GL paralegal, HW observer', parties: ['orchard other client'], memos: [memo('GL', -16, 'Enrolment figures arrived; attendance is still missing for one school.')],
    tasks: [task('Attendance figures from the third school', 'GL', -5), task('Draft the renewal narrative', 'DO', 10, { items: ['+ Mission', '+ Results', '- Budget', '- Governance'] })], events: [event('filing', 'Renewal application due', 28, '17:00', 0, { remind: [10080, 1440] })],
  }),
  matter('kestrel-lease', 'kestrel', 'banking', 'Kestrel Air Charter: lease of two light jets', {
    opened: -608, closed: -480, jurisdiction: 'us-ny', tags: ['aviation', 'leasing'], team: 'DO lead, RM billing', parties: ['kestrel other client'], memos: [], tasks: [task('Register the leases', 'GL', -485, { done: -486 })], events: [],
  }),
  matter('kestrel-cert', 'kestrel', 'government', 'Kestrel Air Charter: operating certificate amendment', {
    opened: -152, jurisdiction: 'us', tags: ['aviation', 'regulatory'], team: 'EF lead, DO associate', parties: ['kestrel other client'], memos: [memo('DO', -12, 'Inspector wants the maintenance manual in the new format. Kestrel needs two weeks.')], tasks: [task('Revised maintenance manual to the inspector', 'DO', 13), task('Insurance certificates', 'RM', -8, { done: -9 })],
    events: [event('call', 'Call with the certificate office', 5, '13:30', 30, { who: ['DO'], remind: [30] })],
  }),
  matter('ostra-us', 'ostra', 'corporate', 'Ostra Robotics: US subsidiary and first hires', {
    opened: -520, jurisdiction: 'us-de', tags: ['international', 'formation'], metadata: { language: 'de', state: 'DE' }, team: 'EF lead, DO associate, GL paralegal', parties: ['ostra other client'], memos: [memo('DO', -33, 'Berlin wants stock options for US hires on the German plan. Tax says no; sent the comparison.')],
    tasks: [task('Option plan comparison: final', 'DO', 0), task('Annual report and franchise tax', 'GL', 75), task('Offer letters for the service team', 'GL', -28, { done: -30 })], events: [event('call', 'Monthly call with Berlin', 6, '09:30', 45, { who: ['EF', 'DO'], remind: [60] })],
  }),
  matter('ostra-distribution', 'ostra', 'corporate', 'Ostra Robotics: distribution in the Midwest', {
    intake: -6, jurisdiction: 'us-il', tags: ['international', 'distribution'], team: 'DO lead', parties: ['ostra other client'], memos: [memo('DO', -5, 'They want exclusivity for three states; asked for volumes first.')], tasks: [task('Engagement scope and fee estimate', 'DO', 1)], events: [],
  }),
  matter('harrowgate-mark', 'harrowgate', 'trademark', 'HARROWGATE: registration and a letter from the spa', {
    opened: -340, jurisdiction: 'us', tags: ['registration'], team: 'DO lead, GL paralegal', parties: ['harrowgate other client'], memos: [memo('GL', -70, 'Office action: specimen is an ornament, they say. Sent a new one with the label.')], tasks: [task('Response to office action', 'GL', 17), task('Coexistence agreement with the spa', 'DO', -10, { priority: 'low' })],
    events: [event('deadline', 'Office action response: last day', 31, '23:59', 0, { remind: [20160, 4320] })],
  }),
  matter('harrowgate-lease', 'harrowgate', 'real-estate', 'Harrowgate Brewing: taproom lease on Beacon waterfront', {
    opened: -88, jurisdiction: 'us-ny', tags: ['lease'], team: 'DO lead', parties: ['harrowgate other client', 'beaumaris guarantor client'], memos: [memo('DO', -3, 'Landlord accepts a good-guy guaranty instead of two years of rent.')], tasks: [task('Redline of the guaranty', 'DO', 1, { priority: 'high', status: 'in_progress' })], events: [event('meeting', 'Walk-through with the landlord', 7, '14:00', 60, { where: 'Beacon waterfront', who: ['DO', '@beaumaris'], remind: [120] })],
  }),
  matter('corvane-licence', 'bluefern', 'intellectual-property', 'Bluefern Biologics: licence to Corvane Pharma', {
    opened: -230, held: -38, jurisdiction: 'international', tags: ['licence', 'international'], metadata: { upfront: { amount: '6000000.00', currency: 'EUR' } }, team: 'EF lead, DO associate', parties: ['bluefern other client', 'corvane third_party opposing'],
    memos: [memo('EF', -38, 'Corvane pauses until its new board sits. Exclusivity of talks extended by 90 days.', true)], tasks: [task('Remind Corvane of the exclusivity', 'EF', 40, { priority: 'low' })], events: [event('deadline', 'Exclusivity of talks ends', 52, '17:00', 0, { remind: [10080] })],
  }),
  matter('nimbus-founders', 'nimbus', 'corporate', 'Nimbus Ledger: formation and founders’ agreements', {
    opened: -215, closed: -150, jurisdiction: 'us-de', tags: ['startup', 'formation'], team: 'DO lead, GL paralegal', parties: ['nimbus other client'], memos: [memo('DO', -152, '83(b) elections mailed with two weeks to spare.')], tasks: [task('83(b) elections', 'GL', -160, { done: -166, priority: 'urgent' })], events: [],
  }),
  matter('nimbus-seed', 'nimbus', 'securities', 'Nimbus Ledger: seed financing', {
    opened: -58, jurisdiction: 'us-de', tags: ['startup', 'financing'], metadata: { round: { amount: '3500000.00', currency: 'USD' } }, team: 'EF lead, DO associate, GL paralegal', parties: ['nimbus other client', 'ironwood third_party opposing < ashdown', 'ashdown opposing_counsel opposing'],
    memos: [memo('DO', -8, 'Investors want a pro-rata right without a floor. Founders would live with 2 %.'), memo('EF', -2, 'Ironwood is the lead. We acted beside them for Mr Beaumaris: see the conflict check, waiver is signed.', true)],
    tasks: [task('Disclosure schedule', 'GL', -1, { priority: 'high', items: ['+ Capitalisation', '+ Contracts', '- Intellectual property', '- Employees'] }), task('Blue-sky filings after closing', 'GL', 24), task('Investors’ rights agreement: second turn', 'DO', 2, { priority: 'high' })],
    events: [event('meeting', 'Signing and closing', 9, '11:00', 60, { where: 'Our office, conference room A', who: ['EF', 'DO'], remind: [1440, 60] }), event('call', 'All-hands call on the open points', 2, '16:00', 45, { who: ['DO', '@ashdown'], remind: [15] })],
  }),
  matter('tidewater-loan', 'tidewater', 'banking', 'Tidewater: Harbor Lofts construction loan', {
    opened: -198, jurisdiction: 'us-va', client_matter_id: 'TCB-L-0457', tags: ['lending', 'construction'], metadata: { facility: { amount: '27500000.00', currency: 'USD' } }, team: 'DO lead, GL paralegal, RM billing', parties: ['tidewater other client', 'quarrystone third_party neutral'],
    memos: [memo('GL', -19, 'Fourth draw request is complete except for two lien waivers.')], tasks: [task('Lien waivers for draw four', 'GL', -3, { priority: 'high' }), task('Bill for draw three', 'RM', -22, { done: -21 })], events: [event('deadline', 'Draw five: documents to the bank', 10, '12:00', 0, { remind: [2880] })],
  }),
  matter('larkspur', 'larkspur', 'mergers', 'Project Larkspur', {
    opened: -96, access: 'restricted', jurisdiction: 'us-de', originating: 'EF', tags: ['confidential', 'public-company'], metadata: { codename: 'Larkspur' }, description: 'Approach by a strategic buyer. Known to members only; no names in calendars.',
    team: 'EF lead, DO associate', parties: ['larkspur other client', 'corvane third_party opposing'], memos: [memo('EF', -95, 'Insider list opened. Nobody outside this case, administrators included.', true), memo('DO', -4, 'Second bid is in: 14.20 a share, half of it in stock.')],
    tasks: [task('Board memorandum on the second bid', 'DO', 1, { priority: 'urgent' }), task('Fairness opinion: engagement', 'EF', -2, { priority: 'high' })], events: [event('meeting', 'Special committee', 3, '18:00', 120, { who: ['EF', 'DO'], remind: [120] })],
  }),
];
