/** The row of an object whose bytes are in the store, unless one with the same bytes stands already. */
export const INSERT_OBJECT = `insert into storage_objects (firm_id, id, sha256, size) values ($1, $2, $3, $4)
  on conflict (firm_id, sha256) where state = 'stored' do nothing returning id`;

/** The one that stands, held until the transaction ends: nobody marks it for removal meanwhile. */
export const HOLD_OBJECT = `select id from storage_objects where sha256 = $1 and size = $2 and state = 'stored' for share`;

export const OBJECT_EXISTS = `select true as "exists" from storage_objects where id = $1`;

/** Objects to be removed from the store; what is being removed can never be referred to again. */
export const OBJECTS_TO_REMOVE = `select o.id, o.sha256 from storage_objects o
  where o.state = 'removing' and o.id > $1 and not exists (select from document_versions v where v.firm_id = o.firm_id and v.object_id = o.id)
  order by o.id limit $2`;

export const DELETE_OBJECT = `delete from storage_objects where id = $1 and state = 'removing'`;
