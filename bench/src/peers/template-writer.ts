import { voucherReference, type JournalLine, type Voucher } from '@bilag/core';

/** A voucher of SAF-T by template literals, as one would write it for one merchant: nothing is looked up, checked or cut. */
export function templateOf(voucher: Voucher): string {
  const reference = voucherReference(voucher);
  let text = `      <Transaction>
        <TransactionID>${reference}</TransactionID>
        <Period>${Number(voucher.date.slice(5, 7))}</Period>
        <PeriodYear>${voucher.date.slice(0, 4)}</PeriodYear>
        <TransactionDate>${voucher.date}</TransactionDate>
        <SourceID>Bilag</SourceID>
        <VoucherType>JOURNAL</VoucherType>
        <VoucherDescription>Journal voucher</VoucherDescription>
        <TransactionType>Normal</TransactionType>
        <Description>${escaped(voucher.description)}</Description>
        <SystemEntryDate>${voucher.date}</SystemEntryDate>
        <GLPostingDate>${voucher.date}</GLPostingDate>
`;
  let record = 0;
  for (const line of voucher.lines) {
    const { account, amount, vat } = line;
    text += lineOf((record += 1), account, vat?.net ?? amount, line, vat);
    if (vat !== undefined) text += lineOf((record += 1), vat.account ?? '', vat.amount, line, undefined);
  }
  return `${text}      </Transaction>\n`;
}

function lineOf(
  record: number,
  account: string,
  amount: number,
  { text, reference = '' }: JournalLine,
  vat: JournalLine['vat'],
): string {
  const side = amount < 0 ? 'Credit' : 'Debit';
  const tax =
    vat === undefined
      ? ''
      : `          <TaxInformation>
            <TaxType>MVA</TaxType>
            <TaxCode>${vat.code}</TaxCode>
            <TaxPercentage>${vat.rateBasisPoints / 100}</TaxPercentage>
            <Country>NO</Country>
            <TaxBase>${kroner(vat.net)}</TaxBase>
            <${side}TaxAmount>
              <Amount>${kroner(vat.amount)}</Amount>
            </${side}TaxAmount>
          </TaxInformation>
`;
  return `        <Line>
          <RecordID>${record}</RecordID>
          <AccountID>${account}</AccountID>
          <Description>${escaped(text)}</Description>
          <${side}Amount>
            <Amount>${kroner(amount)}</Amount>
          </${side}Amount>
${tax}          <ReferenceNumber>${escaped(reference)}</ReferenceNumber>
        </Line>
`;
}

function kroner(amount: number): string {
  return (Math.abs(amount) / 100).toFixed(2);
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'));
}
