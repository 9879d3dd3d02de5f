import { Module } from '@nestjs/common';
import { VersionsModule } from '../versions/versions.module.js';
import { CompareController } from './compare.controller.js';
import { Compare } from './compare.service.js';
import { Comparer } from './comparer.js';

/** What changed between two versions. */
@Module({ imports: [VersionsModule], controllers: [CompareController], providers: [Compare, Comparer] })
export class CompareModule {}
