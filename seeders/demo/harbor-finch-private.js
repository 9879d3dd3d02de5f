import { event, matter, memo, task } from './words.js';

const FAMILY = 'Family Court of the State of New York';

export const PRIVATE = [
  matter('halloran', 'halloran', 'family', 'Halloran v. Halloran', {
    opened: -421, court: 'state-trial', court_name: 'Supreme Court of the State of New York, Westchester County', docket: '6{seq}/{year}', jurisdiction: 'us-ny', tags: ['divorce', 'custody'], description: 'Contested divorce: two children, a house in Larchmont and a dental practice that wants a value.',
    team: 'EF lead, DO associate, GL paralegal', parties: ['halloran plaintiff client', 'halloran-g defendant opposing < tessler', 'tessler opposing_counsel opposing', 'yoon judge neutral', 'feld expert client', 'hartigan expert client'],
    memos: [memo('EF', -400, 'She wants the house more than the pension. Do not let that show at mediation.'), memo('GL', -24, 'Net worth statement is 14 pages; two accounts are still without statements.'), memo('DO', -2, 'Tessler asks for the holidays from the 23rd. Client says the 26th.')],
    tasks: [task('Holiday schedule: answer Tessler', 'DO', 0, { priority: 'high' }), task('Practice valuation: questions for Feldheim', 'DO', -3), task('Missing account statements', 'GL', -10, { priority: 'high' }), task('Net worth statement', 'GL', -30, { done: -26, items: ['+ Income', '+ Real property', '+ Accounts'] })],
    events: [event('hearing', 'Temporary support', -150, '09:30', 90, { where: 'White Plains', who: ['EF', '@halloran'] }), event('hearing', 'Compliance conference', 11, '09:30', 60, { where: 'White Plains, Part 12', who: ['EF', 'DO', '@halloran'], remind: [2880, 1440] })],
  }),
  matter('santangelo', 'santangelo', 'family', 'Santangelo: custody and relocation', {
    opened: -655, closed: -478, court: 'state-trial', court_name: 'Superior Court of New Jersey, Hudson County', jurisdiction: 'us-nj', tags: ['custody', 'settled'], team: 'EF lead, GL paralegal', parties: ['santangelo petitioner client', 'santangelo-k respondent opposing'],
    memos: [memo('EF', -480, 'Consent order entered: she may move, he has the summers.')], tasks: [task('Certified copies of the order', 'GL', -470, { done: -473 })], events: [event('mediation', 'Custody mediation', -520, '10:00', 180, { who: ['EF', '@benedetti', '@santangelo'] })],
  }),
  matter('okonjo', 'okonjo', 'family', 'Okonjo-Reed: adoption of a stepchild', {
    opened: -141, court: 'state-family', court_name: FAMILY, docket: 'A-0{seq}/{yy}', jurisdiction: 'us-ny', tags: ['adoption'], team: 'DO lead, GL paralegal', parties: ['okonjo petitioner client', 'reed petitioner client', 'yoon judge neutral'], memos: [memo('GL', -21, 'Home study is favourable. Fingerprints of Mr Reed have to be taken again.')],
    tasks: [task('Fingerprint appointment', 'GL', 2), task('Finalisation papers', 'DO', 18, { items: ['+ Petition', '- Consent', '- Order'] })], events: [event('hearing', 'Finalisation', 37, '10:30', 30, { where: 'Family Court, Part 4', who: ['DO', '@okonjo', '@reed'], remind: [10080, 1440] })],
  }),
  matter('ruiz', 'ruiz', 'family', 'Ruiz-Alvarado: order of protection', {
    opened: -17, court: 'state-family', court_name: FAMILY, jurisdiction: 'us-ny', tags: ['urgent', 'pro-bono'], team: 'DO lead, EF attorney', parties: ['ruiz petitioner client', 'yoon judge neutral'], memos: [memo('DO', -16, 'Temporary order granted the same day. Address is confidential: never on papers.', true)],
    tasks: [task('Witness statements of the neighbours', 'DO', -1, { priority: 'urgent' }), task('Safety plan with the advocate', 'DO', -14, { done: -15 })], events: [event('hearing', 'Fact-finding', 8, '09:30', 120, { where: 'Family Court, Queens', who: ['DO', '@ruiz'], remind: [2880, 1440] })],
  }),
  matter('thornbury', 'thornbury', 'trusts-estates', 'Estate plan of Margaret Thornbury', {
    opened: -760, closed: -560, reopened: -29, reopen_reason: 'Her nephew contests the 2019 codicil; the plan is needed again', jurisdiction: 'us-ny', tags: ['will', 'trust'], team: 'EF lead, DO associate, GL paralegal, HW observer', parties: ['thornbury other client', 'thornbury-p third_party opposing < corrigan', 'corrigan opposing_counsel opposing', 'trent judge neutral'],
    memos: [memo('EF', -562, 'Will, pour-over trust and proxy executed with two witnesses. Originals in the vault, box 41.', true), memo('EF', -28, 'Philip has found counsel. She is lucid and cross; get a capacity letter from her doctor now.')],
    tasks: [task('Capacity letter from her physician', 'GL', -2, { priority: 'urgent' }), task('Copy of the vault receipt', 'GL', -26, { done: -27 }), task('Answer to Corrigan', 'EF', 3, { priority: 'high' })], events: [event('meeting', 'Meeting at her house', 4, '15:00', 120, { where: '8 Cove Lane, Sag Harbor', who: ['EF', '@thornbury'], remind: [1440] })],
  }),
  matter('weissmann', 'weiss-j', 'trusts-estates', 'Weissmann: wills and a trust for the grandchildren', {
    opened: -431, held: -120, jurisdiction: 'us-ny', tags: ['will', 'trust'], team: 'EF lead, GL paralegal', parties: ['weiss-j other client', 'weiss-s other client'], memos: [memo('GL', -120, 'They disagree about the trustee. On hold until they have talked.')], tasks: [task('Ask whether they have decided', 'GL', 14, { priority: 'low' })], events: [],
  }),
  matter('beaumaris-trust', 'beaumaris', 'tax', 'Beaumaris family trust: restructuring', {
    opened: -346, jurisdiction: 'us-ny', originating: 'EF', tags: ['trust', 'tax'], team: 'EF lead, DO associate, RM billing', parties: ['beaumaris other client', 'harrowgate third_party client'], memos: [memo('EF', -15, 'Valuation of the brewery shares by the end of the year or the gift waits for the next one.')],
    tasks: [task('Decanting memorandum', 'DO', 5, { priority: 'high' }), task('Appraisal of the brewery shares', 'EF', 15), task('Quarterly bill', 'RM', -1)], events: [event('deadline', 'Gift tax return, extended', 82, '17:00', 0, { remind: [20160] }), event('meeting', 'Lunch with Mr Beaumaris', 2, '12:30', 90, { who: ['EF', '@beaumaris'], remind: [120] })],
  }),
  matter('nakagawa', 'nakagawa', 'real-estate', 'Nakagawa: purchase of a co-operative apartment', {
    opened: -301, closed: -214, jurisdiction: 'us-ny', tags: ['co-op', 'closed-deal'], team: 'DO lead, GL paralegal', parties: ['nakagawa other client'], memos: [memo('DO', -240, 'Board minutes speak of an assessment in spring; price reduced by 12,000.')], tasks: [task('Board package', 'GL', -262, { done: -264 })], events: [event('meeting', 'Closing', -214, '14:00', 90, { who: ['DO', '@nakagawa'] })],
  }),
  matter('lindahl-visa', 'lindahl', 'immigration', 'Lindahl: visa for extraordinary ability', {
    opened: -176, jurisdiction: 'us', tags: ['visa', 'international'], metadata: { category: 'O-1' }, team: 'DO lead, GL paralegal', parties: ['lindahl petitioner client'], memos: [memo('GL', -36, 'Seven of eight expert letters are in. The museum’s is on holiday.')], tasks: [task('Expert letter of the museum', 'GL', -6), task('Petition: final read', 'DO', 9)],
    events: [event('filing', 'Petition to be filed', 12, '17:00', 0, { remind: [4320] })],
  }),
  matter('lindahl-studio', 'lindahl', 'corporate', 'Lindahl: studio company in New York', {
    intake: -10, jurisdiction: 'us-ny', tags: ['formation'], team: 'DO lead', parties: [], memos: [memo('DO', -9, 'Wants a company before the visa. Explained why after is better.')], tasks: [task('Send fee estimate', 'RM', -2)], events: [],
  }),
  matter('kowalczyk', 'kowalczyk', 'real-estate', 'Kowalczyk: rent overcharge', {
    opened: -39, jurisdiction: 'us-ny', limitation: 410, tags: ['landlord-tenant', 'rent-stabilised'], team: 'DO lead, GL paralegal, HW observer', parties: ['kowalczyk claimant client', 'castlegate third_party neutral'], memos: [memo('DO', -37, 'Building was Castlegate’s until 2021: different owner now, conflict checked and cleared.')],
    tasks: [task('Rent history from the agency', 'GL', 6), task('Compute the overcharge', 'DO', 16)], events: [event('meeting', 'Client brings receipts', 1, '17:30', 45, { where: 'Our office', who: ['GL', '@kowalczyk'], remind: [60] })],
  }),
];
