import { Injectable } from '@nestjs/common';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { isStandardSchema } from '../topics/standard-schema';
import type { PayloadValidation, Topic } from '../topics/topic';
import { classChecker, jsonSchemaChecker, standardChecker, type Checker } from './checkers';
import type { PayloadFlaw } from './payload-flaw';
import { classSchema, PayloadSchemas } from './payload-schemas';
import { isValidated } from './validated-class';

export abstract class PayloadCheckOptions {
  /** Whether payloads are checked, where neither topic nor publisher say. */
  abstract readonly validate: PayloadValidation;
}

/** Checks payloads before they are published, where somebody asked for that. */
@Injectable()
export class PayloadChecks {
  private readonly checkers = new Map<Topic, Checker | null>();

  constructor(
    private readonly schemas: PayloadSchemas,
    private readonly options: PayloadCheckOptions,
  ) {}

  /** What becomes of a bad payload: the publisher's word counts, then the topic's, then the module's. */
  validationOf(topic: Topic, asked: PayloadValidation | undefined): PayloadValidation {
    return asked ?? topic.validation ?? this.options.validate;
  }

  /**
   * Makes sure at boot that what is to be checked can be, and that what is published of schemas can be shown.
   * @throws WebhooksConfigurationError
   */
  prepare(topics: readonly Topic[]): void {
    for (const topic of topics) {
      if (isStandardSchema(topic.schema)) this.schemas.of(topic);
      if (this.validationOf(topic, undefined) === 'off') continue;
      if (this.checkerOf(topic) !== null || (topic.validation ?? 'off') === 'off') continue;
      throw new WebhooksConfigurationError(
        `Payloads of the topic "${topic.name}" are to be validated, but nothing says what they are like. ` +
          'Give it a class that class-validator or @ApiProperty describes, or a schema.',
      );
    }
  }

  /** Everything that is wrong with a payload; where nothing says what it has to be like, nothing is. */
  async flawsOf(topic: Topic, payload: object, text: string): Promise<readonly PayloadFlaw[]> {
    const check = this.checkerOf(topic);
    try {
      return check === null ? [] : await check(payload, text);
    } catch (error) {
      return [{ path: '', rule: 'unchecked', message: error instanceof Error ? error.message : String(error) }];
    }
  }

  private checkerOf(topic: Topic): Checker | null {
    const known = this.checkers.get(topic);
    if (known !== undefined) return known;
    const checker = checkerFor(topic);
    this.checkers.set(topic, checker);
    return checker;
  }
}

/** @throws WebhooksConfigurationError where it takes a package that is missing */
function checkerFor(topic: Topic): Checker | null {
  const { name, schema, payloadType } = topic;
  if (isStandardSchema(schema)) return standardChecker(schema);
  if (schema !== undefined) return jsonSchemaChecker(name, schema);
  if (payloadType && isValidated(payloadType)) return classChecker(payloadType);
  const described = classSchema(topic) ?? topic.jsonSchema;
  return described === undefined ? null : jsonSchemaChecker(name, described);
}
