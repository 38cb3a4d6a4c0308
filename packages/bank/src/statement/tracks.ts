import type { Statement } from './statement.ts';

/**
 * Statements that follow on one another, apart from those that tell of the same days again: a week's file over daily ones.
 * What stands in two of one track stands there twice; what stands in two tracks is one.
 */
export function tracksOf(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const tracks: Statement[][] = [];
  for (const statement of statements) {
    const track = tracks.find((each) => isAfter(statement, each.at(-1)));
    if (track === undefined) tracks.push([statement]);
    else track.push(statement);
  }
  return tracks;
}

function isAfter(statement: Statement, before: Statement | undefined): boolean {
  if (before?.period === undefined || statement.period === undefined) return false;
  if (statement.format !== before.format) return false;
  return statement.period.from > before.period.to || continues(statement, before);
}

/** Two statements of one day: the second begins with the balance and the number that follow. */
function continues(statement: Statement, before: Statement): boolean {
  return (
    before.closing !== undefined &&
    statement.opening === before.closing &&
    before.sequence !== undefined &&
    statement.sequence === before.sequence + 1
  );
}
