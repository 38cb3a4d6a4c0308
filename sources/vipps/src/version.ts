/** The version of this package; a test holds it against the manifest. */
export const version = '0.0.0';
