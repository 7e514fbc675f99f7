import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  MaxLength,
  type ValidationOptions,
} from 'class-validator';
import { LONGEST_TENANT } from '../../shared/tenant';
import { apiSchema } from '../openapi';
import { field, IsTenant, IsText, IsTextRecord, type Presence } from './fields';

const LONGEST_URL = 2048;
const MOST_TOPICS = 100;
const LONGEST_PATTERN = 202;
const LONGEST_DESCRIPTION = 1000;
const METADATA = { entries: 50, keyLength: 40, valueLength: 500 };
const LONGEST_SECRET = 200;

const EACH: ValidationOptions = { each: true };

/** What a caller sends to make a subscription. */
@apiSchema('NewWebhookSubscription')
export class CreateSubscriptionDto {
  @UrlField('required')
  readonly url!: string;

  @TopicsField('required')
  readonly topics!: string[];

  @DescriptionField()
  readonly description?: string | null;

  @MetadataField()
  readonly metadata?: Record<string, string>;

  @EnabledField()
  readonly enabled?: boolean;

  @TenantField()
  readonly tenant?: string | null;

  @SecretField()
  readonly secret?: string;
}

/** What a caller sends to change a subscription; what is left out stays. */
@apiSchema('WebhookSubscriptionChange')
export class UpdateSubscriptionDto {
  @UrlField('optional')
  readonly url?: string;

  @TopicsField('optional')
  readonly topics?: string[];

  @DescriptionField()
  readonly description?: string | null;

  @MetadataField()
  readonly metadata?: Record<string, string>;

  @EnabledField()
  readonly enabled?: boolean;
}

function UrlField(presence: Presence) {
  const description = 'Where events are delivered to: an absolute http or https URL on the public internet.';
  const example = 'https://example.com/webhooks';
  const schema = { type: String, description, format: 'uri', maxLength: LONGEST_URL, example };
  return field(presence, schema, IsText(1, LONGEST_URL));
}

function TopicsField(presence: Presence) {
  const description = 'Which topics are wanted: names, beginnings that end in ".*", or "*" for all.';
  const sizes = { minItems: 1, maxItems: MOST_TOPICS };
  return field(
    presence,
    { type: String, isArray: true, description, ...sizes, example: ['order.*'] },
    IsArray(),
    ArrayNotEmpty(),
    ArrayMaxSize(MOST_TOPICS),
    IsString(EACH),
    MaxLength(LONGEST_PATTERN, EACH),
  );
}

function DescriptionField() {
  const description = 'What the owner calls it; null for nothing.';
  const schema = { type: String, nullable: true, description, maxLength: LONGEST_DESCRIPTION };
  return field('optional', schema, IsOptional(), IsText(0, LONGEST_DESCRIPTION));
}

function MetadataField() {
  const description = `What the owner wants to remember of it: up to ${METADATA.entries} texts by name.`;
  const values = { type: 'string', maxLength: METADATA.valueLength };
  const schema = {
    type: 'object',
    description,
    additionalProperties: values,
    maxProperties: METADATA.entries,
  } as const;
  return field('optional', schema, IsTextRecord(METADATA));
}

function EnabledField() {
  return field('optional', { type: Boolean, description: "The owner's own switch." }, IsBoolean());
}

function TenantField() {
  const description = 'Whose it is. Only the operator may say; null is platform-wide: the events of every tenant.';
  const schema = { type: String, nullable: true, description, minLength: 1, maxLength: LONGEST_TENANT };
  return field('optional', schema, IsOptional(), IsTenant());
}

function SecretField() {
  const description = 'An existing secret to go on signing with: "whsec_" and the base64 of 24 to 64 bytes.';
  return field('optional', { type: String, description, maxLength: LONGEST_SECRET }, IsText(1, LONGEST_SECRET));
}
