import { NumberText, parseWithNumberTexts } from '@bilag/fault-server';
import { TripletexRefusal } from './tripletex-replies.ts';

/** An object as it was sent. */
export type Sent = Readonly<Record<string, unknown>>;

/** A kind of object whose names are known. */
export type SentKind =
  | 'account'
  | 'customer'
  | 'department'
  | 'posting'
  | 'sessionToken'
  | 'supplier'
  | 'vatType'
  | 'voucher'
  | 'voucherType';

/** The names that the vendor's description gives what may be sent. */
export const knownNames: Readonly<Record<SentKind, string>> = {
  account:
    'id version changes url number numberPretty name description type legalVatTypes ledgerType balanceGroup vatType ' +
    'vatLocked currency isCloseable isApplicableForSupplierInvoice requireReconciliation isInactive isBankAccount ' +
    'isInvoiceAccount bankAccountNumber bankAccountCountry bankName bankAccountIBAN bankAccountSWIFT saftCode ' +
    'groupingCode displayName requiresDepartment requiresProject invoicingDepartment isPostingsExist quantityType1 ' +
    'quantityType2 department requiresFreeDimension1 requiresFreeDimension2 requiresFreeDimension3',
  customer: 'id version url name displayName organizationNumber customerNumber email isInactive',
  department: 'id version url name displayName departmentNumber',
  posting:
    'id version changes url voucher date description account amortizationAccount amortizationStartDate ' +
    'amortizationEndDate customer supplier employee project product department vatType amount amountCurrency ' +
    'amountGross amountGrossCurrency currency closeGroup invoiceNumber termOfPayment row type externalRef ' +
    'systemGenerated taxTransactionType taxTransactionTypeId matched quantityAmount1 quantityType1 quantityAmount2 ' +
    'quantityType2 isVatReadonly isAmountVatClosed postingRuleId freeAccountingDimension1 freeAccountingDimension2 ' +
    'freeAccountingDimension3 asset',
  sessionToken: 'consumerToken employeeToken expirationDate',
  supplier: 'id version url name displayName organizationNumber supplierNumber email isInactive',
  vatType: 'id version changes url name number displayName percentage deductionPercentage parentType',
  voucher:
    'id version changes url date number tempNumber year description voucherType reverseVoucher postings document ' +
    'attachment externalVoucherNumber ediDocument supplierVoucherType wasAutoMatched vendorInvoiceNumber displayName ' +
    'numberAsString',
  voucherType: 'id version changes url name displayName',
};

/** The body as an object of that kind. A name it does not have is refused, whatever else is right (422/16000). */
export function sentObject(body: Uint8Array, kind: SentKind): Sent {
  try {
    return withKnownNames(parseWithNumberTexts(body), kind, '');
  } catch (error) {
    throw error instanceof TripletexRefusal ? error : unmapped('');
  }
}

export function withKnownNames(value: unknown, kind: SentKind, field: string): Sent {
  const sent = recordOf(value, field);
  const known = knownNames[kind].split(' ');
  const stranger = Object.keys(sent).find((name) => !known.includes(name));
  if (stranger !== undefined) throw unmapped(stranger, 'Feltet finnes ikke i objektet.');
  return sent;
}

export function recordOf(value: unknown, field: string): Sent {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof NumberText)
    throw unmapped(field);
  return value as Sent;
}

/** A text, or nothing. */
export function textOf(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw unmapped(field);
  return value;
}

/** What cannot be read into the object it is for. */
export function unmapped(field: string, message = 'Feil format.'): TripletexRefusal {
  return new TripletexRefusal(422, 16_000, 'Request mapping failed', [{ field, message }]);
}
