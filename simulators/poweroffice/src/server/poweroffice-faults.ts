import type { Fault, FaultAim } from '@bilag/fault-server';
import { problemReply } from '../poweroffice-replies.ts';

/** Which of the simulator's endpoints a request is for. `read` is any other GET. */
export type PowerOfficeEndpoint = 'token' | 'post' | 'voucher' | 'find' | 'reverse' | 'attach' | 'read';

/** Which requests a fault strikes. */
export interface PowerOfficeFaultAim extends FaultAim {
  readonly on?: PowerOfficeEndpoint;
}

/** Turns a fault of PowerOffice into one the fault server knows: a bare status gets its problem details. */
export function toPowerOfficeServerFault(fault: Fault & PowerOfficeFaultAim): Fault & FaultAim {
  const { on, ...rest } = fault;
  const match: FaultAim['match'] = (request) =>
    (on === undefined || endpointOf(request.method, request.path) === on) && (fault.match?.(request) ?? true);
  if (rest.kind !== 'status' || rest.body !== undefined) return { ...rest, match };
  const problem = problemReply(rest.status, 'Something went wrong.');
  return { ...rest, ...problem, headers: { ...problem.headers, ...rest.headers }, match };
}

function endpointOf(method: string, path: string): PowerOfficeEndpoint {
  return endpoints.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? 'read';
}

const endpoints: readonly (readonly [RegExp, PowerOfficeEndpoint])[] = [
  [/^POST \/OAuth\/Token$/i, 'token'],
  [/^POST \/v2\/Vouchers\/ManualJournals$/, 'post'],
  [/^GET \/v2\/Vouchers\/ManualJournals\//, 'voucher'],
  [/^GET \/v2\/AccountTransactions$/, 'find'],
  [/^POST \/v2\/Vouchers\/Reverse\//, 'reverse'],
  [/^PUT \/v2\/VoucherDocumentation$/, 'attach'],
];
