import { checkRange, parseDate, parsePeriod } from '@bilag/company';
import { BilagError, type PlainDate } from '@bilag/core';
import { Option, type Command } from 'commander';

/** A range of dates, as given. */
export interface RangeOptions {
  readonly from?: string;
  readonly to?: string;
}

/** A range of dates, both included, as far as it was given. */
export interface Range {
  readonly from?: PlainDate;
  readonly to?: PlainDate;
}

/** `--from` and `--to`, both included; `--until` is taken for `--to` too. */
export function addRangeOptions(command: Command, help: { readonly from: string; readonly to: string }): Command {
  return command
    .option('--from <date>', help.from)
    .option('--to <date>', help.to)
    .addOption(new Option('--until <date>').hideHelp())
    .on('option:until', function (this: Command, date: string) {
      this.setOptionValue('to', date);
    })
    .addOption(new Option('--period <period>').hideHelp())
    .on('option:period', (text: string) => {
      throw rangeInstead(text);
    });
}

/** An export is of a period; everything else is of dates, and a year of the books need not be a calendar year. */
function rangeInstead(text: string): BilagError {
  const { from, to } = parsePeriod(text);
  return new BilagError('config', {
    what: 'a period is what bilag export takes; this takes dates',
    where: '--period',
    action: `write --from ${from} --to ${to}`,
  });
}

/** The same for a command that has a range without being told. */
export function addDefaultedRange(command: Command, defaults: { readonly from: string; readonly to: string }): Command {
  return addRangeOptions(command, {
    from: `the first date (default: ${defaults.from})`,
    to: `the last date (default: ${defaults.to})`,
  });
}

/** Reads a range. Throws `config` for what is no date, and for one that ends before it begins. */
export function rangeOf({ from, to }: RangeOptions): Range {
  const range = {
    ...(from === undefined ? {} : { from: parseDate(from, '--from') }),
    ...(to === undefined ? {} : { to: parseDate(to, '--to') }),
  };
  if (range.from !== undefined && range.to !== undefined) checkRange(range.from, range.to);
  return range;
}

/** The range where both of its ends were given, and nothing where they were not. */
export function wholeRangeOf(options: RangeOptions): Required<Range> | undefined {
  if (options.from === undefined || options.to === undefined) return undefined;
  const { from, to } = rangeOf(options);
  return from === undefined || to === undefined ? undefined : { from, to };
}
