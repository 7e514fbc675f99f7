import { Injectable } from '@nestjs/common';
import type { Draft } from '../contracts/field';
import { UNVERIFIED } from '../contracts/fields/state';
import type { Route } from '../contracts/operations';
import { HandshakeFailedError, NothingFoundError } from '../contracts/problem';
import { isRecord } from '../contracts/rules';
import { Handshakes } from '../deliveries/handshakes';
import type { NewSubscription, SubscriptionChange } from '../subscriptions/new-subscription';
import type { Subscription } from '../subscriptions/subscription';
import { SubscriptionNotFoundError } from '../subscriptions/subscription-errors';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import { callerOf, scopeOf, tenantFor } from './caller';
import type { HttpRequest } from './http-request';
import { pageFor, type ListAnswer } from './list-answer';
import { validBody, validLenientBody } from './request-validation';
import type { ServedContract } from './served-contract';

/** Does what the routes of contracts are asked for. */
@Injectable()
export class ContractDesk {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly repository: SubscriptionsRepository,
    private readonly handshakes: Handshakes,
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
    for (const draft of drafts) made.push(await this.make(served, draft, tenantFor({ tenant: scope }, draft.tenant)));
    return made;
  }

  async read(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    const text = request.params[served.idParameter(route)] ?? '';
    const key = served.contract.description.identity.find(text);
    const tenant = this.tenantOf(served, request);
    if (key !== undefined)
      return this.subscriptions.get(key, { ...scopeOf({ tenant }), contract: served.contract.name });
    throw new SubscriptionNotFoundError(`There is no subscription ${JSON.stringify(text)}.`);
  }

  async update(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    const current = await this.read(served, route, request);
    const [fields] = this.fieldsIn(served, route, request);
    const purpose = route.replaces ? 'replace' : 'update';
    const given = await this.checked(served, fields, served.forms[purpose]);
    return this.change(current, served.forms.draft(given, purpose, current));
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
    return this.subscriptions.rotateSecret(id, { secret, overlapSeconds });
  }

  /** Turns on what the system turned off, once the endpoint has passed the handshake where there is one. */
  async resume(served: ServedContract, route: Route, request: HttpRequest): Promise<Subscription> {
    return this.verified(await this.read(served, route, request));
  }

  private tenantOf({ contract }: ServedContract, request: HttpRequest): string | null {
    const tenant = contract.description.scope.tenantOf(request.params, callerOf(request).tenant);
    if (tenant !== undefined) return tenant;
    throw new NothingFoundError('There is nothing here for you.');
  }

  private fieldsIn({ contract, forms }: ServedContract, route: Route, request: HttpRequest): unknown[] {
    const { requests, wrapper } = contract.description;
    const contentType = request.headers['content-type'];
    const body = requests.read({ contentType, body: request.body, rawBody: request.rawBody });
    const inside = (route.wrapper ?? wrapper).unwrap(body);
    const several = Array.isArray(inside) && (route.wrapper ?? wrapper).several === true;
    return (several ? inside : [inside]).map((fields) =>
      requests.textual ? forms.fromText(fields) : (fields as unknown),
    );
  }

  private checked(
    { contract }: ServedContract,
    fields: unknown,
    form: Parameters<typeof validBody>[1],
  ): Promise<object> {
    const check = contract.description.unknownFields === 'refuse' ? validBody : validLenientBody;
    return check(isRecord(fields) ? fields : {}, form);
  }

  private async make({ contract }: ServedContract, draft: Draft, tenant: string | null): Promise<Subscription> {
    const handshake = this.handshakes.of(contract.name);
    const pending = handshake ? { suspendedReason: UNVERIFIED } : {};
    const wanted = { ...draft, tenant, contract: contract.name, ...pending } as NewSubscription;
    const made = await this.subscriptions.create(wanted);
    if (!handshake) return made;
    const objection = await this.handshakes.objectionTo(made);
    if (objection !== undefined && handshake.required) {
      await this.subscriptions.remove(made.id);
      throw new HandshakeFailedError(objection);
    }
    return this.judged(made, objection);
  }

  /** Another URL is another endpoint, which has to pass as well. */
  private async change(current: Subscription, wanted: SubscriptionChange): Promise<Subscription> {
    const handshake = this.handshakes.of(current.contract);
    if (!handshake || wanted.url === undefined || wanted.url === current.url) {
      return this.subscriptions.update(current.id, wanted);
    }
    if (!handshake.required) {
      return this.verified(await this.subscriptions.update(current.id, { ...wanted, suspendedReason: UNVERIFIED }));
    }
    const objection = await this.handshakes.objectionTo({ ...current, url: wanted.url });
    if (objection !== undefined) throw new HandshakeFailedError(objection);
    return this.subscriptions.update(current.id, wanted);
  }

  private async verified(subscription: Subscription): Promise<Subscription> {
    return this.judged(subscription, await this.handshakes.objectionTo(subscription));
  }

  private judged(subscription: Subscription, objection: string | undefined): Promise<Subscription> {
    if (objection === undefined) return this.subscriptions.resume(subscription.id);
    return this.subscriptions.update(subscription.id, { suspendedReason: `${UNVERIFIED}: ${objection}` });
  }
}
