import { readFile } from 'node:fs/promises';

const file = new URL('./data/utbms-codes.json', import.meta.url);
const listsFile = new URL('./data/reference-codes.json', import.meta.url);

/**
 * Brings the UTBMS codes and the lists of practice areas, courts, jurisdictions, currencies and types of documents up to date; running it again changes nothing. Codes that left the list stay, because
 * entries may name them.
 * @param {import('pg').Client} client connected with the owner's rights
 * @returns {Promise<{ codes: number, changed: number }>} how many the lists hold, and how many were new or different
 */
export async function seedReference(client) {
  const codes = numbered(JSON.parse(await readFile(file, 'utf8')));
  const { rowCount } = await client.query(UPSERT, [JSON.stringify(codes)]);
  const lists = numbered(JSON.parse(await readFile(listsFile, 'utf8')), 'kind');
  const listed = await client.query(UPSERT_LISTS, [JSON.stringify(lists)]);
  return { codes: codes.length + lists.length, changed: rowCount + listed.rowCount };
}

/** The file's order is the order of each set: a phase, then its tasks. */
function numbered(codes, set = 'code_set') {
  const last = new Map();
  return codes.map((code) => {
    const position = (last.get(code[set]) ?? 0) + 1;
    last.set(code[set], position);
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

// tens apart, and from 1000: a firm's own entries find a place before, between and behind
const UPSERT_LISTS = `
  insert into reference_codes as held (kind, code, label, parent_code, details, position)
  select kind, code, label, parent_code, coalesce(details, '{}'), 990 + 10 * position
  from jsonb_to_recordset($1::jsonb) as listed (kind text, code text, label text, parent_code text, details jsonb, position int)
  order by kind, position
  on conflict on constraint reference_codes_pk do update set
    label = excluded.label, parent_code = excluded.parent_code, details = excluded.details, position = excluded.position,
    updated_at = clock_timestamp()
  where (held.label, held.parent_code, held.details, held.position)
    is distinct from (excluded.label, excluded.parent_code, excluded.details, excluded.position)`;
