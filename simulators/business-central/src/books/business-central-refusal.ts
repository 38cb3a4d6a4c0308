/** A refusal; thrown inside the simulator, answered outside as OData's error with Business Central's codes. */
export class BusinessCentralRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What the company's own logic says no to. */
export function refusedByLogic(message: string): BusinessCentralRefusal {
  return new BusinessCentralRefusal(400, 'Application_DialogException', message);
}

/** What is no request of the API. */
export function badRequest(message: string, code = 'BadRequest'): BusinessCentralRefusal {
  return new BusinessCentralRefusal(400, code, message);
}

export function noSuch(what: string): BusinessCentralRefusal {
  return new BusinessCentralRefusal(404, 'BadRequest_ResourceNotFound', `Resource not found: ${what}.`);
}
