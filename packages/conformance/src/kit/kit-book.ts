import { amount, type Book, type BookAccount } from '@bilag/core';
import type { KitChart, KitReverseCharge, KitSale } from './kit-chart.ts';

const opening = amount(0);

/** The accounts of the laws' books: each once, revenue with every code that is posted on it. */
export function accountsOf(
  { bank, clearing, fee }: KitChart,
  sales: readonly KitSale[],
  reverseCharge: KitReverseCharge | undefined,
): readonly BookAccount[] {
  const codes = Map.groupBy(sales, ({ account }) => account);
  const vatAccounts = sales.map(({ vatAccount }) => vatAccount);
  const charged = reverseCharge === undefined ? [] : [reverseCharge];
  const accounts: readonly BookAccount[] = [
    { number: bank, name: 'Bank', role: 'bank', opening },
    { number: clearing, name: 'Vipps', role: 'clearing', opening },
    { number: fee, name: 'Gebyr', role: 'fee', opening },
    ...[...codes].map(([number, those]) => ({
      number,
      name: `Salg ${number}`,
      role: 'revenue' as const,
      vatCodes: those.map(({ vatCode }) => vatCode),
      opening,
    })),
    ...charged.map(({ account }) => ({ number: account, name: 'Fremmede tjenester', role: 'fee' as const, opening })),
    ...[...vatAccounts, ...charged.flatMap((charge) => [charge.vatAccount, charge.deductionAccount])].flatMap(
      (number) => (number === null ? [] : [{ number, name: `Mva ${number}`, role: 'vat' as const, opening }]),
    ),
  ];
  return [...new Map(accounts.toReversed().map((account) => [account.number, account])).values()].toReversed();
}

/** The VAT codes of the laws' books: each with its rate once. */
export function vatCodesOf(sales: readonly KitSale[], reverseCharge: KitReverseCharge | undefined): Book['vatCodes'] {
  const codes: Book['vatCodes'] = [
    ...sales.map(({ vatCode, rateBasisPoints }) => ({
      code: vatCode,
      description: `Salg ${rateBasisPoints / 100} %`,
      rateBasisPoints,
      kind: 'output' as const,
    })),
    ...(reverseCharge === undefined
      ? []
      : [
          {
            code: reverseCharge.vatCode,
            description: 'Tjenester fra utlandet',
            rateBasisPoints: reverseCharge.rateBasisPoints,
            kind: 'reverse-charge' as const,
          },
        ]),
  ];
  return [...new Map(codes.map((code) => [`${code.code} ${code.rateBasisPoints}`, code])).values()];
}
