import { openServiceWorld, type ServiceSubject } from '@bilag/conformance';
import type { PowerOfficeConfig } from '@bilag/poweroffice';
import { expect, test } from 'vitest';
import { subjects } from './conformance.ts';

test('a list of ever more full pages is given up, and does not hold the company', async () => {
  const world = await openServiceWorld(subjects[0] as ServiceSubject<PowerOfficeConfig>);
  try {
    const service = world.connect();
    await service.identify();
    const account = { Id: 1, AccountNo: 1500, Name: 'Kunder' };
    const body = JSON.stringify(Array.from({ length: 5_000 }, () => account));
    world.target.server.faults.arm({
      kind: 'answer',
      times: Infinity,
      answer: () => {
        world.time.ms += 120_000;
        return { status: 200, headers: { 'content-type': 'application/json' }, body };
      },
    });
    const before = world.requests.length;
    await expect(service.chart()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(world.requests.length - before).toBeLessThan(20);
  } finally {
    await world.close();
  }
});
