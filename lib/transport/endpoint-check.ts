import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { ADDRESS_NOT_ALLOWED, type AddressPolicy, type UrlRefusal } from './address-policy';
import { AddressRefusedError, guardedLookup, type ResolveHost } from './guarded-lookup';

export interface EndpointCheckOptions {
  /** @default dns.lookup */
  resolveHost?: ResolveHost | undefined;
  /** How long a name may take to resolve, in milliseconds. @default 2_000 */
  patienceMs?: number;
  /** How many names may be asked for at once. @default 2, half of the threads that a process resolves names on */
  atOnce?: number;
}

/**
 * Tells whoever enters a URL at once that it cannot be sent to. It is a courtesy and no guard, since DNS answers
 * otherwise tomorrow: so a name passes that does not resolve now, or not in time. Every connection is judged by itself.
 */
export class EndpointCheck {
  private readonly resolve;
  private readonly patienceMs: number;
  private readonly atOnce: number;
  private underWay = 0;

  constructor(
    private readonly policy: AddressPolicy,
    { resolveHost = lookup, patienceMs = 2_000, atOnce = 2 }: EndpointCheckOptions = {},
  ) {
    this.resolve = guardedLookup(policy, resolveHost);
    this.patienceMs = patienceMs;
    this.atOnce = atOnce;
  }

  /** Why a URL may not be sent to; the same words for an address in the URL and for one that its name resolves to. */
  async refusalOf(url: string): Promise<UrlRefusal | undefined> {
    const refusal = this.policy.judgeUrl(url);
    if (refusal) return refusal;
    const { hostname } = new URL(url);
    const isName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
    if (!isName || this.policy.proxy?.resolvesNames || this.underWay >= this.atOnce) return undefined;
    return (await this.leadsAstray(hostname)) ? { reason: 'address', detail: ADDRESS_NOT_ALLOWED } : undefined;
  }

  /** Whether a name is known, within the patience, to resolve to a refused address. */
  private leadsAstray(hostname: string): Promise<boolean> {
    this.underWay++;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.patienceMs, false);
      this.resolve(hostname, { all: true }, (error) => {
        this.underWay--;
        clearTimeout(timer);
        resolve(error instanceof AddressRefusedError);
      });
    });
  }
}
