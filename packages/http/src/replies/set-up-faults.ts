import { named } from '@bilag/core';

/**
 * What is wrong with the set-up when no connection can be made for a reason that no waiting mends: the certificate, or that
 * the other side speaks no TLS that we speak. Undefined for everything else.
 */
export function setUpFaultOf(
  code: string,
  message: string,
): { readonly what: string; readonly action: string } | undefined {
  const certificate = named(certificateFaults, code);
  if (certificate !== undefined) return { what: `the certificate ${certificate[0]} (${code})`, action: certificate[1] };
  if (!isTls.test(code) || !noCommonProtocol.test(message)) return undefined;
  return {
    what: `the other side speaks no TLS that can be used here (${code})`,
    action:
      'check that the address begins with https:// only where TLS is spoken, and the port; TLS 1.2 or later is needed',
  };
}

/** Faults of the certificate: we see them before anything is sent. */
export function isCertificateFault(code: string): boolean {
  return named(certificateFaults, code) !== undefined;
}

const checkAddress = 'check the address: this may be another server, or somebody in between';
const giveAuthority =
  'check the address; behind a proxy of your own that opens TLS, give its authority to Node in NODE_EXTRA_CA_CERTS';
const checkClock = 'check the clock of this machine, and tell whoever runs the other side';

/** The codes of OpenSSL's verification as Node names them (doc/api/tls.md, "X509 certificate error codes"). */
const certificateFaults: Readonly<Record<string, readonly [what: string, action: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is signed by itself and not trusted', giveAuthority],
  SELF_SIGNED_CERT_IN_CHAIN: ['comes from an authority that is not trusted', giveAuthority],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['comes from an authority that is not known', giveAuthority],
  UNABLE_TO_GET_ISSUER_CERT: ['comes from an authority that is not known', giveAuthority],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['comes from an authority that is not known', giveAuthority],
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: ['has a signature that cannot be read', checkAddress],
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: ['has a signature that cannot be read', checkAddress],
  CERT_SIGNATURE_FAILURE: ['has a signature that is not right', checkAddress],
  CERT_HAS_EXPIRED: ['has expired', checkClock],
  CERT_NOT_YET_VALID: ['is not valid yet', checkClock],
  ERROR_IN_CERT_NOT_BEFORE_FIELD: ['has dates that cannot be read', checkAddress],
  ERROR_IN_CERT_NOT_AFTER_FIELD: ['has dates that cannot be read', checkAddress],
  ERR_TLS_CERT_ALTNAME_INVALID: ['is for another name than the address', checkAddress],
  ERR_TLS_CERT_ALTNAME_FORMAT: ['is for another name than the address', checkAddress],
  HOSTNAME_MISMATCH: ['is for another name than the address', checkAddress],
  CERT_CHAIN_TOO_LONG: ['has too long a chain', checkAddress],
  CERT_REVOKED: ['has been revoked', checkAddress],
  CERT_UNTRUSTED: ['is not trusted', giveAuthority],
  CERT_REJECTED: ['is not trusted', giveAuthority],
  INVALID_CA: ['comes from something that is no authority', giveAuthority],
  INVALID_PURPOSE: ['is not one of a server', checkAddress],
  PATH_LENGTH_EXCEEDED: ['has too long a chain', checkAddress],
};

const isTls = /^(?:EPROTO|ERR_SSL_\w+)$/;

const noCommonProtocol =
  /wrong[_ ]version[_ ]number|unsupported[_ ]protocol|protocol[_ ]version|no[_ ]protocols[_ ]available|handshake[_ ]failure|no[_ ]shared[_ ]cipher|packet[_ ]length[_ ]too[_ ]long|unknown[_ ]protocol|http[_ ]request/i;
