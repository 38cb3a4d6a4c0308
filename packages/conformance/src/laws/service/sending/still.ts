import { importAlone } from '../../../import-alone.ts';
import { mustEqual } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';

/** Whoever loads a config with ten targets in it wants to talk to one. */
export const still: ServiceLaw = {
  id: 'still',
  sentence: 'Nothing happens at import and at connect, and the voucher that is posted is not touched.',
  async prove(open) {
    const world = await open();
    mustEqual(await importAlone(world.module), [], 'what the module does when it is imported');

    const [service] = [world.connect(), world.connect()];
    for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    mustEqual(world.requests.length, 0, 'requests that connect() made');
    mustEqual(world.turns.taken.length, 0, 'turns that connect() took');
    mustEqual(world.credentialReads, [], 'credentials that connect() read');

    const made = world.vouchers.sales();
    const voucher = structuredClone(made);
    await service.post(voucher, voucher.key);
    mustEqual(voucher, made, 'the voucher after it was posted');
  },
};
