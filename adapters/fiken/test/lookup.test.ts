import { expectedDigest, plainDate, viewDigest, type Posted, type Voucher } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './connections.ts';
import { day, referenceOf, wholeDay } from './days.ts';

describe('people change what was posted', () => {
  test('an entry is found under a text written around its reference, and on another date', async () => {
    await using stage = await openStage();
    const { service, journal, number } = await postedJournal(stage);
    stage.fiken.company().editDescription(number, 'Oppgjør 302321-20260302.J, sjekket av regnskapsfører.');
    stage.fiken.company().redate(number, '2026-01-15');
    const [hit, ...others] = await service.find(referenceOf(journal));
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ id: `transaction-${number}`, state: 'live', date: '2026-01-15' });
    expect(viewDigest(hit as Posted)).not.toBe(expectedDigest(journal, 'explicit'));
  });

  test('an amount that was changed gives another digest', async () => {
    await using stage = await openStage();
    const { service, journal, number } = await postedJournal(stage);
    stage.fiken.company().editLines(number, (line) => ({ ...line, amount: line.amount * 2 }));
    const [hit] = await service.find(referenceOf(journal));
    expect(viewDigest(hit as Posted)).not.toBe(expectedDigest(journal, 'explicit'));
  });

  test('an entry that a person deleted is reversed, and its counter entry is no second one', async () => {
    await using stage = await openStage();
    const { service, journal, number } = await postedJournal(stage);
    stage.fiken.company().deletePosting(number, `Slettet: [${referenceOf(journal)}] Vipps`);
    const [, counter] = stage.fiken.company().holding(referenceOf(journal));
    expect(await service.find(referenceOf(journal))).toMatchObject([
      { id: `transaction-${counter?.transactionId}`, state: 'live', reverses: `transaction-${number}` },
      { id: `transaction-${number}`, state: 'reversed' },
    ]);
  });

  test('a counter entry that points back at what it reverses is still the counter entry', async () => {
    await using stage = await openStage();
    const { service, journal, number } = await postedJournal(stage);
    stage.fiken.company().deletePosting(number);
    const [original, counter] = stage.fiken.company().books.transactions;
    for (const entry of counter?.entries ?? []) entry.offsetTransactionId = original?.transactionId ?? 0;
    expect(await service.find(referenceOf(journal))).toMatchObject([
      { id: `transaction-${number}`, state: 'reversed' },
      { state: 'live', reverses: `transaction-${number}` },
    ]);
  });

  test('an entry whose counter entry a person deleted too stands in the books again', async () => {
    await using stage = await openStage();
    const { service, journal, number } = await postedJournal(stage);
    const fiken = stage.fiken.company();
    fiken.deletePosting(number);
    const counter = fiken.books.transactions.at(-1)?.transactionId ?? 0;
    fiken.deletePosting(counter);
    const shown = [
      { id: `transaction-${number}`, state: 'live' },
      { id: `transaction-${counter}`, state: 'reversed', reverses: `transaction-${number}` },
      { state: 'live', reverses: `transaction-${counter}` },
    ];
    expect(await service.find(referenceOf(journal))).toMatchObject(shown);
    // The latest is listed first.
    expect(await Array.fromAsync(service.list(day, day))).toMatchObject(shown.toReversed());
    const reversing = service.reverse(`transaction-${number}`, day, '302321-20260302.J.U1');
    await expect(reversing).rejects.toMatchObject({ kind: 'conflict' });
    expect(fiken.books.transactions).toHaveLength(3);
  });

  test('a voucher that is there twice is found twice', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    for (const voucher of await wholeDay()) {
      await service.post(voucher, referenceOf(voucher));
      await service.post(voucher, referenceOf(voucher));
      expect(await service.find(referenceOf(voucher))).toHaveLength(2);
    }
  });

  test('one is found on a page beyond the first, also while others are posted', async () => {
    await using stage = await openStage();
    const { service, journal } = await postedJournal(stage);
    for (let other = 0; other < 230; other += 1) importRow(stage, `rad ${other}`);
    let added = 0;
    stage.fiken.faults.arm({
      kind: 'answer',
      times: 4,
      match: ({ path, method }) => method === 'GET' && path.endsWith('/journalEntries'),
      answer: async (request, handle) => {
        const reply = await handle(request);
        if (added < 2) importRow(stage, `midt i ${(added += 1)}`);
        return reply;
      },
    });
    expect(await service.find(referenceOf(journal))).toHaveLength(1);
    expect(added).toBe(2);
  });

  test.for([0, 1])(
    'one that slips between two pages is found, whether the count tells (%i fewer) or not',
    async (fewer) => {
      await using stage = await openStage();
      const { service, journal } = await postedJournal(stage);
      for (let other = 0; other < 100; other += 1) importRow(stage, `rad ${other}`);
      const slip = stage.fiken.faults.arm({
        kind: 'answer',
        match: ({ path, query }) => path.endsWith('/journalEntries') && query.get('page') === '1',
        answer: async (request, handle) => {
          const reply = await handle(request);
          const count = Number(reply.headers?.['Fiken-Api-Result-Count']) - fewer;
          return { ...reply, headers: { ...reply.headers, 'Fiken-Api-Result-Count': String(count) }, body: '[]' };
        },
      });
      expect(await service.find(referenceOf(journal))).toHaveLength(1);
      expect(slip.strikes).toBe(1);
    },
  );

  test('a list that never stands still is given up, not guessed', async () => {
    await using stage = await openStage();
    const { service, journal } = await postedJournal(stage);
    for (let other = 0; other < 100; other += 1) importRow(stage, `rad ${other}`);
    stage.fiken.faults.arm({
      kind: 'answer',
      times: Number.POSITIVE_INFINITY,
      match: ({ path, query }) => path.endsWith('/journalEntries') && query.get('page') === '1',
      answer: async (request, handle) => ({ ...(await handle(request)), body: '[]' }),
    });
    await expect(service.find(referenceOf(journal))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('what was made days ago is read once for many lookups, and still found', async () => {
    await using stage = await openStage();
    const { service, journal } = await postedJournal(stage);
    const [sale] = (await wholeDay()) as [Voucher];
    await service.post(sale, referenceOf(sale));
    stage.time.ms += 40 * 86_400_000;
    importRow(stage, 'ny');
    for (const voucher of [journal, sale, journal]) {
      expect(await service.find(referenceOf(voucher))).toMatchObject([{ state: 'live', document: voucher.document }]);
    }
    const windows = stage.fiken.requests.map(({ search }) => /createdDateGe=[\d-]+/.exec(search)?.[0] ?? '');
    expect(windows.filter((window) => window === 'createdDateGe=2026-03-01')).toHaveLength(1);
    expect(windows.filter((window) => window === 'createdDateGe=2026-04-10')).toHaveLength(3);
  });

  test('a posting that Fiken does not list yet is not found, and is later', async () => {
    await using stage = await openStage({ listedAfterMs: 60_000 });
    const { service, journal } = await postedJournal(stage);
    expect(await service.find(referenceOf(journal))).toEqual([]);
    stage.time.ms += 60_000;
    expect(await service.find(referenceOf(journal))).toHaveLength(1);
  });
});

describe('a list between two dates', () => {
  test('has what carries a reference or touches clearing, reversals with what they reverse, and nothing else', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const [sale, journal] = (await wholeDay()) as [Voucher, Voucher];
    const sold = await service.post(sale, referenceOf(sale));
    const posted = await service.post(journal, referenceOf(journal));
    const reversal = await service.reverse(sold.id, day, `${sale.key}.U1`);
    stage.fiken.company().importSettlement({ date: day, gross: 90_000, fee: 2_000, reference: '2000042' });
    stage.fiken.company().books.postJournal({
      journalEntries: [
        { description: 'Husleie', date: day, lines: [{ amount: 5, debitAccount: '6540', creditAccount: '2911' }] },
      ],
    });
    const listed = await Array.fromAsync(service.list(day, day));
    const shown = listed.map(({ id, reference, state, reverses }) => ({ id, reference, state, reverses }));
    expect(shown).toHaveLength(4);
    expect(shown).toEqual(
      expect.arrayContaining([
        { id: sold.id, reference: referenceOf(sale), state: 'reversed', reverses: undefined },
        { id: posted.id, reference: referenceOf(journal), state: 'live', reverses: undefined },
        { id: reversal.id, reference: `${sale.key}.U1`, state: 'live', reverses: sold.id },
        { id: expect.stringMatching(/^transaction-/), reference: '', state: 'live', reverses: undefined },
      ]),
    );
    expect(await Array.fromAsync(stage.connect({ clearingAccounts: [] }).list(day, day))).toHaveLength(5);
    expect(await Array.fromAsync(service.list(plainDate('2026-03-03'), plainDate('2026-03-31')))).toEqual([]);
  });
});

describe('reversal', () => {
  test('on another date than the original is not what Fiken does: nothing is sent', async () => {
    await using stage = await openStage();
    const { service, number } = await postedJournal(stage);
    const reversing = service.reverse(`transaction-${number}`, plainDate('2026-04-01'), '302321-20260302.J.U1');
    await expect(reversing).rejects.toMatchObject({ kind: 'unsupported' });
    expect(stage.fiken.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  test('of something a person deleted already is what is there', async () => {
    await using stage = await openStage();
    const { service, number } = await postedJournal(stage);
    stage.fiken.company().deletePosting(number);
    expect(await service.reverse(`transaction-${number}`, day, '302321-20260302.J.U1')).toMatchObject({
      outcome: 'exists',
    });
    expect(stage.fiken.company().books.transactions).toHaveLength(2);
  });

  test('of an id that is none of ours', async () => {
    await using stage = await openStage();
    const reversing = stage.connect().reverse('12345', day, '302321-20260302.J.U1');
    await expect(reversing).rejects.toMatchObject({ kind: 'not-found' });
  });
});

async function postedJournal(
  stage: Stage,
): Promise<{ service: ReturnType<Stage['connect']>; journal: Voucher; number: number }> {
  const service = stage.connect();
  const [, journal] = (await wholeDay()) as [Voucher, Voucher];
  const { id } = await service.post(journal, referenceOf(journal));
  return { service, journal, number: Number(id.replace('transaction-', '')) };
}

function importRow(stage: Stage, reference: string): void {
  stage.fiken.company().importSettlement({ date: day, gross: 100, fee: 1, reference });
}
