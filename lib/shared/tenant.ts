/** What the columns take. */
export const LONGEST_TENANT = 255;

/** In words, for errors. */
export const TENANT_DESCRIPTION = `well-formed text of 1 to ${LONGEST_TENANT} characters with no white space at its ends`;

/**
 * Whether a value can be the id of a tenant: well-formed text of 1 to 255 characters without NUL, and without white space
 * at its ends.
 */
export function isTenant(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_TENANT) return false;
  // Every half of a surrogate pair becomes U+FFFD on its way to the database: two tenants would be one.
  if (/\p{Surrogate}/u.test(value)) return false;
  // MySQL and MariaDB find "acme" when asked for "acme ": one tenant would see the other's.
  return value === value.trim() && !value.includes('\0');
}
