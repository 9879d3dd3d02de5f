// Documents with their text and their index, inserted as the jobs would leave them. Triggers stand aside, and what they
// would keep (facts, how often words stand where) is inserted beside; the words come from the product's own analysis.
import { createHash } from 'node:crypto';
import pg from 'pg';

const TABLES = ['documents', 'document_versions', 'document_texts', 'document_chunks', 'search_documents', 'search_chunks', 'storage_objects'];
const AT_ONCE = 400;

/** Cuts a text as the extraction does: at the ends of words, never across a page (form feed). */
export function chunksOf(text, size = 1500) {
  const chunks = [];
  let offset = 0;
  const pages = text.split('\f');
  pages.forEach((page, n) => {
    const whole = n < pages.length - 1 ? `${page}\f` : page;
    for (let at = 0; at < whole.length;) {
      let end = Math.min(at + size, whole.length);
      if (end < whole.length) {
        const blank = whole.lastIndexOf(' ', end);
        if (blank > at + size / 2) end = blank + 1;
      }
      chunks.push({ ordinal: chunks.length, page: pages.length > 1 ? n + 1 : null, offset, text: whole.slice(at, end) });
      offset += end - at;
      at = end;
    }
  });
  return chunks;
}

/** Inserts documents [{ title, type, author, date, caseId, text }] of one firm; `analysis`: dist/modules/search/text. */
export async function insertDocuments(owner, engine, firm, documents, analysis, say = () => {}) {
  const { languageOf, chunkLexemes, documentParts, factLexemes, titleVector, firmMark, newId } = analysis;
  const language = languageOf('en');
  const mark = firmMark(firm.id);
  const counts = new Map();
  const totals = { chunks: 0, words: 0, documents: 0 };
  await owner.query('begin');
  const { rows: indexes } = await owner.query(`select indexname as name, indexdef as made from pg_indexes where indexname in ('search_chunks_words_idx', 'search_documents_terms_idx')`);
  for (const { name } of indexes) await owner.query(`drop index ${name}`); // and made anew at the end, which is faster
  for (const table of TABLES) await owner.query(`alter table ${table} disable trigger user`);
  await owner.query(`set local role ${engine}`);
  const object = newId();
  const sha256 = createHash('sha256').update(object).digest('hex');
  await owner.query(`insert into storage_objects (firm_id, id, sha256, size) values ($1, $2, $3, 1)`, [firm.id, object, sha256]);
  let batch = [];
  const ids = [];
  const flush = async () => {
    if (batch.length === 0) return;
    await insertBatch(owner, firm, { object, sha256 }, batch);
    totals.documents += batch.length;
    batch = [];
    say(`  ${totals.documents} documents, ${totals.chunks} passages`);
  };
  let size = 0;
  for (const document of documents) {
    const chunks = chunksOf(document.text);
    const terms = new Set();
    const facts = { title: document.title, author: document.author ?? null, type: document.type, tags: [] };
    for (const chunk of chunks) {
      const [before, after] = [chunks[chunk.ordinal - 1]?.text.slice(-60) ?? '', chunks[chunk.ordinal + 1]?.text.slice(0, 240) ?? ''];
      const made = chunkLexemes(mark, { before, text: chunk.text, after }, language);
      chunk.words = made.vector;
      chunk.length = made.length;
      totals.chunks++;
      totals.words += made.length;
      for (const term of made.terms) {
        terms.add(term);
        counts.set(term, (counts.get(term) ?? 0) + 1);
      }
    }
    const row = { ...document, id: newId(), versionId: newId(), chunks, parts: documentParts(mark, terms, factLexemes(mark, facts, language)), titleWords: titleVector(mark, document.title, language) };
    batch.push(row);
    ids.push(row.id);
    size += document.text.length;
    if (batch.length >= AT_ONCE || size > 4_000_000) {
      size = 0;
      await flush();
    }
  }
  await flush();
  const words = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  for (let i = 0; i < words.length; i += 20_000) {
    const some = words.slice(i, i + 20_000);
    await owner.query(`insert into search_terms as t (firm_id, term, chunks) select $1, * from unnest($2::text[], $3::int[])
      on conflict (firm_id, term) do update set chunks = t.chunks + excluded.chunks`, [firm.id, some.map(([term]) => term), some.map(([, count]) => count)]);
  }
  await owner.query(`insert into search_totals as t (firm_id, chunks, words) values ($1, $2, $3)
    on conflict (firm_id) do update set chunks = t.chunks + excluded.chunks, words = t.words + excluded.words`, [firm.id, totals.chunks, totals.words]);
  await owner.query('reset role');
  for (const table of TABLES) await owner.query(`alter table ${table} enable trigger user`);
  await owner.query(`set local maintenance_work_mem = '512MB'`);
  for (const { made } of indexes) await owner.query(made);
  await owner.query('commit');
  await owner.query('vacuum analyze documents, document_versions, document_chunks, search_documents, search_chunks, search_terms, search_totals');
  return { ids, counts, ...totals };
}

const column = (rows, of) => rows.map(of);

async function insertBatch(owner, firm, { object, sha256 }, rows) {
  const day = (row) => row.date ?? '2024-06-01';
  await owner.query(`insert into documents (firm_id, id, case_id, title, type, author_name, document_date, current_version) select $1, *, 1 from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::date[])`,
    [firm.id, column(rows, (r) => r.id), column(rows, (r) => r.caseId), column(rows, (r) => r.title), column(rows, (r) => r.type), column(rows, (r) => r.author ?? null), column(rows, day)]);
  await owner.query(`insert into document_versions (firm_id, id, case_id, document_id, number, object_id, sha256, size, media_type, file_name, author_id)
    select $1, v.id, v.case_id, v.document_id, 1, $5, $6, 1, 'text/plain', 'file.txt', $7 from unnest($2::uuid[], $3::uuid[], $4::uuid[]) v(id, case_id, document_id)`,
  [firm.id, column(rows, (r) => r.versionId), column(rows, (r) => r.caseId), column(rows, (r) => r.id), object, sha256, firm.adminId]);
  await owner.query(`insert into document_texts (firm_id, version_id, case_id, document_id, status, char_count, finished_at) select $1, *, now() from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[])`,
    [firm.id, column(rows, (r) => r.versionId), column(rows, (r) => r.caseId), column(rows, (r) => r.id), column(rows, () => 'extracted'), column(rows, (r) => r.text.length)]);
  const chunks = rows.flatMap((row) => row.chunks.map((chunk) => ({ ...chunk, row })));
  await owner.query(`insert into document_chunks (firm_id, version_id, case_id, document_id, ordinal, page, char_offset, text) select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::int[], $7::bigint[], $8::text[])`,
    [firm.id, column(chunks, (c) => c.row.versionId), column(chunks, (c) => c.row.caseId), column(chunks, (c) => c.row.id), column(chunks, (c) => c.ordinal), column(chunks, (c) => c.page), column(chunks, (c) => c.offset), column(chunks, (c) => c.text)]);
  await owner.query(`insert into search_chunks (firm_id, version_id, ordinal, length, words) select $1, v, n, l, w::tsvector from unnest($2::uuid[], $3::int[], $4::int[], $5::text[]) x(v, n, l, w)`,
    [firm.id, column(chunks, (c) => c.row.versionId), column(chunks, (c) => c.ordinal), column(chunks, (c) => c.length), column(chunks, (c) => c.words)]);
  const parts = rows.flatMap((row) => row.parts.map((lexemes, part) => ({ row, part, lexemes })));
  await owner.query(`insert into search_documents (firm_id, version_id, part, case_id, document_id, number, language, is_current, multi, chunks, title_length, title, terms, year, dated, type, author)
    select $1, x.version_id, x.part, x.case_id, x.document_id, 1, 'en', true, x.multi, x.chunks, length(x.title::tsvector), x.title::tsvector, array_to_tsvector(array(select jsonb_array_elements_text(x.lexemes))), extract(year from x.dated), x.dated, x.type, x.author
    from jsonb_to_recordset($2) x(version_id uuid, part int, case_id uuid, document_id uuid, multi boolean, chunks int, title text, lexemes jsonb, dated date, type text, author text)`,
  [firm.id, JSON.stringify(parts.map(({ row, part, lexemes }) => ({
    version_id: row.versionId, part, case_id: row.caseId, document_id: row.id, multi: row.parts.length > 1, chunks: row.chunks.length, title: row.titleWords, lexemes, dated: day(row), type: row.type, author: row.author ?? '',
  })))]);
}

/** A connection that may do all this. */
export async function ownerOf(url) {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  return owner;
}
