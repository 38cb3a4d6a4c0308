import {
  isBilagError,
  type BilagError,
  type Delivery,
  type Secrets,
  type Service,
  type ServiceAdapter,
  type ServiceContext,
  type Voucher,
} from '@bilag/core';
import type { BackDoor, HeldVoucher } from './back-door.ts';
import { checkedConfig } from '../kit/checked-config.ts';
import type { ServerRequest } from '@bilag/fault-server';
import type { Fault, FaultAim, ArmedFault } from '@bilag/fault-server';
import { norwegianChart, type KitChart } from '../kit/kit-chart.ts';
import { LawBroken } from '../law.ts';
import { deliverInMemory, type DeliverOptions } from './memory-delivery.ts';
import type { RecordedRequest } from '@bilag/fault-server';
import type { FakeTarget, ServiceSubject } from './service-subject.ts';
import { Turns, VirtualTime } from './virtual-time.ts';
import { VoucherMaker } from '../kit/voucher-maker.ts';

/** A fresh world of one law: the adapter, a fake target with nothing in it, and everything around them. */
export class ServiceWorld {
  readonly adapter: ServiceAdapter;
  /** Where the adapter is exported. */
  readonly module: URL;
  readonly chart: KitChart;
  /** Makes vouchers the adapter can take. */
  readonly vouchers: VoucherMaker;
  readonly target: FakeTarget;
  readonly backDoor: BackDoor;
  readonly time: VirtualTime;
  readonly turns: Turns;
  /** Everything the adapter told a log. */
  readonly events: unknown[] = [];
  /** The references under which the adapter asked for credentials. */
  readonly credentialReads: string[] = [];
  readonly #config: unknown;
  readonly #opened: Service[] = [];
  readonly #context: ServiceContext;

  constructor(subject: ServiceSubject<never>, target: FakeTarget, config: unknown, time: VirtualTime) {
    this.adapter = subject.adapter as unknown as ServiceAdapter;
    this.module = subject.module;
    this.chart = { ...norwegianChart, ...subject.chart };
    this.vouchers = new VoucherMaker(this.chart, this.adapter.shape);
    this.target = target;
    this.backDoor = target.backDoor;
    this.time = time;
    this.#config = config;
    this.turns = new Turns(time, this.adapter.limits.perSecond, () => target.server.requests.length);
    this.#context = {
      now: time.now,
      sleep: time.sleep,
      random: () => 0.5,
      credentials: memoryCredentials(target.credentials, this.credentialReads),
      signal: new AbortController().signal,
      turn: this.turns.turn,
      onEvent: (event) => void this.events.push(event),
    };
  }

  /** A connection; another one is like the one after a restart. */
  connect(): Service {
    const service = this.adapter.connect(this.#config, this.#context);
    this.#opened.push(service);
    return service;
  }

  get requests(): readonly RecordedRequest[] {
    return this.target.server.requests;
  }

  /** How many requests to write a voucher have arrived. */
  get sends(): number {
    return this.requests.filter((request) => this.target.isPost(requestAgain(request))).length;
  }

  /** What the target holds and was not taken back. */
  live(reference?: string): readonly HeldVoucher[] {
    return this.backDoor
      .held()
      .filter((held) => held.state === 'live' && (reference === undefined || held.reference === reference));
  }

  /** Lets something happen to the next write of a voucher. */
  strike(fault: Fault & Omit<FaultAim, 'match'>): ArmedFault {
    return this.target.server.faults.arm({ ...fault, match: (request) => this.target.isPost(request) });
  }

  /** Core's state machine with this adapter, as the engine runs it, without its log. */
  deliver(voucher: Voucher, options: DeliverOptions = {}): Promise<Delivery> {
    return deliverInMemory(voucher, { adapter: this.adapter, service: this.connect(), time: this.time }, options);
  }

  async close(): Promise<void> {
    for (const service of this.#opened) await service.close?.();
    await this.target.close();
    if (this.target.server.failures.length > 0) {
      const [first] = this.target.server.failures;
      throw new LawBroken(`the fake target itself failed: ${first instanceof Error ? first.message : String(first)}`);
    }
  }
}

/** Opens a fresh world. */
export async function openServiceWorld<Config>(given: ServiceSubject<Config>): Promise<ServiceWorld> {
  const subject = given as unknown as ServiceSubject<never>;
  const time = new VirtualTime();
  const target = await subject.open(time);
  return new ServiceWorld(subject, target, checkedConfig(subject.adapter, target.config), time);
}

/** The error a piece of work ends with. Broken when it ends well, or with an error that says nothing to the caller. */
export async function errorOf(work: Promise<unknown>, what: string): Promise<BilagError> {
  let value: unknown;
  try {
    value = await work;
  } catch (error) {
    if (isBilagError(error)) return error;
    const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new LawBroken(`${what}: it threw ${name}, and not a BilagError`);
  }
  throw new LawBroken(`${what}: it ended well, with ${JSON.stringify(value)}`);
}

/** A recorded request as a fault sees it: its body is not kept. */
function requestAgain({ method, path, search, headers }: RecordedRequest): ServerRequest {
  return { method, path, query: new URLSearchParams(search), headers, body: new Uint8Array() };
}

function memoryCredentials(given: Readonly<Record<string, Secrets>>, reads: string[]): ServiceContext['credentials'] {
  const held = new Map(Object.entries(given));
  let last: Promise<unknown> = Promise.resolve();
  return {
    get: async (reference) => {
      reads.push(reference);
      const secrets = held.get(reference);
      if (secrets === undefined) throw new LawBroken(`the adapter asked for credentials under "${reference}"`);
      return secrets;
    },
    put: async (reference, secrets) => void held.set(reference, secrets),
    exclusively: (_reference, work) => {
      const next = last.then(work);
      last = next.catch(() => undefined);
      return next;
    },
  };
}
