import { applyDecorators, type Type } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { REPLAY_CHOICES, type ReplayChoice } from '../../replays/replay';
import { isPattern } from '../../topics/pattern';
import { LONGEST_TOPIC_NAME } from '../../topics/topic';
import { addField } from '../generated/filled-forms';
import { apiProperty, apiSchema, type ApiSchemaDescription } from '../generated/openapi';
import { Given, IsText, IsTextList, rule } from '../rules';

const MOST_TOPICS = 100;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/** What a replay is asked to be. */
@apiSchema('NewWebhookReplay')
export class StartReplayDto {
  @FormField({ type: String, format: 'date-time', description: 'The first moment of the events that count.' })
  @Given()
  @IsMoment()
  readonly from!: string;

  @FormField({ type: String, format: 'date-time', required: false, description: 'The last moment; now by default.' })
  @IsOptional()
  @IsMoment()
  readonly to?: string;

  @FormField({
    type: String,
    isArray: true,
    required: false,
    description: 'Which topics, as in a subscription; by default all that the subscription wants.',
  })
  @IsOptional()
  @Patterns()
  readonly topics?: readonly string[];

  @FormField({
    type: String,
    enum: [...REPLAY_CHOICES],
    default: 'failed',
    required: false,
    description: 'What failed for good, what the subscription was never owed, or all of it.',
  })
  @IsOptional()
  @IsIn(REPLAY_CHOICES)
  readonly only?: ReplayChoice;
}

/** What a test request carries. */
@apiSchema('WebhookTestRequest')
export class TestSubscriptionDto {
  @FormField({ type: String, example: 'order.shipped', description: 'The topic whose example is sent.' })
  @Given()
  @IsText(1, LONGEST_TOPIC_NAME)
  readonly topic!: string;
}

/** A field of a body, as it is documented. */
function FormField(description: ApiSchemaDescription): PropertyDecorator {
  return (prototype, name) => {
    addField(prototype.constructor as Type<object>, String(name));
    apiProperty(description)(prototype, name);
  };
}

function IsMoment(): PropertyDecorator {
  const isMoment = (value: unknown) =>
    typeof value === 'string' && DATE_TIME.test(value) && Date.parse(value) >= 0 && Date.parse(value) < 2 ** 47;
  return rule('dateTime', isMoment, '$property must be a date and time with a time zone, such as 2026-01-31T12:00:00Z');
}

function Patterns(): PropertyDecorator {
  return applyDecorators(...IsTextList(MOST_TOPICS, isPattern, 'a topic, a beginning that ends in ".*", or "*"'));
}
