import { ApiKey } from './api-key.model.js';
import { AuditEvent } from './audit-event.model.js';
import { AuditSeal } from './audit-seal.model.js';
import { Case } from './case.model.js';
import { CaseEvent } from './case-event.model.js';
import { CaseEventAttendee } from './case-event-attendee.model.js';
import { CaseEventReminder } from './case-event-reminder.model.js';
import { CaseMember } from './case-member.model.js';
import { CaseNote } from './case-note.model.js';
import { CaseParty } from './case-party.model.js';
import { CaseTask } from './case-task.model.js';
import { CaseTaskItem } from './case-task-item.model.js';
import { CaseWall } from './case-wall.model.js';
import { Client } from './client.model.js';
import { ConflictCheck } from './conflict-check.model.js';
import { ConflictDecision } from './conflict-decision.model.js';
import { ConflictHit } from './conflict-hit.model.js';
import { ConflictSubject } from './conflict-subject.model.js';
import { ConflictTerm } from './conflict-term.model.js';
import { Contact } from './contact.model.js';
import { ContactAddress } from './contact-address.model.js';
import { ContactEmail } from './contact-email.model.js';
import { ContactName } from './contact-name.model.js';
import { ContactPhone } from './contact-phone.model.js';
import { ContactRelation } from './contact-relation.model.js';
import { Document } from './document.model.js';
import { DocumentCheckout } from './document-checkout.model.js';
import { DocumentChunk } from './document-chunk.model.js';
import { DocumentExport } from './document-export.model.js';
import { DocumentImportFile } from './document-import-file.model.js';
import { DocumentText } from './document-text.model.js';
import { DocumentVersion } from './document-version.model.js';
import { Email } from './email.model.js';
import { Firm } from './firm.model.js';
import { FirmLogo } from './firm-logo.model.js';
import { Folder } from './folder.model.js';
import { Hold } from './hold.model.js';
import { IdempotencyKey } from './idempotency-key.model.js';
import { Job } from './job.model.js';
import { Notification } from './notification.model.js';
import { ReferenceCode } from './reference-code.model.js';
import { ReferenceItem } from './reference-item.model.js';
import { RefreshToken } from './refresh-token.model.js';
import { Session } from './session.model.js';
import { StorageObject } from './storage-object.model.js';
import { Task } from './task.model.js';
import { TaskTicket } from './task-ticket.model.js';
import { User } from './user.model.js';
import { UserLink } from './user-link.model.js';
import { UserPassword } from './user-password.model.js';
import { UtbmsCode } from './utbms-code.model.js';

export * from './api-key.model.js';
export * from './audit-event.model.js';
export * from './audit-seal.model.js';
export * from './case-event-attendee.model.js';
export * from './case-event-reminder.model.js';
export * from './case-event.model.js';
export * from './case-member.model.js';
export * from './case-note.model.js';
export * from './case-party.model.js';
export * from './case-task-item.model.js';
export * from './case-task.model.js';
export * from './case-wall.model.js';
export * from './case.model.js';
export * from './client.model.js';
export * from './conflict-check.model.js';
export * from './conflict-decision.model.js';
export * from './conflict-hit.model.js';
export * from './conflict-subject.model.js';
export * from './conflict-term.model.js';
export * from './contact-address.model.js';
export * from './contact-email.model.js';
export * from './contact-name.model.js';
export * from './contact-phone.model.js';
export * from './contact-relation.model.js';
export * from './contact.model.js';
export * from './document-checkout.model.js';
export * from './document-chunk.model.js';
export * from './document-export.model.js';
export * from './document-import-file.model.js';
export * from './document-text.model.js';
export * from './document-version.model.js';
export * from './document.model.js';
export * from './email.model.js';
export * from './firm-logo.model.js';
export * from './firm.model.js';
export * from './folder.model.js';
export * from './hold.model.js';
export * from './idempotency-key.model.js';
export * from './job.model.js';
export * from './notification.model.js';
export * from './reference-code.model.js';
export * from './reference-item.model.js';
export * from './refresh-token.model.js';
export type { Rel } from './rel.js';
export * from './session.model.js';
export * from './storage-object.model.js';
export * from './task-ticket.model.js';
export * from './task.model.js';
export * from './user-link.model.js';
export * from './user-password.model.js';
export * from './user.model.js';
export * from './utbms-code.model.js';

/** Every model, for SequelizeModule. Without one: tables that only doors, triggers and policies read. */
export const models = [
  Firm, FirmLogo, User, UserPassword, Session, RefreshToken, ApiKey, UserLink,
  Job, Task, TaskTicket, Notification, Email, IdempotencyKey,
  Contact, ContactName, ContactEmail, ContactPhone, ContactAddress, ContactRelation, Client,
  Case, CaseMember, CaseParty, CaseWall, CaseNote, CaseTask, CaseTaskItem, CaseEvent, CaseEventAttendee, CaseEventReminder,
  ConflictCheck, ConflictTerm, ConflictHit, ConflictSubject, ConflictDecision,
  Folder, StorageObject, Document, DocumentVersion, DocumentText, DocumentChunk, DocumentCheckout, Hold, DocumentImportFile, DocumentExport,
  ReferenceCode, ReferenceItem,
  AuditEvent, AuditSeal, UtbmsCode,
];
