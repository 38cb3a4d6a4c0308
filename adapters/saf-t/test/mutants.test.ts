// oxlint-disable vitest/no-standalone-expect -- what testWithSchemas returns is a test
import type { Version } from '../src/profile.ts';
import { describe, expect } from 'vitest';
import { config, renderOne, richBook, richConfig, year } from './books.ts';
import { mutantOf } from './mutants.ts';
import { findingsIn, testWithSchemas, validAmong } from './schemas.ts';

const years: Readonly<Record<Version, number>> = { '1.20': 2024, '1.30': 2025, '1.40': 2027 };

describe.each(Object.entries(years) as [Version, number][])(
  'a file of SAF-T %s with one thing changed',
  (version, of) => {
    testWithSchemas(
      'has findings where xmllint refuses it, and no fault of its shape where xmllint takes it',
      async () => {
        const clean = await renderOne(richBook({ period: year(of) }), config(richConfig));
        const mutants = Array.from({ length: 150 }, (_, seed) => mutantOf(clean, seed)).filter(
          // A file of another version is judged as that.
          ({ change }) => !change.startsWith('AuditFileVersion'),
        );
        const valid = validAmong(
          version,
          mutants.map(({ text }) => text),
        );
        expect(valid.size).toBeGreaterThan(10);
        expect(mutants.length - valid.size).toBeGreaterThan(50);
        const passed: string[] = [];
        const misjudged: string[] = [];
        for (const { change, text } of mutants) {
          const findings = await findingsIn({ name: 'mutant.xml', text });
          if (!valid.has(text) && findings.length === 0) passed.push(change);
          // The schema takes any country of two letters.
          const shape = findings.filter(
            ({ code, severity, message }) =>
              code === 'SAFT-17' && severity === 'error' && !message.startsWith('AuditFileCountry'),
          );
          if (valid.has(text) && shape.length > 0) misjudged.push(change);
        }
        expect(passed).toEqual([]);
        expect(misjudged).toEqual([]);
      },
    );
  },
);
