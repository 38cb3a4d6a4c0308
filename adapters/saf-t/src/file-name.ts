import { BilagError, plainDate, type PlainDate } from '@bilag/core';

/** A moment on the Norwegian clock, as the file tells it. */
export interface LocalMoment {
  readonly date: PlainDate;
  /** `yyyymmddhh24miss`. */
  readonly stamp: string;
}

/** The moment a file is made, in Norwegian local time (the documentation asks for local time). */
export function norwegianMoment(createdAt: string): LocalMoment {
  const instant = Date.parse(createdAt);
  if (!/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(createdAt) || Number.isNaN(instant)) {
    throw new BilagError('config', {
      what: `"${createdAt.slice(0, 40)}" is not a moment`,
      where: 'context.createdAt',
      action: 'give ISO 8601 with Z or an offset, such as 2026-11-21T08:00:00Z',
    });
  }
  const parts = new Map(
    norwegianClock()
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  return { date: plainDate(day), stamp: `${day.replaceAll('-', '')}${part('hour')}${part('minute')}${part('second')}` };
}

/** Made when a file is: to check one, none is needed. */
function norwegianClock(): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Oslo',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

/** The recommended name, such as `SAF-T Financial_999999999_20160401235911_1_12.xml`. */
export function fileNameOf(organisationNumber: string, stamp: string, index: number, total: number): string {
  return `SAF-T Financial_${organisationNumber}_${stamp}_${index}_${total}.xml`;
}

/** Which file of which set of how many a recommended name says it is; undefined for other names. */
export function positionOf(
  name: string,
): { readonly set: string; readonly index: number; readonly total: number } | undefined {
  const [, set = '', index, total] = /^(SAF-T Financial_[^_]+_\d{14})_(\d{1,6})_(\d{1,6})\.xml$/i.exec(name) ?? [];
  const position = { set, index: Number(index), total: Number(total) };
  return position.index >= 1 && position.index <= position.total ? position : undefined;
}
