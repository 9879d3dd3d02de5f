import { problem } from '../errors/problem.js';

export const unknownTimeZone = problem(422, 'unknown_time_zone', 'There is no such time zone');

/**
 * Whether this is a name of the IANA time zone database, as this runtime knows it. The runtime is asked for the zone, not
 * for its list: that one has each zone under one name only, and often the old one (Asia/Calcutta, but not Asia/Kolkata).
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+-]*(\/[\w+-]+)*$/.test(name)) return false; // an offset such as +01:00 is no zone
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Refuses the `timeZone` of a body that no clock knows; absent or null is fine. */
export function assertTimeZone(name: string | null | undefined): void {
  if (!name || isTimeZone(name)) return;
  throw unknownTimeZone({ errors: [{ pointer: '/timeZone', code: 'unknown_time_zone', message: `"${name}" is not an IANA time zone such as America/New_York` }] });
}
