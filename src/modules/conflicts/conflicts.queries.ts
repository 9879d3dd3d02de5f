import type { Filter, ListSpec } from '../../common/pagination/page.js';

const COLUMNS = `k.id, k.case_id as "caseId", k.purpose, k.status, k.terms, case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end as "askedBy",
  k.version, k.created_at as "createdAt", k.updated_at as "updatedAt"`;
const FROM = 'conflict_checks k left join users u on u.firm_id = k.firm_id and u.id = k.asked_by';

export const CHECK_LIST: ListSpec = {
  select: COLUMNS,
  from: FROM,
  id: { column: 'k.id', type: 'uuid' },
  sorts: {
    createdAt: { column: 'k.created_at', type: 'timestamptz' },
    updatedAt: { column: 'k.updated_at', type: 'timestamptz' },
  },
  defaultSort: '-createdAt',
  updatedColumn: 'k.updated_at',
};

export const checkFilters = (query: { caseId?: string; status?: string; askedById?: string; from?: string; to?: string }): (Filter | false)[] => [
  query.caseId !== undefined && ['k.case_id = $', query.caseId],
  query.status !== undefined && ['k.status = $', query.status],
  query.askedById !== undefined && ['k.asked_by = $', query.askedById],
  query.from !== undefined && ['k.created_at >= $', query.from],
  query.to !== undefined && ['k.created_at < $', query.to],
];

export const CHECK_BY_ID = `select ${COLUMNS} from ${FROM} where k.id = $1`;

export const TERMS_OF = `select t.id, t.name, t.kind, t.email, t.tax_id as "taxId", t.truncated from conflict_terms t where t.check_id = $1 order by t.position`;

const person = (alias: string) => `jsonb_build_object('id', ${alias}.id, 'kind', ${alias}.kind, 'name', ${alias}.name)`;

/** Under the reader's policies: what is hidden from him is not there. */
export const HITS_OF = `select h.id, h.term_id as "termId", h.score::float8 as score, h.reasons, h.name as "matchedName", h.source, ${person('c')} as contact,
    case when v.id is not null then jsonb_build_object('contact', ${person('v')}, 'relation', h.relation, 'inverse', h.inverse) end as via
  from conflict_hits h join contacts c on c.firm_id = h.firm_id and c.id = h.contact_id
  left join contacts v on v.firm_id = h.firm_id and v.id = h.via_contact_id
  where h.check_id = $1 order by h.score desc, c.name, h.id`;

export const CASES_OF = `select s.hit_id as "hitId", c.id, c.number, c.title, c.status, array_agg(distinct s.party_role order by s.party_role) as roles
  from conflict_hits h join conflict_subjects s on s.firm_id = h.firm_id and s.hit_id = h.id join cases c on c.firm_id = s.firm_id and c.id = s.case_id
  where h.check_id = $1 group by s.hit_id, c.id, c.number, c.title, c.status order by c.number desc, c.id`;

export const DECISIONS_OF = `select d.id, coalesce(d.hit_id, d.term_id) as "hitId", d.decision, d.reason,
    case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end as "decidedBy", d.created_at as "createdAt"
  from conflict_decisions d left join users u on u.firm_id = d.firm_id and u.id = d.decided_by where d.check_id = $1 order by d.created_at, d.id`;

export const HIDDEN_OF = 'select doors.hidden_conflicts($1) as "termId"';

export const INSERT_CHECK = 'insert into conflict_checks (firm_id, id, case_id, terms, purpose, asked_by) values ($1, $2, $3, $4, $5, $6)';
export const INSERT_TERMS = `insert into conflict_terms (firm_id, id, check_id, position, name, kind, email, tax_id)
  select $1, t.id, $2, t.n, t.name, t.kind, t.email, t.tax_id
  from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality t(id, name, kind, email, tax_id, n)`;
export const RUN_CHECK = 'select doors.check_conflicts($1)';

/** Which of the check's hits and names carry this id; both only when the caller sees the check. */
export const HIT_BY_ID = `select (select h.id from conflict_hits h where h.id = $2 and h.check_id = k.id) as "hitId",
    (select t.id from conflict_terms t where t.id = $2 and t.check_id = k.id and t.id in (select doors.hidden_conflicts(k.id))) as "termId"
  from conflict_checks k where k.id = $1`;
export const INSERT_DECISION = `insert into conflict_decisions (firm_id, id, check_id, hit_id, term_id, decision, reason, decided_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`;
export const CASE_SEEN = 'select 1 as seen from cases c where c.id = $1';
