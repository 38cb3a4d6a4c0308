/**
 * Mutation testing of one package: `mutate core`, or of some of its files: `mutate core vat voucher`. The sources are
 * changed in a copy, one small change at a time; a change that no test of the package notices survives.
 */
import { existsSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';

const [name = 'core', ...files] = process.argv.slice(2);
const folder = `packages/${name}`;
const reports = `.mutation/${name}`;
if (!existsSync(`${folder}/src`)) throw new Error(`there is no ${folder}; name a folder of packages/`);

/** What is not changed: the law of memory, which cannot be measured while every statement is counted. */
const left = name === 'conformance' ? ['laws/file/streaming.ts'] : [];

// Each law is tried for every change: fewer runs of it, and always the same ones, so that the score can be repeated.
process.env['BILAG_PROPERTY_RUNS'] ??= '50';

await new Stryker({
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', new URL('texts-for-people.ts', import.meta.url).href],
  ignorers: ['texts-for-people'],
  mutate: [
    ...(files.length > 0 ? files.map((file) => `${folder}/src/**/${file}.ts`) : [`${folder}/src/**/*.ts`]),
    ...left.map((file) => `!${folder}/src/${file}`),
  ],
  // What a module makes when it is loaded would need every test for each change; in the kit that is too long.
  ignoreStatic: name === 'conformance',
  // The laws of the kit set the time zone of their process, which a thread cannot.
  vitest: { dir: folder, related: false, pool: name === 'conformance' ? 'forks' : 'threads' },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  jsonReporter: { fileName: `${reports}/report.json` },
  htmlReporter: { fileName: `${reports}/report.html` },
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  tempDirName: '.mutation/copy',
  ignorePatterns: ['.mutation', 'demo-output', 'docs', '**/dist', '**/.turbo'],
  // The compiler has no API to read it with; the copy needs none.
  tsconfigFile: 'none',
}).runMutationTest();
