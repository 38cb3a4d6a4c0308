import type { TripletexModel } from './fields-filter.ts';

/** What the simulated objects hold; names as in the vendor's description. */
const vatType: TripletexModel = {
  name: 'VatTypeDTO',
  path: 'ledger/vatType',
  values: ['name', 'number', 'percentage', 'deductionPercentage'],
};

const department: TripletexModel = { name: 'DepartmentDTO', path: 'department', values: ['name', 'departmentNumber'] };

const project: TripletexModel = { name: 'ProjectDTO', path: 'project', values: ['name', 'number'] };

const customer: TripletexModel = { name: 'CustomerDTO', path: 'customer', values: ['name', 'customerNumber'] };

const supplier: TripletexModel = { name: 'SupplierDTO', path: 'supplier', values: ['name', 'supplierNumber'] };

const voucherType: TripletexModel = {
  name: 'VoucherTypeDTO',
  path: 'ledger/voucherType',
  values: ['name', 'displayName'],
};

const account: TripletexModel = {
  name: 'AccountDTO',
  path: 'ledger/account',
  values: [
    'number',
    'name',
    'isInactive',
    'vatLocked',
    'ledgerType',
    'requiresDepartment',
    'requiresProject',
    'isBankAccount',
    'requireReconciliation',
  ],
  objects: { vatType: () => vatType, legalVatTypes: () => vatType },
};

const currency: TripletexModel = { name: 'CurrencyDTO', path: 'currency', values: ['code'] };

const document: TripletexModel = { name: 'DocumentDTO', path: 'document', values: ['fileName', 'size', 'mimeType'] };

const posting: TripletexModel = {
  name: 'PostingDTO',
  path: 'ledger/posting',
  values: [
    'date',
    'description',
    'amount',
    'amountCurrency',
    'amountGross',
    'amountGrossCurrency',
    'row',
    'systemGenerated',
    'isVatReadonly',
  ],
  objects: {
    voucher: () => voucher,
    account: () => account,
    vatType: () => vatType,
    currency: () => currency,
    department: () => department,
    project: () => project,
    customer: () => customer,
    supplier: () => supplier,
  },
};

const voucher: TripletexModel = {
  name: 'VoucherDTO',
  path: 'ledger/voucher',
  values: [
    'date',
    'number',
    'tempNumber',
    'year',
    'description',
    'externalVoucherNumber',
    'vendorInvoiceNumber',
    'numberAsString',
    'wasAutoMatched',
  ],
  objects: {
    voucherType: () => voucherType,
    reverseVoucher: () => voucher,
    postings: () => posting,
    attachment: () => document,
  },
};

const company: TripletexModel = {
  name: 'CompanyDTO',
  path: 'company',
  values: ['name', 'displayName', 'organizationNumber', 'type'],
  objects: { currency: () => currency },
};

const accountingPeriod: TripletexModel = {
  name: 'AccountingPeriodDTO',
  path: 'ledger/accountingPeriod',
  values: ['name', 'number', 'start', 'end', 'isClosed'],
};

const vatSettings: TripletexModel = {
  name: 'VatSettingsDTO',
  path: 'ledger/vatSettings',
  values: ['vatRegistrationStatus'],
};

const postingRules: TripletexModel = {
  name: 'PostingRulesDTO',
  path: 'ledger/postingRules',
  values: [],
  objects: {
    accountReceivableCustomersId: () => account,
    accountDebtVendorsId: () => account,
    accountRoundDiffId: () => account,
  },
};

const loggedInUserInfo: TripletexModel = {
  name: 'LoggedInUserInfoDTO',
  path: 'token/session/>whoAmI',
  values: ['employeeId', 'companyId', 'language'],
  objects: { company: () => company },
};

export const models: Readonly<
  Record<
    | 'account'
    | 'accountingPeriod'
    | 'company'
    | 'currency'
    | 'customer'
    | 'department'
    | 'loggedInUserInfo'
    | 'posting'
    | 'postingRules'
    | 'project'
    | 'supplier'
    | 'vatSettings'
    | 'vatType'
    | 'voucher'
    | 'voucherType',
    TripletexModel
  >
> = {
  account,
  accountingPeriod,
  company,
  currency,
  customer,
  department,
  loggedInUserInfo,
  posting,
  postingRules,
  project,
  supplier,
  vatSettings,
  vatType,
  voucher,
  voucherType,
};
