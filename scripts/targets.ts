// Proves every adapter, and writes what was proved into the READMEs.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { generatedTexts, proveAdapters } from '../test/target-texts.ts';

const proved = await proveAdapters();
const broken = proved.flatMap(({ reports }) =>
  reports.flatMap(({ title, laws }) =>
    laws.filter(({ outcome }) => outcome === 'broken').map(({ law, why = '' }) => `${title}: ${law}: ${why}`),
  ),
);
if (broken.length > 0) {
  process.stderr.write(`${broken.join('\n')}\nNothing was written: mend the adapter first.\n`);
  process.exit(1);
}
for (const { path, text } of generatedTexts(proved)) {
  writeFileSync(path, text);
  process.stdout.write(`${relative('.', path)}\n`);
}
