// The two servers on one database, and the people in it.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeFirms, signInAll } from './firms.mjs';
import { freePort, startNode } from './processes.mjs';
import { root } from './root.mjs';

/** LexiFlow as in production (it migrates the database first), then the firms, then the bare server. */
export async function startServers(postgres, options, folder, say) {
  const { PATH, HOME } = process.env;
  const common = { PATH, ...(HOME && { HOME }), NODE_ENV: 'production' };
  const loginPassword = randomBytes(24).toString('hex');

  say('starting LexiFlow');
  const ourPort = await freePort();
  const ourUrl = `http://127.0.0.1:${ourPort}`;
  const logFile = join(folder, 'lexiflow.log');
  const lexiflow = await startNode('LexiFlow', join(root, 'dist', 'main.js'), {
    url: `${ourUrl}/health/ready`, logFile, nodeArgs: options.nodeArgs,
    env: {
      ...common, PORT: String(ourPort), DATA_DIR: join(folder, 'data'), DATABASE_URL: postgres.owner, APP_DB_PASSWORD: loginPassword,
      DATABASE_POOL_MAX: String(options.poolSize), LOG_LEVEL: 'info', RATE_LIMIT_PER_MINUTE: '0', ACCESS_TOKEN_MINUTES: '120',
    },
  });

  say(`making ${options.firms} firms of ${options.people} people`);
  const firms = await makeFirms(postgres.owner, { count: options.firms, people: options.people });
  await signInAll(ourUrl, firms);

  say('starting the bare server');
  const barePort = await freePort();
  const bareUrl = `http://127.0.0.1:${barePort}`;
  const bare = await startNode('the bare server', join(root, 'bench', 'bare-server.mjs'), {
    url: `${bareUrl}/firms/${firms[0].id}/users/${firms[0].ids[0]}`, logFile: join(folder, 'bare.log'),
    env: {
      ...common, PORT: String(barePort), BARE_POOL_MAX: String(options.poolSize), BARE_DATABASE_URL: postgres.superuser ?? postgres.owner,
      ...(!postgres.superuser && { BARE_DATABASE_OPTIONS: '-c role=lexiflow_engine' }),
    },
  });

  const owner = new URL(postgres.owner);
  return {
    firms, logFile,
    ours: { name: 'LexiFlow', url: ourUrl, pid: lexiflow.pid, child: lexiflow },
    bare: { name: 'bare', url: bareUrl, pid: bare.pid, child: bare },
    /** As the product connects to serve requests. */
    serving: { host: owner.hostname, port: Number(owner.port || 5432), database: decodeURIComponent(owner.pathname.slice(1)), user: 'lexiflow_login', password: loginPassword },
  };
}
