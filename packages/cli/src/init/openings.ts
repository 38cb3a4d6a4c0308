import { BilagError, formatAmount, isBilagError, parseAmount, type Amount, quotedName } from '@bilag/core';

/** A ledger's balances on the cut-over, in minor units. */
export interface WrittenOpening {
  readonly ledgerId: string;
  readonly funds: Amount;
  readonly fees: Amount;
  readonly inTransit: Amount;
}

/** Reads `302321=1250.00,-35.50,0`: ledger, then funds, fees and payouts in transit, each with its sign. */
export function parseOpening(text: string): WrittenOpening {
  const [, ledgerId = '', amounts = ''] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  const [funds = '', fees = '0', inTransit = '0', ...rest] = amounts.split(',').map((part) => part.trim());
  if (ledgerId === '' || rest.length > 0) throw notAnOpening(text);
  try {
    return { ledgerId, funds: parseAmount(funds), fees: parseAmount(fees), inTransit: parseAmount(inTransit) };
  } catch (error) {
    throw isBilagError(error) ? notAnOpening(text) : error;
  }
}

/** As it is written for {@link parseOpening}. */
export function openingText({ ledgerId, funds, fees, inTransit }: WrittenOpening): string {
  return `${ledgerId}=${[funds, fees, ...(inTransit === 0 ? [] : [inTransit])].map((each) => formatAmount(each)).join(',')}`;
}

function notAnOpening(text: string): BilagError {
  return new BilagError('config', {
    what: `${quotedName(text)} is not an opening`,
    where: '--opening',
    action: 'write <ledger>=<funds>,<fees>,<in transit> in major units, such as 302321=1250.00,-35.50,0',
  });
}
