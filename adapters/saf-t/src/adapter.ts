import { defineAdapter, type FileAdapter } from '@bilag/core';
import { check, checkSet } from './check/check.ts';
import { safTConfig, type SafTConfig } from './config.ts';
import { readLines } from './read-lines.ts';
import { render } from './write/render.ts';

/** Norwegian SAF-T Financial 1.20, 1.30 and 1.40 as a target. */
export const safT: FileAdapter<SafTConfig> = defineAdapter({
  contract: 1,
  kind: 'file',
  id: 'saf-t',
  title: 'SAF-T Financial (Norway)',
  config: safTConfig,
  vat: 'explicit',
  render,
  checksWhileRendering: true,
  check: (file) => check(file),
  checkSet: (files) => checkSet(files),
  partCode: 'SAFT-SET',
  checkedExtensions: ['.xml'],
  readLines,
});
