import type { Answer } from '../transport/transport';

const NONE: ReadonlySet<string> = new Set();

/**
 * Which events of a batch its receiver has not taken, though it took the request: those that its answer names, as in
 * `{ "failed": ["evt_…"] }`. What is no such answer names none; one that is too long to be read to its end could name
 * any, so it names all.
 */
export function failedAmong(sent: readonly string[], answer: Answer): ReadonlySet<string> {
  if (answer.kind === 'failure' || !answer.body.trimStart().startsWith('{')) return NONE;
  if (answer.truncated) return new Set(sent);
  const named = new Set(namedIn(answer.body));
  return new Set(sent.filter((id) => named.has(id)));
}

function namedIn(body: string): unknown[] {
  try {
    const { failed } = JSON.parse(body) as { failed?: unknown };
    return Array.isArray(failed) ? failed : [];
  } catch {
    return [];
  }
}
