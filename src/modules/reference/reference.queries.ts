export const UTBMS = `select code_set as "set", code, kind, parent_code as "parentCode", name from utbms_codes
  where ($1::text is null or code_set = $1) and ($2::text is null or kind = $2) order by code_set, position, code`;
