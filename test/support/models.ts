import { models } from '../../src/models/index.js';
import { testApp, type TestApp } from './app.js';

/**
 * The shared application, its models speaking to its database. Models are classes of the process and belong to the
 * Sequelize that took them last: a test that built an application of its own has taken them away.
 */
export async function appWithModels(): Promise<TestApp> {
  const app = await testApp();
  const { sequelize } = app.database;
  if (models.some((model) => model.sequelize !== sequelize)) sequelize.addModels(models);
  return app;
}
