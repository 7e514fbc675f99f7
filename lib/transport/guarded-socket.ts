import { isIP, type Socket } from 'node:net';
import type { AddressPolicy } from './address-policy';
import { AddressRefusedError } from './guarded-lookup';

// Node's 250 ms give up on an address across the world before it can have answered.
export const FAMILY_ATTEMPT_TIMEOUT_MS = 1_000;

/** Judges a literal address before it is connected to, because nobody looks it up. Names are judged by the lookup. */
export function mayConnect(policy: AddressPolicy, host: string): boolean {
  return isIP(host) === 0 || policy.permits(host);
}

/** Judges what a socket is connected to in the end, before anything is written to it. */
export function checked<Connecting extends Socket>(
  socket: Connecting,
  policy: AddressPolicy,
  host: string,
): Connecting {
  // First in line, so that the socket is gone before the request, or a TLS greeting, is written to it.
  return socket.prependOnceListener('connect', () => {
    if (socket.remoteAddress === undefined) socket.destroy();
    else if (!policy.permits(socket.remoteAddress, host)) socket.destroy(new AddressRefusedError());
  });
}
