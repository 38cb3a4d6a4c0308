import { linesOf, voucherReference, type ViewedLine, type Voucher } from '@bilag/core';
import { XMLBuilder } from 'fast-xml-parser';
import { fragment } from 'xmlbuilder2';

/** A tree of elements as both libraries take it. */
type Tree = { readonly [name: string]: string | Tree | readonly Tree[] };

const builder = new XMLBuilder({ format: true });

/** By fast-xml-parser, a voucher at a time. */
export function byFastXmlParser(voucher: Voucher): string {
  return builder.build({ Transaction: treeOf(voucher) });
}

/** By xmlbuilder2, a fragment for each voucher. */
export function byXmlBuilder(voucher: Voucher): string {
  return fragment({ Transaction: treeOf(voucher) }).toString({ prettyPrint: true });
}

function treeOf(voucher: Voucher): Tree {
  const { date, description } = voucher;
  return {
    TransactionID: voucherReference(voucher),
    Period: String(Number(date.slice(5, 7))),
    PeriodYear: date.slice(0, 4),
    TransactionDate: date,
    SourceID: 'Bilag',
    VoucherType: 'JOURNAL',
    VoucherDescription: 'Journal voucher',
    TransactionType: 'Normal',
    Description: description,
    SystemEntryDate: date,
    GLPostingDate: date,
    Line: linesOf(voucher, 'explicit').map(lineTree),
  };
}

function lineTree({ account, amount, text, reference = '', vat }: ViewedLine, index: number): Tree {
  const side = amount < 0 ? 'Credit' : 'Debit';
  const tax: Tree =
    vat === undefined
      ? {}
      : {
          TaxInformation: {
            TaxType: 'MVA',
            TaxCode: vat.code,
            TaxPercentage: String(vat.rateBasisPoints / 100),
            Country: 'NO',
            TaxBase: kroner(vat.net),
            [`${side}TaxAmount`]: { Amount: kroner(vat.amount) },
          },
        };
  return {
    RecordID: String(index + 1),
    AccountID: account,
    Description: text,
    [`${side}Amount`]: { Amount: kroner(amount) },
    ...tax,
    ReferenceNumber: reference,
  };
}

function kroner(amount: number): string {
  return (Math.abs(amount) / 100).toFixed(2);
}
