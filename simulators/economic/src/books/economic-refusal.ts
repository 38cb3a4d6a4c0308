/** A refusal; thrown inside the simulator, answered outside as problem details with e-conomic's codes. */
export class EconomicRefusal extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly property: string | undefined;

  constructor(status: number, errorCode: string, message: string, property?: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.property = property;
  }
}
