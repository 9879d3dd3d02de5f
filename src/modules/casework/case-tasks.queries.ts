import { containing, type Filter, type ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';
import { caseOf, personOf } from './casework.queries.js';

const COLUMNS = `t.id, t.case_id as "caseId", ${caseOf('t')}, t.title, t.description, ${personOf('t', 'assignee_id', 'assignee')}, t.due_on as "dueOn", t.priority, t.status, t.position,
  (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'title', i.title, 'done', i.done) order by i.position, i.id), '[]')
    from case_task_items i where i.firm_id = t.firm_id and i.task_id = t.id) as items,
  t.completed_at as "completedAt", ${personOf('t', 'completed_by', 'completedBy')}, ${personOf('t', 'created_by', 'createdBy')},
  t.version, t.created_at as "createdAt", t.updated_at as "updatedAt"`;

export const TASK_BY_ID = `select ${COLUMNS} from case_tasks t where t.id = $1`;
export const LOCK_TASK = `${TASK_BY_ID} for update`;
export const DELETE_TASK = `delete from case_tasks where id = $1`;
export const INSERT_TASK = `insert into case_tasks (firm_id, id, case_id, title, description, assignee_id, due_on, priority, position, created_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

const TASK: Changeable = {
  table: 'case_tasks',
  columns: {
    title: 'title', description: 'description', assigneeId: 'assignee_id', dueOn: 'due_on', priority: 'priority', status: 'status', position: 'position',
    completedAt: 'completed_at', completedBy: 'completed_by',
  },
};

/** An update of just the given members; `touched` counts a change of the checklist as one of the task. */
export const updateTask = (id: string, changes: object, touched: boolean): Statement | undefined => updateOf(TASK, [id], changes, touched);

/** The checklist becomes what is wanted: lines go, change and come, in one statement. $1 firm, $2 case, $3 task, $4 the lines. */
export const WRITE_ITEMS = `with wanted as (select w.* from jsonb_to_recordset($4::jsonb) w(id uuid, title text, done boolean, position int)),
  gone as (delete from case_task_items i where i.task_id = $3 and i.id not in (select w.id from wanted w)),
  changed as (update case_task_items i set title = w.title, done = w.done, position = w.position from wanted w
    where i.task_id = $3 and i.id = w.id and (i.title, i.done, i.position) is distinct from (w.title, w.done, w.position))
  insert into case_task_items (firm_id, id, case_id, task_id, title, done, position)
    select $1, w.id, $2, $3, w.title, w.done, w.position from wanted w where not exists (select from case_task_items i where i.task_id = $3 and i.id = w.id)`;

const DUE = `coalesce(t.due_on, date '9999-12-31')`; // as in the indexes: what is not due comes last

export const TASK_LIST: ListSpec = {
  select: COLUMNS,
  from: 'case_tasks t',
  id: { column: 't.id', type: 'uuid' },
  sorts: {
    dueOn: { column: DUE, type: 'date' },
    priority: { column: `array_position('{low,normal,high,urgent}'::text[], t.priority)`, type: 'int' },
    position: { column: 't.position', type: 'int' },
    updatedAt: { column: 't.updated_at', type: 'timestamptz' },
  },
  defaultSort: 'dueOn',
  updatedColumn: 't.updated_at',
};
export const TASKS_OF_CASE: ListSpec = { ...TASK_LIST, defaultSort: 'position' };

interface TaskFilter {
  caseId?: string; assigneeId?: string; mine?: boolean; status?: readonly string[]; priority?: readonly string[]; dueFrom?: string; dueTo?: string; q?: string;
}

export const taskFilters = (me: string, query: TaskFilter): (Filter | false)[] => [
  query.caseId !== undefined && ['t.case_id = $::uuid', query.caseId],
  query.assigneeId !== undefined && ['t.assignee_id = $::uuid', query.assigneeId],
  query.mine !== undefined && [query.mine ? 't.assignee_id = $::uuid' : 't.assignee_id is distinct from $::uuid', me],
  query.status !== undefined && ['t.status = any ($::text[])', query.status],
  query.priority !== undefined && ['t.priority = any ($::text[])', query.priority],
  query.dueFrom !== undefined && [`t.due_on is not null and ${DUE} >= $::date`, query.dueFrom],
  query.dueTo !== undefined && [`t.due_on is not null and ${DUE} <= $::date`, query.dueTo],
  query.q !== undefined && [containing('t.title'), query.q],
];
