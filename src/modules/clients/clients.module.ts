import { Module } from '@nestjs/common';
import { ClientsController } from './clients.controller.js';
import { Clients } from './clients.service.js';
import { ContactsController } from './contacts.controller.js';
import { Contacts } from './contacts.service.js';
import { RelationsController } from './relations.controller.js';
import { Relations } from './relations.service.js';

/** Persons and companies, how they stand to each other, and which of them are clients. */
@Module({ controllers: [ClientsController, ContactsController, RelationsController], providers: [Clients, Contacts, Relations], exports: [Clients, Contacts] })
export class ClientsModule {}
