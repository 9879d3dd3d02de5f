// What is asked of both servers. Each workload names the requests of either side, how an answer is known to be right,
// and the share of the bare server's rate that must be reached (none: for information).

import { makeCases } from './cases.mjs';

const uuidAt = (body) => body.slice(7, 43);

/** Requests over firms in turn, as different people's would arrive. */
const spreadOver = (firms, perFirm, make) =>
  Array.from({ length: perFirm }, (_, n) => firms.map((firm) => make(firm, n))).flat();
const as = (firm, more) => ({ authorization: `Bearer ${firm.token}`, ...more });

export const WORKLOADS = {
  'get-by-id': {
    title: 'GET /v1/users/:id', target: 0.7,
    build: (firms, perFirm) => {
      const ids = new Set(firms.flatMap((firm) => firm.ids));
      const verify = (body) => body.startsWith('{"id":"') && ids.has(uuidAt(body)) && body.endsWith('"}');
      return {
        ours: { requests: spreadOver(firms, perFirm, (firm, n) => ({ method: 'GET', path: `/v1/users/${firm.ids[n]}`, headers: as(firm) })), verify },
        bare: { requests: spreadOver(firms, perFirm, (firm, n) => ({ method: 'GET', path: `/firms/${firm.id}/users/${firm.ids[n]}` })), verify },
      };
    },
  },
  'list-50': {
    title: 'GET /v1/users?limit=50',
    build: (firms) => {
      const verify = (body) => body.startsWith('{"data":[{"id":"') && body.length > 50 * 300;
      return {
        ours: { requests: firms.map((firm) => ({ method: 'GET', path: '/v1/users?limit=50', headers: as(firm) })), verify },
        // the product asks for one row more, to know whether there is a next page
        bare: { requests: firms.map((firm) => ({ method: 'GET', path: `/firms/${firm.id}/users?limit=51` })), verify },
      };
    },
  },
  me: {
    title: 'GET /v1/me',
    build: (firms) => {
      const admins = new Set(firms.map((firm) => firm.adminId));
      const verify = (body) => admins.has(uuidAt(body)) && body.includes('"unreadNotifications":0');
      return {
        ours: { requests: firms.map((firm) => ({ method: 'GET', path: '/v1/me', headers: as(firm) })), verify },
        bare: { requests: firms.map((firm) => ({ method: 'GET', path: `/firms/${firm.id}/me/${firm.adminId}` })), verify },
      };
    },
  },
  'cases-list': {
    title: 'GET /v1/cases?limit=50&expand=client,members,nextDeadline, pages 1 to 1,000', target: 0.7, prepare: prepareCases,
    build: ([firm]) => {
      const verify = (body) => body.startsWith('{"data":[{"id":"') && body.length > 50 * 1000;
      const path = '/v1/cases?limit=50&expand=client,members,nextDeadline';
      return {
        ours: { requests: firm.places.map(({ cursor }) => ({ method: 'GET', path: path + (cursor ? `&cursor=${cursor}` : ''), headers: as(firm) })), verify },
        bare: { requests: firm.places.map(({ key, id }) => ({ method: 'GET', path: `/firms/${firm.id}/cases?limit=51${key ? `&key=${key}&id=${id}` : ''}` })), verify },
      };
    },
  },
  write: {
    title: 'PATCH /v1/users/:id',
    build: (firms, perFirm) => {
      const verify = (body) => body.startsWith('{"id":"') && body.includes('"title":"Counsel ');
      const body = (n, lap) => JSON.stringify({ title: `Counsel ${n % 7}.${lap}` });
      // two laps over the same people with different titles, so that every update changes something
      const laps = (make) => [0, 1].flatMap((lap) => spreadOver(firms, perFirm, (firm, n) => make(firm, n, lap)));
      return {
        ours: {
          requests: laps((firm, n, lap) => ({
            method: 'PATCH', path: `/v1/users/${firm.ids[n]}`, headers: as(firm, { 'content-type': 'application/json', 'if-match': '*' }), body: body(n, lap),
          })), verify,
        },
        bare: {
          requests: laps((firm, n, lap) => ({
            method: 'PATCH', path: `/firms/${firm.id}/users/${firm.ids[n]}`, headers: { 'content-type': 'application/json' }, body: body(n, lap),
          })), verify,
        },
      };
    },
  },
};

/** 200,000 cases in the first firm, and where pages 1, 101, 201 ... 1,000 of its list begin. Says what the first and the last cost. */
async function prepareCases({ firms: [firm], ours, owner, say, smoke }) {
  const count = smoke ? 2000 : 200_000;
  say(`making ${count.toLocaleString('en-US')} cases`);
  await makeCases(owner, firm, count);
  const last = smoke ? 20 : 1000;
  const path = '/v1/cases?limit=50&expand=client,members,nextDeadline';
  const times = [];
  firm.places = [{}];
  let cursor;
  for (let page = 1; page <= last; page++) {
    const began = performance.now();
    const response = await fetch(`${ours.url}${path}${cursor ? `&cursor=${cursor}` : ''}`, { headers: as(firm) });
    const { nextCursor } = await response.json();
    times.push(performance.now() - began);
    if (!nextCursor) throw new Error(`page ${page} has no next one: ${response.status}`);
    cursor = nextCursor;
    if (page % (last / 10) === 0 && page < last || page === last - 1) {
      const [, key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      firm.places.push({ cursor, key, id });
    }
  }
  const median = (some) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)].toFixed(1);
  say(`  one by one: first tenth of ${last} pages ${median(times.slice(0, last / 10))} ms each, last tenth ${median(times.slice(-last / 10))} ms`);
}

/** Both servers give the same rows: every path once, compared member by member. */
export async function assertSameAnswers(name, ours, bare) {
  for (let i = 0; i < ours.requests.length; i++) {
    const [mine, theirs] = await Promise.all([[ours, ours.requests[i]], [bare, bare.requests[i]]].map(async ([side, request]) => {
      const response = await fetch(side.url + request.path, { method: request.method, headers: request.headers, body: request.body });
      if (response.status !== 200) throw new Error(`${name}: ${side.name} answers ${response.status} to ${request.method} ${request.path}: ${await response.text()}`);
      return response.json();
    }));
    const fault = difference(theirs, mine, request(ours, i));
    if (fault) throw new Error(`${name}: the answers differ: ${fault}`);
  }
}
const request = (side, i) => `${side.requests[i].method} ${side.requests[i].path}`;

/** Every member the bare answer has, ours has too; instants are written alike or mean the same; writes move versions. */
function difference(bare, ours, path) {
  if (Array.isArray(bare)) {
    const shorter = Math.min(bare.length, ours?.length ?? 0);
    if (shorter < bare.length - 1) return `${path} has ${ours?.length} rows, not ${bare.length}`;
    return bare.slice(0, shorter).map((row, i) => difference(row, ours[i], `${path}/${i}`)).find(Boolean);
  }
  if (typeof bare === 'object' && bare !== null) {
    return Object.keys(bare).map((key) => (key === 'version' || key === 'updatedAt' ? undefined : difference(bare[key], ours?.[key], `${path}/${key}`))).find(Boolean);
  }
  const instants = typeof bare === 'string' && typeof ours === 'string' && /^\d{4}-\d\d-\d\dT/.test(bare) && new Date(bare).getTime() === new Date(ours).getTime();
  return bare === ours || instants ? undefined : `${path} is ${JSON.stringify(ours)}, not ${JSON.stringify(bare)}`;
}
