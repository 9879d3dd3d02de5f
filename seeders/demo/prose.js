// Clauses and kinds of documents as law firms write them, all invented. Each kind gives the content of a file (files/blocks.js).

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const number = (n) => (WORDS[n] ? `${WORDS[n]} (${n})` : String(n));

/** @param {string} date YYYY-MM-DD */
const said = (date) => new Date(`${date}T12:00:00Z`).toLocaleDateString('en-US', { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' });

/** Clauses that agreements share; each is its heading and its paragraphs. */
export const CLAUSES = {
  definitions: (terms) => ['Definitions', 'In this Agreement, unless the context requires otherwise, the following terms have the meanings set out below.', { items: terms }],
  confidentiality: (years) => ['Confidentiality',
    'Each Party shall keep confidential all Confidential Information of the other Party, shall use it solely for the purposes of this Agreement, and shall disclose it only to those of its directors, employees and professional advisers who need to know it and are bound by obligations no less protective than these.',
    `The obligations of this Section survive termination for ${number(years)} years; with respect to trade secrets they survive for as long as the information remains a trade secret under applicable law.`],
  exclusions: () => ['Exclusions', 'Confidential Information does not include information that (a) is or becomes generally available to the public other than through a breach of this Agreement; (b) was lawfully known to the receiving Party before its disclosure; (c) is received from a third party free to disclose it; or (d) is independently developed without use of the disclosing Party’s information.'],
  compelled: () => ['Compelled disclosure', 'If a Party is required by law, regulation or legal process to disclose Confidential Information, it shall, to the extent permitted, give prompt written notice so that the other Party may seek a protective order, and shall disclose only that portion which counsel advises is legally required.'],
  indemnity: (party) => ['Indemnification', `${party} shall indemnify, defend and hold harmless the other Party and its officers, agents and successors from and against all claims, losses, liabilities and reasonable attorneys’ fees arising out of its negligence, willful misconduct or material breach of this Agreement.`, 'The indemnified Party shall give prompt notice of any claim, shall permit the indemnifying Party to control the defense, and shall cooperate at the indemnifying Party’s expense. No settlement that admits fault may be entered without consent.'],
  liability: (cap) => ['Limitation of liability', `Except for breaches of confidentiality, indemnification obligations and willful misconduct, neither Party’s aggregate liability shall exceed ${cap}. In no event shall either Party be liable for consequential, incidental or punitive damages, even if advised of their possibility.`],
  term: (months, notice) => ['Term and termination', `This Agreement commences on the Effective Date and continues for ${number(months)} months. It renews for successive periods of twelve (12) months unless either Party gives at least ${number(notice)} days’ written notice of non-renewal.`, 'Either Party may terminate for material breach that remains uncured thirty (30) days after written notice describing the breach in reasonable detail.'],
  majeure: () => ['Force majeure', 'Neither Party is liable for delay or failure caused by events beyond its reasonable control, including acts of God, war, labor disturbance, epidemic, or failure of public utilities, provided it gives notice within five (5) business days and uses diligent efforts to resume performance.'],
  assignment: () => ['Assignment', 'Neither Party may assign this Agreement without the prior written consent of the other, which shall not be unreasonably withheld, except to a successor to all or substantially all of its business. Any purported assignment in violation of this Section is void.'],
  notices: (a, b) => ['Notices', 'Notices shall be in writing and are effective upon receipt when delivered by hand, by nationally recognized overnight courier, or by certified mail, return receipt requested, addressed as follows:', { items: [a, b] }],
  law: (state) => ['Governing law; venue', `This Agreement is governed by the laws of the State of ${state}, without regard to conflict-of-laws principles. The Parties submit to the exclusive jurisdiction of the state and federal courts located in that State and WAIVE TRIAL BY JURY to the fullest extent permitted by law.`],
  entire: () => ['Entire agreement; amendment; severability', 'This Agreement is the entire agreement of the Parties concerning its subject matter and supersedes all prior negotiations. It may be amended only by a writing signed by both Parties. If any provision is held unenforceable, the remainder shall continue in effect.'],
};

/** Numbered clauses as blocks. @param {(string | object)[][]} clauses */
const numbered = (clauses) => clauses.flatMap(([heading, ...rest], i) => [`# ${i + 1}. ${heading}`, ...rest.map((text, j) => (typeof text === 'string' ? `${i + 1}.${j + 1} ${text}` : text))]);
const signatures = (...names) => ['IN WITNESS WHEREOF, the parties have executed this instrument by their duly authorized representatives as of the date first written above.', { table: names.map((name) => [`${name}`, 'By: ______________________', 'Date: ____________']) }];

/** @param {{ a: string, b: string, date: string, purpose: string, years?: number, mutual?: boolean, state?: string }} facts */
export const nda = ({ a, b, date, purpose, years = 3, state = 'New York' }) => ({
  title: 'Mutual Non-Disclosure Agreement', date,
  blocks: [
    `This Mutual Non-Disclosure Agreement (the “Agreement”) is made as of ${said(date)} (the “Effective Date”) between ${a} and ${b} (each a “Party”, together the “Parties”), who wish to explore ${purpose} (the “Purpose”).`,
    ...numbered([
      CLAUSES.definitions(['“Confidential Information” means all non-public information disclosed by or on behalf of a Party in connection with the Purpose, in any form, whether or not marked as confidential.', '“Representatives” means a Party’s affiliates and their respective directors, officers, employees, lenders and professional advisers.']),
      CLAUSES.confidentiality(years), CLAUSES.exclusions(), CLAUSES.compelled(),
      ['Return and destruction', 'Upon written request each Party shall within ten (10) business days return or destroy the other’s Confidential Information, save for copies that its document-retention policy or applicable law requires it to keep.'],
      ['No license; no obligation', 'Nothing in this Agreement grants any right under any patent, copyright or trademark, or obliges either Party to enter into any transaction.'],
      ['Equitable relief', 'Each Party acknowledges that a breach may cause irreparable harm for which damages are an inadequate remedy, and that the other Party may seek injunctive relief without posting a bond.'],
      CLAUSES.law(state), CLAUSES.entire(),
    ]),
    ...signatures(a, b),
  ],
});

/** @param {{ client: string, matter: string, date: string, rate: string, retainer: string, lead: string }} facts */
export const engagement = ({ client, matter, date, rate, retainer, lead }) => ({
  title: `Engagement letter: ${matter}`, date, author: lead, header: 'Harbor & Finch LLP · Attorneys at Law · 48 Wall Street, New York',
  blocks: [
    `Dear ${client}:`, `Thank you for asking Harbor & Finch LLP (the “Firm”) to represent you in connection with ${matter}. This letter sets out the terms of our engagement, as required by 22 N.Y.C.R.R. Part 1215.`,
    '# Scope', `Our engagement is limited to ${matter}. It does not include tax advice, appeals, or the enforcement of any judgment unless we agree so in writing.`,
    '# Fees', `Our fees are based on the time of the lawyers and paralegals working on the matter, billed in tenths of an hour. ${lead}’s current rate is ${rate} per hour. Rates are reviewed every January, and you will be told of any change thirty days ahead.`,
    { table: [['Timekeeper', 'Rate per hour'], [lead, rate], ['Senior associates', '$475.00'], ['Paralegals', '$210.00']] },
    '# Retainer', `Before we begin we ask for a retainer of ${retainer}, which will be held in our trust account and applied to your final statement. Unused amounts are returned promptly when the engagement ends.`,
    '# Conflicts of interest', 'We have searched our records and found no conflict that would prevent us from representing you. Should one arise, we will tell you at once, and may have to withdraw.',
    '# Communication and files', 'Communications between us for the purpose of obtaining legal advice are privileged. Please do not forward our letters to others: doing so may waive the privilege. We keep files for seven years after a matter is closed.',
    '# Disputes about fees', 'You may have the right to arbitrate a dispute about fees under Part 137 of the Rules of the Chief Administrator; we shall give you the necessary information on request.',
    'Please sign and return the enclosed copy. We look forward to working with you.', `Very truly yours, ${lead}`, ...signatures(client),
  ],
});

/** @param {{ court: string, plaintiff: string, defendant: string, index: string, title: string, date: string }} facts */
const caption = ({ court, plaintiff, defendant, index }) => [court.toUpperCase(), { table: [[`${plaintiff}, Plaintiff,`, `Index No. ${index}`], ['– against –', ''], [`${defendant}, Defendant.`, '']] }];

/** @param {{ court: string, plaintiff: string, defendant: string, index: string, date: string, facts: string[], causes: [string, string][], relief: string[], counsel: string }} facts */
export const complaint = (facts) => {
  let n = 0;
  return {
    title: `Complaint: ${facts.plaintiff} v. ${facts.defendant}`, date: facts.date, author: facts.counsel,
    blocks: [
      ...caption(facts), `Plaintiff ${facts.plaintiff}, by its attorneys, Harbor & Finch LLP, for its complaint against ${facts.defendant}, alleges upon knowledge as to itself and its own acts and upon information and belief as to all other matters:`,
      '# Nature of the action', ...facts.facts.map((fact) => `${++n}. ${fact}`),
      '# Jurisdiction and venue', `${++n}. This Court has personal jurisdiction over Defendant pursuant to CPLR §§ 301 and 302(a)(1), because Defendant transacts business within the State.`, `${++n}. Venue is proper under CPLR § 503(a), as Plaintiff’s principal office is located in this County.`,
      ...facts.causes.flatMap(([name, text], i) => [{ page: true }, `# ${['First', 'Second', 'Third', 'Fourth'][i]} cause of action: ${name}`, `${++n}. Plaintiff repeats and realleges each of the foregoing paragraphs as if fully set forth herein.`, `${++n}. ${text}`, `${++n}. By reason of the foregoing, Plaintiff has been damaged in an amount to be determined at trial, together with statutory interest under CPLR § 5001.`]),
      '# Prayer for relief', 'WHEREFORE, Plaintiff demands judgment against Defendant as follows:', { items: facts.relief }, `Dated: New York, New York, ${said(facts.date)}`, `HARBOR & FINCH LLP, by ${facts.counsel}, attorneys for Plaintiff`,
    ],
  };
};

/** @param {{ court: string, plaintiff: string, defendant: string, index: string, date: string, subject: string, background: string, points: [string, string][], counsel: string }} facts */
export const motion = (facts) => ({
  title: facts.subject, date: facts.date, author: facts.counsel,
  footnotes: ['All exhibits are annexed to the accompanying affirmation. Emphasis is added and internal quotation marks are omitted unless noted.'],
  blocks: [
    ...caption(facts), '# Preliminary statement', facts.background, '# Standard', 'On such a motion the movant must make a prima facie showing of entitlement to judgment as a matter of law, tendering sufficient evidence to demonstrate the absence of any material issue of fact. Alvarez v. Prospect Hosp., 68 N.Y.2d 320, 324 (1986); Fed. R. Civ. P. 56(a); Celotex Corp. v. Catrett, 477 U.S. 317, 322 (1986).',
    { page: true }, '# Argument', ...facts.points.flatMap(([point, text], i) => [`# ${['I', 'II', 'III', 'IV'][i]}. ${point}`, text]),
    '# Conclusion', 'For the foregoing reasons the motion should be decided as requested, together with such other and further relief as the Court deems just and proper.', `Dated: ${said(facts.date)}`, `Respectfully submitted, HARBOR & FINCH LLP, by ${facts.counsel}`,
  ],
});

/** A transcript: each page some twenty questions. @param {{ witness: string, matter: string, date: string, examiner: string, defending: string, pages: string[][] }} facts */
export const deposition = ({ witness, matter, date, examiner, defending, pages }) => ({
  title: `Deposition of ${witness}`, date, author: 'Hudson Reporting Services',
  blocks: [
    matter, `Examination before trial of ${witness}, held on ${said(date)}, pursuant to notice, before Leona Whitby, a Notary Public of the State of New York.`,
    { table: [['Appearances:', ''], ['For the examining party', examiner], ['For the witness', defending]] },
    'IT IS HEREBY STIPULATED that all objections, except as to form, are reserved to the time of trial, and that the filing of this transcript is waived.',
    `${witness}, having been first duly sworn, was examined and testified as follows:`,
    ...pages.flatMap((lines, i) => [{ page: true }, `Page ${i + 2}`, ...lines.map((line, j) => `${String(j + 1).padStart(2, '0')}  ${line}`)]),
    { page: true }, `I, Leona Whitby, hereby certify that the foregoing is a true and accurate record of the testimony of ${witness}. (Time noted: 3:42 p.m.)`,
  ],
});

/** @param {{ from: string, to: string, re: string, date: string, body: string[], privileged?: boolean }} facts */
export const letter = ({ from, to, re, date, body, privileged }) => ({
  title: re, date, author: from, header: 'Harbor & Finch LLP',
  blocks: [...(privileged ? ['PRIVILEGED AND CONFIDENTIAL – ATTORNEY-CLIENT COMMUNICATION'] : []), said(date), to, `Re: ${re}`, ...body, 'Very truly yours,', from],
});

/** @param {{ author: string, credentials: string, re: string, date: string, assignment: string, findings: string[], table: string[][], conclusion: string }} facts */
export const expertReport = ({ author, credentials, re, date, assignment, findings, table, conclusion }) => ({
  title: `Expert report of ${author}`, date, author,
  blocks: [
    re, '# 1. Qualifications', `I am ${author}, ${credentials}. My curriculum vitae, and a list of the cases in which I testified during the last four years, are attached as Appendix A. I am compensated at $425 per hour; no part of my fee depends on the outcome.`,
    '# 2. Assignment', assignment, '# 3. Materials considered', { items: ['the pleadings and the parties’ responses to interrogatories', 'documents produced under Bates numbers 000001 through 004418', 'deposition transcripts with exhibits', 'published literature cited in the footnotes'] },
    { page: true }, '# 4. Findings', ...findings.map((finding, i) => `4.${i + 1} ${finding}`), { table }, { page: true }, '# 5. Conclusion', conclusion,
    'My opinions are expressed to a reasonable degree of professional certainty. I reserve the right to supplement this report should further information be produced. Fed. R. Civ. P. 26(a)(2)(B) and 26(e)(2).',
  ],
});

/** @param {{ landlord: string, tenant: string, premises: string, date: string, rent: string, deposit: string, years: number, guaranty?: string, use: string, renewal?: string }} facts */
export const lease = ({ landlord, tenant, premises, date, rent, deposit, years, use, guaranty, renewal }) => ({
  title: 'Agreement of Lease', date,
  blocks: [
    `AGREEMENT OF LEASE made as of ${said(date)} between ${landlord} (“Landlord”) and ${tenant} (“Tenant”) for ${premises} (the “Premises”).`,
    ...numbered([
      ['Term', `The term is ${number(years)} years, commencing on the date on which Landlord delivers possession with Landlord’s Work substantially complete.`, ...(renewal ? [renewal] : [])],
      ['Base rent', `Tenant shall pay base rent of ${rent} per month, in advance on the first day of each month, without notice, demand, set-off or deduction. Rent not received within five (5) days bears a late charge of four percent (4%).`],
      ['Security', `Upon execution Tenant shall deposit ${deposit} as security, to be held in an interest-bearing account as required by General Obligations Law § 7-103.`],
      ['Use', `The Premises shall be used for ${use} and for no other purpose. Tenant shall not permit any nuisance, nor anything that would increase the premium of insurance carried by Landlord.`],
      ['Additional rent', 'Tenant shall pay its proportionate share of increases in real estate taxes and operating expenses over the base year, within thirty (30) days after Landlord’s statement. Tenant may audit Landlord’s books once a year.'],
    ]), { page: true },
    ...numbered([
      ['Alterations', 'Tenant shall make no structural alterations without Landlord’s prior written consent. Non-structural alterations costing less than $50,000 need no consent but ten (10) days’ notice with plans.'],
      ['Repairs', 'Landlord shall maintain the roof, foundation, structural walls and common systems. Tenant shall keep the interior in good order and repair, reasonable wear and tear and casualty excepted.'],
      ['Assignment and subletting', 'Tenant shall not assign this Lease or sublet without Landlord’s consent, not to be unreasonably withheld, conditioned or delayed. Fifty percent (50%) of any net profit shall be paid to Landlord.'],
      ['Default', 'It is an Event of Default if Tenant fails to pay rent within five (5) business days after notice, or fails to cure any other default within thirty (30) days after notice. Landlord may then terminate this Lease on five (5) days’ notice and recover damages.'],
      ['Casualty and condemnation', 'If the Premises are rendered untenantable and cannot be restored within one hundred eighty (180) days, either party may terminate. Rent abates in proportion to the area that cannot be used.'],
      ['Quiet enjoyment', 'So long as no Event of Default continues, Tenant shall peaceably hold and enjoy the Premises for the term without hindrance by Landlord or anyone claiming under it.'],
      ['Subordination', 'This Lease is subordinate to present and future mortgages, provided that the holder delivers a commercially reasonable non-disturbance agreement.'],
      ...(guaranty ? [['Guaranty', guaranty]] : []), CLAUSES.law('New York'),
    ]), ...signatures(landlord, tenant),
  ],
});

/** @param {{ title: string, a: string, b: string, date: string, recitals: string[], clauses: (string | object)[][] }} facts */
export const agreement = ({ title, a, b, date, recitals, clauses }) => ({
  title, date,
  blocks: [`This ${title} is entered into as of ${said(date)} by and between ${a} and ${b}.`, '# Recitals', ...recitals.map((text, i) => `${String.fromCharCode(65 + i)}. WHEREAS, ${text};`), 'NOW, THEREFORE, for good and valuable consideration, the receipt and sufficiency of which are acknowledged, the parties agree:', ...numbered(clauses), ...signatures(a, b)],
});

/** @param {{ to: string, from: string, re: string, date: string, sections: [string, string][] }} facts */
export const memorandum = ({ to, from, re, date, sections }) => ({
  title: re, date, author: from,
  blocks: ['ATTORNEY WORK PRODUCT – PREPARED IN ANTICIPATION OF LITIGATION', `To: ${to}`, `From: ${from}`, `Date: ${said(date)}`, ...sections.flatMap(([heading, text]) => [`# ${heading}`, text])],
});

/** @param {{ plaintiff: string, defendant: string, index: string, court: string, date: string, requests: string[], counsel: string }} facts */
export const documentRequests = (facts) => ({
  title: `Requests for production of documents to ${facts.defendant}`, date: facts.date, author: facts.counsel,
  blocks: [
    ...caption(facts), 'PLEASE TAKE NOTICE that, pursuant to CPLR § 3120, you are required to produce the following documents within twenty (20) days at the offices of Harbor & Finch LLP.',
    '# Instructions', 'These requests are continuing. If a document is withheld as privileged, state its date, author, recipients, subject and the privilege claimed, as CPLR § 3122(b) requires. Electronically stored information shall be produced with metadata.',
    '# Requests', ...facts.requests.map((request, i) => `Request No. ${i + 1}. ${request}`), `Dated: ${said(facts.date)}`, `HARBOR & FINCH LLP, by ${facts.counsel}`,
  ],
});
