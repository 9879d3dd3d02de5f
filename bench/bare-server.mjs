// What LexiFlow is measured against: Fastify and pg doing the same SQL and nothing else. No sign-in, no permission, no
// row-level security (it connects as a role that policies do not reach), no ETag, no security headers, no log line.
import fastify from 'fastify';
import pg from 'pg';
import { CASE_PAGE, CASE_PAGE_AFTER, FIRM_BY_ID, UNREAD_OF, UPDATE_USER, USER_BY_ID, USER_PAGE } from './sql.mjs';

const pool = new pg.Pool({
  connectionString: process.env.BARE_DATABASE_URL,
  options: process.env.BARE_DATABASE_OPTIONS,
  max: Number(process.env.BARE_POOL_MAX),
});
const app = fastify();

app.get('/firms/:firm/users/:id', async (request, reply) => {
  const { firm, id } = request.params;
  const { rows } = await pool.query({ name: 'user_by_id', text: USER_BY_ID, values: [firm, id] });
  return reply.send(rows[0]);
});

app.get('/firms/:firm/users', async (request, reply) => {
  const limit = Number(request.query.limit);
  const { rows } = await pool.query({ name: 'user_page', text: USER_PAGE, values: [request.params.firm, limit] });
  return reply.send({ data: rows });
});

app.get('/firms/:firm/me/:id', async (request, reply) => {
  const { firm, id } = request.params;
  const [users, firms, unread] = await Promise.all([
    pool.query({ name: 'user_by_id', text: USER_BY_ID, values: [firm, id] }),
    pool.query({ name: 'firm_by_id', text: FIRM_BY_ID, values: [firm] }),
    pool.query({ name: 'unread_of', text: UNREAD_OF, values: [firm, id] }),
  ]);
  return reply.send({ ...users.rows[0], firm: firms.rows[0], unreadNotifications: unread.rows[0].unread });
});

app.patch('/firms/:firm/users/:id', async (request, reply) => {
  const { firm, id } = request.params;
  const { rows } = await pool.query({ name: 'update_user', text: UPDATE_USER, values: [firm, id, request.body.title] });
  return reply.send(rows[0]);
});

app.get('/firms/:firm/cases', async (request, reply) => {
  const { limit, key, id } = request.query;
  const { rows } = await pool.query(key
    ? { name: 'case_page_after', text: CASE_PAGE_AFTER, values: [request.params.firm, Number(limit), key, id] }
    : { name: 'case_page', text: CASE_PAGE, values: [request.params.firm, Number(limit)] });
  return reply.send({ data: rows });
});

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.on('SIGTERM', () => void app.close().then(() => pool.end()));
