/** A refusal; thrown inside the simulator, answered outside as Unimicro's `Message`. */
export class UnimicroRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function refuse(message: string): never {
  throw new UnimicroRefusal(400, message);
}
