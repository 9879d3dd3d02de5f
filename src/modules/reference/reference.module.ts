import { Module } from '@nestjs/common';
import { CodeListsController } from './code-lists.controller.js';
import { CodeLists } from './code-lists.service.js';
import { ReferenceController } from './reference.controller.js';

/** What drop-downs are filled with. */
@Module({ controllers: [ReferenceController, CodeListsController], providers: [CodeLists] })
export class ReferenceModule {}
