import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two digests are the same; takes equally long wherever they differ. */
export function equalDigests(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whether two texts are the same. What is compared are their hashes, so that not even the length shows. */
export function equalTexts(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
