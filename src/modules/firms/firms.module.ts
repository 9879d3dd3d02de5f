import { Module } from '@nestjs/common';
import { FirmsController } from './firms.controller.js';
import { Firms } from './firms.service.js';

@Module({ controllers: [FirmsController], providers: [Firms], exports: [Firms] })
export class FirmsModule {}
