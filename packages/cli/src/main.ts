#!/usr/bin/env node
// Everything else is imported when Node is known to be new enough: an older one would stop at the first import it does not
// know, with a stack trace. Nothing in this file is newer than Node 14.
import { createRequire } from 'node:module';

const { engines } = createRequire(import.meta.url)('../package.json') as {
  readonly engines: { readonly node: string };
};
const needed = engines.node.replace('>=', '');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);

if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) void import('./start.ts');
else {
  process.stderr.write(
    `bilag needs Node ${needed} or newer, and this is Node ${process.versions.node}: see nodejs.org\n`,
  );
  process.exitCode = 2;
}
