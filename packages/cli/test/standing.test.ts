import { afterAll, describe, expect, test } from 'vitest';
import { clearBenches, Collector, type Ran } from './bench.ts';
import { openDeliveryBench, plainPolicy, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

const day = 86_400_000;
const key = '302400-20260701';

async function connected(name = 'tripletex'): Promise<DeliveryBench> {
  const stage = await openDeliveryBench();
  expect(await stage.run('connect', name)).toMatchObject({ code: 0, messages: '' });
  return stage;
}

function firstOf({ out }: Ran): Readonly<Record<string, unknown>> {
  return (JSON.parse(out) as { readonly companies: readonly Readonly<Record<string, unknown>>[] }).companies[0] ?? {};
}

function held({ tripletex }: DeliveryBench): number {
  return tripletex.backDoor
    .company()
    .vouchers()
    .filter(({ isDeleted }) => !isDeleted).length;
}

/** Messages of a terminal on which somebody presses Ctrl-C when this appears. */
class StoppingTerminal extends Collector {
  readonly isTTY: boolean = true;
  readonly #stop = new AbortController();
  readonly signal: AbortSignal = this.#stop.signal;
  readonly #at: string;

  constructor(at: string) {
    super();
    this.#at = at;
  }

  override _write(chunk: Buffer, encoding: string, done: () => void): void {
    super._write(chunk, encoding, done);
    if (String(chunk).includes(this.#at)) this.#stop.abort(new Error('interrupted'));
  }
}

/** A write that was under way when the key was pressed may have arrived: the message says of how many that is so. */
function mustTell(text: string, done: string, arrived: number): void {
  const told = new RegExp(
    `interrupted: (\\d+) of 6 ${done}; run again(?:.*\\(of (\\d+) more the outcome is not known)?`,
  );
  const [, certain, unknown = '0'] = told.exec(text) ?? [];
  expect(Number(certain)).toBeLessThanOrEqual(arrived);
  expect(Number(certain) + Number(unknown)).toBeGreaterThanOrEqual(arrived);
}

describe('a run that is stopped', () => {
  test('says how much was posted and how much taken back, and goes on from there', async () => {
    await using stage = await connected();
    const posting = new StoppingTerminal('2 of 6');
    const stopped = await stage.runIn({ stderr: posting, signal: posting.signal }, 'apply', 'tripletex');
    expect(stopped.code).toBe(130);
    expect(held(stage)).toBeGreaterThanOrEqual(2);
    mustTell(posting.text, 'posted', held(stage));
    expect((await stage.run('apply', 'tripletex')).code).toBe(0);
    expect(held(stage)).toBe(6);
    const undoing = new StoppingTerminal('1 of 6');
    const all = ['--from', '2026-07-01', '--to', '2026-07-31', '--yes'] as const;
    await stage.runIn({ stderr: undoing, signal: undoing.signal }, 'undo', 'tripletex', ...all);
    const reversals = held(stage) - 6;
    expect(reversals).toBeGreaterThanOrEqual(1);
    mustTell(undoing.text, 'reversed', reversals);
    expect((await stage.run('undo', 'tripletex', ...all)).code).toBe(0);
    expect(held(stage)).toBe(12);
  });
});

describe('what a person decided and what was found', () => {
  test('a voucher that is held is shown, not posted, and released again', async () => {
    await using stage = await connected();
    expect((await stage.run('hold', 'tripletex', '--voucher', key)).out).toContain('planned, held');
    expect((await stage.run('status')).out).toContain('1 voucher held until bilag release');
    const plan = await stage.run('plan', 'tripletex');
    expect(plan).toMatchObject({ code: 0, out: expect.stringMatching(/^held +2026-07-01/m) as string });
    expect((await stage.run('apply', 'tripletex')).code).toBe(0);
    expect(held(stage)).toBe(5);
    expect((await stage.run('hold', 'tripletex', '--voucher', 'unknown')).messages).toContain('no voucher unknown');
    expect((await stage.run('release', 'tripletex')).messages).toContain('not clear what to release');
    await stage.run('release', 'tripletex', '--voucher', key);
    expect((await stage.run('apply', 'tripletex')).code).toBe(0);
    expect(held(stage)).toBe(6);
  });

  test('a voucher that was deleted stays said with its age, until it is settled and posted again', async () => {
    await using stage = await connected();
    await stage.run('apply', 'tripletex');
    const books = stage.tripletex.backDoor.company();
    books.delete(books.vouchers()[0]?.id ?? 0);
    stage.time.ms += day;
    expect((await stage.run('verify', 'tripletex')).code).toBe(3);
    stage.time.ms += 3 * day;
    expect(await stage.run('status')).toMatchObject({
      code: 3,
      out: expect.stringMatching(/voucher-deleted: .*found on 2026-07-09, 3 days ago/) as string,
    });
    const plan = await stage.run('plan', 'tripletex', '--json');
    expect(plan.code).toBe(3);
    expect(firstOf(plan)).toMatchObject({ unsettled: [{ reference: key, code: 'voucher-deleted' }] });
    expect((await stage.run('settle', 'tripletex', '--voucher', key, '--not-there')).code).toBe(0);
    expect((await stage.run('status')).code).toBe(0);
    expect((await stage.run('apply', 'tripletex')).code).toBe(0);
    expect(held(stage)).toBe(6);
  });

  test('what an earlier run had blocked is posted, and then nothing waits for a person', async () => {
    await using stage = await connected('fiken');
    const { locks } = stage.fiken.company().books;
    locks.closeThrough('2026-07-02');
    expect((await stage.run('apply', 'fiken')).code).toBe(3);
    locks.open();
    expect((await stage.run('plan', 'fiken')).code).toBe(3);
    expect((await stage.run('apply', 'fiken')).code).toBe(0);
  });

  test('a lock in the far future is a slip of the pen, whatever is asked for', async () => {
    await using stage = await connected();
    stage.configure({ policy: { ...plainPolicy, lockedThrough: '2062-07-31' } });
    for (const command of [['book'], ['plan', 'tripletex'], ['apply', 'tripletex']]) {
      const { code, messages } = await stage.run(...command);
      expect({ command, code }).toEqual({ command, code: 2 });
      expect(messages).toContain('closed through 2062-07-31');
    }
  });
});
