import { plainDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { loadOpenApi, type Exchange, type OpenApi } from '../../../test/openapi.ts';
import { describeWithShared } from '../../../test/support.ts';
import { openStage, plain, reference, voucher, type Stage } from './connections.ts';

/** Lets everything through and keeps it. */
function watch({ simulator }: Stage): Exchange[] {
  const exchanges: Exchange[] = [];
  simulator.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: async (request, handle) => {
      const reply = await handle(request);
      exchanges.push({ request, reply });
      return reply;
    },
  });
  return exchanges;
}

describeWithShared('what is sent and answered is as e-conomic describes it', () => {
  const folder = 'spec/e-conomic';
  const apis: readonly (readonly [string, OpenApi])[] = [
    ['/journalsapi/', loadOpenApi(`${folder}/openapi/Journals.json`, { basePath: '/journalsapi/v15.0.0' })],
    [
      '/bookedEntriesapi/',
      loadOpenApi(`${folder}/openapi/BookedEntries.json`, { basePath: '/bookedEntriesapi/v4.0.0' }),
    ],
    ['/accountsapi/', loadOpenApi(`${folder}/openapi/Accounts.json`, { basePath: '/accountsapi/v7.0.0' })],
    [
      '/accountingyearsapi/',
      loadOpenApi(`${folder}/openapi/AccountingYears.json`, { basePath: '/accountingyearsapi/v2.0.1' }),
    ],
    ['/documentsapi/', loadOpenApi(`${folder}/openapi/Documents.json`, { basePath: '/documentsapi/v4.0.1' })],
    ['/', loadOpenApi(`${folder}/rest-openapi.trimmed.json`)],
  ];

  /** Booleans that are false are left out, although the schemas call them required: the description says so in words. */
  const isLeftOut = /must have required property '(?:is|allow|auto|balancing|lock|repeat|require)\w*'/;
  /** Its older API takes `pagesize` and `skippages` on every list, and its schemas do not say so. */
  const isPage = /the parameter (?:pagesize|skippages) is not known/;

  function problemsOf(exchanges: readonly Exchange[]): string[] {
    return exchanges.flatMap((exchange) => {
      const api = apis.find(([start]) => exchange.request.path.startsWith(start))?.[1];
      const problems = api?.problems([exchange]) ?? [`nothing describes ${exchange.request.path}`];
      return problems.filter((problem) => !isLeftOut.test(problem) && !isPage.test(problem));
    });
  }

  test.each(['draft', 'posted'])('through a whole life of a voucher, mode: %s', async (mode) => {
    await using stage = await openStage();
    const exchanges = watch(stage);
    const service = stage.connect({ mode });
    await service.identify();
    await service.chart();
    await service.inspect?.();
    const { id } = await service.post(voucher(), reference);
    const content = new TextEncoder().encode('a;b\n');
    await service.attach?.(id, { name: 'a.csv', mediaType: 'text/csv', content });
    await service.find(reference);
    await Array.fromAsync(service.list?.(plainDate('2026-03-01'), plainDate('2026-03-31')) ?? []);
    expect(exchanges.length).toBeGreaterThan(14);
    expect(new Set(exchanges.map(({ reply }) => reply.status))).toEqual(
      new Set(mode === 'draft' ? [200, 201] : [200, 201, 204]),
    );
    expect(problemsOf(exchanges)).toEqual([]);
  });

  test('when it goes wrong', async () => {
    await using stage = await openStage({ lockedThrough: plainDate('2026-03-31') });
    const exchanges = watch(stage);
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'blocked' });
    await expect(stage.connect({ journal: 8 }).inspect?.()).rejects.toMatchObject({ kind: 'config' });
    const wrong = voucher({ date: plainDate('2026-04-01'), lines: [plain('52100', 1), plain('7230', -1)] });
    stage.simulator.backDoor.agreement().changeJournal(7, { allowedEntryType: 2 });
    await expect(stage.connect().post(wrong, `${reference}.R2`)).rejects.toMatchObject({ kind: 'config' });
    expect(new Set(exchanges.map(({ reply }) => reply.status))).toEqual(new Set([200, 400, 404]));
    expect(problemsOf(exchanges)).toEqual([]);
  });
});
