import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { CaseEventsController } from './case-events.controller.js';
import { CaseEvents } from './case-events.service.js';
import { CaseNotesController } from './case-notes.controller.js';
import { CaseNotes } from './case-notes.service.js';
import { CasePeople } from './case-people.service.js';
import { CaseTasksController } from './case-tasks.controller.js';
import { CaseTasks } from './case-tasks.service.js';
import { RemindJob } from './jobs/remind.job.js';
import { Reminders } from './reminders.service.js';
import { TimelineController } from './timeline.controller.js';
import { Timeline } from './timeline.service.js';

@Module({
  imports: [CasesModule, JobsModule, NotificationsModule],
  controllers: [CaseNotesController, CaseTasksController, CaseEventsController, TimelineController],
  providers: [CasePeople, CaseNotes, CaseTasks, CaseEvents, Reminders, RemindJob, Timeline],
})
export class CaseworkModule {}
