import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const AT_ONCE = 8;

/**
 * Makes the files of a firm's documents and puts them into the store, before any transaction is open: what follows them
 * into the database are rows (seedDocuments). Files of a transaction that fails are orphans, which storage:sweep removes.
 * @param {import('./papers.js').Paper[]} papers @param {{ firmId: string, newId: () => string, day: (offset: number) => string, describe: Function, store: Function }} tools
 */
export async function storePapers(papers, { firmId, newId, day, describe, store }) {
  const folder = await mkdtemp(join(tmpdir(), 'lexiflow-demo-'));
  try {
    const jobs = papers.flatMap((paper) => paper.versions.map((version) => async () => {
      const bytes = await version.make(day(version.day));
      const file = { path: join(folder, newId()), size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      await writeFile(file.path, bytes);
      const { mediaType, fileName, nameMatches } = await describe({ ...file, head: bytes.subarray(0, 65_536) }, paper.file);
      const object = { firmId, id: newId(), sha256: file.sha256, size: file.size };
      await store(object, file);
      version.stored = { ...object, mediaType, fileName, nameMatches };
    }));
    for (let at = 0; at < jobs.length; at += AT_ONCE) await Promise.all(jobs.slice(at, at + AT_ONCE).map((job) => job()));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The rows of what storePapers stored, written by their authors; the text is taken out by jobs as soon as the server runs. @param {import('./seed.js').Seed} seed */
export async function seedDocuments(seed, papers) {
  await seedFolders(seed, papers);
  const told = papers.map((paper) => ({ ...paper, id: seed.newId(), caseId: seed.id('case', paper.on) }));
  await seed.insertBy('documents', told.map(({ id, caseId, on, folder, title, type, status, author, privilege, tags, metadata, versions: [first] }) => ({
    by: first.by, id, case_id: caseId, folder_id: seed.id('folder', `${on}/${folder}`), title, type, status, author_name: author ?? null, author_id: author ? null : seed.who(first.by),
    document_date: seed.day(seed.workday(first.day)), tags, metadata, privilege, current_version: 0, created_by: seed.who(first.by), ...written(seed, first.day),
  })));
  const versions = [];
  // the first versions of all, then the second: each is numbered as it comes
  for (let round = 0; told.some((paper) => paper.versions.length > round); round++) {
    const rows = told.filter((paper) => paper.versions.length > round).map(({ id, caseId, versions: { [round]: { by, day, comment, stored } } }) => ({
      by, id: seed.newId(), case_id: caseId, document_id: id, object: stored, sha256: stored.sha256, size: stored.size, media_type: stored.mediaType, file_name: stored.fileName,
      name_matches: stored.nameMatches, author_id: seed.who(by), comment: comment ?? null, created_at: written(seed, day).created_at,
    }));
    const objects = await seedObjects(seed, rows.map(({ object }) => object));
    await seed.insertBy('document_versions', rows.map(({ object, ...row }) => ({ ...row, object_id: objects.get(object.sha256) })));
    versions.push(...rows);
  }
  await seed.insert('jobs', versions.map(({ id }) => ({ id: seed.newId(), name: 'documents.extract', payload: { versionId: id }, run_as: null, run_at: new Date().toISOString(), max_attempts: 4, status: 'pending', attempts: 0, ...now() })));
}

/** Folders above folders first. @param {import('./seed.js').Seed} seed */
async function seedFolders(seed, papers) {
  const paths = [...new Set(papers.flatMap(({ on, folder }) => folder.split('/').map((_, i, steps) => `${on}/${steps.slice(0, i + 1).join('/')}`)))];
  const byOf = (path) => papers.find(({ on, folder }) => `${on}/${folder}`.startsWith(path)).versions[0];
  for (const depth of [2, 3]) {
    await seed.insertBy('folders', paths.filter((path) => path.split('/').length === depth).map((path) => {
      const [on] = path.split('/');
      const { by, day } = byOf(path);
      const above = path.slice(0, path.lastIndexOf('/'));
      return { by, id: seed.id('folder', path), case_id: seed.id('case', on), parent_id: above === on ? null : seed.id('folder', above), name: path.slice(above.length + 1), created_by: seed.who(by), ...written(seed, day) };
    }));
  }
}

/** One row for the same bytes, as the service does it. @param {import('./seed.js').Seed} seed @returns {Promise<Map<string, string>>} the object's id by its hash */
async function seedObjects(seed, objects) {
  const unique = [...new Map(objects.map((object) => [object.sha256, object])).values()];
  await seed.client.query(`insert into storage_objects (firm_id, id, sha256, size) select $1, o.id, o.sha256, o.size from jsonb_to_recordset($2::jsonb) o(id uuid, sha256 text, size bigint)
    on conflict (firm_id, sha256) where state = 'stored' do nothing`, [seed.firmId, JSON.stringify(unique)]);
  const { rows } = await seed.client.query(`select id, sha256 from storage_objects where firm_id = $1 and sha256 = any ($2) and state = 'stored'`, [seed.firmId, unique.map(({ sha256 }) => sha256)]);
  return new Map(rows.map(({ id, sha256 }) => [sha256, id]));
}

function written(seed, offset) {
  const at = seed.at(seed.workday(offset), '11:15');
  return { created_at: at, updated_at: at };
}

function now() {
  const at = new Date().toISOString();
  return { created_at: at, updated_at: at };
}
