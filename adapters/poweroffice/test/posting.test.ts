import { expectedDigest, plainDate, viewDigest, type Posted, type Service } from '@bilag/core';
import { powerOffice } from '@bilag/poweroffice';
import { describe, expect, test } from 'vitest';
import { day, openStage, plain, reference, sale, voucher } from './connections.ts';

async function listed(service: Service, from: string = day, to: string = from): Promise<Posted[]> {
  const posted: Posted[] = [];
  for await (const one of service.list?.(plainDate(from), plainDate(to)) ?? []) posted.push(one);
  return posted;
}

describe('who it talks to, and what is there', () => {
  test('the client by its id, with its organisation number and currency', async () => {
    await using stage = await openStage();
    expect(await stage.connect().identify()).toEqual({
      id: '00000000-0000-4000-9000-000000000001',
      name: 'Kaffebaren Eksempel AS',
      organisationNumber: '987654321',
      country: 'NO',
      currency: 'NOK',
    });
  });

  test('accounts with their locks, VAT codes with their rates, dimensions, and the lock date', async () => {
    await using stage = await openStage({
      clients: [
        {
          number: 1,
          departments: { '10': 'Servering' },
          lockedThrough: plainDate('2026-01-31'),
          accounts: [{ number: '6000', name: 'Avskrivning', isInactive: true, requires: ['department'] }],
        },
      ],
    });
    const { accounts, vatCodes, dimensions, lockedThrough } = await stage.connect().chart();
    expect(accounts.find(({ number }) => number === '3000')).toEqual({
      number: '3000',
      name: 'Salg, høy sats',
      isActive: true,
      vatCodes: ['3'],
    });
    expect(accounts.find(({ number }) => number === '6000')).toMatchObject({
      isActive: false,
      requires: ['department'],
    });
    const codes = vatCodes.map(({ code, rateBasisPoints, kind }) => [code, rateBasisPoints, kind]);
    expect(codes).toContainEqual(['3', 2500, 'output']);
    expect(codes).toContainEqual(['13', 1200, 'input']);
    expect(codes).toContainEqual(['86', 2500, 'reverse-charge']);
    expect(dimensions).toEqual([{ type: 'department', id: '10', name: 'Servering' }]);
    expect(lockedThrough).toBe('2026-01-31');
  });

  test('a client without the dimensions’ modules has none', async () => {
    await using stage = await openStage({ clients: [{ number: 1, withoutPrivileges: ['Department', 'Project'] }] });
    expect((await stage.connect().chart()).dimensions).toEqual([]);
  });

  test('requests are counted by what the companies share', async () => {
    await using stage = await openStage();
    await stage.connect({ credentials: 'env:OWN', application: 'env:SHARED' }).identify();
    expect(new Set(stage.context.turns)).toEqual(new Set(['env:SHARED']));
  });

  test('a key that is not there is named', async () => {
    await using stage = await openStage();
    const asking = stage.connect({ credentials: 'env:OWN' }).identify();
    await expect(asking).rejects.toMatchObject({
      kind: 'config',
      what: expect.stringContaining('subscriptionKey') as string,
    });
  });
});

describe('a voucher is posted', () => {
  test('gross, with what PowerOffice makes of the VAT, under its reference', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect().post(voucher(), reference);
    expect(receipt).toEqual({
      outcome: 'created',
      id: expect.any(String) as string,
      number: '1',
      digest: expectedDigest(voucher(), powerOffice.vat),
    });
    const client = stage.simulator.backDoor.client();
    expect(client.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    expect(client.vouchers()).toMatchObject([
      { externalImportReference: reference, saftSourceId: 'BILAG', saftBatchId: reference, date: day },
    ]);
  });

  test('with departments and projects, which come back by their codes', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const dimensions = { department: '20', project: '7' };
    const given = voucher({ lines: [plain('1579', 900), sale(-900, { dimensions })] });
    const { digest } = await service.post(given, reference);
    expect(digest).toBe(expectedDigest(given, 'gross'));
    const [found] = await service.find!(reference);
    expect(found?.lines).toContainEqual({ account: '3000', amount: -900, vatCode: '3', dimensions });
  });

  test.each([
    ['an account', [plain('3999', 900), plain('1579', -900)], 'PowerOffice has no account 3999', 'line 1'],
    [
      'a department',
      [plain('1579', 900), sale(-900, { dimensions: { department: '99' } })],
      'no department 99',
      'line 2',
    ],
  ])('%s that is not there is refused with its line, before anything is sent', async (_, lines, what, where) => {
    await using stage = await openStage();
    const posting = stage.connect().post(voucher({ lines }), reference);
    await expect(posting).rejects.toMatchObject({
      kind: 'rejected',
      what: expect.stringContaining(what) as string,
      where: `voucher ${reference}, ${day}, ${where}`,
    });
    expect(stage.simulator.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('OAuth'))).toEqual(
      [],
    );
  });

  test.each([
    ['another currency', voucher({ currency: 'DKK' })],
    ['another dimension', voucher({ lines: [plain('1579', 900), sale(-900, { dimensions: { location: 'A' } })] })],
    ['a customer', voucher({ lines: [plain('1500', 900, { party: { kind: 'customer', id: '1' } }), sale(-900)] })],
  ])('%s is not posted', async (_, given) => {
    await using stage = await openStage();
    await expect(stage.connect().post(given, reference)).rejects.toMatchObject({ kind: 'unsupported' });
  });

  test('what PowerOffice itself refuses is told in its words', async () => {
    await using stage = await openStage();
    const given = voucher({ lines: [plain('1579', 900), plain('3000', -900)] });
    await expect(stage.connect().post(given, reference)).rejects.toMatchObject({
      kind: 'rejected',
      what: expect.stringContaining('VoucherLines[1].VatId: account 3000 is locked to VAT code 3') as string,
    });
  });

  test('a date on or before the lock date is blocked, and named', async () => {
    await using stage = await openStage();
    stage.simulator.backDoor.client().lockThrough(day);
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({
      kind: 'blocked',
      what: 'the books are locked through 2026-03-02',
    });
  });

  test('without the right to, it says which', async () => {
    await using stage = await openStage({ clients: [{ number: 1, withoutPrivileges: ['ManualVoucher_Full'] }] });
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({
      kind: 'forbidden',
      what: expect.stringContaining('ManualVoucher_Full') as string,
    });
  });
});

describe('a reference stands on one voucher', () => {
  test('a second one is the first', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const first = await service.post(voucher(), reference);
    expect(await stage.connect().post(voucher(), reference)).toEqual({ ...first, outcome: 'exists' });
    expect(stage.simulator.backDoor.client().vouchers()).toHaveLength(1);
  });

  test('a second one with other content shows what the first one holds', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const first = await service.post(voucher(), reference);
    const other = voucher({ lines: [plain('1579', 1_000), sale(-1_000)] });
    expect(await service.post(other, reference)).toEqual({ ...first, outcome: 'exists' });
  });

  test('one that is held and not shown yet is waited for', async () => {
    await using stage = await openStage({ listedAfterMs: 60_000 });
    const service = stage.connect();
    const first = await service.post(voucher(), reference);
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({ kind: 'unavailable' });
    stage.context.ms += 60_000;
    expect(await service.post(voucher(), reference)).toEqual({ ...first, outcome: 'exists' });
  });

  test('a reference that begins like it is another', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.post(voucher(), `${reference}.R2`);
    expect(await service.find!(reference)).toEqual([]);
  });
});

describe('what people did is seen', () => {
  test('a reversal: the voucher is reversed, and its reversal names it', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const reversal = stage.simulator.backDoor.client().reverse(id);
    expect(await service.find!(reference)).toMatchObject([
      { id, state: 'reversed', reference },
      { id: reversal.id, state: 'live', reference, reverses: id },
    ]);
    expect(await listed(service)).toMatchObject([{ id, state: 'reversed' }, { reverses: id }]);
  });

  test('a change: the voucher is what stands in its place', async () => {
    await using stage = await openStage();
    const service = stage.connect({ clearingAccounts: ['1579'] });
    const { id } = await service.post(voucher(), reference);
    stage.simulator.backDoor.client().correct(id, [
      { account: '1579', amount: 800 },
      { account: '3000', amount: -800, vatCode: '3' },
    ]);
    for (const found of [await service.find!(reference), await listed(service)]) {
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ id, state: 'live', reference });
      expect(found[0]?.lines).toContainEqual({ account: '1579', amount: 800 });
      expect(viewDigest(found[0] as Posted)).not.toBe(expectedDigest(voucher(), 'gross'));
    }
  });

  test('a change of a change: what stands there last, and reversed when that is', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const client = stage.simulator.backDoor.client();
    const rows = (ore: number) => [
      { account: '1579', amount: ore },
      { account: '1900', amount: -ore },
    ];
    const first = client.correct(id, rows(700));
    const second = client.correct(first.id, rows(600));
    for (const found of [await service.find!(reference), await listed(service)]) {
      expect(found).toMatchObject([{ id, state: 'live', lines: [{ amount: 600 }, { amount: -600 }] }]);
    }
    client.reverse(second.id);
    expect(await service.find!(reference)).toMatchObject([{ id, state: 'reversed' }]);
  });

  test('another text changes nothing', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id, digest } = await service.post(voucher(), reference);
    stage.simulator.backDoor.client().describe(id, 'Oppgjør');
    const [found] = await service.find!(reference);
    expect(found?.description).toBe('Oppgjør');
    expect(viewDigest(found as Posted)).toBe(digest);
  });

  test('a voucher on the clearing account is listed beside ours; one elsewhere is not', async () => {
    await using stage = await openStage();
    const service = stage.connect({ clearingAccounts: ['1579'] });
    await service.post(voucher(), reference);
    const client = stage.simulator.backDoor.client();
    const type = (account: string): unknown =>
      client.type({
        date: day,
        description: 'Vipps oppgjør',
        rows: [
          { account: '1920', amount: 500 },
          { account, amount: -500 },
        ],
      });
    type('1579');
    type('1900');
    const found = await listed(service);
    expect(found.map(({ reference: own, lines }) => [own, lines.length])).toEqual([
      [reference, 2],
      ['', 2],
    ]);
    expect(found[1]).toMatchObject({ description: 'Vipps oppgjør', lines: [{ amount: 500 }, { amount: -500 }] });
  });

  test('a quarter is listed over its months', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    for (const text of ['2026-01-01', '2026-02-01', '2026-03-31', '2026-04-01']) {
      const date = plainDate(text);
      await service.post(voucher({ date }), `302321-${text.replaceAll('-', '')}`);
    }
    expect((await listed(service, '2026-01-01', '2026-03-31')).map(({ date }) => date)).toEqual([
      '2026-01-01',
      '2026-02-01',
      '2026-03-31',
    ]);
  });
});

describe('attachments', () => {
  test('text goes as a PDF, and the last one is what remains', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const content = new TextEncoder().encode('dato;beløp\n');
    const file = { name: `${reference}.csv`, mediaType: 'text/csv', content };
    await service.attach?.(id, file);
    await service.attach?.(id, file);
    const [held] = stage.simulator.backDoor.client().vouchers();
    expect(held?.documentation?.fileName).toBe(`${reference}.csv.pdf`);
    expect(Buffer.from(held?.documentation?.content ?? []).toString('latin1')).toMatch(/^%PDF-1\.4\n.*dato;bel\xf8p/s);
  });

  test('a PDF goes as it is, also one that holds what ends a form', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const content = Buffer.from('%PDF-1.7\r\n--bilag-document-0--\r\n\u0000\u00ff%%EOF', 'latin1');
    await service.attach?.(id, { name: 'æ.pdf', mediaType: 'application/pdf', content });
    const [held] = stage.simulator.backDoor.client().vouchers();
    expect(Buffer.from(held?.documentation?.content ?? []).equals(content)).toBe(true);
    expect(held?.documentation?.fileName).toBe('_.pdf');
  });

  test('anything else is refused', async () => {
    await using stage = await openStage();
    const attaching = stage
      .connect()
      .attach?.('x', { name: 'a.zip', mediaType: 'application/zip', content: Buffer.of(80) });
    await expect(attaching).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

describe('over time', () => {
  test('registers are read once, and once more for what was added since', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.post(voucher(), reference);
    await service.post(voucher({ date: plainDate('2026-03-03') }), '302321-20260303');
    const reads = (): number =>
      stage.simulator.requests.filter(({ path }) => path === '/v2/GeneralLedgerAccounts').length;
    expect(reads()).toBe(1);
    const missing = voucher({ lines: [plain('3999', 900), plain('1579', -900)] });
    await expect(service.post(missing, 'A-20260302')).rejects.toMatchObject({ kind: 'rejected' });
    expect(reads()).toBe(2);
  });

  test('a token is renewed before it ends, and another one asked for where it is not taken', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.identify();
    await service.identify();
    expect(stage.simulator.access.given).toBe(1);
    stage.context.ms += 1_150_000;
    await service.identify();
    expect(stage.simulator.access.given).toBe(2);
    stage.simulator.access.endAll();
    await service.identify();
    expect(stage.simulator.access.given).toBe(3);
  });

  test('a write whose token is not taken is not sent again by itself', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.post(voucher(), reference);
    stage.simulator.access.endAll();
    const next = voucher({ date: plainDate('2026-03-03') });
    await expect(service.post(next, '302321-20260303')).rejects.toMatchObject({ kind: 'busy' });
    expect(await service.post(next, '302321-20260303')).toMatchObject({ outcome: 'created' });
  });
});
