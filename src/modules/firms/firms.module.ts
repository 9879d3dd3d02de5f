import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { FirmsController } from './firms.controller.js';
import { Firms } from './firms.service.js';

@Module({ imports: [TasksModule], controllers: [FirmsController], providers: [Firms], exports: [Firms] })
export class FirmsModule {}
