import type { CanActivate, ControllerOptions, Type } from '@nestjs/common';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { SignatureScheme } from '../signing/signature-scheme';
import type { Subscription } from '../subscriptions/subscription';
import type { SubscriptionTerms } from '../subscriptions/subscription-terms';
import type { DeliveryDescription } from './delivery/delivery-description';
import type { Field, Fields, Operation } from './field';
import { OPERATIONS } from './field';
import { ownIds, type Identity } from './identities';
import type { ListFormat } from './lists/list-format';
import { idParameter, type Operations, type Route } from './operations';
import type { ErrorFormat } from './problem';
import { json, type RequestFormat } from './requests/request-formats';
import { caller, type ContractScope, type TenantOption } from './scopes';
import { hostTopics, type TopicNames } from './topic-names';
import { bare, type Wrapper } from './requests/wrappers';

/** What a host may say of every contract: where it is and who gets in. */
export interface ContractPlace {
  /** Where it is mounted, below the host's global prefix. */
  readonly path?: string;
  /** The guards of its routes. @default those of the module */
  readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
  /** Whose objects a request may see. @default the module's */
  readonly tenant?: TenantOption;
  /** The version of its routes, where the host uses versioning. @default the module's */
  readonly version?: ControllerOptions['version'];
  /** Parameters of a query that the guards take as credentials, and that therefore stay out of links. @default [] */
  readonly credentials?: readonly string[];
}

/** A public webhook API, described completely. */
export interface ContractDescription extends ContractPlace {
  /** In kebab-case; stays with every subscription that is made under it. */
  readonly name: string;
  /** Where its list is, below the host's global prefix, such as `v1/organizations/:organizationId/webhooks`. */
  readonly path: string;
  /** Whether the documented paths end in a slash; then both forms answer. @default false */
  readonly trailingSlash?: boolean;
  /** Whose subscriptions a request is about. @default whose request it is */
  readonly scope?: ContractScope;
  /** @default the host's own topics */
  readonly topics?: TopicNames;
  /** @default the ids that subscriptions have anyway, `sub_…` */
  readonly identity?: Identity;
  readonly operations: Operations;
  /** In the order in which they are shown. */
  readonly fields: Fields;
  /** What is done with fields that there are not, or that are not for the caller to say. @default 'ignore' */
  readonly unknownFields?: 'ignore' | 'refuse';
  /** @default JSON */
  readonly requests?: RequestFormat;
  /** @default nothing around the fields */
  readonly wrapper?: Wrapper;
  readonly list?: ListFormat;
  readonly errors: ErrorFormat;
  readonly delivery: DeliveryDescription;
  /** The name of its schemas and operations in the OpenAPI document. @default the name of the contract, and `Webhook` */
  readonly noun?: string;
  /** Its heading in the OpenAPI document. @default the noun */
  readonly heading?: string;
}

type LeftOpen = Exclude<keyof ContractPlace, 'credentials'> | 'list';
type Settled = Required<Omit<ContractDescription, LeftOpen>> & Pick<ContractDescription, LeftOpen>;

const MAKING = {
  url: 'url(), or one of your own with property: "url"',
  topics: 'topic(), topics(), topicFlag(), or one of your own with property: "topics"',
};

/** A contract with all that its description left to defaults. Made with {@link defineContract}. */
export class Contract {
  readonly description: Settled & { readonly path: string };
  /** Every route, with what it does. */
  readonly routes: readonly (Route & { readonly operation: Operation })[];

  constructor(description: ContractDescription) {
    const noun = description.noun ?? `${pascalCase(description.name)}Webhook`;
    this.description = {
      trailingSlash: false,
      scope: caller(),
      topics: hostTopics,
      identity: ownIds,
      unknownFields: 'ignore',
      requests: json,
      wrapper: bare,
      credentials: [],
      heading: noun,
      ...said(description),
      noun,
    };
    const operations = description.operations;
    this.routes = OPERATIONS.flatMap((operation) =>
      [operations[operation] ?? []].flat().map((route: Route) => ({ ...route, operation })),
    );
    this.assertSound();
  }

  get name(): string {
    return this.description.name;
  }

  /** What its subscriptions have to be like. */
  get terms(): SubscriptionTerms {
    const { topics, delivery } = this.description;
    return {
      holds: delivery.whileOff === 'hold',
      batches: delivery.batch !== undefined,
      signatureFor: (settings) => this.signatureFor(settings),
      topics: new Set(topics.names?.flatMap((name) => topics.patternsOf(name))),
    };
  }

  /** How requests for a subscription with these settings are signed. */
  signatureFor(settings: Subscription['settings']): SignatureScheme {
    const { signature } = this.description.delivery;
    return typeof signature === 'function' ? signature(settings) : signature;
  }

  /** The contract at another place of the host. */
  at(place: ContractPlace): Contract {
    return new Contract({ ...this.description, ...said(place) });
  }

  /** What callers call a property of subscriptions, so that they understand what is said of it. */
  fieldFor(property: string): string {
    return pathsByProperty(this.description.fields).get(property) ?? property;
  }

  private assertSound(): void {
    const { name, path, list, fields } = this.description;
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) throw wrong(name, 'its name to be in kebab-case', name);
    if (!/^([\w.~-]+|:\w+)(\/([\w.~-]+|:\w+))*$/.test(path)) {
      throw wrong(name, 'its path to be such as "v1/accounts/:account/webhooks"', path);
    }
    this.assertParameters();
    if (this.description.operations.list && !list) throw wrong(name, 'a list format, because it has a list', 'none');
    const properties = pathsByProperty(fields);
    if (properties.has('batch') && !this.description.delivery.batch) {
      throw wrong(name, 'a form for batches (delivery.batch), because it has a field for them', 'none');
    }
    for (const property of ['url', 'topics'] as const) {
      const needed = this.description.operations.create !== undefined;
      if (needed && !properties.has(property))
        throw wrong(name, `a field that becomes its "${property}" (${MAKING[property]})`, 'none');
    }
  }

  private assertParameters(): void {
    const { name, path, scope } = this.description;
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter!);
    const missing = scope.parameters.find((parameter) => !inPath.includes(parameter));
    if (missing !== undefined) throw wrong(name, `":${missing}" in its path, because its scope reads it`, path);
    const clash = this.routes.find((route) => inPath.includes(idParameter(route.path) ?? ''));
    if (clash) throw wrong(name, `another parameter in "${clash.path}" than in its path`, path);
  }
}

/**
 * Describes a public webhook API; `WebhooksModule.forRoot({ contracts: […] })` serves it.
 * @throws WebhooksConfigurationError when the description cannot be served
 */
export function defineContract(description: ContractDescription): Contract {
  return new Contract(description);
}

function pathsByProperty(fields: Fields, within = ''): Map<string, string> {
  const paths = new Map<string, string>();
  for (const [name, field] of Object.entries<Field>(fields)) {
    const path = within + name;
    if (field.taken?.property) paths.set(field.taken.property, path);
    if (field.parts) pathsByProperty(field.parts, `${path}.`).forEach((value, key) => paths.set(key, value));
  }
  return paths;
}

/** What is said in so many words: an option that is passed on may be undefined. */
function said<Said extends object>(description: Said): Said {
  return Object.fromEntries(Object.entries(description).filter(([, value]) => value !== undefined)) as Said;
}

function pascalCase(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

function wrong(contract: string, expected: string, got: string): WebhooksConfigurationError {
  return new WebhooksConfigurationError(
    `The contract "${contract}" cannot be served: expected ${expected}, got "${got}".`,
  );
}
