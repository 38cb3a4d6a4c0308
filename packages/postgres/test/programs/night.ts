/** The night of the same companies in files and SQLite, in one process; tells what it took of processor. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDeliveryLog } from '@bilag/engine';
import { night, openOffice } from '@bilag/office';
import { firstTripletexId } from '../../../office/test/office-bench.ts';
import { companyOf, vaultOf, type ManySettings } from '../many-companies.ts';

const [, , file = '', folder = ''] = process.argv;
const { settings, ids } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly settings: ManySettings;
  readonly ids: readonly string[];
};
const companies = ids.map((id) => companyOf(settings, id, { folder }));
for (const [index, { archive, delivery, id }] of companies.entries()) {
  const log = await openDeliveryLog(delivery, { memory: archive });
  const lease = await log.takeLease(id, { holder: 'test', now: 0, leaseMs: 1_000, requestTimeoutMs: 1_000 });
  await log.pinTarget(lease, { adapterId: 'tripletex', targetCompanyId: String(firstTripletexId + index) });
  await log.markWhole(lease);
  await log.releaseLease(lease);
  await log.close();
}
const store = await openOffice(join(folder, 'office.sqlite'));
const { signal } = new AbortController();
const surroundings = { env: {}, credentials: vaultOf(settings), now: () => new Date(), signal };
const [since, cpu] = [performance.now(), process.cpuUsage()];
const { posted } = await night(companies, { target: 'books', store, surroundings });
const { user, system } = process.cpuUsage(cpu);
process.send?.({ posted, seconds: (performance.now() - since) / 1_000, cpuMs: (user + system) / 1_000 });
await store.close();
process.disconnect();
