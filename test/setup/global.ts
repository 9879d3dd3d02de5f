import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One data folder for the run: the embedded database, or (on a server) the generated keys. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'lexiflow-test-'));
  process.env['TEST_DATA_DIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
