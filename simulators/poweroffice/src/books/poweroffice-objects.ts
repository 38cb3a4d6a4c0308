import { exactNumber } from '@bilag/core';
import { majorUnitsOf } from './major-units.ts';
import type { HeldLedgerVoucher, HeldTransaction } from './held-ledger-voucher.ts';
import type { Coded, HeldLedgerAccount, PowerOfficeClient } from './poweroffice-client.ts';
import type { PowerOfficeVatCode } from './poweroffice-vat.ts';

/** An object as the API shows it. */
export type PowerOfficeObject = Readonly<Record<string, unknown>>;

/** A manual voucher: its lines as they were posted, gross. */
export function manualVoucherObject(held: HeldLedgerVoucher, client: PowerOfficeClient): PowerOfficeObject {
  const created = timestamp(held.createdAt);
  return {
    Id: held.id,
    VoucherNo: held.number,
    VoucherDate: held.date,
    CurrencyCode: held.currency,
    Description: held.description,
    ExternalImportReference: held.externalImportReference,
    ImportedVoucherNo: held.importedVoucherNo === null ? null : exactNumber(held.importedVoucherNo),
    SaftSourceId: held.saftSourceId,
    SaftBatchId: held.saftBatchId,
    IsReversed: held.isReversed,
    CreatedDateTimeOffset: created,
    VoucherLines: held.lines.map((line) => ({
      Id: line.id,
      AccountId: client.account(line.account)?.id,
      PostingDate: line.date,
      VatId: client.vatCode(line.vatCode)?.id,
      CurrencyAmount: majorUnitsOf(line.amount),
      CurrencyCode: held.currency,
      Description: line.description,
      DepartmentId: idOf(client.departments, line.department),
      ProjectId: idOf(client.projects, line.project),
      ExternalLineReference: line.externalLineReference,
      CreatedDateTimeOffset: created,
    })),
  };
}

/** A transaction of the general ledger: one amount on one account. */
export function transactionObject(
  held: HeldLedgerVoucher,
  transaction: HeldTransaction,
  { client, numberOf }: { readonly client: PowerOfficeClient; readonly numberOf: (id: string) => number },
): PowerOfficeObject {
  const { reverses, corrects } = held;
  const code = client.vatCode(transaction.vatCode);
  return {
    Id: transaction.id,
    AccountId: client.account(transaction.account)?.id,
    AccountNo: Number(transaction.account),
    PostingDate: transaction.date,
    Amount: majorUnitsOf(transaction.amount),
    CurrencyAmount: majorUnitsOf(transaction.amount),
    CurrencyCode: held.currency,
    VatId: code?.id,
    VatCode: transaction.vatCode,
    VatRate: rateOf(code),
    VatAmount: majorUnitsOf(transaction.vatAmount),
    Description: transaction.description,
    DepartmentCode: transaction.department ?? null,
    DepartmentId: idOf(client.departments, transaction.department),
    ProjectCode: transaction.project ?? null,
    ProjectId: idOf(client.projects, transaction.project),
    VoucherId: held.id,
    VoucherNo: held.number,
    VoucherDate: held.date,
    VoucherType: held.type,
    VoucherDescription: held.description,
    ExternalImportReference: held.externalImportReference,
    ImportedVoucherNo: held.importedVoucherNo === null ? null : exactNumber(held.importedVoucherNo),
    IsReversed: held.isReversed,
    ReversedVoucherId: reverses,
    ReversedVoucherNo: reverses === null ? null : numberOf(reverses),
    CorrectionOfVoucherId: corrects,
    CorrectionOfVoucherNo: corrects === null ? null : numberOf(corrects),
    CreatedDateTimeOffset: timestamp(held.createdAt),
    LastChangedDateTimeOffset: timestamp(held.createdAt),
  };
}

export function accountObject(account: HeldLedgerAccount, client: PowerOfficeClient): PowerOfficeObject {
  const { id, number, name, lockedTo, isInactive = false, requires = [] } = account;
  const vat = client.vatCode(lockedTo ?? '0');
  return {
    Id: id,
    AccountNo: Number(number),
    Name: name,
    GeneralLedgerAccountType: 'General',
    IsActive: !isInactive,
    IsVatCodeLocked: lockedTo !== undefined,
    VatCode: vat?.code,
    VatCodeId: vat?.id,
    IsDepartmentRequired: requires.includes('department'),
    IsProjectRequired: requires.includes('project'),
  };
}

export function vatCodeObject(code: PowerOfficeVatCode): PowerOfficeObject {
  const { id, name } = code;
  return {
    Id: id,
    Code: code.code,
    Name: name,
    Description: name,
    Rate: rateOf(code),
    IsActive: true,
    IsCustom: false,
    ValidFrom: '2005-01-01',
    ValidTo: null,
  };
}

export function codedObject({ id, code, name }: Coded): PowerOfficeObject {
  return { Id: id, Code: code, Name: name, IsActive: true };
}

/** Between 0 and 1. */
function rateOf(code: PowerOfficeVatCode | undefined): unknown {
  return exactNumber(String((code?.rateBasisPoints ?? 0) / 10_000));
}

function idOf(known: readonly Coded[], code: string | undefined): number | null {
  return known.find((one) => one.code === code)?.id ?? null;
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
