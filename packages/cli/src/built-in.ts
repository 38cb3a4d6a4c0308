/** The adapter packages that come with the command line. They are loaded as anybody's are. */
export const builtInPackages: readonly string[] = [
  '@bilag/saf-t',
  '@bilag/journal',
  '@bilag/csv',
  '@bilag/sie',
  '@bilag/tripletex',
  '@bilag/fiken',
  '@bilag/poweroffice',
];
