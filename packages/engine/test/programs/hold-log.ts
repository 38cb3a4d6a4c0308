/** Opens a delivery log, saves a voucher, says so, and keeps it open until it is killed. */
import { openDeliveryLog } from '../../src/index.ts';
import { rowIn } from '../../src/store-laws/sample-rows.ts';

const [path = '', index = ''] = process.argv.slice(2);
const log = await openDeliveryLog(path);
const request = { holder: 'another', now: Date.now(), leaseMs: 1, requestTimeoutMs: 1 };
const lease = await log.takeLease('kaffebaren', request);
await log.save(lease, [rowIn('posted', { companyId: 'kaffebaren', index: Number(index) })]);
process.stdout.write('ready');
process.stdin.resume();
