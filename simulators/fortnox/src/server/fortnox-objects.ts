import { exactNumber, formatAmount, negate, zero } from '@bilag/core';
import type { FortnoxCompany, HeldYear } from '../books/fortnox-company.ts';
import type { FileConnection, HeldFile, HeldFortnoxVoucher, HeldRow } from '../books/held-voucher.ts';
import type { FortnoxAccountOptions, FortnoxSeriesOptions } from '../fortnox-options.ts';

const api = 'https://api.fortnox.se/3';

/** A voucher of a list: without its rows. */
export function voucherHead({ series, number, year, date, description, comments }: HeldFortnoxVoucher): object {
  return {
    '@url': `${api}/vouchers/${series}/${number}?financialyear=${year}`,
    ApprovalState: 0,
    Comments: comments,
    Description: description,
    ReferenceNumber: '',
    ReferenceType: 'MANUAL',
    TransactionDate: date,
    VoucherNumber: number,
    VoucherSeries: series,
    Year: year,
  };
}

export function voucherObject(held: HeldFortnoxVoucher): object {
  return { Voucher: { ...voucherHead(held), VoucherRows: held.rows.map(rowObject) } };
}

function rowObject({ account, amount, information, costCenter, project }: HeldRow): object {
  const [debit, credit] = amount < 0 ? [zero, negate(amount)] : [amount, zero];
  return {
    Account: Number(account),
    CostCenter: costCenter ?? '',
    Credit: exactNumber(formatAmount(credit)),
    Debit: exactNumber(formatAmount(debit)),
    Description: '',
    Project: project ?? '',
    Removed: false,
    TransactionInformation: information,
  };
}

export function accountObject({ number, name, isInactive, costCenter = 'ALLOWED' }: FortnoxAccountOptions): object {
  const settings = { CostCenterSettings: costCenter, ProjectSettings: 'ALLOWED' };
  const url = `${api}/accounts/${number}`;
  return { '@url': url, Active: isInactive !== true, Description: name, Number: Number(number), Year: 1, ...settings };
}

export function yearObject({ id, from, to }: HeldYear): object {
  const url = `${api}/financialyears/${id}`;
  return { '@url': url, Id: id, FromDate: from, ToDate: to, AccountingMethod: 'ACCRUAL', AccountChartType: 'BAS 2026' };
}

export function seriesObject({ code, description = '', isManual = true }: FortnoxSeriesOptions): object {
  return { '@url': `${api}/voucherseries/${code}`, Code: code, Description: description, Manual: isManual, Year: 1 };
}

export function companyObject({ options }: FortnoxCompany): object {
  return {
    CompanyInformation: {
      CompanyName: options.name ?? '',
      CountryCode: 'SE',
      DatabaseNumber: options.number,
      OrganizationNumber: options.organisationNumber ?? '',
    },
  };
}

export function fileObject({ id, name, content }: HeldFile): object {
  return {
    '@url': `${api}/inbox/${id}`,
    Id: id,
    ArchiveFileId: id,
    Name: name,
    Path: 'root',
    Size: content.length,
    Comments: '',
  };
}

export function connectionObject({ fileId, series, number, year }: FileConnection): object {
  const url = `${api}/voucherfileconnections/${fileId}`;
  const about = { FileId: fileId, VoucherDescription: '', VoucherNumber: String(number), VoucherSeries: series };
  return { '@url': url, ...about, VoucherYear: year };
}
