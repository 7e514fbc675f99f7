import { createHash } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';

/** What tells certificates apart, keys included, and says nothing of them. */
export function fingerprintOf({ cert, key }: Pick<SecureContextOptions, 'cert' | 'key'>): string {
  return createHash('sha256')
    .update(JSON.stringify([cert, key]))
    .digest('base64');
}
