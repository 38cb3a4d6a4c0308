import { jsonReply, type ServerReply } from '@bilag/fault-server';

/** A refusal. Fiken documents no error body; these are the keys clients have met. */
export class FikenRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Texts seen live, and those that had to be made up because nobody has published them. */
export const fikenTexts = {
  unbalanced: (difference: number): string => `Summen av posteringslinjene er ikke null: ${kroner(difference)}`,
  cannotCreateAccount: (account: string): string => `Kan ikke opprette konto ${account}`,
  totalPaidMissing: "Missing field 'totalPaid' for sale marked as paid in NOK",
  vatIsZero: (name: string): string => `vatType: ${name}, but the VAT-amount is 0`,
  counterMissing: 'Company credit note counter not initialized',
  moduleMissing: 'Project/time-tracking module not activated',
  /** Assumed. */
  notRegistered: 'Foretaket er ikke registrert for merverdiavgift',
  /** Assumed: no text of a locked period is published. */
  locked: (through: string): string => `Perioden er låst til og med ${through}`,
} as const;

/** The body of a failed request. */
export function fikenError(status: number, message: string): ServerReply {
  if (status === 400) return jsonReply(400, { error: 'invalid_request', error_description: message });
  if (status === 401) return jsonReply(401, { error: 'unauthorized', error_description: message });
  return jsonReply(status, { message });
}

function kroner(ore: number): string {
  const digits = String(Math.abs(ore)).padStart(3, '0');
  return `${digits.slice(0, -2)},${digits.slice(-2)}`;
}
