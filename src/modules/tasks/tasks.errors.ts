import { problem } from '../../common/errors/problem.js';

export const ticketRefused = problem(401, 'ticket_refused', 'This ticket was used, has expired, or is for another task');
export const tooManyStreams = problem(429, 'too_many_streams', 'Too many streams are open');
