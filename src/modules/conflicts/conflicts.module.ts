import { Module } from '@nestjs/common';
import { ConflictsController } from './conflicts.controller.js';
import { Conflicts } from './conflicts.service.js';

/** Who of all the people and companies a firm ever met stands in the way of a new case. */
@Module({ controllers: [ConflictsController], providers: [Conflicts] })
export class ConflictsModule {}
