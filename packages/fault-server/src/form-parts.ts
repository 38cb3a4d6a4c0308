/** A part of a multipart form. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly bytes: Uint8Array;
}

/** Reads a multipart form (RFC 7578); undefined when it is none. */
export function formParts(contentType: string | undefined, body: Uint8Array): FormPart[] | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined) return undefined;
  const text = Buffer.from(body).toString('latin1');
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const split = part.indexOf('\r\n\r\n');
      const head = Buffer.from(part.slice(0, split), 'latin1').toString('utf8');
      const content = part.slice(split + 4, part.endsWith('\r\n') ? -2 : undefined);
      return {
        name: /name="([^"]*)"/.exec(head)?.[1] ?? '',
        filename: /filename="([^"]*)"/.exec(head)?.[1],
        bytes: Buffer.from(content, 'latin1'),
      };
    });
}
