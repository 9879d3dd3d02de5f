import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { TaskStreams } from './task-streams.js';
import { TasksController } from './tasks.controller.js';
import { Tasks } from './tasks.service.js';

@Module({ imports: [JobsModule, NotificationsModule], controllers: [TasksController], providers: [Tasks, TaskStreams], exports: [Tasks] })
export class TasksModule {}
