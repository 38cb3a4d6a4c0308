import { z } from 'zod';
import { quotedName } from '../quoted-name.ts';

/**
 * A schema of an object in a config, whose fields are these and no others: an unknown one is an error that says which was
 * meant.
 *
 * @example
 * ```ts
 * import { configObject } from '@bilag/core';
 * import { z } from 'zod';
 *
 * const schema = configObject({ dialect: z.string(), currency: z.string().optional() });
 * schema.safeParse({ dialect: 'hledger', curency: 'NOK' }).error?.issues[0]?.message; // => 'there is no field "curency" here; did you mean "currency"?'
 * ```
 */
export function configObject<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownField(issue.keys[0] ?? '', names) : undefined),
  });
}

function unknownField(written: string, names: readonly string[]): string {
  const [nearest] = names
    .map((name) => ({ name, distance: distanceOf(written.slice(0, 100).toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  const hint = nearest === undefined ? `the fields are ${names.join(', ')}` : `did you mean "${nearest.name}"?`;
  return `there is no field ${quotedName(written)} here; ${hint}`;
}

/** How many letters to change, add, leave out or swap with their neighbour. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const before = rows[row - 1] ?? [];
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (before[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (before[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    rows.push(current);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
