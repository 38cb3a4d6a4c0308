/**
 * Mutation testing of one package: `mutate core`, or of some of its files: `mutate core vat voucher`. The sources are
 * changed in a copy, one small change at a time; a change that no test of the package notices survives.
 */
import { existsSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';

interface Measured {
  /** The files, without folder and ending. */
  readonly files: readonly string[];
  readonly leftOut: readonly string[];
  readonly options: ConstructorParameters<typeof Stryker>[0];
}

const measured: Readonly<Record<string, Measured>> = {
  core: {
    files: ['*'],
    // Tables of names and texts, the schema of policies, and a page of print.
    leftOut: ['account-names', 'chart', 'texts', 'policy', 'plain-text-pdf'],
    options: {},
  },
  conformance: {
    files: ['laws/**/*'],
    // Memory cannot be measured while every statement is counted.
    leftOut: ['laws/file/streaming'],
    options: {
      // What a module makes when it is loaded needs every test for each change; and which samples a law tries is its own
      // choice, of which many would do.
      ignoreStatic: true,
      mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration'] },
      testFiles: ['packages/conformance/test/*-s*.test.ts'],
      // The laws set the time zone of their process, which a thread cannot.
      vitest: { dir: 'packages/conformance', related: false, pool: 'forks' },
    },
  },
};

const [name = 'core', ...asked] = process.argv.slice(2);
const folder = `packages/${name}`;
if (!existsSync(`${folder}/src`)) throw new Error(`there is no ${folder}; name a folder of packages/`);
const { files, leftOut, options } = measured[name] ?? { files: ['**/*'], leftOut: [], options: {} };
const reports = `.mutation/${name}`;

// Each law is tried for every change: fewer runs of it, and always the same ones, so that the score can be repeated.
process.env['BILAG_PROPERTY_RUNS'] ??= '50';

await new Stryker({
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', new URL('texts-for-people.ts', import.meta.url).href],
  ignorers: ['texts-for-people'],
  mutate: [
    ...(asked.length > 0 ? asked : files).map((file) => `${folder}/src/**/${file}.ts`),
    ...(asked.length > 0 ? [] : leftOut).map((file) => `!${folder}/src/**/${file}.ts`),
  ],
  vitest: { dir: folder, related: false },
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
  ...options,
}).runMutationTest();
