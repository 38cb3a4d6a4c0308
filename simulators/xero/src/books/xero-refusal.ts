/** A refusal; thrown inside the simulator, answered outside as Xero's error with its number and type. */
export class XeroRefusal extends Error {
  readonly status: number;
  readonly errorNumber: number;
  readonly type: string;

  constructor(status: number, errorNumber: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.errorNumber = errorNumber;
    this.type = type;
  }
}

export function badData(message: string): XeroRefusal {
  return new XeroRefusal(400, 14, 'PostDataInvalidException', message);
}

export function badQuery(message: string): XeroRefusal {
  return new XeroRefusal(400, 16, 'QueryParseException', message);
}
