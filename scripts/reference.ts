// Writes the reference of every package, from its built declarations, into its folder.
import { referenceName, writeReferences } from '../test/api-pages.ts';
import { readApis } from '../test/api-surface.ts';

const apis = readApis();
writeReferences(apis);
for (const { pkg } of apis) process.stdout.write(`${pkg.room}/${pkg.folder}/${referenceName}\n`);
