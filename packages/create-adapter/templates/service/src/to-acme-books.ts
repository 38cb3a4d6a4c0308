import { BilagError, exactNumber, formatAmount, linesOf, type ExactNumber, type Voucher } from '@bilag/core';

/** A voucher as Acme Books takes it. */
export interface AcmeBooksVoucher {
  readonly reference: string;
  readonly date: string;
  readonly text: string;
  readonly lines: readonly AcmeBooksLine[];
}

export interface AcmeBooksLine {
  readonly account: string;
  /** A JSON number of these very digits: no float ever holds an amount. */
  readonly amount: ExactNumber;
  readonly vatCode?: string | undefined;
  readonly department?: string | undefined;
  readonly text?: string | undefined;
}

/** The body of the write. Pure; throws `unsupported` for what Acme Books cannot hold, before anything is sent. */
export function toAcmeBooks(voucher: Voucher, reference: string): AcmeBooksVoucher {
  if (voucher.currency !== 'NOK') throw cannotHold(`the currency ${voucher.currency}`, reference);
  return {
    reference,
    date: voucher.date,
    text: plain(voucher.description, 200),
    lines: linesOf(voucher, 'gross').map((line, index) => {
      const { department, ...others } = line.dimensions ?? {};
      const [other] = Object.keys(others);
      if (other !== undefined) throw cannotHold(`the dimension ${other} in line ${index + 1}`, reference);
      if (line.party !== undefined) throw cannotHold(`the ${line.party.kind} in line ${index + 1}`, reference);
      if (line.vat?.kind === 'reverse-charge') throw cannotHold(`reverse charge in line ${index + 1}`, reference);
      return {
        account: line.account,
        amount: exactNumber(formatAmount(line.amount)),
        text: plain(line.text, 100),
        ...(line.vat === undefined ? {} : { vatCode: line.vat.code }),
        ...(department === undefined ? {} : { department }),
      };
    }),
  };
}

/** Printable text of at most so many characters: never cut inside of one. */
function plain(text: string, longest: number): string {
  return [...text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ')].slice(0, longest).join('');
}

function cannotHold(what: string, reference: string): BilagError {
  return new BilagError('unsupported', {
    what: `Acme Books cannot hold ${what}`,
    where: `voucher ${reference}`,
    action: 'change the policy, or book it by hand; nothing was sent',
  });
}
