import { containedVat, exactNumber, formatAmount, type JournalLine, type Voucher } from '@bilag/core';
import { cannotHold, placeOf, plainLine } from '@bilag/http';
import { takesEntries, type RegisterEntries } from './registers.ts';

/** Where the lines go. */
export interface Place {
  readonly journal: number;
  readonly voucherNumber: number;
}

/**
 * The body of `POST /draft-entries/bulk`: one entry for each line, gross, with its VAT code. Throws `unsupported` for what entries
 * do not hold, `rejected` for what the agreement does not have, naming the line; nothing was sent then.
 */
export function toEntries(voucher: Voucher, reference: string, { journal, voucherNumber }: Place): object {
  return {
    entries: voucher.lines.map(({ account, amount, vat, text }) => ({
      entryTypeNumber: 5,
      journalNumber: journal,
      voucherNumber,
      date: `${voucher.date}T00:00:00Z`,
      accountNumber: Number(account),
      amount: exactNumber(formatAmount(amount)),
      currency: voucher.currency,
      // The reference first, so that it is never what is cut.
      text: plainLine(`${reference} ${text}`, 250),
      ...(vat === undefined || vat.code === withoutVat ? {} : { vatCode: vat.code }),
    })),
  };
}

/** Throws what e-conomic would refuse the voucher for, as far as its registers tell. */
export function checkVoucher(voucher: Voucher, reference: string, entries: RegisterEntries): void {
  const where = placeOf(voucher, reference);
  const { baseCurrency } = entries;
  if (voucher.currency !== baseCurrency) {
    const what = `the agreement keeps its books in ${baseCurrency}, not in ${voucher.currency}`;
    throw cannotHold('unsupported', what, where, 'post to an agreement in that currency');
  }
  for (const [index, line] of voucher.lines.entries()) {
    const at = `${where}, line ${index + 1}`;
    checkLine(line, at, entries);
    if (line.vat !== undefined && line.vat.code !== withoutVat) checkVat(line, line.vat, at, entries);
  }
}

function checkLine(
  { account: number, dimensions = {}, party }: JournalLine,
  at: string,
  { accounts }: RegisterEntries,
): void {
  const [dimension] = Object.keys(dimensions);
  if (dimension !== undefined) {
    const what = `the dimension "${dimension}" is not posted to e-conomic`;
    throw cannotHold('unsupported', what, at, 'leave it out of the policy: its API for entries has no field for one');
  }
  if (party !== undefined) {
    const what = `a line of a ${party.kind} is not posted to e-conomic`;
    throw cannotHold('unsupported', what, at, 'post on a general account');
  }
  const account = accounts.get(number);
  const refuse = (what: string): never => {
    throw cannotHold('rejected', what, at, 'mend it in e-conomic, or name another account in the policy');
  };
  if (account === undefined) return refuse(`e-conomic has no account ${number}`);
  if (!takesEntries(account)) return refuse(`account ${number} is a heading or a sum in e-conomic`);
  if (account.isBarred === true) return refuse(`account ${number} is barred in e-conomic`);
  if (account.isBlockedForDirectEntries === true) return refuse(`account ${number} is blocked for direct entries`);
  if (account.isDepartmentMandatory === true) return refuse(`account ${number} asks for a department`);
}

/** e-conomic computes the VAT when a person, or we, book the entry: it has to come to the voucher's own, on its account. */
function checkVat(line: JournalLine, vat: NonNullable<JournalLine['vat']>, at: string, entries: RegisterEntries): void {
  const { code, kind, account, rateBasisPoints, amount } = vat;
  const known = entries.vat.get(code);
  const refuse = (what: string, action: string): never => {
    throw cannotHold('rejected', what, at, action);
  };
  if (kind === 'reverse-charge' || known?.contraAccount !== undefined) {
    const what = `reverse charge (VAT code ${code}) is not posted to e-conomic: which side goes where is not published`;
    throw cannotHold('unsupported', what, at, 'book it without VAT and let a person add the code, or by hand');
  }
  if (known === undefined || known.barred === true) {
    return refuse(`e-conomic has no VAT code ${code}`, 'create it there, or name another in the policy');
  }
  if (known.ratePercentage !== rateBasisPoints || containedVat(line.amount, rateBasisPoints) !== amount) {
    const what = `VAT code ${code} is of ${known.ratePercentage / 100} % in e-conomic, and not of ${rateBasisPoints / 100} %`;
    return refuse(what, 'mend the code there, or the VAT treatment in the policy');
  }
  const posted = known.account?.accountNumber;
  if (amount !== 0 && posted !== account) {
    const what = `VAT code ${code} posts on account ${posted ?? 'none'} in e-conomic, and the policy says ${account ?? 'none'}`;
    return refuse(what, 'give the treatment that vatAccount in the policy, or change the code there');
  }
}

/** A line without treatment of VAT carries no code in e-conomic. */
export const withoutVat = '0';
