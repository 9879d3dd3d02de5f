import { Global, Module, type DynamicModule } from '@nestjs/common';
import { SequelizeModule } from '@nestjs/sequelize';
import { Sequelize } from 'sequelize-typescript';
import type { Environment } from '../config/environment.js';
import { models } from '../models/index.js';
import { bindSequelize, Database, sequelizeOptions, SETTINGS } from './database.js';
import type { Engine } from './engine.js';

export const ENGINE = Symbol('engine');

@Global()
@Module({})
export class DatabaseModule {
  static forRoot(environment: Environment, engine: Engine): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [SequelizeModule.forRoot(sequelizeOptions(engine, environment, models))],
      providers: [
        { provide: ENGINE, useValue: engine },
        {
          provide: SETTINGS,
          useFactory: (sequelize: Sequelize) => {
            bindSequelize(sequelize);
            return {
              appRole: engine.roles.app,
              stepDown: engine.kind === 'embedded',
              limits: {
                statementMs: environment.DATABASE_STATEMENT_TIMEOUT_MS,
                lockMs: environment.DATABASE_LOCK_TIMEOUT_MS,
                idleMs: environment.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
              },
            };
          },
          inject: [Sequelize],
        },
        Database,
      ],
      exports: [Database, ENGINE],
    };
  }
}
