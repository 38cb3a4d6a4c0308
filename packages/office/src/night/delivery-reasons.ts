import { consequences, type Finding } from '@bilag/core';
import type { DeliveryResult, Plan } from '@bilag/engine';
import type { Told } from './company-night.ts';

/** What a delivery leaves for a person or for another night; none where all is done. */
export function deliveryReasons(plan: Plan, result: DeliveryResult, verified: readonly Finding[]): readonly Told[] {
  return [...ofRun(result), ...ofPlan(plan), ...verified.filter(isError).map(ofFinding)];
}

function ofRun({ stoppedBy, outcomes }: DeliveryResult): readonly Told[] {
  const stopped: readonly Told[] =
    stoppedBy === null
      ? []
      : [{ ...stoppedBy, asksFor: consequences[stoppedBy.kind].ends === 'retry' ? 'retry' : 'person' }];
  const left = outcomes.flatMap(({ state, problem, reference, asksPerson }): readonly Told[] => {
    if (state === 'posted' || state === 'reversed') return [];
    const passes = (state === 'planned' || state === 'intended') && !asksPerson;
    // What was not tried because the run had stopped is told by why it stopped.
    if (passes && stoppedBy !== null) return [];
    const { what, where, action } = problem ?? {
      what: `voucher ${reference} is ${state}`,
      where: `voucher ${reference}`,
      action: 'look at bilag status',
    };
    return [{ asksFor: passes ? 'retry' : 'person', what, where, action }];
  });
  return [...stopped, ...left];
}

function ofPlan({ items, heldDates, findings }: Plan): readonly Told[] {
  const waiting = items.filter(
    ({ change, isToBeSent }) => !isToBeSent && (change === 'blocked' || change === 'missing'),
  );
  const held = heldDates.filter(({ because }) => because !== 'open');
  // A finding says more than the voucher or the date that it keeps back.
  const errors = findings.filter(isError);
  if (errors.length > 0) return errors.map(ofFinding);
  return [
    ...waiting.map(({ key, why, change }): Told => ({
      asksFor: 'person',
      what: `voucher ${key} is ${change}: ${why}`,
      where: `voucher ${key}`,
      action: 'look at bilag plan',
    })),
    ...held.map(({ ledgerId, date, why }): Told => ({
      asksFor: 'person',
      what: why,
      where: `ledger ${ledgerId}, ${date}`,
      action: 'look at bilag book',
    })),
  ];
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function ofFinding({ code, message, where, action }: Finding): Told {
  return { asksFor: 'person', what: `${code}: ${message}`, where, action };
}
