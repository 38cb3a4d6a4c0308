/** A refusal; thrown inside the simulator, answered outside in one of Fortnox' three shapes. */
export class FortnoxRefusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
