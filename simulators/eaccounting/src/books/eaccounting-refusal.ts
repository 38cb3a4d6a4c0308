/** A refusal; thrown inside the simulator, answered outside with its code. */
export class EAccountingRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly field: string | undefined;

  constructor(status: number, code: number, message: string, field?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/** 2000: what was sent is not valid. */
export function invalid(field: string, message: string): never {
  throw new EAccountingRefusal(400, 2000, message, field);
}
