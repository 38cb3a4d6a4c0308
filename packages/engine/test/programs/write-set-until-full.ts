// Writes a small output set, then one that is larger than the disk; prints the error and what the folder then holds.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBilagError } from '@bilag/core';
import { writeOutputSet } from '@bilag/engine';
import { contentOf, fileNames, filesOf } from './generations.ts';

const parent = process.argv[2] ?? '';
const folder = join(parent, 'out');
mkdirSync(parent);
await writeOutputSet(folder, filesOf(1));

function* tooMuch() {
  yield* filesOf(2);
  yield { name: 'large.xml', mediaType: 'application/xml', content: endless() };
}

function* endless() {
  for (;;) yield 'x'.repeat(1_000);
}

const errors = [];
for (const target of [folder, join(parent, 'elsewhere')]) {
  const error = await writeOutputSet(target, tooMuch(), { replace: true }).then(() => undefined, String);
  errors.push(isBilagError(error) ? error.message : error);
}
const isPrevious = fileNames.every((name) => readFileSync(join(folder, name), 'utf8') === contentOf(name, 1));
process.stdout.write(JSON.stringify({ errors, isPrevious, files: readdirSync(parent, { recursive: true }).sort() }));
