import type { Finding } from '@bilag/core';
import type { KeptFinding } from '../log/delivery-store.ts';
import type { PlanItem } from './plan.ts';

/** What a plan says of one voucher. */
export function findingsOf(item: PlanItem): Finding[] {
  const { voucher } = item;
  if (item.change === 'blocked') {
    return [findingOf('voucher-blocked', 'warning', item, item.why, 'see what hinders it, and plan again')];
  }
  if (item.change === 'held') {
    return [findingOf('voucher-held', 'warning', item, item.why, 'release it where it is to be posted')];
  }
  if (item.change === 'missing') {
    return [findingOf('voucher-missing', 'warning', item, item.why, 'find out why, and undo it if it is wrong')];
  }
  if (item.change !== 'unchanged' || item.why === '') return [];
  const isOtherPolicy = item.posted?.delivery.state === 'posted' && item.posted.digest !== voucher?.digest;
  return isOtherPolicy
    ? [
        findingOf(
          'booked-otherwise',
          'info',
          item,
          item.why,
          'nothing; plan with rebook where it shall follow the policy now',
        ),
      ]
    : [
        findingOf(
          'booked-elsewhere',
          'info',
          item,
          item.why,
          'nothing; undo what is posted and release it where it shall be grouped anew',
        ),
      ];
}

/** What verify found, and when. */
export function stillSo({ finding, foundAt }: KeptFinding): Finding {
  return { ...finding, message: `${finding.message} (found on ${new Date(foundAt).toISOString().slice(0, 10)})` };
}

export function ledgerLeftOut([ledgerId, count]: readonly [string, number]): Finding {
  return {
    code: 'ledger-left-out',
    severity: 'warning',
    message: `${count} posted vouchers are of ledger ${ledgerId}, which these books leave out; they stay as they are`,
    where: `ledger ${ledgerId}`,
    action: 'if the ledger has ended, say when; if it is not this company’s, undo what was posted of it',
    ledgerId,
  };
}

function findingOf(
  code: string,
  severity: Finding['severity'],
  item: PlanItem,
  message: string,
  action: string,
): Finding {
  const where = `voucher ${item.key}, ${item.date}`;
  return { code, severity, message, where, action, date: item.date, vouchers: [item.key] };
}
