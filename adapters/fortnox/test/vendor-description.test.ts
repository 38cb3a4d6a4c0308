import { plainDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { loadOpenApi, type Exchange } from '../../../test/openapi.ts';
import { describeWithShared } from '../../../test/support.ts';
import { day, openStage, reference, voucher, type Stage } from './connections.ts';

/** Lets everything through and keeps it, but for what tokens are renewed with. */
function watch({ simulator }: Stage): Exchange[] {
  const exchanges: Exchange[] = [];
  simulator.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: async (request, handle) => {
      const reply = await handle(request);
      if (!request.path.startsWith('/oauth-v1/')) exchanges.push({ request, reply });
      return reply;
    },
  });
  return exchanges;
}

describeWithShared('what is sent and answered is as Fortnox describes it', () => {
  const api = loadOpenApi('spec/fortnox/fortnox.trimmed.openapi.json');

  /**
   * Where the description is known to be short: `page`, `limit` and the totals are those of every list and stand in its guide; a body of
   * any type is taken; the year of a voucher is given by the address; a SIE file and an archived file are streamed; its errors  come with small letters as well.
   */
  const isShort =
    /the parameter (?:page|limit) is not known|a body of type "application\/json" is not taken|MetaInformation|\/3\/(?:sie|archive)\/|\/ErrorInformation must NOT/;

  function problemsOf(exchanges: readonly Exchange[]): string[] {
    return api.problems(exchanges).filter((problem) => !isShort.test(problem));
  }

  test('through a whole life of a voucher', async () => {
    await using stage = await openStage();
    const exchanges = watch(stage);
    const service = stage.connect();
    await service.identify();
    await service.chart();
    await service.inspect?.();
    const { id } = await service.post(voucher(), reference);
    const file = { name: 'a.csv', mediaType: 'text/csv', content: new TextEncoder().encode('a;b\n') };
    await service.attach?.(id, file);
    await service.attach?.(id, file);
    await service.find(reference);
    await Array.fromAsync(service.list?.(plainDate('2026-03-01'), plainDate('2026-03-31')) ?? []);
    expect(exchanges.length).toBeGreaterThan(16);
    expect(new Set(exchanges.map(({ reply }) => reply.status))).toEqual(new Set([200, 201]));
    expect(problemsOf(exchanges)).toEqual([]);
  });

  test('when it goes wrong', async () => {
    await using stage = await openStage({ lockedThrough: day });
    const exchanges = watch(stage);
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'blocked' });
    await stage.connect({ series: 'X' }).inspect?.();
    expect(new Set(exchanges.map(({ reply }) => reply.status))).toEqual(new Set([200, 400, 404]));
    expect(problemsOf(exchanges)).toEqual([]);
  });
});
