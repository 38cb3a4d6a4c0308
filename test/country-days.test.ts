import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countries, countryDay, treatmentsOf } from './country-days.ts';
import { readText } from './repository.ts';
import { repositoryRoot } from './support.ts';

describe('docs/countries.md shows what the presets book', () => {
  const page = readText(join(repositoryRoot, 'docs/countries.md'));

  test.each(countries)('%s, %s', async (...country) => {
    const [market, name] = country;
    const chapter = page.slice(page.indexOf(`## ${name}\n`)).split('\n## ')[0] ?? '';
    expect(chapter.replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ')).toContain(compact(await countryDay(country)));
    expect(chapter.replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ')).toContain(compact(treatmentsOf(market)));
  });
});

/** Tables as they are, however their columns are filled up. */
function compact(table: string): string {
  return table.replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ');
}
