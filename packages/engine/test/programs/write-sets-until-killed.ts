// Writes one output set after another until somebody kills it: five files each, all of one generation.
// With `new` every set gets a folder of its own; with `same` all go to one folder that also holds another file.
import { join } from 'node:path';
import { writeOutputSet } from '@bilag/engine';
import { filesOf } from './generations.ts';

const [folder = '', mode = ''] = process.argv.slice(2);
for (let generation = Date.now(); ; generation += 1) {
  const target = mode === 'new' ? join(folder, String(generation)) : folder;
  await writeOutputSet(target, filesOf(generation), { replace: true });
  process.stdout.write('written\n');
}
