export const PING = `select 1 as up`;
export const JOB_STATS = `select name, status, jobs, oldest_seconds as oldest from doors.job_stats()`;
