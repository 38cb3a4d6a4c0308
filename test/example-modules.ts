import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exampleFences, provingModule, type ExampleFence } from './example-fences.ts';

const run = promisify(execFile);

/** An example as a module of its own, which proves what it claims. */
export interface ExampleModule extends ExampleFence {
  readonly file: string;
}

/** Every example of docstrings, READMEs and pages. */
export const exampleModules: readonly ExampleModule[] = exampleFences('ts').map((fence, index) => ({
  ...fence,
  file: `example-${index}.ts`,
}));

/** Writes examples into a folder, and what runs them. */
export async function writeExamples(folder: string, examples: readonly ExampleModule[]): Promise<void> {
  await writeFile(join(folder, 'assert-same.ts'), assertSame);
  await writeFile(join(folder, 'run-all.ts'), runAll(examples));
  for (const example of examples) await writeFile(join(folder, example.file), provingModule(example));
}

/**
 * Runs the examples of a folder in one process: what went wrong by file, under no name what went wrong altogether. The
 * last argument is the module `writeExamples` wrote to run them, as it is or compiled.
 */
export async function runExamples(
  folder: string,
  node: string,
  ...args: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const result = join(folder, 'failures.json');
  await rm(result, { force: true });
  const said = await outputOf(folder, node, ...args);
  return JSON.parse(await readFile(result, 'utf8').catch(() => JSON.stringify({ '': said }))) as Record<string, string>;
}

/** What a program said, however it ended. */
export async function outputOf(folder: string, program: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, args, { cwd: folder, timeout: 240_000, maxBuffer: 64 * 2 ** 20 });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}` || String(error);
  }
}

const assertSame = `import { deepStrictEqual } from 'node:assert';
import { inspect } from 'node:util';

export function assertSame(value: unknown, expected: unknown, place: string): void {
  deepStrictEqual(value, expected, place + ' is ' + inspect(value, { depth: null }));
}
`;

const runAll = (examples: readonly ExampleModule[]): string => `import { writeFileSync } from 'node:fs';

const ownEnding = import.meta.filename.slice(-3);
const failures: Record<string, string> = {};
for (const file of ${JSON.stringify(examples.map(({ file }) => file))}) {
  try {
    await import('./' + file.replace(/\\.ts$/, ownEnding));
  } catch (error) {
    failures[file] = error instanceof Error ? error.message : String(error);
  }
}
writeFileSync('failures.json', JSON.stringify(failures));
process.exit(0);
`;
