import { beforeAll, describe, expect, test } from 'vitest';
import { readText, shown, workspacePackages } from './repository.ts';
import { generatedTexts, proveAdapters, type ProvedAdapter } from './target-texts.ts';

const adapters = workspacePackages.filter(({ room }) => room === 'adapters');
let proved: readonly ProvedAdapter[] = [];

beforeAll(async () => {
  proved = await proveAdapters();
}, 300_000);

describe('what every adapter declares and what it proves agree', () => {
  test.for(adapters)('$manifest.name keeps every law that its declaration does not excuse', ({ folder }) => {
    const reports = proved.find(({ pkg }) => pkg.folder === folder)?.reports ?? [];
    expect(reports.length).toBeGreaterThan(0);
    const broken = reports.flatMap(({ variant = '', laws }) =>
      laws.filter(({ outcome }) => outcome === 'broken').map(({ law, why }) => `${variant} ${law}: ${why}`),
    );
    expect(broken).toEqual([]);
  });

  test.for([
    'README.md',
    'packages/conformance/README.md',
    ...adapters.map(({ folder }) => `adapters/${folder}/README.md`),
  ])('%s says what was proved: `npx -y pnpm@12 targets` writes it', (name) => {
    const generated = generatedTexts(proved).find(({ path }) => shown(path) === name);
    expect(generated?.text).toBe(readText(generated?.path ?? ''));
  });
});
