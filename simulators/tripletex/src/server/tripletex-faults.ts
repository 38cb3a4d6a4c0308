import type { Fault, FaultAim, ServerReply } from '@bilag/fault-server';
import { refusalOf } from '../tripletex-replies.ts';

/** Which of the simulator's endpoints a request is for. `read` is any other GET. */
export type TripletexEndpoint =
  | 'session'
  | 'who-am-i'
  | 'post'
  | 'find'
  | 'list'
  | 'voucher'
  | 'reverse'
  | 'attach'
  | 'read';

/** Which requests a fault strikes. */
export interface TripletexFaultAim extends FaultAim {
  readonly on?: TripletexEndpoint;
}

/**
 * Faults by name, each of them aimed at the write where it hurts most: what may go wrong when a voucher is posted, and
 * whether it was booked all the same.
 */
export const namedTripletexFaults: Readonly<Record<string, Fault & TripletexFaultAim>> = {
  hang: { kind: 'hang', on: 'post' },
  'hang-after-commit': { kind: 'hang', strikes: 'after', on: 'post' },
  cut: { kind: 'cut', on: 'post' },
  'cut-after-commit': { kind: 'cut', strikes: 'after', on: 'post' },
  'cut-midway': { kind: 'cut', strikes: 'midway', on: 'post' },
  malformed: { kind: 'malformed', on: 'post' },
  '500': { kind: 'status', status: 500, on: 'post' },
  '500-after-commit': { kind: 'status', status: 500, strikes: 'after', on: 'post' },
  '400-after-commit': { kind: 'status', status: 400, strikes: 'after', on: 'post' },
  '429': { kind: 'status', status: 429, on: 'post' },
  '429-with-reset': { kind: 'status', status: 429, headers: { 'x-rate-limit-reset': '2' }, on: 'post' },
  '401': { kind: 'status', status: 401, on: 'post' },
  '503-find': { kind: 'status', status: 503, on: 'find' },
  'cut-find': { kind: 'cut', on: 'find' },
};

/** Which endpoint a request belongs to. */
export function tripletexEndpointOf(method: string, path: string): TripletexEndpoint {
  const place = `${method} ${decodeURIComponent(path).replace(/^\/v2/, '')}`;
  return endpoints.find(([pattern]) => pattern.test(place))?.[1] ?? 'read';
}

const endpoints: readonly (readonly [RegExp, TripletexEndpoint])[] = [
  [/^POST \/token\/session\/:create/, 'session'],
  [/^GET \/token\/session\/>whoAmI$/, 'who-am-i'],
  [/^POST \/ledger\/voucher$/, 'post'],
  [/^GET \/ledger\/voucher\/>/, 'find'],
  [/^GET \/ledger\/voucher$/, 'list'],
  [/^GET \/ledger\/voucher\/\d+$/, 'voucher'],
  [/^PUT \/ledger\/voucher\/\d+\/:reverse$/, 'reverse'],
  [/^POST \/ledger\/voucher\/\d+\/attachment$/, 'attach'],
];

/** Turns a fault of Tripletex into one the fault server knows: a bare status gets its envelope. */
export function toTripletexServerFault(fault: Fault & TripletexFaultAim): Fault & FaultAim {
  const { on, ...rest } = fault;
  const match: FaultAim['match'] = (request) =>
    (on === undefined || tripletexEndpointOf(request.method, request.path) === on) && (fault.match?.(request) ?? true);
  if (rest.kind !== 'status' || rest.body !== undefined) return { ...rest, match };
  const envelope: ServerReply = refusalOf(rest.status);
  return { ...rest, ...envelope, headers: { ...envelope.headers, ...rest.headers }, match };
}
