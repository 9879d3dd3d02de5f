// The same SELECTs as the product's, with the firm as a parameter where the product has a policy.
import { FIRM_COLUMNS } from '../dist/modules/firms/firms.queries.js';
import { USER_COLUMNS } from '../dist/modules/users/users.queries.js';

export const USER_BY_ID = `select ${USER_COLUMNS} from users u where u.firm_id = $1 and u.id = $2`;
export const USER_PAGE = `select ${USER_COLUMNS} from users u where u.firm_id = $1
  order by (u.family_name || ' ' || u.given_name), u.id limit $2`;
export const FIRM_BY_ID = `select ${FIRM_COLUMNS} from firms where firm_id = $1`;
export const UNREAD_OF = `select count(*)::int as unread from notifications where firm_id = $1 and user_id = $2 and read_at is null`;
export const UPDATE_USER = `update users u set title = $3 where u.firm_id = $1 and u.id = $2 returning ${USER_COLUMNS}`;
