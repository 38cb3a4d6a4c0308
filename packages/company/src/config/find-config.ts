import { BilagError } from '@bilag/core';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shownPath } from './shown-path.ts';

/** The names a config has by default, looked for in this order. */
const configNames: readonly string[] = ['bilag.config.ts', 'bilag.config.js', 'bilag.config.mjs', 'bilag.config.json'];

/** Whether a folder has a config under one of the default names. */
export function hasConfig(cwd: string): boolean {
  return configNames.some((name) => existsSync(join(cwd, name)));
}

/** Where a config is: the one that is named, or one under a default name. Throws `config`. */
export function findConfig(cwd: string, wanted: string | undefined): string {
  const candidates = wanted === undefined ? configNames.map((name) => join(cwd, name)) : [resolve(cwd, wanted)];
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file !== undefined) return file;
  throw new BilagError('config', {
    what: wanted === undefined ? 'there is no config here' : 'there is no such config',
    where: wanted === undefined ? cwd : shownPath(candidates[0] ?? wanted),
    action: 'make one with bilag init, or name it with --config',
  });
}
