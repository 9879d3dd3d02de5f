import { personOf } from '../../casework/casework.queries.js';

/** The document and who has it out; a check-out that has expired counts as gone, without anybody having removed it. */
export const CHECKOUT_OF = `select d.id as "documentId", d.case_id as "caseId", d.current_version as "currentVersion", d.title, k.id is not null as "checkedOut",
    ${personOf('k', 'user_id', 'checkedOutBy')}, k.reason, k.created_at as since, k.expires_at as "expiresAt"
  from documents d left join document_checkouts k on k.firm_id = d.firm_id and k.document_id = d.id and k.expires_at > clock_timestamp() where d.id = $1`;

/** Whoever checks out waits for each other and for a version in the making. The check-out itself is read afterwards: in this statement it would be as it was before the wait. */
export const LOCK_DOCUMENT = `select d.deleted_at is not null as trashed, c.status from documents d join cases c on c.firm_id = d.firm_id and c.id = d.case_id
  where d.id = $1 for no key update of d`;

export const EXTEND_CHECKOUT = `update document_checkouts set expires_at = clock_timestamp() + make_interval(mins => $2::int), reason = coalesce($3, reason) where document_id = $1`;
export const REMOVE_EXPIRED = `delete from document_checkouts where document_id = $1 and expires_at <= clock_timestamp()`;
export const INSERT_CHECKOUT = `insert into document_checkouts (firm_id, id, document_id, case_id, user_id, reason, expires_at)
  select d.firm_id, $2, d.id, d.case_id, $3, $5, clock_timestamp() + make_interval(mins => $4::int) from documents d where d.id = $1`;
export const REMOVE_OWN = `delete from document_checkouts where document_id = $1 and user_id = $2`;
export const REMOVE_RUNNING = `${REMOVE_OWN} and expires_at > clock_timestamp()`;
