import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { UsersController } from './users.controller.js';
import { Users } from './users.service.js';

@Module({ imports: [JobsModule], controllers: [UsersController], providers: [Users], exports: [Users] })
export class UsersModule {}
