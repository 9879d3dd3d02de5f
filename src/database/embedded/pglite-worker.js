// The embedded PostgreSQL, in a thread of its own so that a long statement does not freeze the HTTP server.
// Plain JavaScript, because a worker is loaded by Node itself, in tests as well as in the built product.
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { fuzzystrmatch } from '@electric-sql/pglite/contrib/fuzzystrmatch';
import { pg_stat_statements } from '@electric-sql/pglite/contrib/pg_stat_statements';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { vector } from '@electric-sql/pglite-pgvector';
import { parentPort, workerData } from 'node:worker_threads';

const extensions = { vector, pg_trgm, unaccent, btree_gist, fuzzystrmatch, pg_stat_statements };

/** @type {import('@electric-sql/pglite').PGlite} */
let database;
let turn = Promise.resolve();

/** One message at a time: the engine is a single session. @param {() => Promise<void>} work */
function inTurn(work) {
  turn = turn.then(work, work);
}

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
port.on('message', (message) => {
  inTurn(async () => {
    if (message.kind === 'wire') {
      const answer = await database.execProtocolRaw(message.bytes);
      const bytes = answer.byteOffset === 0 && answer.byteLength === answer.buffer.byteLength ? answer : answer.slice();
      port.postMessage({ kind: 'wire', stream: message.stream, bytes }, [bytes.buffer]);
    } else if (message.kind === 'reset') {
      // The next client thinks it has a session of its own; what the last one left behind must go first.
      await database.exec('ROLLBACK').catch(() => undefined);
      await database.exec('DISCARD ALL').catch(() => undefined);
    } else if (message.kind === 'close') {
      await database.close();
      port.postMessage({ kind: 'closed' });
      port.close();
    }
  });
});

try {
  database = await PGlite.create({ dataDir: workerData.dataDir, extensions, relaxedDurability: false });
  port.postMessage({ kind: 'ready' });
} catch (error) {
  port.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
}
