import { Module } from '@nestjs/common';
import { CaseStepsController } from './case-steps.controller.js';
import { CaseStanding } from './case-standing.service.js';
import { CasesController } from './cases.controller.js';
import { Cases } from './cases.service.js';
import { CloseCaseCommand } from './commands/close-case.command.js';
import { CreateCaseCommand } from './commands/create-case.command.js';
import { MoveCaseCommand } from './commands/move-case.command.js';
import { MembersController } from './members.controller.js';
import { Members } from './members.service.js';
import { PartiesController } from './parties.controller.js';
import { Parties } from './parties.service.js';
import { WallsController } from './walls.controller.js';
import { Walls } from './walls.service.js';

@Module({
  controllers: [CasesController, CaseStepsController, MembersController, PartiesController, WallsController],
  providers: [CaseStanding, Cases, Members, Parties, CreateCaseCommand, MoveCaseCommand, CloseCaseCommand, Walls],
  exports: [CaseStanding, Cases],
})
export class CasesModule {}
