import { checkRange, parseDate, parsePeriod, type Company } from '@bilag/company';
import { BilagError, type PlainDate } from '@bilag/core';
import { Option, type Command } from 'commander';

/** A range of dates, as given. */
export interface RangeOptions {
  readonly from?: string;
  readonly to?: string;
  readonly period?: string;
}

/** A range of dates, both included, as far as it was given. */
export interface Range {
  readonly from?: PlainDate;
  readonly to?: PlainDate;
}

/** `--from` and `--to`, both included, for what is taken back or let go of: that is named by its dates alone. */
export function addRangeOptions(command: Command, help: RangeHelp): Command {
  return addDates(command, help)
    .addOption(new Option('--period <period>').hideHelp())
    .on('option:period', (text: string) => {
      throw rangeInstead(text);
    });
}

interface RangeHelp {
  readonly from: string;
  readonly to: string;
}

/** `--until` is taken for `--to` too. */
function addDates(command: Command, help: RangeHelp): Command {
  return command
    .option('--from <date>', help.from)
    .option('--to <date>', help.to)
    .addOption(new Option('--until <date>').hideHelp())
    .on('option:until', function (this: Command, date: string) {
      this.setOptionValue('to', date);
    });
}

/** A year of the books need not be a calendar year: what is taken back is not to be more than was meant. */
function rangeInstead(text: string): BilagError {
  const { from, to } = parsePeriod(text);
  return new BilagError('config', {
    what: 'this takes dates, not a period',
    where: '--period',
    action: `write --from ${from} --to ${to}`,
  });
}

/** The same for a command that has a range without being told, or `--period` in place of both. */
export function addDefaultedRange(command: Command, defaults: RangeHelp): Command {
  return addDates(command, {
    from: `the first date (default: ${defaults.from})`,
    to: `the last date (default: ${defaults.to})`,
  }).option('--period <period>', 'a year (2026), quarter (2026-Q3), month (2026-07) or day, in place of the two');
}

/**
 * Reads a range, which is the same for each company unless it is a year of its accounts. Throws `config` for what is no date or
 * period, for both at once, and for a range that ends before it begins.
 */
export function rangeOf(options: RangeOptions): (company: Pick<Company, 'fiscalYearStartMonth'>) => Range {
  const { from, to, period } = options;
  if (period === undefined) {
    const range = datesOf(options);
    return () => range;
  }
  parsePeriod(period);
  if (from === undefined && to === undefined) return (company) => parsePeriod(period, company.fiscalYearStartMonth);
  throw new BilagError('config', {
    what: 'the dates are said twice',
    where: '--period, --from and --to',
    action: 'give either --period 2026-07, or --from and --to; nothing was done',
  });
}

function datesOf({ from, to }: RangeOptions): Range {
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
  const { from, to } = datesOf(options);
  return from === undefined || to === undefined ? undefined : { from, to };
}
