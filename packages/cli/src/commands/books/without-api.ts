import type { Company } from '@bilag/company';

/** Why there is nothing to ask the provider; undefined where there is. */
export function withoutApi({ source }: Company): string | undefined {
  const { api } = source.declaration;
  if (source.files !== undefined || (api === undefined && source.declaration.imports === undefined))
    return 'the files named in the config are the archive';
  return api?.scope(source.config) === undefined ? 'there are no keys; bilag import takes files' : undefined;
}
