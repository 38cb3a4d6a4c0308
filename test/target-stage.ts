import type { ConfigSchema, SearchableService, Service, ServiceAdapter } from '../packages/core/src/index.ts';
import type { FakeContext } from './fake-context.ts';

/** A simulated target, and connections of its adapter that take time and keys from one context. */
export interface TargetStage<Simulator, Connection extends Service = SearchableService> extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly context: FakeContext;
  /** A connection; what is given stands in its config instead. */
  connect(config?: object): Connection;
}

/** Whatever was opened is closed in the end. */
export function targetStage<Simulator extends { close(): Promise<void> }, Config, Connection extends Service>(
  adapter: ServiceAdapter<Config>,
  { simulator, context, config: own }: { simulator: Simulator; context: FakeContext; config: object },
): TargetStage<Simulator, Connection> {
  const opened: Service[] = [];
  return {
    simulator,
    context,
    connect: (config = {}) => {
      const service = adapter.connect(checkedConfig(adapter.config, { ...own, ...config }), context);
      opened.push(service);
      return service as Connection;
    },
    async [Symbol.asyncDispose]() {
      for (const service of opened) await service.close?.();
      await simulator.close();
    },
  };
}

/** The config of a test, which is right. */
export function checkedConfig<Config>(schema: ConfigSchema<Config>, input: object): Config {
  const result = schema['~standard'].validate(input);
  if (result instanceof Promise || result.issues !== undefined) throw new Error('the config of the test is wrong');
  return result.value;
}
