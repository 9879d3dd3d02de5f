import { Answer, AnswerId, AnswerInstant } from '../../common/validation/fields.js';

/** An e-mail as the development outbox shows it. */
export class OutboxEmailDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) to!: string;
  @Answer({ type: String }) subject!: string;
  @Answer({ type: String, nullable: true, description: 'Null once it was handed to a mail server' }) text!: string | null;
  @Answer({ type: String, enum: ['queued', 'sent', 'logged', 'failed'], description: '`logged`: no SMTP_URL is set, it was written to the log' }) status!: string;
  @AnswerInstant(undefined, true) sentAt!: string | null;
  @AnswerInstant() createdAt!: string;
}
