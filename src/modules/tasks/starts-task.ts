import { Op, type OperationOptions } from '../../common/http/operation.js';
import { TaskDto } from './tasks.dto.js';

/** A route that only starts something: 202 with the task, whose address is in Location. Honours Idempotency-Key. */
export const StartsTask = (options: Omit<OperationOptions, 'status' | 'returns' | 'creates'>): MethodDecorator =>
  Op({ ...options, status: 202, returns: TaskDto, creates: 'tasks', location: '/v1/tasks' });
