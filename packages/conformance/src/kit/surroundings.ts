import { mustHold } from '../law.ts';

/** A time zone, and how many minutes it is behind UTC at noon on 15 January 2026: to see that it took effect. */
interface Zone {
  readonly name: string;
  readonly offset: number;
}

/** From one end of the world to the other, and Cairo, where summer time begins at midnight. */
export const zones: readonly Zone[] = [
  { name: 'UTC', offset: 0 },
  { name: 'Europe/Oslo', offset: -60 },
  { name: 'Africa/Cairo', offset: -120 },
  { name: 'Pacific/Kiritimati', offset: -840 },
  { name: 'America/New_York', offset: 300 },
  { name: 'Pacific/Pago_Pago', offset: 660 },
];

/** Does work in another time zone of the machine. */
export async function inZone<Result>({ name, offset }: Zone, work: () => Promise<Result>): Promise<Result> {
  const before = process.env['TZ'];
  process.env['TZ'] = name;
  try {
    mustHold(
      new Date(Date.UTC(2026, 0, 15, 12)).getTimezoneOffset() === offset,
      `the time zone could not be set to ${name}: run the laws in a process, not in a worker thread`,
    );
    return await work();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
}

/** Does work at a moment that does not pass, and with a die that always falls the same way. */
export async function atMoment<Result>(moment: string, chance: number, work: () => Promise<Result>): Promise<Result> {
  const { Date: realDate } = globalThis;
  const { random: realRandom } = Math;
  const ms = realDate.parse(moment);
  globalThis.Date = new Proxy(realDate, {
    apply: () => new realDate(ms).toString(),
    construct: (target, parameters: unknown[], asked) =>
      Reflect.construct(target, parameters.length === 0 ? [ms] : parameters, asked) as object,
    get: (target, key) => (key === 'now' ? () => ms : (Reflect.get(target, key) as unknown)),
  });
  Math.random = () => chance;
  try {
    return await work();
  } finally {
    globalThis.Date = realDate;
    Math.random = realRandom;
  }
}

/** Languages that write numbers, dates and the order of letters in other ways. */
export const languagesToTry = ['en-US', 'nb-NO', 'ar-EG-u-nu-arab', 'tr-TR', 'th-TH-u-ca-buddhist'] as const;

const builtIns = {
  number: [Number.prototype, ['toLocaleString']],
  bigint: [BigInt.prototype, ['toLocaleString']],
  date: [Date.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']],
  string: [String.prototype, ['localeCompare', 'toLocaleUpperCase', 'toLocaleLowerCase']],
} as const;

/** Does work on a machine of another language, as far as what is written at that time asks for it. */
export async function inLanguage<Result>(language: string, work: () => Promise<Result>): Promise<Result> {
  const restore: (() => void)[] = [];
  const replace = (owner: object, key: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, key);
    if (before === undefined) return;
    Object.defineProperty(owner, key, { ...before, value });
    restore.push(() => Object.defineProperty(owner, key, before));
  };
  for (const key of ['NumberFormat', 'DateTimeFormat', 'Collator', 'PluralRules', 'ListFormat'] as const) {
    replace(Intl, key, spoken(Intl[key], language));
  }
  for (const [owner, methods] of Object.values(builtIns)) {
    for (const method of methods) {
      const real = Reflect.get(owner, method) as (...parameters: unknown[]) => unknown;
      const place = method === 'localeCompare' ? 1 : 0;
      replace(owner, method, function spokenMethod(this: unknown, ...parameters: unknown[]) {
        parameters[place] ??= language;
        return real.apply(this, parameters);
      });
    }
  }
  try {
    return await work();
  } finally {
    for (const undo of restore) undo();
  }
}

/** A constructor of Intl whose default is this language. */
function spoken<Target extends object>(target: Target, language: string): Target {
  const withLanguage = ([locales, ...rest]: unknown[]): unknown[] => [locales ?? language, ...rest];
  return new Proxy(target, {
    apply: (real, self, parameters: unknown[]) =>
      Reflect.apply(real as unknown as () => unknown, self, withLanguage(parameters)),
    construct: (real, parameters: unknown[], asked) =>
      Reflect.construct(real as unknown as new () => object, withLanguage(parameters), asked),
  });
}
