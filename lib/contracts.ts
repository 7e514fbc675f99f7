// What `nestjs-webhooks/contracts` publishes: the contracts there are, and what others are made of.
export { standard, type StandardOptions } from './contracts/standard/standard.contract';
export { ewarehousing, type EwarehousingOptions } from './contracts/ewarehousing.contract';
export { packcloud, type PackcloudOptions } from './contracts/packcloud.contract';
export { readycloud, type ReadycloudOptions } from './contracts/readycloud.contract';

export { defineContract, type Contract, type ContractDescription, type ContractPlace } from './contracts/contract';
export type { ContractEvent } from './contracts/delivery/contract-event';
export {
  chosenBy,
  statuses,
  waits,
  type BatchDescription,
  type ContractBatch,
  type DeliveryDescription,
} from './contracts/delivery/delivery-description';
export type { DescribedHeader, DescribedRequest, DescribedTopic } from './contracts/delivery/described-request';
export { formatted, type Formatted } from './contracts/delivery/formats';
export { challengeInBody, ping, validationToken } from './contracts/delivery/handshakes';
export { JsonText } from './contracts/delivery/json-text';
export {
  cloudEventsValidation,
  signedChallenge,
  type CloudEventsValidationOptions,
} from './contracts/delivery/ownership';
export { djangoErrors } from './contracts/errors/django.errors';
export { laravelErrors } from './contracts/errors/laravel.errors';
export {
  presence,
  type Draft,
  type Field,
  type Fields,
  type Operation,
  type Showing,
  type TakenOptions,
} from './contracts/field';
export { batch } from './contracts/fields/batch';
export { credentials, secretHeaders, type CredentialOptions } from './contracts/fields/credentials';
export { filter } from './contracts/fields/filter';
export { format, versions } from './contracts/fields/format';
export { copiedHeaders, headerList, headers, type HeaderMembers } from './contracts/fields/headers';
export {
  computed,
  constant,
  identifier,
  neverShown,
  nested,
  ownPath,
  ownUrl,
  shownIn,
  tenant,
} from './contracts/fields/identity';
export { namedTenant } from './contracts/fields/named-tenant';
export { order } from './contracts/fields/order';
export { rate } from './contracts/fields/rate';
export { overlapSeconds, publicKey, secret, type SecretOptions } from './contracts/fields/secret';
export {
  createdAt,
  disabled,
  disabledAt,
  enabled,
  state,
  suspendedAt,
  suspendedReason,
  updatedAt,
  type EnabledOptions,
  type StateNames,
  type StateOptions,
} from './contracts/fields/state';
export { choice, description, flag, metadata, text, textRecord, type StoredOptions } from './contracts/fields/stored';
export {
  namesOf,
  topic,
  topicFlag,
  topics,
  topicWord,
  type TopicOptions,
  type TopicsOptions,
} from './contracts/fields/topics';
export { url, type UrlOptions } from './contracts/fields/url';
export { listSchema, objectSchema } from './contracts/generated/openapi';
export { numbers, ownIds, prefixed, uuids, type Identity } from './contracts/identities';
export { bareArray, counted, flat, laravel, member, type LinkRelation } from './contracts/lists/envelopes';
export type { Envelope, Listing, ListFormat, ListPart } from './contracts/lists/list-format';
export {
  cursorPages,
  numberedPages,
  offsetPages,
  type NumberedOptions,
  type PagesOptions,
} from './contracts/lists/pages';
export { createdBetween, oneOf, sorting, wholeNumber } from './contracts/lists/query-parts';
export { del, get, patch, post, put, type Operations, type Route } from './contracts/operations';
export type { ErrorFormat, Problem } from './contracts/problem';
export { form, json, jsonOrCalledForm, type RequestFormat } from './contracts/requests/request-formats';
export { bare, wrapped, type Wrapper } from './contracts/requests/wrappers';
export { rule } from './contracts/rules';
export {
  caller,
  pathParameter,
  pathParameters,
  type ContractScope,
  type TenantNames,
  type TenantOption,
} from './contracts/scopes';
export { standardErrors } from './contracts/standard/standard.errors';
export {
  djangoTime,
  epochMilliseconds,
  epochSeconds,
  localTime,
  microseconds,
  milliseconds,
  seconds,
  type TimeFormat,
} from './contracts/times';
export { hostTopics, namedTopics, type TopicMap, type TopicNames } from './contracts/topic-names';
export type { Handshake } from './deliveries/handshake';
