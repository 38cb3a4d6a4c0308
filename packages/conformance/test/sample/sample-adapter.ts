import {
  defineAdapter,
  type ConfigSchema,
  type Dedupe,
  type Service,
  type ServiceAdapter,
  type VatView,
} from '@bilag/core';
import type { ServiceSubject } from '@bilag/conformance';
import { asking, SampleClient, type SampleConfig } from './sample-client.ts';
import { SampleService } from './sample-service.ts';
import { openSampleTarget, type SampleRules } from './sample-target.ts';

/** What a sample adapter is like. */
export interface SampleVariant {
  readonly title?: string;
  readonly view?: VatView;
  readonly dedupe?: Dedupe;
  /** The methods it has beside those every service has; all by default. */
  readonly can?: readonly ('find' | 'list' | 'reverse' | 'attach' | 'inspect')[];
  readonly hasDepartments?: boolean;
  readonly maxLines?: number;
  readonly reversal?: 'any-date' | 'own-date';
  readonly vatCodes?: 'kept' | 'not-kept';
  readonly documents?: ServiceAdapter['shape']['documents'];
  /** How the target differs from what the adapter declares. */
  readonly target?: Partial<SampleRules>;
  readonly module?: URL;
  /** Another service or client in place of the sound one. */
  readonly service?: typeof SampleService;
  readonly client?: typeof SampleClient;
}

/** A sample adapter and its target. */
export function sampleSubject(variant: SampleVariant = {}): ServiceSubject<SampleConfig> {
  const { view = 'gross', dedupe = { by: 'search', settlesMs: 60_000 }, hasDepartments = true } = variant;
  return {
    adapter: sampleAdapter(variant),
    module: variant.module ?? new URL('sample-adapter.ts', import.meta.url),
    chart: hasDepartments ? { dimension: { type: 'department', value: '10' } } : {},
    open: (time) => openSampleTarget({ view, dedupe, hasDepartments, ...variant.target }, time),
  };
}

/** The adapter of a variant: sound unless a part is replaced. */
export function sampleAdapter(variant: SampleVariant = {}): ServiceAdapter<SampleConfig> {
  const { view = 'gross', dedupe = { by: 'search', settlesMs: 60_000 }, title = 'Sample' } = variant;
  const {
    can = ['find', 'list', 'reverse', 'attach', 'inspect'],
    maxLines = 1000,
    reversal,
    vatCodes,
    documents = ['journal'],
  } = variant;
  const { service: Connected = SampleService, client: Client = SampleClient } = variant;
  return defineAdapter<SampleConfig>({
    contract: 1,
    kind: 'service',
    id: 'sample',
    title,
    config: sampleConfig,
    vat: view,
    shape: { documents, maxLines },
    limits: { concurrency: 1, perSecond: 10 },
    dedupe,
    ...(reversal === undefined ? {} : { reversal }),
    ...(vatCodes === undefined ? {} : { vatCodes }),
    connect: (config, context) => {
      const service = new Connected(view, new Client(config, context));
      return {
        identify: () => service.identify(),
        chart: () => service.chart(),
        post: (voucher, reference, beforeWrite) => asking(beforeWrite, () => service.post(voucher, reference)),
        ...(can.includes('find') && { find: (reference) => service.find(reference) }),
        ...(can.includes('list') && { list: (from, to) => service.list(from, to) }),
        ...(can.includes('reverse') && {
          reverse: (id, date, reference, beforeWrite) =>
            asking(beforeWrite, () => service.reverse(id, date, reference)),
        }),
        ...(can.includes('inspect') && { inspect: () => service.inspect() }),
        ...(can.includes('attach') && {
          attach: (id, file, beforeWrite) => asking(beforeWrite, () => service.attach(id, file)),
        }),
      } satisfies Service as Service & Required<Pick<Service, 'find'>>;
    },
  } as ServiceAdapter<SampleConfig>);
}

const sampleConfig: ConfigSchema<SampleConfig> = {
  '~standard': {
    version: 1,
    vendor: 'sample',
    validate: (value) => {
      const { url, credential, timeoutMs } = value as Partial<SampleConfig>;
      const isWhole = typeof url === 'string' && typeof credential === 'string' && typeof timeoutMs === 'number';
      return isWhole ? { value: { url, credential, timeoutMs } } : { issues: [{ message: 'url is missing' }] };
    },
  },
};
