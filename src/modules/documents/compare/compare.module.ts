import { Module } from '@nestjs/common';
import { CompareController } from './compare.controller.js';
import { Compare } from './compare.service.js';
import { Comparer } from './comparer.js';

/** What changed between two versions. */
@Module({ controllers: [CompareController], providers: [Compare, Comparer] })
export class CompareModule {}
