import { configObject, type ConfigSchema } from '@bilag/core';
import { z } from 'zod';

/** What a column can hold: parts of the voucher, of the line, and of the company. */
export const csvFields = [
  'voucher',
  'key',
  'revision',
  'line',
  'date',
  'ledgerDate',
  'series',
  'document',
  'description',
  'ledger',
  'currency',
  'account',
  'accountName',
  'role',
  'amount',
  'debit',
  'credit',
  'grossAmount',
  'vatCode',
  'vatRate',
  'vatAmount',
  'text',
  'reference',
  'partyKind',
  'party',
  'facts',
  'factCount',
  'dimensions',
  'organisationNumber',
  'companyName',
] as const;
export type CsvField = (typeof csvFields)[number];

/** A column: a field by its name, a field or a dimension under another heading, or a text that is the same on every row. */
export type CsvColumn =
  | CsvField
  | { readonly field: CsvField; readonly heading: string }
  | { readonly dimension: string; readonly heading?: string | undefined }
  | { readonly value: string; readonly heading: string };

/** How the file is written. Checked by {@link csvConfig}. */
export interface CsvConfig {
  readonly columns: readonly CsvColumn[];
  readonly separator: ';' | ',' | 'tab';
  readonly decimalSign: ',' | '.';
  readonly dateFormat: 'yyyy-mm-dd' | 'dd.mm.yyyy';
  /** Whether the first row names the columns. */
  readonly headings: boolean;
  /** `utf-8-bom` is what Excel needs to see that it is UTF-8. */
  readonly encoding: 'utf-8-bom' | 'utf-8' | 'windows-1252';
  /** One file, or one for each month of the period. */
  readonly split: 'none' | 'month';
  /** Whether a text that a spreadsheet would take for a formula gets an apostrophe before it. */
  readonly neutraliseFormulas: boolean;
  /** `excel-text` writes `="0010"` where Excel would change `0010`. Other programs read it as it stands. */
  readonly identifiers: 'plain' | 'excel-text';
}

/** Everything a bookkeeper asks for; `dimensions` becomes a column for each kind in the book. */
export const standardColumns: readonly CsvColumn[] = [
  'voucher',
  'date',
  'account',
  'accountName',
  'text',
  'amount',
  'currency',
  'vatCode',
  'vatRate',
  'vatAmount',
  'grossAmount',
  'dimensions',
  'party',
  'reference',
  'description',
  'series',
  'ledger',
  'ledgerDate',
];

const heading = z.string();
const column = z.union([
  z.enum(csvFields),
  configObject({ field: z.enum(csvFields), heading }),
  configObject({ dimension: z.string().min(1), heading: heading.optional() }),
  configObject({ value: z.string(), heading }),
]);

/** What a config file says for this adapter. */
export const csvConfig: ConfigSchema<CsvConfig> = configObject({
  columns: z
    .array(column)
    .default([...standardColumns])
    .superRefine((columns, context) => {
      for (const message of problemsOf(columns)) context.addIssue({ code: 'custom', message });
    }),
  separator: z.enum([';', ',', 'tab']).default(';'),
  decimalSign: z.enum([',', '.']).default(','),
  dateFormat: z.enum(['yyyy-mm-dd', 'dd.mm.yyyy']).default('yyyy-mm-dd'),
  headings: z.boolean().default(true),
  encoding: z.enum(['utf-8-bom', 'utf-8', 'windows-1252']).default('utf-8-bom'),
  split: z.enum(['none', 'month']).default('none'),
  neutraliseFormulas: z.boolean().default(true),
  identifiers: z.enum(['plain', 'excel-text']).default('plain'),
});

/** A row has to say what was posted, where, when and how much; else nobody can book or check it. */
function problemsOf(columns: readonly CsvColumn[]): string[] {
  const fields = columns.flatMap((one) => (typeof one === 'string' ? [one] : 'field' in one ? [one.field] : []));
  const missing = (['voucher', 'date', 'account'] as const).filter((field) => !fields.includes(field));
  const hasAmount = fields.includes('amount') || (fields.includes('debit') && fields.includes('credit'));
  return [
    ...missing.map((field) => `a column with the field "${field}" is needed`),
    ...(hasAmount ? [] : ['a column with the field "amount" is needed, or two with "debit" and "credit"']),
  ];
}
