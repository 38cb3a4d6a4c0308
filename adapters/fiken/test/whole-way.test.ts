import { amount, expectedDigest, linesOf, sum, type Voucher } from '@bilag/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadOpenApi, type Exchange } from '../../../test/openapi.ts';
import { describeWithShared } from '../../../test/support.ts';
import { fikenAccounts, openStage } from './connections.ts';
import { day, referenceOf, vouchersOf, wholeDay } from './days.ts';

describe('what Fiken books is what the voucher says, to the øre, on every account', () => {
  const movement = fc.oneof(
    fc.record({ type: fc.constant('capture'), ore: fc.integer({ min: 10, max: 3_000_000 }), unit: unit() }),
    fc.record({ type: fc.constant('refund'), ore: fc.integer({ min: -3_000_000, max: -10 }), unit: unit() }),
    fc.record({ type: fc.constant('capture-fee'), ore: fc.integer({ min: -50_000, max: -1 }) }),
    fc.record({ type: fc.constant('payout-scheduled'), ore: fc.integer({ min: -9_000_000, max: -1 }) }),
    fc.record({ type: fc.constant('correction'), ore: fc.integer({ min: 1, max: 900 }) }),
  );

  test.for(['up', 'down'] as const)('whether it rounds half an øre %s', async (half) => {
    await using stage = await openStage({ rounding: { half } });
    const service = stage.connect();
    const expected = new Map<string, number>();
    let posted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 12 }), async (movements) => {
        const lines = posted % 2 === 0 ? ('summary' as const) : ('entry' as const);
        for (const voucher of await vouchersOf(movements, { lines, salesUnits })) {
          posted += 1;
          const receipt = await service.post(voucher, `${voucher.key}.R${posted}`);
          expect(receipt.digest).toBe(expectedDigest(voucher, 'explicit'));
          for (const line of linesOf(voucher, 'explicit')) {
            const account = fikenAccounts[line.account] ?? line.account;
            expected.set(account, (expected.get(account) ?? 0) + line.amount);
          }
        }
      }),
      { numRuns: 40 },
    );
    const company = stage.fiken.company();
    for (const [account, value] of expected) expect([account, company.balance(account)]).toEqual([account, value]);
    expect(sum([...company.books.balances().values()].map((value) => amount(value)))).toBe(0);
    expect(posted).toBeGreaterThan(40);
  });
});

describe('attachments', () => {
  const csv = {
    name: '302321-20260302.J.csv',
    mediaType: 'text/csv',
    content: new TextEncoder().encode('dato;beløp\n'),
  };

  test('text hangs on both kinds of posting as a PDF, once', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    for (const voucher of await wholeDay()) {
      const { id } = await service.post(voucher, referenceOf(voucher));
      await service.attach(id, csv);
      await service.attach(id, csv);
      await service.attach(id, {
        name: 'bilde.png',
        mediaType: 'image/png',
        content: Uint8Array.of(137, 13, 10, 45, 45),
      });
    }
    const { books } = stage.fiken.company();
    const files = [books.sales[0]?.files, books.transactions[1]?.entries[0]?.files];
    for (const held of files) {
      expect(held?.map(({ filename }) => filename)).toEqual(['302321-20260302.J.pdf', 'bilde.png']);
      expect(Buffer.from(held?.[0]?.bytes ?? []).toString('latin1')).toMatch(
        /^%PDF-1\.4\n.*\(dato;bel\xf8p\).*%%EOF\n$/s,
      );
      expect([...(held?.[1]?.bytes ?? [])]).toEqual([137, 13, 10, 45, 45]);
    }
  });

  test('a file of another kind is refused', async () => {
    await using stage = await openStage();
    const attaching = stage.connect().attach('sale-1', { ...csv, name: 'x.zip', mediaType: 'application/zip' });
    await expect(attaching).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

describe('manners', () => {
  test('turns keep to one request at a time and four a second, whoever uses the credential', async () => {
    await using stage = await openStage({ workMs: 1 });
    const [one, two] = [stage.connect(), stage.connect()];
    const [sale, journal] = (await wholeDay()) as [Voucher, Voucher];
    await Promise.all([one.post(sale, 'A-20260302'), two.post(journal, 'B-20260302'), one.chart(), two.identify()]);
    expect(stage.fiken.pace).toMatchObject({ concurrent: 0, tooFast: 0 });
    expect(stage.fiken.requests.length).toBeGreaterThan(7);
  });

  test('every request is made inside a turn', async () => {
    await using stage = await openStage();
    const used: string[] = [];
    let inside = 0;
    const service = stage.connect(
      { credential: 'file:fiken-oauth', auth: 'oauth2' },
      {
        turn: async (credential, work) => {
          used.push(credential);
          inside += 1;
          const result = await work().finally(() => (inside -= 1));
          expect(inside).toBe(0);
          return result;
        },
      },
    );
    const [sale] = (await wholeDay()) as [Voucher];
    const { id } = await service.post(sale, referenceOf(sale));
    await service.find(referenceOf(sale));
    await service.reverse(id, day, `${sale.key}.U1`);
    expect(used).toHaveLength(stage.fiken.requests.length);
    expect(new Set(used)).toEqual(new Set(['file:fiken-oauth']));
  });
});

describeWithShared('the specification', () => {
  test('every request and every reply is as Fiken describes it', async () => {
    const openApi = loadOpenApi('spec/fiken/fiken-trimmed.openapi.yaml', { basePath: '/api/v2' });
    const exchanges: Exchange[] = [];
    await using stage = await openStage({
      onExchange: (request, reply) => void (request.path.startsWith('/api/v2') && exchanges.push({ request, reply })),
    });
    const service = stage.connect();
    await service.identify();
    await service.chart();
    for (const voucher of await wholeDay()) {
      const { id } = await service.post(voucher, referenceOf(voucher));
      await service.attach(id, { name: 'a.csv', mediaType: 'text/csv', content: new Uint8Array() });
      await service.reverse(id, day, `${voucher.key}.U1`);
      await service.find(`${voucher.key}.U1`);
    }
    await Array.fromAsync(service.list(day, day));
    stage.fiken.company().counterIsMissing = true;
    await service.post((await wholeDay())[0] as Voucher, 'x').catch(() => undefined);
    expect(exchanges.length).toBeGreaterThan(30);
    expect(openApi.problems(exchanges)).toEqual([]);
  });
});

const salesUnits = {
  kiosk: { sale: '15' },
  kino: { sale: '12' },
  fisk: { sale: '11.11' },
  bok: { sale: '0' },
  gave: { sale: 'donation' },
} as const;

function unit(): fc.Arbitrary<string> {
  return fc.constantFrom('annet', ...Object.keys(salesUnits));
}
