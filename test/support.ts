import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

/** The repository's root folder. */
export const repositoryRoot: string = fileURLToPath(new URL('..', import.meta.url));

const inCi = process.env['CI'] === 'true';

/**
 * The path of a file or folder of the specifications that lie beside the project in `../shared`.
 * They are not part of the project (licences), so they may be absent: see {@link testWithShared}.
 */
export function sharedPath(relative: string): string {
  return fileURLToPath(new URL(`../../shared/${relative}`, import.meta.url));
}

/** Whether a program is on the PATH. */
export function hasTool(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

type Test = typeof test;
type Describe = typeof describe;

/** A test that needs `../shared`: skipped where it is absent, a failure with CI=true. */
export const testWithShared: Test = needing(existsSync(sharedPath('DESIGN.md')), '../shared');

/** A group of tests that needs `../shared`. */
export const describeWithShared: Describe =
  existsSync(sharedPath('DESIGN.md')) || inCi ? describe : (describe.skip as unknown as Describe);

/** A test that needs a program such as `xmllint`: skipped where it is absent, a failure with CI=true. */
export function testWithTool(...tools: string[]): Test {
  const missing = tools.filter((tool) => !hasTool(tool));
  return needing(missing.length === 0, missing.join(', '));
}

/** A group of tests that needs programs: skipped where one is missing, failures with CI=true. */
export function describeWithTool(...tools: string[]): Describe {
  const missing = tools.filter((tool) => !hasTool(tool));
  if (missing.length === 0 || inCi) return describe;
  process.stderr.write(`skipped: tests that need ${missing.join(', ')}, which is not here\n`);
  return describe.skip as unknown as Describe;
}

/** With CI=true the test runs although something is missing, and fails by what it cannot find. */
function needing(present: boolean, what: string): Test {
  if (present || inCi) return test;
  process.stderr.write(`skipped: tests that need ${what}, which is not here\n`);
  return test.skip as unknown as Test;
}
