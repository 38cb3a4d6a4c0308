import { Option, type Command } from 'commander';

/** A range of dates, as given. */
export interface RangeOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `--from` and `--to`, both included. `export` uses `--to` for its target, so `--until` means the same everywhere. */
export function addRangeOptions(command: Command, defaults: { readonly from: string; readonly to: string }): Command {
  return command
    .option('--from <date>', `the first date (default: ${defaults.from})`)
    .option('--to <date>', `the last date (default: ${defaults.to})`)
    .addOption(new Option('--until <date>').hideHelp())
    .on('option:until', function (this: Command, date: string) {
      this.setOptionValue('to', date);
    });
}
