import { amount, plainDate } from '@bilag/core';
import type { Proof } from '@bilag/company';
import { camt053Files, plantErrors, type BankPayment, type PlantedKind } from '@bilag/simulator-bank';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { bankPaymentsOf } from '../src/demo/demo-bank.ts';
import { cafe, clearBenches } from './bench.ts';
import { openDeliveryBench, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

const to = plainDate('2026-07-07');
const policy = {
  versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' }, lines: 'summary', payouts: 'in-transit' }],
} as const;

async function bankFiles(payments: readonly BankPayment[], through = to): Promise<ReturnType<typeof camt053Files>> {
  const from = plainDate('2026-07-01');
  const made = { number: '86011117947', currency: 'NOK', from, to: through, payments, otherRows: 2 };
  return camt053Files(made, { version: '08' });
}

/** The café of a week with its bank, posted to Tripletex. */
async function proved(
  plant: readonly { readonly kind: PlantedKind; readonly at: number }[] = [],
  { isPosted = true }: { readonly isPosted?: boolean } = {},
): Promise<DeliveryBench> {
  const stage = await openDeliveryBench();
  stage.configure({ policy, bankAccounts: { '302400': ['86011117947'] } });
  const { payments } = plantErrors(await bankPaymentsOf(cafe, to), plant, () => to);
  for (const { name, bytes } of await bankFiles(payments)) stage.bench.write(name, Buffer.from(bytes).toString());
  const names = (await bankFiles(payments)).map(({ name }) => name);
  await stage.run('fetch', '--to', '2026-07-07');
  await stage.run('bank', 'import', ...names);
  if (!isPosted) return stage;
  await stage.run('connect', 'tripletex');
  await stage.run('apply', 'tripletex');
  return stage;
}

async function proofOf(
  stage: DeliveryBench,
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly proof: Proof }> {
  const { code, out } = await stage.run('prove', '--period', '2026-07', '--json', ...argv);
  return { code, proof: (JSON.parse(out) as { readonly companies: readonly [Proof] }).companies[0] };
}

function codesOf({ findings }: Proof): readonly string[] {
  return findings.map(({ code }) => code);
}

describe('a proof', () => {
  test('closes to 0.00 from the ledger to the bank and in Tripletex, on every date', async () => {
    await using stage = await proved();
    const { proof, code } = await proofOf(stage, '--target', 'tripletex', '--page', 'proof.html');
    // The week is proved; of the month nothing more was fetched.
    expect(code).toBe(1);
    expect(new Set(codesOf(proof))).toEqual(new Set(['date-not-fetched', 'bank-not-read']));
    expect(proof).toMatchObject({ dates: 31, provedDates: 7 });
    // A cause that holds for many dates is told once.
    const month = await stage.run('prove', '--period', '2026-07', '--without-targets');
    expect(month.out.match(/date-not-fetched: /g)).toHaveLength(1);
    expect(month.out).toContain('2026-07-08 to 2026-07-31 (24 dates)');
    const week = await stage.run('prove', '--period', '2026-07-07', '--target', 'tripletex', '--json');
    expect(week.code).toBe(0);
    const [told] = (JSON.parse(week.out) as { readonly companies: readonly [Proof] }).companies;
    expect(told).toMatchObject({ isProved: true, findings: [], dates: 1, provedDates: 1 });
    const differences = told.tables.flatMap(({ lines }) => lines.filter(({ is }) => is === 'difference'));
    expect(differences.length).toBeGreaterThanOrEqual(5);
    expect(new Set(differences.map((line) => line.amount))).toEqual(new Set([0]));
    expect(new Set(told.tables.map(({ about }) => about))).toEqual(
      new Set(['funds', 'fees', 'transit', 'bank', 'target']),
    );
    for (const { lines } of told.tables) {
      const sumOf = (is: string): number =>
        lines.filter((line) => line.is === is).reduce((total, line) => total + line.amount, 0);
      expect(sumOf('opening') + sumOf('movement')).toBe(sumOf('closing'));
      for (const line of lines) {
        const rows = line.is === 'movement' && line.rows.length > 0 ? line.rows : [line];
        expect(rows.reduce((total, row) => total + row.amount, 0)).toBe(line.amount);
      }
    }
    const page = readFileSync(stage.bench.path('proof.html'), 'utf8');
    expect(page).toContain('Kafé Eksempel AS');
    expect(page).not.toMatch(/https?:/);
  });

  test('names a voucher that somebody deleted in Tripletex, with its date and amount', async () => {
    await using stage = await proved();
    const books = stage.tripletex.backDoor.company();
    books.delete(books.holding('302400-20260703')[0]?.id ?? 0);
    const { code, out } = await stage.run('prove', '--period', '2026-07-07', '--json');
    expect(code).toBe(1);
    const [told] = (JSON.parse(out) as { readonly companies: readonly [Proof] }).companies;
    expect(told.findings).toContainEqual(
      expect.objectContaining({ code: 'proof-target-differs', date: '2026-07-03', vouchers: ['302400-20260703'] }),
    );
  });

  test('of a date that the provider has not closed is none, whatever it comes to', async () => {
    await using stage = await openDeliveryBench();
    stage.configure({ policy, bankAccounts: { '302400': ['86011117947'] } });
    const today = plainDate('2026-07-08');
    const files = await bankFiles(await bankPaymentsOf(cafe, today), today);
    for (const { name, bytes } of files) stage.bench.write(name, Buffer.from(bytes).toString());
    await stage.run('fetch', '--to', today);
    await stage.run('bank', 'import', ...files.map(({ name }) => name));
    const prove = async (period: string): ReturnType<DeliveryBench['run']> =>
      stage.run('prove', '--period', period, '--without-targets');
    expect(await prove('2026-07-07')).toMatchObject({ code: 0 });
    const { code, out } = await prove(today);
    expect(code).toBe(1);
    expect(out).toMatch(/NOT proved; .*1 error \(proof-date-open\)/);
  });

  test('without a statement of the bank is none', async () => {
    await using stage = await openDeliveryBench();
    stage.configure({ policy });
    await stage.run('fetch', '--to', '2026-07-07');
    const { code, proof } = await proofOf(stage, '--without-targets');
    expect(code).toBe(1);
    expect(codesOf(proof)).toContain('bank-not-read');
  });

  test.for([
    ['wrong-amount', 'bank-line-conflict'],
    ['doubled', 'bank-line-conflict'],
    ['reversed', 'bank-line-conflict'],
  ] as const)('with a line that is %s is not proved, and names the line', async ([kind, code]) => {
    await using stage = await proved([{ kind, at: 0 }], { isPosted: false });
    const ran = await stage.run('prove', '--period', '2026-07-07', '--without-targets', '--json');
    const [told] = (JSON.parse(ran.out) as { readonly companies: readonly [Proof] }).companies;
    expect(ran.code).toBe(1);
    const finding = told.findings.find((each) => each.code === code);
    expect(finding).toMatchObject({ severity: 'error', where: expect.stringContaining('Ntry') as string });
    expect(Math.abs(finding?.amount ?? amount(0))).toBeGreaterThan(0);
  });

  test('with a line that may be a payout, and names none, waits for a person', async () => {
    await using stage = await proved([], { isPosted: false });
    const [last, ...others] = (await bankPaymentsOf(cafe, to)).toReversed();
    if (last === undefined) throw new TypeError('no payout came');
    const files = await bankFiles([...others, { ...last, text: 'Overføring' }]);
    for (const { name, bytes } of files) stage.bench.write(name, Buffer.from(bytes).toString());
    stage.configure({ policy, bankAccounts: { '302400': ['86011117947'] }, delivery: 'anew/kafe.sqlite' });
    await stage.run('bank', 'import', ...files.map(({ name }) => name));
    const ran = await stage.run('prove', '--period', '2026-07-07', '--without-targets', '--json');
    const [told] = (JSON.parse(ran.out) as { readonly companies: readonly [Proof] }).companies;
    expect({ code: ran.code, codes: codesOf(told) }).toEqual({ code: 1, codes: ['bank-line-likely'] });
  });

  test('where payouts go straight to the bank shows how far the books are ahead of it', async () => {
    await using stage = await proved([], { isPosted: false });
    stage.configure({
      policy: { versions: [{ ...policy.versions[0], payouts: 'direct' }] },
      bankAccounts: { '302400': ['86011117947'] },
    });
    const ran = await stage.run('prove', '--period', '2026-07-07', '--without-targets', '--json');
    const [told] = (JSON.parse(ran.out) as { readonly companies: readonly [Proof] }).companies;
    expect({ code: ran.code, findings: told.findings }).toEqual({ code: 0, findings: [] });
    const transit = told.tables.find(({ about }) => about === 'transit');
    expect(transit?.lines.some(({ is }) => is === 'compared')).toBe(false);
  });

  test('takes a decision that was taken back for what it is: its voucher is missing, and nothing is posted over it', async () => {
    await using stage = await proved([{ kind: 'wrong-amount', at: 0 }]);
    const listed = await stage.run('bank', 'matches', '--json');
    const [{ matches }] = (JSON.parse(listed.out) as Listed).companies;
    const line = matches.find(({ outcome }) => outcome === 'conflict');
    // More came than was scheduled: that is no decision.
    const refused = await stage.run('bank', 'decide', line?.name ?? '', '--payout', line?.payouts[0]?.reference ?? '');
    expect(refused).toMatchObject({ code: 1, messages: expect.stringContaining('nothing was decided') as string });

    const [first] = matches.filter(({ outcome }) => outcome === 'matched');
    await stage.run('bank', 'decide', first?.name ?? '', '--payout', first?.payouts[0]?.reference ?? '');
    expect((await stage.run('plan', 'tripletex', '--json')).code).toBe(0);
    await stage.run('bank', 'decide', '--take-back', '1');
    await stage.run('bank', 'decide', first?.name ?? '', '--unrelated');
    const planned = await stage.run('plan', 'tripletex', '--json');
    const [{ counts }] = (JSON.parse(planned.out) as Planned).companies;
    expect(counts).toMatchObject({ missing: 1, new: 0 });
  });

  test('is asked for with a period', async () => {
    await using stage = await openDeliveryBench();
    stage.configure({ policy });
    expect((await stage.run('prove')).code).toBe(2);
    expect(
      (await stage.run('prove', '--period', '2026-07', '--target', 'fiken', '--without-targets')).messages,
    ).toContain('contradict');
  });
});

interface Listed {
  readonly companies: readonly [
    {
      readonly matches: readonly {
        readonly name: string;
        readonly outcome: string;
        readonly payouts: readonly { readonly reference: string }[];
      }[];
    },
  ];
}

interface Planned {
  readonly companies: readonly [{ readonly counts: Readonly<Record<string, number>> }];
}
