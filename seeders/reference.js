import { readFile } from 'node:fs/promises';

const file = new URL('./data/utbms-codes.json', import.meta.url);

/**
 * Brings the UTBMS code lists up to date; running it again changes nothing. Codes that left the list stay, because
 * entries may name them.
 * @param {import('pg').Client} client connected with the owner's rights
 * @returns {Promise<{ codes: number, changed: number }>} how many the list holds, and how many were new or different
 */
export async function seedReference(client) {
  const codes = numbered(JSON.parse(await readFile(file, 'utf8')));
  const { rowCount } = await client.query(UPSERT, [JSON.stringify(codes)]);
  return { codes: codes.length, changed: rowCount };
}

/** The file's order is the order of each set: a phase, then its tasks. */
function numbered(codes) {
  const last = new Map();
  return codes.map((code) => {
    const position = (last.get(code.code_set) ?? 0) + 1;
    last.set(code.code_set, position);
    return { ...code, position };
  });
}

const UPSERT = `
  insert into utbms_codes as held (code_set, code, kind, parent_code, name, position)
  select code_set, code, kind, parent_code, name, position
  from jsonb_to_recordset($1::jsonb) as listed (code_set text, code text, kind text, parent_code text, name text, position int)
  order by parent_code nulls first, code_set, position
  on conflict on constraint utbms_codes_pk do update set
    parent_code = excluded.parent_code, name = excluded.name, position = excluded.position,
    updated_at = clock_timestamp()
  where (held.parent_code, held.name, held.position)
    is distinct from (excluded.parent_code, excluded.name, excluded.position)`;
