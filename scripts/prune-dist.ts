// Run after the compiler in a package's folder: what it made of sources that are gone would be published with the rest.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const compiled = /(?:\.d\.ts|\.js)(?:\.map)?$/;

for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const source = join('src', file.replace(compiled, '.ts'));
  if (file.endsWith('.map') || (compiled.test(file) && !existsSync(source))) rmSync(join('dist', file));
}
