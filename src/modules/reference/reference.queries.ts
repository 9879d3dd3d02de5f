import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';

export const UTBMS = `select code_set as "set", code, kind, parent_code as "parentCode", name from utbms_codes
  where ($1::text is null or code_set = $1) and ($2::text is null or kind = $2) order by code_set, position, code`;

/** A code list as the firm sees it: its own entries, and the built-in ones that none of its own replaces. */
export const LIST = `select i.id, coalesce(i.code, b.code) as code, coalesce(i.label, b.label) as label, b.parent_code as "parentCode", coalesce(i.details, b.details) as details,
    b.code is not null as "builtIn", coalesce(i.active, true) as active, coalesce(i.position, b.position) as position, i.version
  from (select * from reference_codes where kind = $1) b full join (select * from reference_items where kind = $1) i on i.code = b.code
  where $2::boolean or coalesce(i.active, true) order by 8, 3, 2`;

const OWN = `i.id, i.code, i.label, (select b.parent_code from reference_codes b where b.kind = i.kind and b.code = i.code) as "parentCode", i.details,
  exists (select from reference_codes b where b.kind = i.kind and b.code = i.code) as "builtIn", i.active, i.position, i.version,
  i.created_at as "createdAt", i.updated_at as "updatedAt"`;
export const ITEM = `select ${OWN} from reference_items i where i.id = $1 and i.kind = $2`;
export const LOCK_ITEM = `select i.id from reference_items i where i.id = $1 and i.kind = $2 for update`;
export const INSERT_ITEM = `insert into reference_items as i (firm_id, id, kind, code, label, details, position) values ($1, $2, $3, $4, $5, $6, $7) returning ${OWN}`;

const ITEM_ROW: Changeable = { table: 'reference_items', columns: { label: 'label', details: 'details', position: 'position', active: 'active' }, json: ['details'] };

/** An update of just the given members; undefined when there are none. */
export const updateItem = (id: string, changes: object): Statement | undefined => updateOf(ITEM_ROW, [id], changes);
