import { Injectable, type Type } from '@nestjs/common';
import type { Draft } from '../contracts/field';
import { SUSPENDED_BY_OWNER, UNVERIFIED } from '../contracts/fields/state';
import type { Route } from '../contracts/operations';
import { MalformedBodyError, NothingFoundError } from '../contracts/problem';
import { assertShallow } from '../contracts/requests/nesting';
import { isRecord } from '../contracts/rules';
import type { NewSubscription } from '../subscriptions/new-subscription';
import type { Subscription } from '../subscriptions/subscription';
import { SubscriptionContendedError, SubscriptionNotFoundError } from '../subscriptions/subscription-errors';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import { callerOf, scopeOf, tenantFor } from './caller';
import { incomingBody, type HttpRequest } from './http-request';
import { pageFor, type ListAnswer } from './list-answer';
import { validForm } from './request-validation';
import type { ServedContract } from './served-contract';
import { changesSecrets, moves, Verification } from './verification';

/** How many subscriptions one request may make. */
const MOST_AT_ONCE = 100;

/** Does what the routes of contracts are asked for. */
@Injectable()
export class ContractDesk {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly repository: SubscriptionsRepository,
    private readonly verification: Verification,
  ) {}

  list(served: ServedContract, route: Route, request: HttpRequest): Promise<ListAnswer> {
    return pageFor(this.repository, served, { route, request, tenant: this.tenantOf(served, request) });
  }

  /** One subscription, or several where the wrapper holds a list. */
  async create(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription[]> {
    const scope = this.tenantOf(served, request);
    const drafts: Draft[] = [];
    for (const fields of this.fieldsIn(served, route, request)) {
      const given = await this.checked(served, fields, served.forms.create);
      drafts.push(served.forms.draft(given, 'create'));
    }
    const made: Subscription[] = [];
    try {
      for (const draft of drafts) made.push(await this.make(served, draft, tenantFor({ tenant: scope }, draft.tenant)));
    } catch (error) {
      // All or none: the caller is not told the ids of those that came before the one that is refused.
      for (const { id } of made) await this.subscriptions.remove(id);
      throw error;
    }
    return made;
  }

  async read(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    const text = request.params[served.idParameter(route)] ?? '';
    const key = served.contract.description.identity.find(text);
    const tenant = this.tenantOf(served, request);
    const scope = { ...scopeOf({ tenant }), contract: served.contract.name };
    const found = key === undefined ? undefined : await this.subscriptions.find(key, scope);
    if (found) return found;
    // By the id as it was asked for: that of the library may be another.
    throw new SubscriptionNotFoundError(text);
  }

  async update(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    const current = await this.read(served, route, request);
    const [fields] = this.fieldsIn(served, route, request);
    // Nothing to change would be a success, and whoever sent this meant something.
    if (!isRecord(fields)) throw new MalformedBodyError('The body has no fields where they are looked for.');
    const purpose = route.replaces ? 'replace' : 'update';
    const given = await this.checked(served, fields, served.forms[purpose]);
    return this.change(current, (now) => served.forms.draft(given, purpose, now));
  }

  async remove(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    const current = await this.read(served, route, request);
    await this.subscriptions.remove(current.id);
    return current;
  }

  /** Gives it a new secret, beside which the old ones sign for a while. */
  async rotate(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    const { id } = await this.read(served, route, request);
    const [fields] = this.fieldsIn(served, route, request);
    const { secret, overlapSeconds } = served.forms.draft(
      await this.checked(served, fields, served.forms.rotate),
      'rotate',
    );
    return this.verification.verifiedAgain(await this.subscriptions.rotateSecret(id, { secret, overlapSeconds }));
  }

  /** Turns on what the system turned off, once the endpoint has passed the handshake where there is one. */
  async resume(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    return this.verification.verified(await this.read(served, route, request));
  }

  private tenantOf({ contract }: ServedContract, request: HttpRequest): string | null {
    const tenant = contract.description.scope.tenantOf(request.params, callerOf(request).tenant);
    if (tenant !== undefined) return tenant;
    throw new NothingFoundError('There is nothing here for you.');
  }

  private fieldsIn(served: ServedContract, route: Route, request: HttpRequest): unknown[] {
    const { requests } = served.contract.description;
    const wrapper = served.wrapperOf(route);
    const body = requests.read(incomingBody(request));
    assertShallow(body);
    const inside = wrapper.unwrap(body);
    const all: unknown[] = wrapper.several && Array.isArray(inside) ? inside : [inside];
    if (all.length > MOST_AT_ONCE) {
      throw new MalformedBodyError(`The body is of ${all.length} subscriptions; ${MOST_AT_ONCE} are taken at once.`);
    }
    return requests.textual ? all.map((fields) => served.forms.fromText(fields)) : all;
  }

  private checked({ contract }: ServedContract, fields: unknown, form: Type<object>): Promise<object> {
    return validForm(isRecord(fields) ? fields : {}, form, contract.description.unknownFields);
  }

  private async make({ contract }: ServedContract, draft: Draft, tenant: string | null): Promise<Subscription> {
    // What its owner wants suspended is asked when it is to work.
    const handshake = draft.suspendedReason === undefined ? this.verification.of(contract.name) : null;
    const pending = handshake ? { suspendedReason: UNVERIFIED } : {};
    const wanted = { ...draft, tenant, contract: contract.name, ...pending } as NewSubscription;
    const made = await this.subscriptions.create(wanted);
    return handshake ? this.verification.verifiedOrRemoved(made) : made;
  }

  /** Another URL is another endpoint, which has to pass as well; and so has who has another secret or other credentials. */
  private async change(current: Subscription, draft: (now: Subscription) => Draft): Promise<Subscription> {
    const handshake = this.verification.of(current.contract);
    const wanted = draft(current);
    const { resumes, url, suspendedReason = current.suspendedReason } = wanted;
    const isMoved = moves(current, wanted);
    const isAsked = handshake !== null && (isMoved || changesSecrets(current, wanted));
    const isHeldBack = !resumes && suspendedReason === SUSPENDED_BY_OWNER;
    if (isAsked && !isHeldBack && handshake.required) {
      await this.verification.assertPasses(current, wanted);
      const changed = await this.subscriptions.update(current.id, draft);
      return resumes ? this.verification.resumed(changed) : changed;
    }
    if (isMoved && isAsked && !isHeldBack) {
      const unverified = (now: Subscription) => ({ ...draft(now), suspendedReason: UNVERIFIED });
      return this.verification.verified(await this.subscriptions.update(current.id, unverified));
    }
    const asRead = handshake && url !== undefined ? ifStillAs(current, draft) : draft;
    const changed = await this.subscriptions.update(current.id, asRead);
    if (resumes && changed.suspendedAt !== null) return this.verification.verified(changed);
    return isAsked && !isHeldBack ? this.verification.verifiedAgain(changed) : changed;
  }
}

/** A change that needed no handshake as the subscription was, and might need one as it is by now. */
function ifStillAs({ url, suspendedReason }: Subscription, draft: (now: Subscription) => Draft) {
  return (now: Subscription): Draft => {
    if (now.url === url && now.suspendedReason === suspendedReason) return draft(now);
    throw new SubscriptionContendedError('The subscription was changed by others meanwhile. Try again.');
  };
}
