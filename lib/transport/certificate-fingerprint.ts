import { createHash } from 'node:crypto';
import type { ClientCertificate } from './transport';

const fingerprints = new WeakMap<ClientCertificate, string>();

/** What tells certificates apart, keys included, and says nothing of them. */
export function fingerprintOf(certificate: ClientCertificate): string {
  const known = fingerprints.get(certificate);
  if (known !== undefined) return known;
  const { cert, key } = certificate;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([cert, key]))
    .digest('base64');
  fingerprints.set(certificate, fingerprint);
  return fingerprint;
}
