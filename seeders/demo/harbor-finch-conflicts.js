/** Oldest first. `decision` is about the check as a whole; without one the check waits for somebody. */
export const CONFLICT_CHECKS = [
  { by: 'DO', day: -341, about: 'genovate', purpose: 'Opening the Genovate matter', names: ['Genovate Labs', 'Simone Ashdown'], decision: 'cleared', decidedBy: 'EF', reason: 'Adverse in no other matter; Ashdown is opposing counsel elsewhere, which is no conflict.' },
  { by: 'DO', day: -60, about: 'nimbus-seed', purpose: 'Seed financing of Nimbus Ledger', names: ['Ironwood Capital', 'Nimbus Ledger'], decision: 'waived', decidedBy: 'EF', reason: 'Ironwood was opposite Mr Beaumaris in a matter closed two years ago. Both signed waivers.' },
  { by: 'GL', day: -41, about: 'kowalczyk', purpose: 'New client', names: ['Dorota Kowalczik', 'Castlegate Properties'], decision: 'cleared', decidedBy: 'DO', reason: 'The building was sold in 2021; Castlegate is not a party.' },
  { by: 'DO', day: -12, about: null, purpose: 'Caller asks about a claim against a trucking company', names: ['North Line Haulage', 'Meridien Freight'], decision: 'declined', decidedBy: 'EF', reason: 'Meridian is our client; we cannot act against it.' },
  { by: 'DO', day: -2, about: 'barrowman', purpose: 'Subpoena to Curtis Barrowman', names: ['Curtis Barowman', 'Quarry Stone Builders'], decision: null },
];
