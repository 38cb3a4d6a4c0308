import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOffice, type OfficeStore } from '@bilag/office';
import type { StorePlace } from '@bilag/engine/store-laws';
import { afterAll, describe, expect, test } from 'vitest';
import { officeLaws } from '../src/store-laws.ts';
import { officeSaboteurs } from './office-saboteurs.ts';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newPlace(): StorePlace<OfficeStore> {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-office-'));
  folders.push(folder);
  return { open: () => openOffice(join(folder, 'office.sqlite')) };
}

describe('the office on SQLite keeps the laws of offices', () => {
  // A law throws when it is broken.
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...officeLaws])('$id: $sentence', (law) => law.prove(newPlace));
});

describe('an office that breaks a law is found out', () => {
  test('every law has an office that breaks it', () => {
    expect([...new Set(officeSaboteurs.map(({ breaks }) => breaks))].sort()).toEqual(
      officeLaws.map(({ id }) => id).sort(),
    );
  });

  test.for([...officeSaboteurs])('$breaks: $mistake', async ({ breaks, change }) => {
    const law = officeLaws.find(({ id }) => id === breaks);
    const place = (): StorePlace<OfficeStore> => {
      const { open } = newPlace();
      return {
        open: async () => {
          const store = await open();
          const changes = change(store);
          return new Proxy(store, {
            get: (target, name) => {
              const own = Reflect.get(changes, name) as unknown;
              if (own !== undefined) return own;
              const value = Reflect.get(target, name, target) as unknown;
              return typeof value === 'function' ? (value.bind(target) as unknown) : value;
            },
          });
        },
      };
    };
    await expect(law?.prove(place)).rejects.toMatchObject({ name: 'StoreLawBroken' });
  });
});
