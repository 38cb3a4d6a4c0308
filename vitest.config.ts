import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** One configuration for every package: tests run against the sources, not against a build. */
const config: ViteUserConfig = defineConfig({
  ssr: { resolve: { conditions: ['@bilag/source', 'node', 'import', 'module', 'default'] } },
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
    // The tools the tests run (hledger) read files in the locale's encoding.
    env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  },
});

export default config;
