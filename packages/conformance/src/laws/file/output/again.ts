import { createVoucher, type Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { WrittenFile } from '../../../files/file-subject.ts';
import { createdAt, type BookSketch } from '../../../files/file-world.ts';
import { atMoment } from '../../../kit/surroundings.ts';
import { mustBeTheSameBytes } from './same-bytes.ts';

/** Books come from a database or from files, made anew at each reading. */
export const fileAgain: FileLaw = {
  id: 'again',
  sentence:
    'It makes no difference whether the vouchers come from a list or are made anew at each reading, now or later.',
  async prove(open) {
    const world = await open();
    const { vouchers: maker } = world;
    const vouchers = [maker.sales(), maker.payout(), maker.sales([25_000, -300]), maker.payout(1, 2)];
    const render = (given: BookSketch['vouchers']): Promise<WrittenFile[]> =>
      atMoment(createdAt, 0.5, () => world.render(world.book({ vouchers: given })));
    const wanted = await render(vouchers);
    mustBeTheSameBytes(await render(() => made(vouchers)), wanted, 'of a book whose vouchers are made anew');
    const late = await render(() => fetched(vouchers));
    mustBeTheSameBytes(late, wanted, 'of a book whose vouchers come one by one later (an async iterable)');
  },
};

function* made(vouchers: readonly Voucher[]): Generator<Voucher> {
  for (const voucher of vouchers) yield createVoucher(structuredClone(voucher));
}

async function* fetched(vouchers: readonly Voucher[]): AsyncGenerator<Voucher> {
  for (const voucher of made(vouchers)) {
    await aTurn();
    yield voucher;
  }
}

function aTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
