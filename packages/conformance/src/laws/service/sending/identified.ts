import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldNothing } from '../expectations.ts';

/** Whom we talk to is pinned at set-up. */
export const identified: ServiceLaw = {
  id: 'identified',
  sentence:
    'The company behind the connection is named by an id that stays the same, asking writes nothing, and none is taken for another.',
  async prove(open) {
    const world = await open();
    const first = await world.connect().identify();
    world.time.ms += 40 * 86_400_000;
    const second = await world.connect().identify();
    mustHold(first.id !== '', 'identify() gives an empty id, and should name the company');
    mustEqual(second.id, first.id, 'the id that a second connection gives');
    mustEqual(first.currency, world.chart.currency, 'the currency of the company');
    mustEqual(world.sends, 0, 'writes while asking');
    mustHoldNothing(world, 'after identify()');
    await mustStayApart(await open(), await open());
  },
};

/** A program that serves many companies connects to many at once: nothing that one was told is another's. */
async function mustStayApart(one: ServiceWorld, other: ServiceWorld): Promise<void> {
  const vouchers = [one.vouchers.payout(10_000), one.vouchers.payout(20_000), one.vouchers.payout(30_000)] as const;
  const [services, worlds] = [[one.connect(), other.connect()] as const, [one, other] as const];
  for (const [place, voucher] of vouchers.entries()) await services[place % 2 ? 1 : 0].post(voucher, voucher.key);
  const held = worlds.map(({ backDoor }) => backDoor.held().map(({ reference }) => reference));
  const [first, second, third] = vouchers.map(({ key }) => key);
  mustEqual(held, [[first, third], [second]], 'what two companies hold, posted to in turn by one program');
  for (const { target, credentialReads } of worlds) {
    mustHold(
      Object.keys(target.credentials).length === 0 || credentialReads.length > 0,
      'a second company is posted to without asking for its credentials: those of the first are used',
    );
  }
}

/** What the books offer is what vouchers are checked against before anything is sent. */
export const charted: ServiceLaw = {
  id: 'charted',
  sentence:
    'The chart names the accounts and the VAT codes with their rates, and what the books do not have is not in it.',
  async prove(open) {
    const world = await open();
    const { accounts, vatCodes, dimensions } = await world.connect().chart();
    const { bank, clearing, fee, sales, missingAccount, dimension } = world.chart;
    for (const number of [bank, clearing, fee, ...sales.map(({ account }) => account)]) {
      const found = accounts.filter((account) => account.number === number);
      mustEqual(found.length, 1, `how often the chart names account ${number}`);
      mustEqual(found[0]?.isActive, true, `whether account ${number} is active`);
    }
    mustHold(
      accounts.every(({ number }) => number !== missingAccount),
      `the chart names account ${missingAccount}, which the target does not have`,
    );
    for (const { vatCode, rateBasisPoints } of world.adapter.vatCodes === 'not-kept' ? [] : sales) {
      const found = vatCodes.find(({ code }) => code === vatCode);
      mustHold(found !== undefined, `the chart does not name VAT code ${vatCode}`);
      mustEqual(found.rateBasisPoints, rateBasisPoints, `the rate of VAT code ${vatCode} in basis points`);
    }
    if (dimension !== undefined) {
      mustHold(
        dimensions.some(({ type, id }) => type === dimension.type && id === dimension.value),
        `the chart does not name ${dimension.type} ${dimension.value}`,
      );
    }
    mustEqual(world.sends, 0, 'writes while asking');
    mustHoldNothing(world, 'after chart()');
  },
};
