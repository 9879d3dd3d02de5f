import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Adds the run's counts to the file named by TEST_COUNTS, so that several runs can be summed up in one line. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env['TEST_COUNTS'];
    if (!file) return;
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state]++;
      if (module.errors().length > 0) counts.failed++; // a file that does not load has no test to fail
    }
    appendFileSync(file, `${counts.passed} ${counts.failed} ${counts.skipped}\n`);
  }
}
