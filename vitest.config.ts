import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // vitest's own transpiler emits no decorator metadata, which Nest's injection and class-validator live by
  oxc: false,
  plugins: [
    swc.vite({
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
    }),
  ],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', ...(process.env.TEST_DATABASE_URL ? [] : ['test/races/**'])],
    // One process, one application, one database for all files: the embedded engine is a single session,
    // and every test owns its firm, so files need no isolation from each other.
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    fileParallelism: false,
    globalSetup: ['test/setup/global.ts'],
    setupFiles: ['test/setup/file.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/setup/count-reporter.ts'],
  },
});
