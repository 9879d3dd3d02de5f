import type { Filter, ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';

const COLUMNS = `r.id, r.kind, json_build_object('id', f.id, 'kind', f.kind, 'name', f.name) as "from", json_build_object('id', t.id, 'kind', t.kind, 'name', t.name) as "to",
  r.since, r.until, r.note, r.version, r.created_at as "createdAt", r.updated_at as "updatedAt"`;
const FROM = `contact_relations r join contacts f on f.firm_id = r.firm_id and f.id = r.from_contact_id join contacts t on t.firm_id = r.firm_id and t.id = r.to_contact_id`;

/** A relation of this contact ($2), whichever end it is. */
export const RELATION = `select ${COLUMNS} from ${FROM} where r.id = $1 and $2 in (r.from_contact_id, r.to_contact_id)`;
export const LOCK_RELATION = `select r.id from contact_relations r where r.id = $1 and $2 in (r.from_contact_id, r.to_contact_id) for update`;

export const RELATION_LIST: ListSpec = {
  select: COLUMNS,
  from: FROM,
  id: { column: 'r.id', type: 'uuid' },
  sorts: { createdAt: { column: 'r.created_at', type: 'timestamptz' }, updatedAt: { column: 'r.updated_at', type: 'timestamptz' } },
  defaultSort: 'createdAt',
  updatedColumn: 'r.updated_at',
};
export const relationFilters = (contactId: string, query: { kind?: string; direction?: string }): (Filter | false)[] => [
  query.direction === undefined && ['r.id = any (array(select x.id from contact_relations x where x.from_contact_id = $ union select x.id from contact_relations x where x.to_contact_id = $))', contactId],
  query.direction === 'outgoing' && ['r.from_contact_id = $', contactId],
  query.direction === 'incoming' && ['r.to_contact_id = $', contactId],
  query.kind !== undefined && ['r.kind = $', query.kind],
];

export const INSERT_RELATION = `insert into contact_relations (firm_id, id, from_contact_id, to_contact_id, kind, since, until, note) values ($1, $2, $3, $4, $5, $6, $7, $8)`;
export const DELETE_RELATION = 'delete from contact_relations where id = $1';

const RELATION_ROW: Changeable = { table: 'contact_relations', columns: { kind: 'kind', since: 'since', until: 'until', note: 'note' } };

/** An update of just the given members; undefined when there are none. */
export const updateRelation = (id: string, changes: object): Statement | undefined => updateOf(RELATION_ROW, [id], changes);

/**
 * The contacts around one ($1), up to so many relations away ($2), at most so many ($3). The policies keep it from
 * contacts the caller may not see, so it does not pass through them either.
 *
 * Each level is a set, so circles end at the depth at the latest. A contact comes again on every level, seven at most,
 * and the walk is lazy: seven times as many rows as wanted hold enough contacts, however many there are. (offset 0 keeps
 * the planner from reading all relations of the firm into a hash table.)
 */
export const NETWORK = `
  with recursive walk (id, depth) as (
    select c.id, 0 from contacts c where c.id = $1
    union
    select n.id, w.depth + 1 from walk w cross join lateral (
      select r.to_contact_id as id from contact_relations r where r.from_contact_id = w.id
      union all select r.from_contact_id from contact_relations r where r.to_contact_id = w.id offset 0) n
    where w.depth < $2::int
  ),
  reached as materialized (select s.id, min(s.depth) as depth from (select w.id, w.depth from walk w limit 7 * ($3::int + 1)) s group by s.id order by min(s.depth), s.id limit $3::int + 1),
  nodes as materialized (select id, depth from reached order by depth, id limit $3::int),
  edges as materialized (
    select r.id, r.from_contact_id as "from", r.to_contact_id as "to", r.kind, r.since, r.until
    from nodes n cross join lateral (select * from contact_relations x where x.from_contact_id = n.id and x.to_contact_id = any (array(select id from nodes)) offset 0) r
    limit 10 * $3::int + 1)
  select (select json_agg(json_build_object('id', c.id, 'kind', c.kind, 'name', c.name, 'depth', n.depth,
        'clientId', (select k.id from clients k where k.firm_id = c.firm_id and k.contact_id = c.id)) order by n.depth, c.sort_name, c.id)
      from nodes n join contacts c on c.id = n.id) as nodes,
    (select coalesce(json_agg(e order by e.id), '[]') from (select * from edges limit 10 * $3::int) e) as edges,
    (select count(*) from reached) > $3::int or (select count(*) from edges) > 10 * $3::int as truncated`;
