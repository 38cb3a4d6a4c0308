import { addDays, amount, plainDate } from '@bilag/core';
import { bankCsvFiles, camt053Files, type BankFile, type BankPayment } from '@bilag/simulator-bank';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { bankPaymentsOf } from '../src/demo/demo-bank.ts';
import { cafe, clearBenches } from './bench.ts';
import { openDeliveryBench, targetsOf, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

const policy = {
  versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' }, lines: 'summary', payouts: 'in-transit' }],
} as const;
const [from, to] = [plainDate('2026-07-01'), plainDate('2026-07-07')];

/** The rows of an account, the first payout of the café's week among them. */
function account(number: string, payments: readonly BankPayment[]): Parameters<typeof camt053Files>[0] {
  return { number, currency: 'NOK', from, to, payments, otherRows: 2 };
}

describe('a payout that was posted from the bank is not posted from another line', () => {
  let first: BankPayment;

  beforeEach(async () => {
    const [payment] = await bankPaymentsOf(cafe, to);
    if (payment === undefined) throw new Error('the café is paid out in its week');
    first = payment;
  });

  const opened = async (): Promise<DeliveryBench> => {
    const stage = await openDeliveryBench();
    stage.configure({ policy, targets: targetsOf(stage.tripletex, stage.fiken) });
    expect(await stage.run('connect', 'tripletex')).toMatchObject({ code: 0, messages: '' });
    return stage;
  };
  const give = async (stage: DeliveryBench, files: readonly BankFile[]): Promise<void> => {
    for (const { name, bytes } of files) stage.bench.write(name, Buffer.from(bytes).toString());
    expect(await stage.run('bank', 'import', ...files.map(({ name }) => name))).toMatchObject({ code: 0 });
  };
  const arrived = (stage: DeliveryBench): number =>
    stage.tripletex.backDoor
      .company()
      .vouchers()
      .filter((voucher) => JSON.stringify(voucher).includes('.B')).length;
  const refused = async (stage: DeliveryBench): Promise<void> => {
    const { code, out, messages } = await stage.run('apply', 'tripletex');
    expect(out + messages).toContain('it may be the same money');
    expect(code).toBe(3);
    expect(arrived(stage)).toBe(1);
  };

  test('after its decision was taken back and another line was decided to be it', async () => {
    await using stage = await opened();
    const short = { ...first, amount: amount(first.amount - 500), text: 'from Oslo' };
    const whole = { ...first, on: addDays(first.on, 1), text: 'from Bergen' };
    await give(stage, camt053Files(account('86011117947', [short, whole]), { version: '02' }));
    const { out } = await stage.run('bank', 'matches', '--all', '--json');
    const [{ matches }] = (
      JSON.parse(out) as { companies: [{ matches: { name: string; amount: number; date: string }[] }] }
    ).companies;
    const nameOf = ({ on, amount: its }: BankPayment): string =>
      matches.find((line) => line.date === on && line.amount === its)?.name ?? '';
    const [payout] = [...cafe.dates()].flatMap(({ funds }) =>
      funds.flatMap(({ entryType, pspReference }) => (entryType === 'payout-scheduled' ? [pspReference] : [])),
    );
    expect(await stage.run('bank', 'decide', nameOf(short), '--payout', payout ?? '')).toMatchObject({ code: 0 });
    await stage.run('apply', 'tripletex');
    expect(arrived(stage)).toBe(1);

    expect(await stage.run('bank', 'decide', '--take-back', '1')).toMatchObject({ code: 0 });
    expect(await stage.run('bank', 'decide', nameOf(whole), '--payout', payout ?? '')).toMatchObject({ code: 0 });
    await refused(stage);
  });

  test('after statements have come of an account that was known by its CSV, with another date', async () => {
    await using stage = await opened();
    await give(stage, bankCsvFiles(account('86011117947', [first]), { layout: 'accounts' }));
    await stage.run('apply', 'tripletex');
    expect(arrived(stage)).toBe(1);
    const later = { ...first, on: addDays(first.on, 1) };
    await give(stage, camt053Files(account('86011117947', [later]), { version: '02' }));
    await refused(stage);
  });

  test('after another account turns out to have had it earlier', async () => {
    await using stage = await opened();
    await give(
      stage,
      camt053Files(account('86011117947', [{ ...first, on: addDays(first.on, 1) }]), { version: '02' }),
    );
    await stage.run('apply', 'tripletex');
    expect(arrived(stage)).toBe(1);
    await give(stage, camt053Files(account('30001012349', [first]), { version: '02' }));
    await refused(stage);
  });
});
