import { formatAmount } from '@bilag/core';
import type { FortnoxCompany, HeldYear } from './fortnox-company.ts';
import type { HeldFortnoxVoucher, HeldRow } from './held-voucher.ts';

/**
 * A SIE 4 file of a financial year, as Fortnox exports it: vouchers by series, in code page 437, with rows that were struck out and
 * entered anew where somebody changed one.
 */
export function sieFile(
  company: FortnoxCompany,
  { from, to }: HeldYear,
  vouchers: readonly HeldFortnoxVoucher[],
): Uint8Array {
  const lines = [
    '#FLAGGA 0',
    '#PROGRAM "Fortnox" 3.55.11',
    '#FORMAT PC8',
    '#GEN 20260101',
    '#SIETYP 4',
    `#FNAMN ${quoted(company.options.name ?? '')}`,
    `#RAR 0 ${digits(from)} ${digits(to)}`,
    ...[...company.accounts.values()].map(({ number, name }) => `#KONTO ${number} ${quoted(name)}`),
    ...vouchers.flatMap(voucherLines),
  ];
  return bytesOf(`${lines.join('\r\n')}\r\n`);
}

function voucherLines({ series, number, date, description, rows }: HeldFortnoxVoucher): string[] {
  const head = `#VER ${series} ${number} ${digits(date)} ${quoted(description)} ${digits(date)}`;
  return [head, '{', ...rows.map((row) => `  #TRANS ${rowFields(row)}`), '}'];
}

function rowFields({ account, amount, information, costCenter, project }: HeldRow): string {
  const objects = [
    ...(costCenter === undefined ? [] : ['1', quoted(costCenter)]),
    ...(project === undefined ? [] : ['6', quoted(project)]),
  ];
  return `${account} {${objects.join(' ')}} ${formatAmount(amount)} "" ${quoted(information)} 0`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', String.raw`\"`)}"`;
}

function digits(date: string): string {
  return date.replaceAll('-', '');
}

const letters: Readonly<Record<string, number>> = {
  å: 0x86,
  ä: 0x84,
  ö: 0x94,
  Å: 0x8f,
  Ä: 0x8e,
  Ö: 0x99,
  é: 0x82,
  ü: 0x81,
};

/** Code page 437; what it does not have becomes a question mark. */
function bytesOf(text: string): Uint8Array {
  const characters = [...text];
  return Uint8Array.from(characters, (character) => {
    const code = character.codePointAt(0) ?? 0x3f;
    return code < 0x80 ? code : (new Map(Object.entries(letters)).get(character) ?? 0x3f);
  });
}
