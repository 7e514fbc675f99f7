import { Inject, Injectable } from '@nestjs/common';
import { MOST_DRIFT_MS } from '../shared/clock';
import { isTenant, TENANT_DESCRIPTION } from '../shared/tenant';
import type { SignatureScheme } from '../signing/signature-scheme';
import { TopicCatalogue } from '../topics/catalogue';
import { EndpointCheck } from '../transport/endpoint-check';
import { Credentials } from './credentials';
import { objectionsToCredentials, objectionsToMove, objectionsToScheme } from './credentials-check';
import type { NewSubscription, SubscriptionChange } from './new-subscription';
import { objectionsToPreferences, type Preferences } from './preferences';
import { credentialsAfter } from './stored-change';
import type { Subscription } from './subscription';
import { InvalidSubscriptionError, type FieldObjection } from './subscription-errors';
import { SubscriptionLimits } from './subscription-limits';
import { SUBSCRIPTION_TERMS, type SubscriptionTerms, type TermsByContract } from './subscription-terms';
import { VersionPins } from './version-pins';

/** Nobody mistypes more, and each takes a comparison with every topic there is. */
const MOST_SUGGESTIONS = 5;

/** What subscriptions have to be like. */
@Injectable()
export class SubscriptionRules {
  constructor(
    private readonly catalogue: TopicCatalogue,
    private readonly endpoints: EndpointCheck,
    private readonly limits: SubscriptionLimits,
    private readonly versions: VersionPins,
    @Inject(SUBSCRIPTION_TERMS) private readonly terms: TermsByContract,
  ) {}

  /** How requests for a subscription are signed. @throws InvalidSubscriptionError when its contract is not served */
  signatureFor({ contract, settings }: Pick<Subscription, 'contract' | 'settings'>): SignatureScheme {
    return this.termsOf(contract).signatureFor(settings);
  }

  /**
   * From when on a subscription that is turned off now is to get what it misses; null where its contract holds nothing. A
   * little from before counts as well, for transactions that are open and clocks that are behind, but nothing from before
   * its last change.
   */
  heldSince({ contract, updatedAt }: Pick<Subscription, 'contract' | 'updatedAt'>, now: number): number | null {
    return this.terms.get(contract)?.holds ? Math.max(updatedAt, now - MOST_DRIFT_MS) : null;
  }

  /** @throws InvalidSubscriptionError, InvalidSecretError */
  async assertValid(wanted: NewSubscription & Pick<Subscription, 'contract' | 'settings'>): Promise<void> {
    await this.assertProperties(wanted, this.termsOf(wanted.contract), {
      url: wanted.url,
      credentials: Credentials.none,
      preferences: {},
    });
    if (wanted.secret !== undefined) this.signatureFor(wanted).assertSecret(wanted.secret);
  }

  /** @throws InvalidSubscriptionError, InvalidSecretError, UnreadableSecretError */
  async assertValidChange(current: Subscription, change: SubscriptionChange): Promise<void> {
    await this.assertProperties(change, this.termsOf(current.contract), current);
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

  private async assertProperties(
    wanted: Partial<NewSubscription>,
    terms: SubscriptionTerms,
    current: Pick<Subscription, 'url' | 'credentials' | 'preferences'>,
  ) {
    const { url, topics, tenant, preferences = {} } = wanted;
    const objections = [
      ...(await this.objectionsToUrl(url)),
      ...this.objectionsToTopics(topics, terms),
      ...objectionsToTenant(tenant),
      ...objectionsToPreferences(preferences),
      ...this.versions.objectionsTo(preferences, current.preferences.versions),
      ...objectionsToForm(preferences, terms),
      ...(await this.objectionsToCredentials(wanted, current)),
    ];
    if (objections.length > 0) throw new InvalidSubscriptionError(objections);
  }

  private async objectionsToUrl(url: string | undefined): Promise<FieldObjection[]> {
    const refusal = url === undefined ? undefined : await this.endpoints.refusalOf(url);
    if (!refusal) return [];
    const isRefused = refusal.reason === 'address' || refusal.reason === 'port';
    return [{ field: 'url', message: refusal.detail, rule: isRefused ? 'address' : 'url' }];
  }

  private async objectionsToCredentials(
    wanted: Partial<NewSubscription>,
    current: Pick<Subscription, 'url' | 'credentials'>,
  ): Promise<FieldObjection[]> {
    const after = credentialsAfter(current.credentials, wanted);
    if (!after && wanted.url === undefined) return [];
    return [
      ...objectionsToScheme(wanted.url ?? current.url, after ?? current.credentials),
      ...objectionsToMove(current, wanted),
      ...(after ? await objectionsToCredentials(after.all(), this.endpoints) : []),
    ];
  }

  private objectionsToTopics(topics: readonly string[] | undefined, terms: SubscriptionTerms): FieldObjection[] {
    if (topics === undefined) return [];
    if (topics.length === 0) return [{ field: 'topics', message: 'at least one topic is needed; "*" is all of them' }];
    const { topicsPerSubscription: most } = this.limits;
    if (new Set(topics.filter((topic) => !terms.topics.has(topic))).size > most) {
      return [{ field: 'topics', message: `at most ${most} topics can be asked for`, rule: 'size' }];
    }
    return topics
      .filter((topic) => !terms.topics.has(topic) && !this.catalogue.has(topic))
      .map((topic, index) => this.catalogue.objectionTo(topic, index < MOST_SUGGESTIONS))
      .map((message) => ({ field: 'topics', message, rule: 'choice' }));
  }
}

function objectionsToForm({ batch }: Preferences, { batches }: SubscriptionTerms): FieldObjection[] {
  if (batch === undefined || batches) return [];
  const message = 'its contract has no form for batches; leave it out, or use a contract that describes delivery.batch';
  return [{ field: 'batch', message, rule: 'batch' }];
}

function objectionsToTenant(tenant: string | null | undefined): FieldObjection[] {
  if (tenant === undefined || tenant === null || isTenant(tenant)) return [];
  return [{ field: 'tenant', message: `expected null or ${TENANT_DESCRIPTION}` }];
}
