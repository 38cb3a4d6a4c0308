import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Known to take long, whatever their size: most of them start processes, or hold every law against every mistake. */
const long =
  /\/(?:installed-packages|.*-saboteurs.*|delivery-quarter|delivery-processes|crash|embed-in-your-system|nightly-job|conformance|work|browser)\.test\.ts$/;

/** The longest begin first, so that no worker is left with one of them at the end: without a run before, size alone is known. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

function isLong({ moduleId }: TestSpecification): boolean {
  return long.test(moduleId);
}

/** One configuration for every package: tests run against the sources, not against a build. */
const config: ViteUserConfig = defineConfig({
  ssr: { resolve: { conditions: ['@bilag/source', 'node'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'packages/create-adapter/templates/*/test/*.test.ts',
      'adapters/*/test/**/*.test.ts',
      'sources/*/test/**/*.test.ts',
      'simulators/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Whoever runs all of it waits for it: on a machine of two cores, one worker would leave one of them idle.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    env: {
      TZ: 'UTC',
      // The tools the tests run (hledger) read files in the locale's encoding.
      LC_ALL: 'C.UTF-8',
      // The processes that tests start find the sources compiled: each is up in half the time.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.compile-cache'),
    },
  },
});

export default config;
