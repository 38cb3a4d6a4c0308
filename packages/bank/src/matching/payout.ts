import type { Amount, PayoutHabits, PlainDate } from '@bilag/core';

/** A payout as the ledger tells it, and how it may look at the bank. */
export interface ExpectedPayout {
  readonly ledgerId: string;
  /** `<ledgerId>-<number>`, or what the provider calls it otherwise. */
  readonly reference: string;
  /** Its number, such as `2000045`; null where it is not known. */
  readonly number: string | null;
  /** What settles into the ledger, such as `api:123455`. */
  readonly units: readonly string[];
  /** The ledger date it was scheduled on. */
  readonly date: PlainDate;
  /** Positive, in minor units. */
  readonly amount: Amount;
  readonly currency: string;
  /** Whole texts that tell it alone: what the provider says the bank shows, or a text made of unit and date. */
  readonly texts: readonly string[];
  /** When the bank should book it; absent where nobody knows. */
  readonly expected?: PlainDate;
  /** The accounts it may come to, see {@link accountKey}; none where nobody says. */
  readonly accounts: readonly string[];
  /** The provider's name: the sender of the money. */
  readonly provider: string;
  /** The ledger date it was aborted on. */
  readonly aborted?: PlainDate;
}

/** Whether a text names a payout: by number and unit, in either order, or by a whole text that is its own. */
export function namesPayout(text: string, { number, units, texts }: ExpectedPayout): boolean {
  const compact = text.replaceAll(/\s+/g, '').toLowerCase();
  if (texts.some((own) => isTelling(own) && compact.includes(own.replaceAll(/\s+/g, '').toLowerCase()))) return true;
  if (number === null) return false;
  const told: readonly string[] = text.match(/\d+/g) ?? [];
  const at = told.indexOf(number);
  if (at < 0) return false;
  const others = told.toSpliced(at, 1);
  return units.some((unit) => others.includes(digitsOf(unit)));
}

/** Long enough to be no other text by chance. A text with a number in words is looked for by its numbers. */
function isTelling(text: string): boolean {
  return /^[\dA-Z-]{10,}$/i.test(text) && /\d{6}/.test(text);
}

/** `123455` of `api:123455`. */
export function digitsOf(unit: string): string {
  return unit.slice(unit.indexOf(':') + 1).replaceAll(/\D/g, '');
}

/** Tells texts that look like a payout of a provider, whether or not one is known: by what its profile says of them. */
export function payoutPattern(habits: readonly PayoutHabits[], units: readonly string[]): RegExp | undefined {
  const known = units.map(digitsOf).filter(Boolean);
  const patterns = habits
    .flatMap(({ texts }) => texts)
    .flatMap((template) => {
      if (!template.includes('{number}') && known.length === 0) return [];
      return [
        template
          .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
          .replaceAll(/\s+/g, String.raw`\s*`)
          .replace('{number}', String.raw`\d{5,12}`)
          .replace('{unit}', String.raw`\d{4,10}`)
          .replace('{unit8}', `(?:${known.map((unit) => unit.padStart(8, '0')).join('|')})`)
          .replace('{ddmmyy}', String.raw`\d{6}`),
      ];
    });
  return patterns.length === 0 ? undefined : new RegExp(patterns.join('|'), 'i');
}
