import { describe, expect, test } from 'vitest';
import { openArchive, type ArchiveStore } from '../src/index.ts';
import { archiveLaws } from '../src/store-laws.ts';
import type { StorePlace } from '../src/store-laws/store-law.ts';
import { archiveSaboteurs } from './archive-saboteurs.ts';
import { temporaryFolder } from './run-program.ts';
import { changed } from './store-saboteurs.ts';

function newPlace(): StorePlace<ArchiveStore> {
  const folder = temporaryFolder();
  return { open: () => openArchive(folder) };
}

describe('the archive on files keeps the laws of archives', () => {
  // A law throws when it is broken.
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...archiveLaws])('$id: $sentence', (law) => law.prove(newPlace));
});

describe('an archive that breaks a law is found out', () => {
  test('every law has an archive that breaks it', () => {
    expect([...new Set(archiveSaboteurs.map(({ breaks }) => breaks))].sort()).toEqual(
      archiveLaws.map(({ id }) => id).sort(),
    );
  });

  test.for([...archiveSaboteurs])('$breaks: $mistake', async ({ breaks, change }) => {
    const law = archiveLaws.find(({ id }) => id === breaks);
    const place = (): StorePlace<ArchiveStore> => {
      const { open } = newPlace();
      return {
        open: async () => {
          const store = await open();
          return changed(store, change(store));
        },
      };
    };
    await expect(law?.prove(place)).rejects.toMatchObject({
      name: expect.stringMatching(/^(?:StoreLawBroken|BilagError)$/),
    });
  });
});
