import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Pipeline } from './common/http/pipeline.js';
import { LOGGER, type Logger } from './common/logging/logger.js';
import { Environment } from './config/environment.js';
import { DatabaseModule } from './database/database.module.js';
import type { Engine } from './database/engine.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { CasesModule } from './modules/cases/cases.module.js';
import { CaseworkModule } from './modules/casework/casework.module.js';
import { ConflictsModule } from './modules/conflicts/conflicts.module.js';
import { ClientsModule } from './modules/clients/clients.module.js';
import { BulkModule } from './modules/documents/bulk/bulk.module.js';
import { CheckoutsModule } from './modules/documents/checkouts/checkouts.module.js';
import { CompareModule } from './modules/documents/compare/compare.module.js';
import { DocumentsModule } from './modules/documents/documents.module.js';
import { ExtractionModule } from './modules/documents/extraction/extraction.module.js';
import { HoldsModule } from './modules/documents/holds/holds.module.js';
import { VersionsModule } from './modules/documents/versions/versions.module.js';
import { FirmsModule } from './modules/firms/firms.module.js';
import { HealthModule } from './modules/health/health.module.js';
import { JobsModule } from './modules/jobs/jobs.module.js';
import { MailModule } from './modules/mail/mail.module.js';
import { NotificationsModule } from './modules/notifications/notifications.module.js';
import { ReferenceModule } from './modules/reference/reference.module.js';
import { SearchModule } from './modules/search/search.module.js';
import { StorageModule } from './modules/storage/storage.module.js';
import { TasksModule } from './modules/tasks/tasks.module.js';
import { UsersModule } from './modules/users/users.module.js';

/** What the process was started with, injectable everywhere. */
@Module({})
class SurroundingsModule {
  static of(environment: Environment, logger: Logger): DynamicModule {
    return {
      module: SurroundingsModule,
      global: true,
      providers: [{ provide: Environment, useValue: environment }, { provide: LOGGER, useValue: logger }],
      exports: [Environment, LOGGER],
    };
  }
}

/** Modules in the order in which they may depend on each other: leftwards only (scripts/check-imports.mjs). */
@Module({})
export class AppModule {
  static with(environment: Environment, engine: Engine, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SurroundingsModule.of(environment, logger), DiscoveryModule, DatabaseModule.forRoot(environment, engine),
        FirmsModule, UsersModule, AuthModule, ClientsModule, ConflictsModule, CasesModule, CaseworkModule, DocumentsModule, VersionsModule, HoldsModule, CheckoutsModule, BulkModule, ExtractionModule, CompareModule, SearchModule, ReferenceModule,
        AuditModule, JobsModule, TasksModule, NotificationsModule, MailModule, StorageModule, HealthModule,
      ],
      providers: [Pipeline],
    };
  }
}
