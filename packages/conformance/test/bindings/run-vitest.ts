import { startVitest } from 'vitest/node';

// vitest on the one file that is named, as `vitest run` would, without a config of its own beside it.
await startVitest(
  'test',
  [],
  {
    config: false,
    run: true,
    root: import.meta.dirname,
    include: [String(process.argv[2])],
    reporters: ['verbose'],
    testTimeout: 120_000,
  },
  { ssr: { resolve: { conditions: ['@bilag/source', 'node', 'import', 'module', 'default'] } } },
);
