import type { DeliveryState } from '@bilag/core';
import { html } from 'hono/html';
import type { PayoutState } from '../../data/payouts.ts';
import type { ListedVoucher } from '../../data/vouchers.ts';
import type { Html, PageContext } from '../../view.ts';

type Mood = 'good' | 'wait' | 'bad';

/** A state in words; the colour only repeats it. */
export function state(words: string, mood: Mood): Html {
  return html`<span class="state ${mood}">${words}</span>`;
}

const payoutMoods: Readonly<Record<PayoutState, Mood>> = {
  scheduled: 'wait',
  'under-way': 'wait',
  'in-bank': 'wait',
  booked: 'good',
  'bank-unread': 'wait',
  'booked-bank-unread': 'good',
  aborted: 'bad',
};

export function payoutState(is: PayoutState, { texts }: PageContext): Html {
  return state(texts.views.payouts.states[is], payoutMoods[is]);
}

const voucherMoods: Readonly<Record<DeliveryState, Mood>> = {
  planned: 'wait',
  intended: 'wait',
  posted: 'good',
  rejected: 'bad',
  conflict: 'bad',
  blocked: 'bad',
  'unknown-outcome': 'bad',
  reversed: 'wait',
};

/** What became of a voucher in the target: what verify found there comes before what the log says. */
export function voucherState(
  { state: is, isHeld, found }: Pick<ListedVoucher, 'state' | 'isHeld' | 'found'>,
  context: PageContext,
): Html {
  const { vouchers } = context.texts.views;
  const said = state(vouchers.states[is], voucherMoods[is]);
  return html`${said}${isHeld ? html` ${state(vouchers.held, 'wait')}` : ''}${found.length > 0 ? html` ${state(vouchers.differs, 'bad')}` : ''}`;
}

/** Whether two books say the same, in words beside the figure. */
export function agreement(isEqual: boolean, { texts }: PageContext): Html {
  const { overview } = texts.views;
  return isEqual ? state(overview.agrees, 'good') : state(overview.differs, 'bad');
}
