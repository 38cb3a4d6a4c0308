// Run after `changeset version`: a package that tells its version has it in `src/version.ts`, since not every one may read files.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of globSync(['packages/*', 'sources/*', 'adapters/*'])) {
  const file = join(folder, 'src/version.ts');
  if (!existsSync(file)) continue;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/'\d[^']*'/, `'${version}'`));
}
