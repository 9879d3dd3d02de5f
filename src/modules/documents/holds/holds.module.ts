import { Module } from '@nestjs/common';
import { HoldsController } from './holds.controller.js';
import { Holds } from './holds.service.js';

@Module({ controllers: [HoldsController], providers: [Holds], exports: [Holds] })
export class HoldsModule {}
