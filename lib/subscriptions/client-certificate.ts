import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';

const LONGEST_CERTIFICATE = 32_768;
const LONGEST_KEY = 8_192;
/** A larger one takes so long to sign with that every handshake would hold up everything else. */
const MOST_BITS = 4_096;

/** What answers show of a certificate. */
export interface CertificateDescription {
  readonly subject: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The first certificate of a PEM text. @throws what node:crypto throws when it is none */
export function describeCertificate(certificate: string): CertificateDescription {
  const { subject, validTo } = new X509Certificate(certificate);
  return { subject: subject.replaceAll('\n', ', '), expiresAt: Date.parse(validTo) };
}

/** Why a certificate and a key cannot be shown to an endpoint; undefined when they can. */
export function objectionToCertificate({ certificate, key }: { certificate: string; key: string }): string | undefined {
  if (certificate.length > LONGEST_CERTIFICATE)
    return `the certificate is longer than ${LONGEST_CERTIFICATE} characters`;
  if (key.length > LONGEST_KEY) return `the key is longer than ${LONGEST_KEY} characters`;
  // What a passphrase costs to try is for the key's maker to say, and here it would lie beside the key.
  if (key.includes('ENCRYPTED')) return 'the key is encrypted; remove its passphrase with: openssl pkey -in key.pem';
  const parsed = attempt(() => new X509Certificate(certificate));
  if (!parsed || !certificate.includes('-----BEGIN')) return 'the certificate is not one in PEM';
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey) return 'the key is not a private key in PEM';
  if (bitsOf(privateKey) > MOST_BITS) return `the key has more than ${MOST_BITS} bits`;
  if (!attempt(() => parsed.checkPrivateKey(privateKey))) return 'the key does not belong to the certificate';
  // The same words to OpenSSL as when it is used.
  return attempt(() => createSecureContext({ cert: certificate, key }))
    ? undefined
    : 'TLS does not take the certificate';
}

function bitsOf({ asymmetricKeyDetails }: KeyObject): number {
  return asymmetricKeyDetails?.modulusLength ?? 0;
}

function attempt<Result>(made: () => Result): Result | undefined {
  try {
    return made();
  } catch {
    return undefined;
  }
}
