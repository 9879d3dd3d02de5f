import { Module } from '@nestjs/common';
import { NotificationsModule } from '../../notifications/notifications.module.js';
import { CheckInController, CheckoutsController } from './checkouts.controller.js';
import { Checkouts } from './checkouts.service.js';

@Module({ imports: [NotificationsModule], controllers: [CheckoutsController, CheckInController], providers: [Checkouts], exports: [Checkouts] })
export class CheckoutsModule {}
