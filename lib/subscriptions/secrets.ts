import { inspect } from 'node:util';

/** A secret, and until when it signs beside those that came after it. */
export interface Secret {
  readonly secret: string;
  /** In milliseconds since the epoch; null is as long as it is the newest. */
  readonly endsAt: number | null;
}

const SHOWN = '[secrets]';

/**
 * What the requests of a subscription are signed with. It shows itself in no log and no JSON, and is decrypted only when
 * somebody asks for it: a subscription whose secret cannot be read can be listed, changed and removed like any other.
 */
export class Secrets {
  #open: () => readonly Secret[];

  private constructor(open: () => readonly Secret[]) {
    this.#open = open;
  }

  /** One secret, without end. */
  static of(secret: string): Secrets {
    return Secrets.from(() => [{ secret, endsAt: null }]);
  }

  /** @param open gives them, newest first, when they are first needed; may throw, and is then asked again */
  static from(open: () => readonly Secret[]): Secrets {
    return new Secrets(open);
  }

  /** All of them, newest first, those that have ended included. @throws UnreadableSecretError */
  all(): readonly Secret[] {
    const opened = this.#open();
    this.#open = () => opened;
    return opened;
  }

  /** The newest. @throws UnreadableSecretError */
  current(): string {
    return this.all()[0]!.secret;
  }

  /** Those that sign at a time, newest first. @throws UnreadableSecretError */
  at(now: number): string[] {
    return signingAt(this.all(), now).map(({ secret }) => secret);
  }

  /** The same with a new one in front; what signs now goes on until `endsAt`, unless it ends before. */
  rotated(secret: string, { now, endsAt }: { readonly now: number; readonly endsAt: number }): Secrets {
    // Nothing of the old ones is needed, which may be the very ones that cannot be read.
    if (endsAt <= now) return Secrets.of(secret);
    const before = signingAt(this.all(), now).filter((each) => each.secret !== secret);
    const ending = before.map((each) => ({ ...each, endsAt: Math.min(each.endsAt ?? endsAt, endsAt) }));
    return Secrets.from(() => [{ secret, endsAt: null }, ...ending]);
  }

  toJSON(): string {
    return SHOWN;
  }

  toString(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

function signingAt(secrets: readonly Secret[], now: number): Secret[] {
  return secrets.filter(({ endsAt }) => endsAt === null || now < endsAt);
}
