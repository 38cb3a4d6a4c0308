import { describe, expect, test } from 'vitest';
import { plainTextPdf } from '@bilag/core';

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('plain text as a page', () => {
  test('the table says where each object begins', () => {
    const file = latin(plainTextPdf('a;b\n1;2\n', { title: 'entries.csv' }));
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1]);
    expect(file.slice(start, start + 4)).toBe('xref');
    const offsets = [...file.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
    expect(offsets.map((offset) => file.slice(offset, offset + 7))).toEqual(
      offsets.map((_, index) => `${index + 1} 0 obj`),
    );
  });

  test('Norwegian letters stay, brackets are no commands, and others become question marks', () => {
    const file = latin(plainTextPdf('Blåbær (søt) \\ 3 € – 漢😀', { title: 'x' }));
    expect(file).toContain('(Bl\xe5b\xe6r \\(s\xf8t\\) \\\\ 3 \x80 \x96 ??) Tj');
  });

  test('many lines become many pages, and a long line is broken, with nothing lost', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `${index};${'x'.repeat(index)}`);
    const file = latin(plainTextPdf(lines.join('\r\n'), { title: 'x' }));
    expect(/\/Count (\d+)/.exec(file)?.[1]).toBe('5');
    const shown = [...file.matchAll(/^\((.*)\) Tj T\*$/gm)].map((match) => match[1]);
    expect(shown.join('')).toBe(lines.join(''));
    expect(Math.max(...shown.map((line) => line?.length ?? 0))).toBeLessThanOrEqual(160);
  });

  test('the same text gives the same bytes, and no text gives an empty page', () => {
    expect(plainTextPdf('a', { title: 'x' })).toEqual(plainTextPdf('a', { title: 'x' }));
    expect(latin(plainTextPdf('', { title: 'x' }))).toContain('/Count 1');
  });
});
