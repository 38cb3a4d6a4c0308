/** What a simulation is started with. */
export interface SimulationOptions {
  /** On 127.0.0.1; 0 for any free one. */
  readonly port: number;
  readonly now: () => Date;
  /** Names of {@link Simulation.faults}. */
  readonly faults: readonly string[];
  /** The company of a simulated accounting system. */
  readonly organisationNumber: string;
  /** Whether versions that the real one has closed are answered too. */
  readonly answersClosedVersions: boolean;
}

/** Fake keys, as a config refers to them. */
export interface SimulatedKeys {
  /** `VIPPS` of `env:VIPPS`. */
  readonly name: string;
  readonly about?: string;
  /** By the names of the secrets: `clientId` is `VIPPS_CLIENT_ID` in the environment. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A running simulation, and what its user has to know of it. */
export interface RunningSimulation extends AsyncDisposable {
  /** In place of the real system's address. */
  readonly url: string;
  readonly keys: readonly SimulatedKeys[];
  /** What a company's config says to be delivered there; absent where nothing is. */
  readonly target?: { readonly adapter: string; readonly config: Readonly<Record<string, unknown>> };
  /** The same for programs. */
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * A system as its simulator's package declares it, for command lines: `@bilag/simulator-tripletex` exports that of
 * `@bilag/tripletex`, and it is found by that name.
 */
export interface Simulation {
  readonly kind: 'simulation';
  /** As people call the system, and what it has. */
  readonly title: string;
  /** What can go wrong by name; arms none when it is empty. */
  readonly faults: readonly string[];
  readonly start: (options: SimulationOptions) => Promise<RunningSimulation>;
}
