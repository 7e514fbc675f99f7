import { Inject, Injectable } from '@nestjs/common';
import { isTenant, TENANT_DESCRIPTION } from '../shared/tenant';
import type { SignatureScheme } from '../signing/signature-scheme';
import { TopicCatalogue } from '../topics/catalogue';
import { AddressPolicy } from '../transport/address-policy';
import type { NewSubscription, SubscriptionChange } from './new-subscription';
import type { Subscription } from './subscription';
import { InvalidSubscriptionError, type FieldObjection } from './subscription-errors';
import { SUBSCRIPTION_TERMS, type SubscriptionTerms, type TermsByContract } from './subscription-terms';

/** What subscriptions have to be like. */
@Injectable()
export class SubscriptionRules {
  constructor(
    private readonly catalogue: TopicCatalogue,
    private readonly addresses: AddressPolicy,
    @Inject(SUBSCRIPTION_TERMS) private readonly terms: TermsByContract,
  ) {}

  /** How requests for a subscription are signed. @throws InvalidSubscriptionError when its contract is not served */
  signatureFor({ contract, settings }: Pick<Subscription, 'contract' | 'settings'>): SignatureScheme {
    return this.termsOf(contract).signatureFor(settings);
  }

  /** Whether events are held for the subscriptions of a contract while they are off. */
  holds(contract: string): boolean {
    return this.terms.get(contract)?.holds ?? false;
  }

  /** @throws InvalidSubscriptionError, InvalidSecretError */
  assertValid(wanted: NewSubscription & Pick<Subscription, 'contract' | 'settings'>): void {
    this.assertProperties(wanted, this.termsOf(wanted.contract));
    if (wanted.secret !== undefined) this.signatureFor(wanted).assertSecret(wanted.secret);
  }

  /** @throws InvalidSubscriptionError, InvalidSecretError, UnreadableSecretError */
  assertValidChange(current: Subscription, change: SubscriptionChange): void {
    this.assertProperties(change, this.termsOf(current.contract));
    const before = this.signatureFor(current);
    const scheme = this.signatureFor({ ...current, settings: change.settings ?? current.settings });
    if (change.secret !== undefined) scheme.assertSecret(change.secret);
    // Who changes how requests are signed has to bring a secret that fits, unless the one there does.
    else if (scheme !== before) scheme.assertSecret(current.secrets.current());
  }

  private termsOf(contract: string): SubscriptionTerms {
    const terms = this.terms.get(contract);
    if (terms) return terms;
    const message = `no contract "${contract}" is served, only ${[...this.terms.keys()].join(', ')}`;
    throw new InvalidSubscriptionError([{ field: 'contract', message }]);
  }

  private assertProperties({ url, topics, tenant }: Partial<NewSubscription>, terms: SubscriptionTerms): void {
    const objections = [
      ...this.objectionsToUrl(url),
      ...this.objectionsToTopics(topics, terms),
      ...objectionsToTenant(tenant),
    ];
    if (objections.length > 0) throw new InvalidSubscriptionError(objections);
  }

  private objectionsToUrl(url: string | undefined): FieldObjection[] {
    const refusal = url === undefined ? undefined : this.addresses.judgeUrl(url);
    if (!refusal) return [];
    return [{ field: 'url', message: refusal.detail, rule: refusal.reason === 'address' ? 'address' : 'url' }];
  }

  private objectionsToTopics(topics: readonly string[] | undefined, terms: SubscriptionTerms): FieldObjection[] {
    if (topics === undefined) return [];
    if (topics.length === 0) return [{ field: 'topics', message: 'at least one topic is needed; "*" is all of them' }];
    return topics
      .map((topic) => (terms.topics.has(topic) ? undefined : this.catalogue.objectionTo(topic)))
      .filter((message) => message !== undefined)
      .map((message) => ({ field: 'topics', message, rule: 'choice' }));
  }
}

function objectionsToTenant(tenant: string | null | undefined): FieldObjection[] {
  if (tenant === undefined || tenant === null || isTenant(tenant)) return [];
  return [{ field: 'tenant', message: `expected null or ${TENANT_DESCRIPTION}` }];
}
