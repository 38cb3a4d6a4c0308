import type { FileSubject } from '@bilag/conformance';
import { safT, type SafTConfig } from '@bilag/saf-t';
import type { Version } from '../src/profile.ts';
import { readSafT } from './read-saf-t.ts';

/** Each version, in a year for which the authority takes it. */
export const subjects: readonly FileSubject<SafTConfig>[] = [
  subjectOf('1.20', 2024),
  subjectOf('1.30', 2026),
  subjectOf('1.40', 2027),
];

function subjectOf(version: Version, year: number): FileSubject<SafTConfig> {
  return {
    adapter: safT,
    module: new URL('../src/index.ts', import.meta.url),
    variant: version,
    year,
    config: {
      version,
      address: { streetName: 'Storgata', number: '1', city: 'Tromsø', postalCode: '9008' },
      contact: { firstName: 'Kari', lastName: 'Nordmann' },
      vatRegistered: true,
      startsWithoutOpenings: true,
    },
    chart: { dimension: { type: 'department', value: '10' } },
    read: readSafT,
  };
}
