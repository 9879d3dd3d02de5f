import { Module } from '@nestjs/common';
import { WallsController } from './walls.controller.js';
import { Walls } from './walls.service.js';

@Module({ imports: [], controllers: [WallsController], providers: [Walls], exports: [] })
export class CasesModule {}
