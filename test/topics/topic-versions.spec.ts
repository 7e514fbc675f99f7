import { defineTopic } from 'nestjs-webhooks';
import { payloadIn, TransformFailedError, versionsNow } from '../../lib/topics/topic-versions';

class Shipped {
  id!: string;
  parcels!: { carrier: string }[];
}

class ShippedWithCarrier {
  id!: string;
  carrier!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipped, {
  version: 3,
  earlier: [
    { version: 1, transform: ({ id }: ShippedWithCarrier) => ({ order: id }) },
    {
      version: 2,
      payloadType: ShippedWithCarrier,
      transform: ({ id, parcels }: Shipped) => ({ id, carrier: parcels[0]!.carrier }),
    },
  ],
});

const payload = JSON.stringify({ id: 'A-1', parcels: [{ carrier: 'DHL' }] });
const published = { payload, version: 3 };

describe('A topic with several versions', () => {
  it.each([
    [3, { id: 'A-1', parcels: [{ carrier: 'DHL' }] }],
    [2, { id: 'A-1', carrier: 'DHL' }],
    [1, { order: 'A-1' }],
  ])('is brought to version %i, one step after the other', (version, expected) => {
    expect(JSON.parse(payloadIn(OrderShipped, published, { 'order.shipped': version }))).toEqual(expected);
  });

  it('stays byte for byte what was published where that is wanted', () => {
    const text = '{"id":1.0}';
    expect(payloadIn(OrderShipped, { payload: text, version: 3 }, { 'order.shipped': 3 })).toBe(text);
  });

  it('is the first one for whoever does not name it', () => {
    expect(payloadIn(OrderShipped, published)).toBe('{"order":"A-1"}');
    expect(payloadIn(OrderShipped, published, { other: 3 })).toBe('{"order":"A-1"}');
  });

  it('is not brought forward: what was published in an earlier version stays so', () => {
    const early = { payload: '{"order":"A-1"}', version: 1 };
    expect(payloadIn(OrderShipped, early, { 'order.shipped': 3 })).toBe('{"order":"A-1"}');
    expect(payloadIn(OrderShipped, { payload: early.payload }, { 'order.shipped': 2 })).toBe('{"order":"A-1"}');
  });

  it('is the oldest that there still is, for whoever stays with one before that', () => {
    const topic = defineTopic('order.shipped', Shipped, {
      version: 3,
      earlier: [{ version: 2, transform: ({ id }: Shipped) => ({ id }) }],
    });
    expect(payloadIn(topic, published, { 'order.shipped': 1 })).toBe('{"id":"A-1"}');
  });

  it('says which step failed, and not what the payload was', () => {
    const broken = { payload: '{"id":"A-1"}', version: 3 };
    const making = () => payloadIn(OrderShipped, broken, { 'order.shipped': 2 });
    expect(making).toThrow(TransformFailedError);
    expect(making).toThrow('The topic "order.shipped" could not be brought from version 3 to 2: its transform failed.');
  });

  it('is not made of one that only others know, in the midst of a deployment', () => {
    const First = defineTopic('order.shipped');
    expect(() => payloadIn(First, published)).toThrow('version 3, and this process knows none after 1');
    expect(payloadIn(First, published, { 'order.shipped': 3 })).toBe(payload);
  });

  it('is no promise, which would be delivered as an empty payload', () => {
    const transform = () => Promise.resolve({ id: 'A-1' });
    const Promising = defineTopic('order.paid', undefined, { version: 2, earlier: [{ version: 1, transform }] });
    expect(() => payloadIn(Promising, { payload, version: 2 })).toThrow(TransformFailedError);
  });

  it('is remembered only where it is not the first', () => {
    const plain = defineTopic('order.created');
    expect(versionsNow([OrderShipped, plain])).toEqual({ 'order.shipped': 3 });
    expect(versionsNow([OrderShipped, plain], { 'order.shipped': 2 })).toEqual({ 'order.shipped': 2 });
    expect(versionsNow([plain])).toBeUndefined();
  });

  it.each([
    [2, [2], 'to be 1, because its version is 2, got 2'],
    [3, [1], 'to be 2, because its version is 3, got 1'],
    [2, [1, 1], 'to be 1, because its version is 2, got 1, 1'],
    [1, [0], 'to be none, because its version is 1, got 0'],
    [1.5, [], 'to be none, because its version is 1.5, got none'],
    [0, [], 'because its version is 0'],
  ])('is refused at once when version %s has the earlier versions %j', (version, earlier, reason) => {
    const transform = () => ({});
    const define = () =>
      defineTopic('a.b', undefined, { version, earlier: earlier.map((each) => ({ version: each, transform })) });
    expect(define).toThrow(reason);
  });
});
