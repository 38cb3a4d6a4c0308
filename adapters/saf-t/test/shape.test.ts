// oxlint-disable vitest/no-standalone-expect -- what testWithShared returns is a test
import { versions } from '../src/profile.ts';
import { describe, expect } from 'vitest';
import { testWithShared } from '../../../test/support.ts';
import { ownRows } from './described-shape.ts';
import { officialRows } from './official-shape.ts';

describe.each(versions)('SAF-T %s', (version) => {
  testWithShared('the shape the checker judges by is that of the official schema', () => {
    const official = officialRows(version);
    expect(official.length).toBeGreaterThan(400);
    expect(ownRows(version)).toEqual(official);
  });
});
