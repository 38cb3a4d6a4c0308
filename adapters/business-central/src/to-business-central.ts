import { containedVat, exactNumber, formatAmount, named, type JournalLine, type Voucher } from '@bilag/core';
import { cannotHold, placeOf, plainLine } from '@bilag/http';
import type { InnerRequest } from './client.ts';
import type { BusinessCentralConfig } from './config.ts';
import { documentNumberOf } from './document-numbers.ts';
import { takesEntries, typeOf, type RegisterEntries } from './registers.ts';

/** What decides how a line is sent. */
type Sending = Pick<BusinessCentralConfig, 'vatGroups' | 'dimensions'>;

/** The most lines of a voucher: a batch has at most a hundred requests, and a line is one. */
export const mostLines = 100;

/**
 * The requests of one batch: a line of the journal each, gross, with its VAT group. `journal` is what its address begins with. The
 * account type is left out: it is G/L Account then.
 */
export function toLines(voucher: Voucher, reference: string, journal: string, config: Sending): InnerRequest[] {
  const documentNumber = documentNumberOf(reference);
  return voucher.lines.map(({ account, amount, vat, text, dimensions = {} }) => {
    const group = vat === undefined ? undefined : named(config.vatGroups, vat.code)?.group;
    const set = Object.entries(dimensions).map(([type, valueCode]) => ({ code: codeOf(type, config), valueCode }));
    return {
      method: 'POST',
      url: `${journal}/journalLines`,
      body: {
        accountNumber: account,
        postingDate: voucher.date,
        documentNumber,
        externalDocumentNumber: reference,
        amount: exactNumber(formatAmount(amount)),
        // The reference first, so that it is never what is cut.
        description: plainLine(`${reference} ${text}`, 100),
        ...(group !== undefined && { taxCode: group }),
        ...(set.length > 0 && { dimensionSetLines: set }),
      },
    };
  });
}

/** Throws what Business Central would refuse the voucher for, as far as its registers and the config tell. */
export function checkVoucher(voucher: Voucher, reference: string, entries: RegisterEntries, config: Sending): void {
  const where = placeOf(voucher, reference);
  for (const [index, line] of voucher.lines.entries()) {
    const at = `${where}, line ${index + 1}`;
    checkAccount(line, at, entries);
    checkDimensions(line, at, entries, config);
    if (line.vat !== undefined) checkVat(line, line.vat, at, entries, config);
  }
}

function checkAccount({ account: number, party }: JournalLine, at: string, { accounts }: RegisterEntries): void {
  if (party !== undefined) {
    const what = `a line of a ${party.kind} is not posted to Business Central`;
    throw cannotHold('unsupported', what, at, 'post on a general account');
  }
  const account = accounts.get(number);
  const refuse = (what: string): never => {
    throw cannotHold('rejected', what, at, 'mend it in Business Central, or name another account in the policy');
  };
  if (account === undefined) return refuse(`Business Central has no account ${number}`);
  if (!takesEntries(account)) return refuse(`account ${number} is a heading or a sum in Business Central`);
  if (account.blocked) return refuse(`account ${number} is blocked in Business Central`);
  if (!account.directPosting) return refuse(`account ${number} does not take direct posting in Business Central`);
}

function checkDimensions(
  { dimensions = {} }: JournalLine,
  at: string,
  entries: RegisterEntries,
  config: Sending,
): void {
  for (const [type, value] of Object.entries(dimensions)) {
    const code = codeOf(type, config);
    if (code === '') {
      const what = `the dimension "${type}" is not posted to Business Central`;
      const now = `write its code there as one of \`dimensions\` in the config (${config.dimensions.join(', ') || 'none is'})`;
      throw cannotHold('unsupported', what, at, now);
    }
    if (entries.dimensions.get(code)?.has(value) !== true) {
      const what = `Business Central has no ${code} ${value}`;
      throw cannotHold('rejected', what, at, 'add it there, or name another in the policy');
    }
  }
}

/** Business Central computes the VAT when it posts: it has to come to the voucher's own, on its account. */
function checkVat(
  line: JournalLine,
  vat: NonNullable<JournalLine['vat']>,
  at: string,
  { groups }: RegisterEntries,
  { vatGroups }: Sending,
): void {
  const { code, kind, account = null, rateBasisPoints, amount } = vat;
  const refuse = (what: string, action: string): never => {
    throw cannotHold('rejected', what, at, action);
  };
  if (kind === 'reverse-charge') {
    const what = `reverse charge (VAT code ${code}) is not posted to Business Central: its setup decides what it posts`;
    throw cannotHold('unsupported', what, at, 'book it without VAT and let a person add the group, or by hand');
  }
  const known = named(vatGroups, code);
  if (known === undefined && code === withoutVat) return;
  if (known === undefined) {
    return refuse(`the config names no VAT group for VAT code ${code}`, 'name the company’s group under `vatGroups`');
  }
  const { group } = known;
  if (!groups.has(group)) {
    return refuse(
      `Business Central has no VAT product posting group ${group}`,
      'create it there, or name another under `vatGroups`',
    );
  }
  if (known.rateBasisPoints !== rateBasisPoints || containedVat(line.amount, rateBasisPoints) !== amount) {
    const what = `VAT group ${group} is of ${known.rateBasisPoints / 100} % by the config, and VAT code ${code} of ${rateBasisPoints / 100} %`;
    return refuse(what, 'mend `vatGroups`, or the VAT treatment in the policy');
  }
  if (known.account !== (account ?? null)) {
    const what = `VAT group ${group} posts on account ${known.account ?? 'none'} by the config, and the policy says ${account ?? 'none'}`;
    return refuse(what, 'give the treatment that vatAccount in the policy, or mend `vatGroups`');
  }
}

/** A line without treatment of VAT: it needs no group, and may have one. */
const withoutVat = '0';

/** The code of a dimension as the config has it; empty where it does not. */
function codeOf(type: string, { dimensions }: Pick<Sending, 'dimensions'>): string {
  return dimensions.find((code) => typeOf(code) === type.toLowerCase()) ?? '';
}
