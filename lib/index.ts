export { WebhookEntity, type EntityChange, type WebhookEntityOptions } from './bridge/webhook-entity.decorator';
export type { Contract } from './contracts/contract';
export type { Attempt, Exchange } from './deliveries/attempt';
export { DeliveriesRepository, type DeliveryQuery } from './deliveries/deliveries.repository';
export { DELIVERY_STATES, type Delivery, type DeliveryState, type DueDelivery } from './deliveries/delivery';
export type { FailureStreak } from './deliveries/failure-streaks';
export type { AttemptedDelivery, LifecycleEvent } from './deliveries/lifecycle';
export { DeliveryNotFoundError, NotResendableError, type TestResult } from './deliveries/manual-requests';
export type { AsyncApiDocument, DocumentHeading } from './documents/asyncapi';
export type { OpenApiDocument } from './documents/openapi';
export type { WebhookEvent } from './events/event';
export { EventsRepository, type EventQuery } from './events/events.repository';
export { PayloadNotJsonError, PayloadTooLargeError } from './events/payload';
export type { FilterPattern } from './filters/payload-filter';
export type { Health, HealthOptions } from './observability/engine-health';
export type { BacklogState, ObservedEngine, Observer } from './observability/observer';
export { UnknownTransactionError, type HostTransaction } from './publishing/host-transaction';
export { InvalidPublicationError, type PublishedEvent, type PublishOptions } from './publishing/publisher';
export { REPLAY_CHOICES, type NewReplay, type Replay, type ReplayChoice, type ReplayState } from './replays/replay';
export type { ReplayQuery } from './replays/replays.repository';
export { ReplayNotFoundError, ReplaysService, TooManyReplaysError } from './replays/replays.service';
export { RetrySchedule, type RetryScheduleOptions } from './retry/retry-schedule';
export { InvalidPayloadError, type PayloadFlaw } from './schemas/payload-flaw';
export { Clock, type Timer } from './shared/clock';
export type { Duration } from './shared/duration';
export type { Page, PageRequest } from './shared/page';
export { UnreadableSecretError } from './shared/unreadable-secret.error';
export { WebhooksConfigurationError, WebhooksError } from './shared/webhooks.error';
export { allOf } from './signing/all-of.scheme';
export { appWide } from './signing/app-wide.scheme';
export { basic, type BasicOptions } from './signing/basic.scheme';
export { echoedSecret, type EchoedSecretOptions } from './signing/echoed-secret.scheme';
export type { Ed25519KeyFormat } from './signing/ed25519-keys';
export { ed25519, type Ed25519Options } from './signing/ed25519.scheme';
export type { SignatureEncoding } from './signing/encoding';
export type { HeaderOptions } from './signing/header.carrier';
export type { SignatureHash } from './signing/hmac.algorithm';
export { hmac, type HmacOptions } from './signing/hmac.scheme';
export { InvalidSignatureError } from './signing/invalid-signature.error';
export type { ListOptions } from './signing/list.carrier';
export type { PublicJwk, PublicKey } from './signing/public-key';
export type { ReceivedHeaders, ReceivedRequest } from './signing/received-request';
export type { RsaPadding } from './signing/rsa.algorithm';
export { rsa, type RsaOptions } from './signing/rsa.scheme';
export { InvalidSecretError } from './signing/secret';
export { encodedSecret, SecretFormat, standardSecret, textSecret } from './signing/secret-format';
export {
  SignatureScheme,
  type MessageToSign,
  type VerifiedMessage,
  type VerifyOptions,
} from './signing/signature-scheme';
export type { SignedContent, SignedMessage } from './signing/signed-message';
export { standardWebhooks, type StandardWebhooksOptions } from './signing/standard-webhooks.scheme';
export type { TimestampFormat } from './signing/timestamp';
export { timestamped, type TimestampedOptions } from './signing/timestamped.scheme';
export { unsigned } from './signing/unsigned.scheme';
export { urlAndForm, type UrlAndFormOptions } from './signing/url-and-form.scheme';
export type { Backlog, StatisticsScope } from './statistics/statistics.repository';
export {
  InvalidSpanError,
  StatisticsService,
  type Figures,
  type Statistics,
  type StatisticsSpan,
} from './statistics/statistics.service';
export { DatabaseBusyError } from './storage/database';
export type { Batching } from './subscriptions/batching';
export {
  Credentials,
  type BasicCredential,
  type BearerCredential,
  type CertificateCredential,
  type Credential,
  type CredentialContents,
  type OAuth2Credential,
} from './subscriptions/credentials';
export { DELIVERY_FORMATS, type DeliveryFormat } from './subscriptions/format';
export type {
  DependentChange,
  NewSubscription,
  Scope,
  SecretRotation,
  SubscriptionChange,
} from './subscriptions/new-subscription';
export { DELIVERY_ORDERS, type DeliveryOrder } from './subscriptions/order';
export type { Preferences } from './subscriptions/preferences';
export type { Rate } from './subscriptions/rate';
export type { Upkeep } from './subscriptions/secret-upkeep';
export { Secrets, type Secret } from './subscriptions/secrets';
export type { Subscription } from './subscriptions/subscription';
export {
  InvalidSubscriptionError,
  SubscriptionContendedError,
  SubscriptionNotFoundError,
  TooManySubscriptionsError,
  type FieldObjection,
} from './subscriptions/subscription-errors';
export { SubscriptionsRepository, type SubscriptionQuery } from './subscriptions/subscriptions.repository';
export { SubscriptionsService } from './subscriptions/subscriptions.service';
export { TopicCatalogue, UnknownTopicError } from './topics/catalogue';
export type { JsonSchema } from './topics/json-schema';
// A star, because only so may hosts add to the interface by the name of the package.
export * from './topics/registered-topics';
export type { StandardIssue, StandardResult, StandardSchema } from './topics/standard-schema';
export { defineTopic, Topic, type PayloadType, type PayloadValidation, type TopicOptions } from './topics/topic';
export type { EarlierVersion, TopicVersions } from './topics/topic-versions';
export { AddressPolicy, type AddressPolicyOptions, type UrlRefusal } from './transport/address-policy';
export { axiosTransport } from './transport/axios.transport';
export type { EgressProxyOptions } from './transport/egress-proxy';
export type { ResolveHost } from './transport/guarded-lookup';
export {
  Transport,
  type Answer,
  type ClientCertificate,
  type Failed,
  type FailureKind,
  type OutgoingRequest,
  type Responded,
  type TransportFactory,
  type TransportSettings,
} from './transport/transport';
export type { ConnectionOptions } from './transport/transport-options';
export { WebhooksModule, type WebhooksFeature } from './webhooks.module';
export type {
  LimitOptions,
  NetworkOptions,
  RetentionOptions,
  RetryOptions,
  SuspensionOptions,
  TenantOption,
  WebhooksOptions,
  WebhooksStructure,
} from './webhooks.options';
export { WebhooksService } from './webhooks.service';
