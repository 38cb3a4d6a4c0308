import { readFileSync } from 'node:fs';

/** How long the cores of this machine were busy, and how long there were any, in hundredths of a second. Linux: proc(5). */
export interface CoreTimes {
  readonly busy: number;
  readonly all: number;
}

export function coreTimes(): CoreTimes {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/);
  // user, nice, system, idle, iowait, irq, softirq, steal; what guests use is in user.
  const times = fields.slice(0, 8).map(Number);
  const all = times.reduce((sum, time) => sum + time, 0);
  return { busy: all - (times[3] ?? 0) - (times[4] ?? 0), all };
}

/** The share of all cores that was used since, by whatever ran here. */
export function busySince(before: CoreTimes): number {
  const { busy, all } = coreTimes();
  return (busy - before.busy) / Math.max(1, all - before.all);
}
