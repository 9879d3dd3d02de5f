import type { Environment } from './config/environment.js';
import type { Engine } from './database/engine.js';
import type { SeedSummary } from './seeding.js';
import { VERSION } from './version.js';

interface Arrival {
  environment: Environment;
  engine: Engine;
  url: string;
  seeded: SeedSummary | undefined;
  readyMs: number;
}

/** What somebody who has just typed `npm start` wants to know. */
export function welcome({ environment, engine, url, seeded, readyMs }: Arrival): void {
  const where = engine.kind === 'embedded' ? `embedded PostgreSQL in ${environment.DATA_DIR}/` : `PostgreSQL at ${engine.serving.host}:${engine.serving.port}/${engine.serving.database}`;
  const lines = [
    '',
    `LexiFlow ${VERSION} is ready after ${(readyMs / 1000).toFixed(1)} s on ${url}`,
    `  database   ${where}, serving as role ${engine.kind === 'embedded' ? engine.roles.app : engine.serving.user}`,
    `  docs       ${url}/docs`,
    `  contract   ${url}/openapi.json`,
    `  health     ${url}/health/ready`,
  ];
  if (engine.kind === 'embedded' && environment.SEED_DEMO && !environment.production) {
    const demo = seeded ?? DEMO;
    lines.push('', `Demo logins (password ${demo.password}):`);
    for (const firm of demo.firms) lines.push(`  ${firm.name}: ${firm.logins.join(', ')}`);
    lines.push('', 'Try:', `  TOKEN=$(curl -s ${url}/v1/auth/login -H 'content-type: application/json' \\`,
      `    -d '{"email":"${demo.firms[0]!.logins[1]}","password":"${demo.password}"}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
      `  curl -s '${url}/v1/cases?status=open&limit=3&expand=client,nextDeadline' -H "Authorization: Bearer $TOKEN"`);
  } else if (engine.kind === 'server' && engine.fresh) {
    lines.push('', 'The database is new. Make a firm:', `  npm run firm:create -- --name "Your Firm" --admin-email you@example.com`);
  }
  if (environment.METRICS_TOKEN === undefined && environment.HOST !== '127.0.0.1') lines.push('', 'Note: /metrics is open to whoever reaches this port; METRICS_TOKEN closes it.');
  process.stdout.write(`${lines.join('\n')}\n\n`);
}

/** The demo of an installation that was seeded at an earlier start. */
const DEMO: SeedSummary = {
  password: 'lexiflow-demo',
  firms: [
    { name: 'Harbor & Finch LLP', slug: 'harbor-finch', logins: ['admin', 'partner', 'associate', 'paralegal', 'billing', 'readonly'].map((name) => `${name}@harborfinch.example`) },
    { name: 'Northgate Law', slug: 'northgate', logins: ['admin@northgate.example'] },
  ],
};
