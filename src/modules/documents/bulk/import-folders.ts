import { newId } from '../../../common/ids.js';
import type { Database } from '../../../database/database.js';
import * as sql from './import.queries.js';

/** In a transaction of the importing user: the folder that these steps lead to, made as far as it is not there. */
export async function folderAt(database: Database, caseId: string, start: string | undefined, steps: readonly string[]): Promise<string | undefined> {
  let parent = start;
  for (const name of steps) {
    const place = [caseId, parent ?? null, name];
    parent = (await database.first<{ id: string }>(sql.FIND_FOLDER, place))?.id
      ?? (await database.first<{ id: string }>(sql.INSERT_FOLDER, [database.firmId, newId(), ...place, database.userId]))?.id
      ?? (await database.first<{ id: string }>(sql.FIND_FOLDER, place))!.id; // somebody else made it in this very moment
  }
  return parent;
}
