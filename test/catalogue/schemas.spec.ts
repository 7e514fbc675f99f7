import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsDate,
  IsEnum,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { defineTopic, WebhooksConfigurationError, type JsonSchema, type Topic } from 'nestjs-webhooks';
import { z } from 'zod';
import { PayloadSchemas } from '../../lib/schemas/payload-schemas';
import { fromOpenApi } from '../../lib/schemas/openapi-dialect';

enum Carrier {
  Post = 'post',
  Rail = 'rail',
}

class Line {
  @IsString()
  @Length(1, 100)
  sku!: string;

  @IsInt()
  @Min(1)
  quantity!: number;
}

class Shipment {
  @IsUUID()
  id!: string;

  @IsEnum(Carrier)
  carrier!: Carrier;

  @IsIn(['open', 'closed'])
  state!: string;

  @IsDate()
  @Type(() => Date)
  shippedAt!: Date;

  @IsOptional()
  @IsString()
  note?: string | null;

  @ValidateIf(({ carrier }: Shipment) => carrier === Carrier.Rail)
  @Matches(/^[A-Z]+$/)
  wagon?: string;

  @IsArray()
  @ArrayMaxSize(5)
  @ValidateNested({ each: true })
  @Type(() => Line)
  lines!: Line[];

  @ValidateNested()
  first!: Line;

  @IsString({ each: true })
  tags!: string[];

  @Allow()
  anything: unknown;

  @IsOptional()
  @ValidateNested()
  @Type(() => Shipment)
  return?: Shipment;
}

class Address {
  @ApiProperty({ example: 'Delft' })
  city!: string;
}

@ApiSchema({ name: 'Customer', description: 'Who buys.' })
class CustomerDto {
  @ApiProperty({ type: String, nullable: true, maxLength: 100 })
  name!: string | null;

  @ApiProperty({ type: 'number', minimum: 0, exclusiveMinimum: true as never, required: false })
  credit?: number;

  @ApiProperty({ type: [Address] })
  addresses!: Address[];

  @ApiProperty({ type: () => CustomerDto, nullable: true })
  parent!: CustomerDto | null;
}

const schemaOf = (topic: Topic) => new PayloadSchemas().of(topic)!;

describe('The JSON Schema of a payload', () => {
  it("is what class-validator's decorators say", () => {
    expect(schemaOf(defineTopic('order.shipped', Shipment))).toEqual({
      type: 'object',
      required: ['id', 'carrier', 'state', 'shippedAt', 'lines', 'first', 'tags'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        carrier: { enum: ['post', 'rail'] },
        state: { enum: ['open', 'closed'] },
        shippedAt: { type: 'string', format: 'date-time' },
        note: expect.objectContaining({ type: ['string', 'null'] }) as object,
        wagon: { type: 'string', pattern: '^[A-Z]+$' },
        lines: { type: 'array', maxItems: 5, items: { $ref: '#/$defs/Line' } },
        first: { $ref: '#/$defs/Line' },
        tags: { type: 'array', items: { type: 'string' } },
        anything: {},
        return: { anyOf: [{ $ref: '#' }, { type: 'null' }] },
      },
      $defs: {
        Line: {
          type: 'object',
          required: ['sku', 'quantity'],
          properties: {
            sku: { type: 'string', minLength: 1, maxLength: 100 },
            quantity: { type: 'integer', minimum: 1 },
          },
        },
      },
    });
  });

  it('is what @ApiProperty says, in the words of 2020-12', () => {
    expect(schemaOf(defineTopic('customer.created', CustomerDto))).toEqual({
      type: 'object',
      description: 'Who buys.',
      required: ['name', 'addresses', 'parent'],
      properties: {
        name: { type: ['string', 'null'], maxLength: 100 },
        credit: { type: 'number', exclusiveMinimum: 0 },
        addresses: { type: 'array', items: { $ref: '#/$defs/Address' } },
        parent: { anyOf: [{ allOf: [{ $ref: '#/$defs/Customer' }] }, { type: 'null' }] },
      },
      $defs: {
        Address: { type: 'object', required: ['city'], properties: { city: { type: 'string', examples: ['Delft'] } } },
        Customer: expect.objectContaining({ type: 'object', description: 'Who buys.' }) as object,
      },
    });
  });

  it('is what a Standard Schema says that can say it, such as one of Zod', () => {
    const schema = z.object({ id: z.string(), lines: z.array(z.object({ quantity: z.number().min(1) })) });
    const topic = defineTopic('order.shipped', schema);
    expect(schemaOf(topic)).toMatchObject({
      type: 'object',
      required: ['id', 'lines'],
      properties: { lines: { items: { properties: { quantity: { type: 'number', minimum: 1 } } } } },
    });
    expect(schemaOf(topic)).not.toHaveProperty('$schema');
  });

  it('is what is given, over what a class says', () => {
    const given: JsonSchema = { type: 'object', required: ['id'] };
    expect(schemaOf(defineTopic('order.shipped', Shipment, { schema: given }))).toBe(given);
    const schema = z.object({ at: z.date() });
    expect(schemaOf(defineTopic('order.shipped', schema, { jsonSchema: given }))).toBe(given);
  });

  it('is not made up: what a schema cannot say is refused by name, and of what nobody describes there is none', () => {
    const unsayable = defineTopic('order.shipped', z.object({ at: z.date() }));
    expect(() => schemaOf(unsayable)).toThrow(WebhooksConfigurationError);
    expect(() => schemaOf(unsayable)).toThrow(/"order\.shipped" cannot be shown.*jsonSchema/);
    class Plain {
      id!: string;
    }
    expect(schemaOf(defineTopic('order.shipped', Plain))).toBeNull();
    expect(schemaOf(defineTopic('order.shipped'))).toBeNull();
  });

  it.each([
    ['a text', 'text'],
    ['a list', []],
  ])('cannot be %s', (_, schema) => {
    expect(() => defineTopic('order.shipped', undefined, { schema: schema as never })).toThrow(
      'Expected schema of the topic "order.shipped" to be a JSON Schema or a Standard Schema',
    );
  });
});

describe('A schema of OpenAPI 3.0', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['nullable text', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['nullable choice', { enum: ['a'], nullable: true }, { enum: ['a', null] }],
    ['nullable reference', { $ref: '#/x', nullable: true }, { anyOf: [{ $ref: '#/x' }, { type: 'null' }] }],
    ['nothing to be null', { description: 'any', nullable: true }, { description: 'any' }],
    ['exclusive bound', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    ['bound that is not', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
    ['bound of 3.1', { exclusiveMaximum: 1 }, { exclusiveMaximum: 1 }],
    ['nested one', { items: { type: 'string', nullable: true } }, { items: { type: ['string', 'null'] } }],
    ['example of one', { example: { nullable: true } }, { example: { nullable: true } }],
    [
      'property of that name',
      { properties: { nullable: { type: 'null' } } },
      { properties: { nullable: { type: 'null' } } },
    ],
  ])('becomes one of 3.1: %s', (_, given, expected) => {
    expect(fromOpenApi(given)).toEqual(expected);
  });
});
