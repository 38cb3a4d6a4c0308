import { describe, expect, test } from 'vitest';
import {
  account,
  accounts,
  book,
  config,
  equity,
  line,
  renderOne,
  richBook,
  richConfig,
  smallBook,
  voucher,
  year,
} from './books.ts';
import { findingsIn } from './schemas.ts';

const settings = config({ grouping: { accounts: equity } });

describe('1.20, for accounting years before 2025', () => {
  test('every line carries the kind of its voucher as an analysis, and the table lists what is used', async () => {
    const text = await renderOne(richBook({ period: year(2024) }), config(richConfig));
    const kinds = text.match(/<AnalysisType>BILAGSART<\/AnalysisType>\s*<AnalysisID>\w+</g) ?? [];
    expect(kinds).toHaveLength((text.match(/<Line>/g) ?? []).length);
    expect(new Set(kinds.map((kind) => /(\w+)<$/.exec(kind)?.[1]))).toEqual(new Set(['SALE', 'JOURNAL']));
    expect(text.match(/<AnalysisTypeDescription>Bilagsart</g)).toHaveLength(2);
    expect(text).not.toContain('<VoucherType>');
  });

  test('from 1.30 on the kind has fields of its own', async () => {
    expect(await renderOne(richBook(), config(richConfig))).not.toContain('BILAGSART');
  });

  test('a dimension may not have the analysis type that tells the kind', async () => {
    const dimensions = [{ type: 'shop', id: '1', name: 'Shop' }];
    const analysisTypes = { shop: { type: 'BILAGSART', description: 'Butikk' } };
    const written = renderOne(
      smallBook({ period: year(2024), dimensions }),
      config({ grouping: { accounts: equity }, analysisTypes }),
    );
    await expect(written).rejects.toThrow(/BILAGSART is listed twice/);
  });

  test('no code of a later list is written: what has no mapping of its own is NA, and the header says so', async () => {
    const text = await renderOne(smallBook({ period: year(2024) }), settings);
    const groupings = [...text.matchAll(/<AccountID>(\d+)<[^]*?<GroupingCategory>(.*)<[^]*?<GroupingCode>(.*)</g)];
    const listed = groupings.map(([, id, category, code]) => [id, `${category} ${code}`]);
    expect(Object.fromEntries(listed)).toMatchObject({ '1579': 'NA NA', '2050': 'egenkapital 2050', '3000': 'NA NA' });
    expect(text).toContain('No grouping list of this time is built in.');
    expect(await renderOne(smallBook(), settings)).toContain('Grouping list 2025-2026.');
  });

  test('a list that is named is named in the file', async () => {
    const named = config({ grouping: { list: '2024', accounts: equity } });
    expect(await renderOne(smallBook({ period: year(2024) }), named)).toContain('Grouping list 2024.');
  });

  test('an account of no known part is still refused', async () => {
    const odd = book([voucher('2024-02-01', [line('1920', 100), line('8888', -100)])], {
      period: year(2024),
      accounts: [...accounts, account('8888', 'Annet', undefined)],
    });
    await expect(renderOne(odd, settings)).rejects.toThrow(/no grouping code for accounts 3000 .*8888/);
  });

  test('a category of a list of its time is not called wrong: that it is not judged is said once', async () => {
    const text = (await renderOne(smallBook({ period: year(2024) }), settings))
      .replaceAll('>NA</GroupingCategory>', '>RF-1167</GroupingCategory>')
      .replaceAll('>NA</GroupingCode>', '>1570</GroupingCode>');
    const findings = await findingsIn({ name: 'a.xml', text });
    expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['info SAFT-14', 'info SAFT-14']);
    expect(findings[0]?.message).toContain('no list of 2024 is known here');
    expect(findings[1]?.message).toMatch(/more of this rule/);
  });
});
