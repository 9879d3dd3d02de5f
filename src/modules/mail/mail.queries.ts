export const INSERT_EMAIL = `insert into emails (firm_id, id, recipient, subject, body, case_id) values ($1, $2, $3, $4, $5, $6)`;

export const EMAIL_TO_SEND = `select e.id, e.recipient, e.subject, e.body, e.status from emails e where e.id = $1`;

/** The body is kept only where it is asked for: it may hold a link with a secret. */
export const MARK_EMAIL = `update emails set status = $2, sent_at = case when $2 in ('sent', 'logged') then clock_timestamp() end,
  body = case when $3::boolean then body end where id = $1`;

export const OUTBOX = `select e.id, e.recipient as "to", e.subject, e.body as text, e.status, e.sent_at as "sentAt", e.created_at as "createdAt"
  from emails e order by e.created_at desc, e.id desc limit 50`;
