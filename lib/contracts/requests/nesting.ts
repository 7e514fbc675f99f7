import { MalformedBodyError } from '../problem';

/** No contract nests deeper, and whatever walks through a body later has a stack that ends. */
export const DEEPEST_BODY = 20;

/** Thrown when a body has so many objects and lists inside each other that nobody can have meant it. */
export class NestedTooDeeplyError extends MalformedBodyError {
  constructor() {
    super(`The body is nested more than ${DEEPEST_BODY} levels deep.`);
  }
}

/** @throws NestedTooDeeplyError */
export function assertShallow(body: unknown): void {
  if (isDeeperThan(DEEPEST_BODY, body)) throw new NestedTooDeeplyError();
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(levels - 1, each));
}
