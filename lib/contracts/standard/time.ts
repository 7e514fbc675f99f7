/** Milliseconds since the epoch as an ISO 8601 text in UTC. */
export function time(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : time(atMs);
}
