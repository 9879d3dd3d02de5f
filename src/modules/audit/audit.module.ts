import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { AuditController } from './audit.controller.js';
import { VerifyJob } from './jobs/verify.job.js';

@Module({ imports: [TasksModule], controllers: [AuditController], providers: [VerifyJob] })
export class AuditModule {}
