import { openServiceWorld, type ServiceSubject } from '@bilag/conformance';
import { expect, test } from 'vitest';
import type { FikenConfig } from '../src/index.ts';
import { subjects } from './conformance.ts';
import { openStage } from './connections.ts';

test('a list of ever more empty pages is given up, and does not hold the company', async () => {
  const world = await openServiceWorld(subjects[0] as ServiceSubject<FikenConfig>);
  try {
    world.target.server.faults.arm({
      kind: 'answer',
      times: Infinity,
      answer: () => {
        world.time.ms += 60_000;
        return { status: 200, headers: { 'fiken-api-page-count': '1000000' }, body: '[]' };
      },
    });
    await expect(world.connect().find!('302321-20260302')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(world.requests.length).toBeLessThan(30);
  } finally {
    await world.close();
  }
});

test('requests are a quarter of a second apart where they begin, also where turns come faster', async () => {
  const times: number[] = [];
  await using stage = await openStage();
  stage.fiken.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: (request, handle) => {
      times.push(stage.time.ms);
      return handle(request);
    },
  });
  const service = stage.connect({}, { turn: (_credential, work) => work() });
  for (let count = 0; count < 5; count += 1) await service.identify();
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  expect(gaps).toEqual([250, 250, 250, 250]);
});
