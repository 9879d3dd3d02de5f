import { ApiKey } from './api-key.model.js';
import { AuditEvent } from './audit-event.model.js';
import { AuditSeal } from './audit-seal.model.js';
import { Email } from './email.model.js';
import { FirmLogo } from './firm-logo.model.js';
import { Firm } from './firm.model.js';
import { IdempotencyKey } from './idempotency-key.model.js';
import { Job } from './job.model.js';
import { Notification } from './notification.model.js';
import { RefreshToken } from './refresh-token.model.js';
import { Session } from './session.model.js';
import { TaskTicket } from './task-ticket.model.js';
import { Task } from './task.model.js';
import { UserLink } from './user-link.model.js';
import { UserPassword } from './user-password.model.js';
import { User } from './user.model.js';
import { UtbmsCode } from './utbms-code.model.js';

export * from './api-key.model.js';
export * from './audit-event.model.js';
export * from './audit-seal.model.js';
export * from './email.model.js';
export * from './firm-logo.model.js';
export * from './firm.model.js';
export * from './idempotency-key.model.js';
export * from './job.model.js';
export * from './notification.model.js';
export * from './refresh-token.model.js';
export type { Rel } from './rel.js';
export * from './session.model.js';
export * from './task-ticket.model.js';
export * from './task.model.js';
export * from './user-link.model.js';
export * from './user-password.model.js';
export * from './user.model.js';
export * from './utbms-code.model.js';

/** Every model, for SequelizeModule. login_failures has none: only doors may touch that table. */
export const models = [
  Firm, FirmLogo, User, UserPassword, Session, RefreshToken, ApiKey, UserLink,
  Job, Task, TaskTicket, Notification, Email, IdempotencyKey,
  AuditEvent, AuditSeal, UtbmsCode,
];
