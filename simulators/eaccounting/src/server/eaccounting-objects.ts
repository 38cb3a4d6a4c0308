import { exactNumber, formatAmount, negate, zero } from '@bilag/core';
import type { EAccountingCompany } from '../books/eaccounting-company.ts';
import type { HeldEAccountingFile, HeldEAccountingVoucher } from '../books/held-voucher.ts';

export function voucherObject(company: EAccountingCompany, held: HeldEAccountingVoucher): object {
  const { id, isDraft, date, text, series, number, type, rows, createdAt } = held;
  const createdUtc = new Date(createdAt).toISOString();
  return {
    Id: id,
    VoucherDate: `${date}T00:00:00`,
    VoucherText: text,
    NumberSeries: series,
    CreatedUtc: createdUtc,
    ModifiedUtc: createdUtc,
    Rows: rows.map(({ account, amount, text: rowText, project }) => {
      const [debit, credit] = amount < 0 ? [zero, negate(amount)] : [amount, zero];
      return {
        AccountNumber: Number(account),
        ...(isDraft ? {} : { AccountDescription: company.accounts.get(account)?.name ?? '' }),
        DebitAmount: exactNumber(formatAmount(debit)),
        CreditAmount: exactNumber(formatAmount(credit)),
        TransactionText: rowText,
        ProjectId: company.projects.find((one) => one.number === project)?.id ?? null,
        VatCodeId: null,
      };
    }),
    ...(isDraft ? {} : { NumberAndNumberSeries: `${series}${number}`, VoucherType: type, SourceId: null }),
  };
}

/** Every financial year has all accounts. */
export function accountObjects({ accounts, years }: EAccountingCompany): object[] {
  return years.flatMap(({ id }) =>
    [...accounts.values()].map((one) => ({
      Name: one.name,
      Number: one.number,
      FiscalYearId: id,
      IsActive: one.isInactive !== true,
      IsBlockedForManualBooking: one.isBlockedForManualBooking === true,
      IsFirstCostCenterMandatory: one.needsCostCenter === true,
      AllowTransactionText: one.takesNoText !== true,
      IsProjectAllowed: true,
    })),
  );
}

export function yearObjects({ years }: EAccountingCompany): object[] {
  return years.map(({ id, from, to, isLocked }) => ({
    Id: id,
    StartDate: `${from}T00:00:00`,
    EndDate: `${to}T00:00:00`,
    IsLockedForAccounting: isLocked === true,
    BookkeepingMethod: 0,
  }));
}

export function projectObjects({ projects }: EAccountingCompany): object[] {
  return projects.map(({ id, number, name }) => ({ Id: id, Number: number, Name: name, Status: 1 }));
}

export function settingsObject({ options, lockedThrough }: EAccountingCompany): object {
  return {
    Name: options.name ?? '',
    CompanyIdentifier: options.id,
    CorporateIdentityNumber: options.organisationNumber ?? '',
    CountryCode: options.country ?? 'SE',
    CurrencyCode: options.currency ?? 'SEK',
    AccountingLockedTo: `${lockedThrough ?? '0001-01-01'}T00:00:00`,
    UseAutomaticVatCalculation: options.calculatesVat === true,
    CompanyStatus: options.isReadOnly === true ? 2 : 1,
  };
}

export function fileObject({ id, name, documentId }: HeldEAccountingFile): object {
  return { Id: id, FileName: name, DocumentId: documentId ?? null, ContentType: 'application/pdf' };
}
