import type { Provider } from '@nestjs/common';
import { EmittedEvents } from './bridge/emitted-events';
import { EntityChanges } from './bridge/entity-changes';
import { HostBridges } from './bridge/host-bridges';
import { OperationalEvents } from './bridge/operational-events';
import { RegisteredEntities } from './bridge/registered-entities';
import { BatchDeliverer } from './deliveries/batch-deliverer';
import { Courier } from './deliveries/courier';
import { Dispatch } from './deliveries/dispatch';
import { EndpointHealth } from './deliveries/endpoint-health';
import { Handshakes } from './deliveries/handshakes';
import { Assessor, AssessorOptions } from './deliveries/assessor';
import { Deliverer } from './deliveries/deliverer';
import { DELIVERY_PROFILES } from './deliveries/delivery-profile';
import { Lifecycle } from './deliveries/lifecycle';
import { Ledger } from './deliveries/ledger';
import { Loader } from './deliveries/loader';
import { ManualRequests } from './deliveries/manual-requests';
import { Outcomes } from './deliveries/outcomes';
import { TokenSource } from './deliveries/token-source';
import { Tracing, Untraced } from './deliveries/tracing';
import { ContractDesk } from './http/contract-desk';
import { Verification } from './http/verification';
import { ParseFailures, SERVED_CONTRACTS } from './http/parse-failures';
import { LaneAttempts, LaneAttemptsOptions } from './lanes/lane-attempts';
import { LaneNode, LaneNodeOptions } from './lanes/lane-node';
import { LaneWorker, LaneWorkerOptions } from './lanes/lane-worker';
import { LaneClaims } from './lanes/lane-claims';
import { Lease, LeaseOptions } from './lanes/lease';
import { Refills } from './lanes/refills';
import { Turns } from './lanes/turns';
import { OwnedLanes } from './lanes/owned-lanes';
import { EngineHealth } from './observability/engine-health';
import { EngineState } from './observability/engine-state';
import { LifecycleLogger } from './observability/lifecycle-logger';
import { ObserverOptions, Observers } from './observability/observers';
import { CommitWatch } from './publishing/commit-watch';
import { FanOut, FanOutOptions } from './publishing/fan-out';
import { Handover } from './publishing/handover';
import { Publication } from './publishing/publication';
import { Publisher, PublisherOptions } from './publishing/publisher';
import { Routing } from './publishing/routing';
import { HeldEvents, HeldEventsOptions } from './replays/held-events';
import { ReplayRunner, ReplayRunnerOptions } from './replays/replay-runner';
import { PastPayloads } from './replays/past-payloads';
import { ReplaysOptions, ReplaysService } from './replays/replays.service';
import { Retention } from './retention/retention';
import { RetentionSettings } from './retention/retention-limits';
import { Activity } from './shared/activity';
import { Clock, SystemClock } from './shared/clock';
import { StatisticsService } from './statistics/statistics.service';
import { Tally } from './statistics/tally';
import { KnownSubscriptions } from './subscriptions/known-subscriptions';
import { PublicKeys } from './subscriptions/public-keys';
import { SecretUpkeep } from './subscriptions/secret-upkeep';
import { SubscriptionChanges } from './subscriptions/subscription-changes';
import { SubscriptionLimits } from './subscriptions/subscription-limits';
import { SUBSCRIPTION_TERMS } from './subscriptions/subscription-terms';
import { VersionPins } from './subscriptions/version-pins';
import { SubscriptionRules } from './subscriptions/subscription-rules';
import { SubscriptionsService } from './subscriptions/subscriptions.service';
import { AddressPolicy } from './transport/address-policy';
import { EndpointCheck } from './transport/endpoint-check';
import { TopicCatalogue } from './topics/catalogue';
import { Transport } from './transport/transport';
import { catalogue } from './webhooks.catalogue';
import { WebhooksEngine } from './webhooks.engine';
import { WebhooksService } from './webhooks.service';
import { profilesOf, termsOf, transportFrom } from './webhooks.contracts';
import { WEBHOOKS_SETTINGS, type WebhooksSettings } from './webhooks.settings';
import { storage } from './webhooks.storage';

/** Everything that is made once per application, from the bottom up. */
export function providers({ tablePrefix }: { readonly tablePrefix: string }): Provider[] {
  return [
    ...roomOptions,
    { provide: Clock, useClass: SystemClock },
    ...watching,
    ...catalogue,
    RegisteredEntities,
    ...storage(tablePrefix),
    ...subscriptions,
    ...delivery,
    ...publishing,
    HeldEvents,
    PastPayloads,
    ReplayRunner,
    ReplaysService,
    Retention,
    Tally,
    StatisticsService,
    WebhooksService,
    Verification,
    ContractDesk,
    ParseFailures,
    EntityChanges,
    EmittedEvents,
    OperationalEvents,
    HostBridges,
    WebhooksEngine,
  ];
}

/** Each room says which options it needs; the settings have them all. */
const roomOptions: Provider[] = [
  AssessorOptions,
  LaneWorkerOptions,
  LaneAttemptsOptions,
  LeaseOptions,
  LaneNodeOptions,
  PublisherOptions,
  FanOutOptions,
  ObserverOptions,
  HeldEventsOptions,
  ReplayRunnerOptions,
  ReplaysOptions,
  RetentionSettings,
].map((provide) => ({ provide, useExisting: WEBHOOKS_SETTINGS }));

const watching: Provider[] = [
  {
    provide: Tracing,
    inject: [WEBHOOKS_SETTINGS],
    useFactory: ({ observers }: WebhooksSettings) =>
      observers.find(({ tracing }) => tracing !== undefined)?.tracing ?? new Untraced(),
  },
  {
    provide: Activity,
    inject: [Tracing],
    useFactory: (tracing: Tracing) => new Activity((work) => tracing.detached(work)),
  },
  Lifecycle,
  LifecycleLogger,
  EngineState,
  EngineHealth,
  Observers,
];

const subscriptions: Provider[] = [
  {
    provide: AddressPolicy,
    inject: [WEBHOOKS_SETTINGS],
    useFactory: ({ network }: WebhooksSettings) => new AddressPolicy(network),
  },
  {
    provide: EndpointCheck,
    inject: [AddressPolicy, Transport],
    useFactory: (policy: AddressPolicy, { resolveHost }: Transport) => new EndpointCheck(policy, { resolveHost }),
  },
  { provide: SUBSCRIPTION_TERMS, inject: [SERVED_CONTRACTS], useFactory: termsOf },
  {
    provide: SubscriptionLimits,
    inject: [WEBHOOKS_SETTINGS],
    useFactory: ({ limits }: WebhooksSettings) => limits,
  },
  SubscriptionChanges,
  KnownSubscriptions,
  VersionPins,
  SubscriptionRules,
  SubscriptionsService,
  SecretUpkeep,
  PublicKeys,
];

const delivery: Provider[] = [
  {
    provide: Transport,
    inject: [AddressPolicy, WEBHOOKS_SETTINGS],
    useFactory: transportFrom,
  },
  {
    provide: DELIVERY_PROFILES,
    inject: [SERVED_CONTRACTS, WEBHOOKS_SETTINGS, TopicCatalogue],
    useFactory: profilesOf,
  },
  TokenSource,
  Dispatch,
  Courier,
  Handshakes,
  EndpointHealth,
  Outcomes,
  Loader,
  Assessor,
  Ledger,
  Deliverer,
  BatchDeliverer,
  ManualRequests,
  OwnedLanes,
  Turns,
  Refills,
  LaneAttempts,
  LaneWorker,
  Lease,
  LaneClaims,
  LaneNode,
];

const publishing: Provider[] = [Routing, Handover, Publication, FanOut, CommitWatch, Publisher];
