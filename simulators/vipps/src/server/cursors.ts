/**
 * Where a reader stands. Its text is opaque and, like Vipps' own, holds `=` and `+`: a client that does not encode it
 * sends a space instead and gets it back as invalid.
 */
export function cursorText(scope: string, position: unknown): string {
  return `${Buffer.from(JSON.stringify([scope, position])).toString('base64url')}=a+`;
}

/** The position in a cursor of that scope; undefined when the cursor was not made for it. */
export function cursorPosition<Position>(scope: string, text: string): Position | undefined {
  const [, encoded] = /^([\w-]+)=a\+$/.exec(text) ?? [];
  if (encoded === undefined) return undefined;
  try {
    const [made, position] = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as [string, Position];
    return made === scope ? position : undefined;
  } catch {
    return undefined;
  }
}
