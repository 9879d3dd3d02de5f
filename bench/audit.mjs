// What the audit trail costs: 16 writers of one firm, with its trigger and without, over HTTP as people write, and for
// information through the product's own transactions alone.
import pg from 'pg';
import { TransactionUnit, runInUnit } from '../dist/database/unit-of-work.js';
import { LOCK_USER, updateUser } from '../dist/modules/users/users.queries.js';
import { compare, spread } from './load.mjs';
import { WORKLOADS } from './workloads.mjs';

const WRITERS = 16;

/** PATCH /v1/users/:id by 16 clients of one firm; "bare" is the same server without the trigger. */
export async function compareAudit(ours, switchUrl, firm, { perFirm, ...each }) {
  const owner = new pg.Client({ connectionString: switchUrl });
  await owner.connect();
  const before = await deadlocks(owner);
  const side = { ...ours, ...WORKLOADS.write.build([firm], perFirm).ours };
  try {
    const result = await compare({ ...side, before: () => switchTrail(owner, true) }, { ...side, before: () => switchTrail(owner, false) }, each);
    return { ...result, deadlocks: (await deadlocks(owner)) - before };
  } finally {
    await switchTrail(owner, true);
    await owner.end();
  }
}

const switchTrail = (owner, on) => owner.query(`alter table users ${on ? 'enable' : 'disable'} trigger users_audit`);

/** One transaction per write: lock, update, commit, as PATCH /v1/users/:id does it, without HTTP around it. */
export async function compareTransactions(serving, switchUrl, firm, { rounds, seconds, warmup, onRound = () => {} }) {
  const pool = new pg.Pool({ ...serving, max: WRITERS });
  const settings = {
    source: { acquire: () => pool.connect(), release: (client) => client.release(), destroy: async (client) => client.release(true) },
    appRole: 'lexiflow_app',
    stepDown: false,
    limits: { statementMs: 15_000, lockMs: 5_000, idleMs: 30_000 },
  };
  const actor = { kind: 'system', firmId: firm.id };
  const owner = new pg.Client({ connectionString: switchUrl });
  await owner.connect();
  const deadlocksBefore = await deadlocks(owner);

  const write = async (id, title) => {
    const unit = new TransactionUnit(actor, settings, { requestId: 'bench', address: '127.0.0.1' });
    await runInUnit(unit, async () => {
      await unit.run([{ text: LOCK_USER, values: [id] }]);
      await unit.run([updateUser(id, { title })]);
    });
    await unit.commit();
  };
  const round = async (forSeconds) => {
    const until = performance.now() + forSeconds * 1000;
    const startedAt = performance.now();
    let done = 0;
    await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; performance.now() < until; n++) {
        await write(firm.ids[(writer * 7 + (n % 7) * 113) % firm.ids.length], `Counsel ${writer}.${n}`);
        done++;
      }
    }));
    return done / ((performance.now() - startedAt) / 1000);
  };
  const audited = async (on) => {
    await switchTrail(owner, on);
    return round(seconds);
  };
  try {
    await round(warmup);
    const withTrail = [];
    const without = [];
    for (let i = 0; i < rounds; i++) {
      for (const on of i % 2 === 0 ? [true, false] : [false, true]) (on ? withTrail : without).push(await audited(on));
      onRound({ ours: { rps: withTrail.at(-1) }, bare: { rps: without.at(-1) } });
    }
    return {
      ours: { rps: spread(withTrail) },
      bare: { rps: spread(without) },
      ratios: withTrail.map((rate, i) => rate / without[i]),
      deadlocks: (await deadlocks(owner)) - deadlocksBefore,
    };
  } finally {
    await switchTrail(owner, true);
    await owner.end();
    await pool.end();
  }
}

async function deadlocks(client) {
  await new Promise((resolve) => setTimeout(resolve, 1_100)); // backends report their counters once a second
  await client.query('select pg_stat_clear_snapshot()');
  const { rows } = await client.query('select deadlocks::int as count from pg_stat_database where datname = current_database()');
  return rows[0].count;
}

