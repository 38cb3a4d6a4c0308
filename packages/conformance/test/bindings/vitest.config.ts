import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** For the small runs that show how vitest tells of laws. */
const config: ViteUserConfig = defineConfig({
  ssr: { resolve: { conditions: ['@bilag/source', 'node', 'import', 'module', 'default'] } },
  test: { include: ['*.vitest.ts'], testTimeout: 120_000 },
});

export default config;
