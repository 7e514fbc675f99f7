export { WebhookEntity, type EntityChange, type WebhookEntityOptions } from './bridge/webhook-entity.decorator';
export type { Attempt } from './deliveries/attempt';
export { DeliveriesRepository, type DeliveryQuery } from './deliveries/deliveries.repository';
export { DELIVERY_STATES, type Delivery, type DeliveryState, type DueDelivery } from './deliveries/delivery';
export type { LifecycleEvent } from './deliveries/lifecycle';
export type { WebhookEvent } from './events/event';
export { EventsRepository, type EventQuery } from './events/events.repository';
export { PayloadNotJsonError, PayloadTooLargeError } from './events/payload';
export { UnknownTransactionError, type HostTransaction } from './publishing/host-transaction';
export { InvalidPublicationError, type PublishedEvent, type PublishOptions } from './publishing/publisher';
export { RetrySchedule, type RetryScheduleOptions } from './retry/retry-schedule';
export { Clock, type Timer } from './shared/clock';
export type { Duration } from './shared/duration';
export type { Page, PageRequest } from './shared/page';
export { WebhooksConfigurationError, WebhooksError } from './shared/webhooks.error';
export { InvalidSecretError } from './signing/secret';
export { DatabaseBusyError } from './storage/database';
export type { Subscription } from './subscriptions/subscription';
export { SubscriptionsRepository, type SubscriptionQuery } from './subscriptions/subscriptions.repository';
export {
  InvalidSubscriptionError,
  SubscriptionNotFoundError,
  SubscriptionsService,
  type FieldObjection,
  type NewSubscription,
  type Scope,
  type SubscriptionChange,
} from './subscriptions/subscriptions.service';
export { TopicCatalogue, UnknownTopicError } from './topics/catalogue';
// A star, because only so may hosts add to the interface by the name of the package.
export * from './topics/registered-topics';
export { defineTopic, Topic, type PayloadType, type TopicOptions } from './topics/topic';
export { AddressPolicy, type AddressPolicyOptions, type UrlRefusal } from './transport/address-policy';
export { axiosTransport } from './transport/axios.transport';
export type { ResolveHost } from './transport/guarded-lookup';
export {
  Transport,
  type Answer,
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
  NetworkOptions,
  RetryOptions,
  TenantOption,
  WebhooksOptions,
  WebhooksStructure,
} from './webhooks.options';
export { WebhooksService } from './webhooks.service';
