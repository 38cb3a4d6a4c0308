import { plainDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { loadOpenApi, type Exchange } from '../../../test/openapi.ts';
import { describeWithShared } from '../../../test/support.ts';
import { openStage, reference, voucher, type Stage } from './connections.ts';

/** Lets everything through and keeps it. */
function watch({ simulator }: Stage): Exchange[] {
  const exchanges: Exchange[] = [];
  simulator.faults.arm({
    kind: 'answer',
    times: Infinity,
    match: ({ path }) => path.startsWith('/api.xro/'),
    answer: async (request, handle) => {
      const reply = await handle(request);
      exchanges.push({ request, reply });
      return reply;
    },
  });
  return exchanges;
}

/** Its examples carry them, and its schemas do not. */
const notInSchemas = /additional properties \("(?:Id|Status|ProviderName|DateTimeUTC)"\)/;

describeWithShared('what is sent and answered is as Xero describes it', () => {
  const api = loadOpenApi('spec/xero/xero-accounting.trimmed.openapi.json', { basePath: '/api.xro/2.0' });

  test.each(['draft', 'posted'])('through a whole life of a voucher, mode: %s', async (mode) => {
    await using stage = await openStage();
    const exchanges = watch(stage);
    const service = stage.connect({ mode });
    await service.identify();
    await service.chart();
    await service.inspect?.();
    const { id } = await service.post(voucher(), reference);
    const content = new TextEncoder().encode('a;b\n');
    await service.attach?.(id, { name: 'a.csv', mediaType: 'application/octet-stream', content });
    await stage.connect().attach?.(id, { name: 'a.csv', mediaType: 'application/octet-stream', content });
    await service.find(reference);
    await Array.fromAsync(service.list?.(plainDate('2026-03-01'), plainDate('2026-03-31')) ?? []);
    expect(exchanges.length).toBeGreaterThan(11);
    const problems = api.problems(exchanges).filter((problem) => !notInSchemas.test(problem));
    expect(problems).toEqual([]);
  });

  test('when it goes wrong', async () => {
    await using stage = await openStage();
    const service = stage.connect({ mode: 'posted' });
    await service.chart();
    const exchanges = watch(stage);
    stage.simulator.backDoor.organisation().changeAccount('1579', { isArchived: true });
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({ kind: 'rejected' });
    const problems = api.problems(exchanges).filter((problem) => !notInSchemas.test(problem));
    expect(problems).toEqual([]);
  });
});
