import { isPlainDate, parseAmount, type Amount } from '@bilag/core';
import { NumberText, parseWithNumberTexts } from '@bilag/fault-server';
import type { HeldUnimicroDraftLine, EntryDraft } from './held-entry.ts';
import type { Registered, UnimicroCompany } from './unimicro-company.ts';
import { refuse } from './unimicro-refusal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads the entries that somebody sends: always a list of them. */
export function readEntries(body: Uint8Array, company: UnimicroCompany): EntryDraft[] {
  let sent: unknown;
  try {
    sent = parseWithNumberTexts(body);
  } catch {
    return refuse('Ugyldig JSON.');
  }
  if (!Array.isArray(sent) || sent.length === 0) return refuse('Det ble ikke sendt noen bilag.');
  return sent.map((one) => {
    const entry = fieldsOf(one);
    const { DraftLines: lines } = entry;
    if (!Array.isArray(lines) || lines.length === 0) return refuse('Bilaget har ingen linjer.');
    return {
      description: textOf(entry['Description'], 'Description', 200),
      reference: textOf(entry['ExternalReference'], 'ExternalReference', 255),
      source: textOf(entry['ExternalSource'], 'ExternalSource', 255),
      draftLines: lines.map((line) => readLine(fieldsOf(line), company)),
    };
  });
}

function readLine(sent: Fields, company: UnimicroCompany): HeldUnimicroDraftLine {
  const date = sent['FinancialDate'];
  if (typeof date !== 'string' || !isPlainDate(date)) return refuse('FinancialDate mangler.');
  if (sent['InvoiceNumber'] !== undefined) return refuse('Fant ingen faktura å føre betalingen mot.');
  if (sent['IsExternal'] !== undefined) return refuse('IsExternal er ikke med i denne simulatoren.');
  const amount = moneyOf(sent['Amount']);
  const inCurrency = sent['AmountCurrency'];
  if (inCurrency !== undefined && moneyOf(inCurrency) !== amount) return refuse('Amount og AmountCurrency er ulike.');
  const { DepartmentID, ProjectID } = sent['Dimensions'] === undefined ? ({} as Fields) : fieldsOf(sent['Dimensions']);
  return {
    date,
    amount,
    account: rowOf(sent['AccountID'], company.accounts, 'Kontoen')?.number ?? refuse('AccountID mangler.'),
    vatCode: rowOf(
      sent['VatTypeID'],
      company.vat.filter(({ isLocked }) => isLocked !== true),
      'Mva-koden',
    )?.code,
    description: textOf(sent['Description'], 'Description', 500),
    department: rowOf(DepartmentID, company.departments, 'Avdelingen')?.number,
    project: rowOf(ProjectID, company.projects, 'Prosjektet')?.number,
  };
}

function rowOf<Row>(value: unknown, rows: readonly Registered<Row>[], word: string): Registered<Row> | undefined {
  if (value === undefined || value === null) return undefined;
  const id = value instanceof NumberText ? value.text : '';
  return rows.find((row) => String(row.id) === id) ?? refuse(`${word} finnes ikke.`);
}

function moneyOf(value: unknown): Amount {
  if (value instanceof NumberText && /^-?\d{1,13}(?:\.\d\d?0*)?$/.test(value.text)) return parseAmount(value.text);
  return refuse('Beløpet er ugyldig.');
}

function textOf(value: unknown, name: string, longest: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return refuse(`${name} er ingen tekst.`);
  return value.length > longest ? refuse(`${name} kan ikke være lengre enn ${longest} tegn.`) : value;
}

function fieldsOf(value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof NumberText) ? (value as Fields) : refuse('Ugyldig JSON.');
}
