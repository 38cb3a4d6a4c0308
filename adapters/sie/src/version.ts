/** The version of this package, which a SIE file names; a test holds it against the manifest. */
export const version = '0.0.0';
