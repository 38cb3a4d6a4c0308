#!/usr/bin/env node
import { isBilagError } from '@bilag/core';
import { run } from './run.ts';

try {
  await run(process.argv);
} catch (error) {
  if (!isBilagError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
