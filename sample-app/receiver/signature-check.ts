import { Injectable } from '@nestjs/common';
import { SubscriptionsService, type Subscription } from 'nestjs-webhooks';
import { Webhook } from 'standardwebhooks';

/** A request as far as its signature is concerned. */
export interface SignedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody: string;
}

/** Checks signatures as any subscriber would, with a library that this project did not write. */
@Injectable()
export class SignatureCheck {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  /** Whether one of the secrets for this path fits; null when there is none. */
  async verify({ path, headers, rawBody }: SignedRequest): Promise<boolean | null> {
    const secrets = await this.secretsOf(path);
    if (secrets.length === 0) return null;
    return secrets.some((secret) => fits(secret, rawBody, headers as Record<string, string>));
  }

  // A real subscriber keeps the secret that it was given when it subscribed. This one lives in the sender's process, so
  // it looks the secret up and nobody has to copy it here.
  private async secretsOf(path: string): Promise<string[]> {
    const secrets: string[] = [];
    for await (const { url, secrets: its } of this.all()) if (new URL(url).pathname === path) secrets.push(...its);
    return secrets;
  }

  private async *all(): AsyncGenerator<Subscription> {
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await this.subscriptions.list({ limit: 250, cursor });
      yield* page.data;
      cursor = page.nextCursor;
    }
  }
}

function fits(secret: string, rawBody: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(rawBody, headers);
    return true;
  } catch {
    return false;
  }
}
