import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { SendMailJob } from './jobs/send-mail.job.js';
import { Mail } from './mail.service.js';
import { OutboxController } from './outbox.controller.js';

@Module({ imports: [JobsModule], controllers: [OutboxController], providers: [Mail, SendMailJob], exports: [Mail] })
export class MailModule {}
