import { HTTP, type CloudEvent } from 'cloudevents';
import { defineTopic, type DeliveryFormat } from 'nestjs-webhooks';
import { Webhook } from 'standardwebhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Order {
  id!: string;
  total!: number;
}

const OrderPlaced = defineTopic('order.placed', Order, { subject: ({ id }) => id });

describeEachDatabase((database) => {
  const given = hostForEach(database, {
    topics: [OrderPlaced],
    webhooks: { publicUrl: 'https://api.example.com/v1/' },
  });

  /** One delivery in a format, its signature checked. */
  const delivered = async (format: DeliveryFormat, order: Order = { id: 'A-1', total: 5 }) => {
    const { host } = given;
    const subscription = await host.subscribe({ preferences: { format } });
    const { id } = await host.webhooks.publish(OrderPlaced, order);
    await host.webhooks.idle();
    const [request] = host.receiver.requests;
    const { headers, body } = request!;
    jest.spyOn(Date, 'now').mockReturnValue(host.clock.now());
    new Webhook(subscription.secrets.current()).verify(body, headers as Record<string, string>);
    return { id, headers: headers as Record<string, string>, body };
  };

  it('sends an id and a link where the payload is not to travel', async () => {
    const { id, headers, body } = await delivered('thin');
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      type: 'order.placed',
      timestamp: new Date(given.host.clock.now()).toISOString(),
      data: { id, subject: 'A-1', link: `https://api.example.com/v1/webhooks/events/${id}` },
    });
  });

  it.each(['cloudevents', 'cloudevents-binary'] as const)('sends %s as their SDK reads them', async (format) => {
    const { id, headers, body } = await delivered(format);
    const event = HTTP.toEvent({ headers, body }) as CloudEvent<Order>;
    expect(event.validate()).toBe(true);
    expect(event).toMatchObject({
      specversion: '1.0',
      id,
      source: 'https://api.example.com/v1/webhooks',
      type: 'order.placed',
      subject: 'A-1',
      time: new Date(given.host.clock.now()).toISOString(),
      datacontenttype: 'application/json',
      data: { id: 'A-1', total: 5 },
    });
  });

  it('says of a CloudEvent in the body what it is', async () => {
    const { headers } = await delivered('cloudevents');
    expect(headers['content-type']).toBe('application/cloudevents+json');
  });

  it('encodes what headers cannot carry', async () => {
    const { headers, body } = await delivered('cloudevents-binary', { id: 'Ä "1" 100%\r\nx: y', total: 5 });
    expect(headers['ce-subject']).toBe('%C3%84%20%221%22%20100%25%0D%0Ax:%20y');
    expect(JSON.parse(body)).toEqual({ id: 'Ä "1" 100%\r\nx: y', total: 5 });
  });

  it('resends in the format that is wanted by then', async () => {
    const { host } = given;
    const subscription = await host.subscribe();
    await host.webhooks.publish(OrderPlaced, { id: 'A-1', total: 5 });
    await host.webhooks.idle();
    const { data } = await host.deliveries.list({});
    await host.subscriptions.update(subscription.id, { preferences: { format: 'cloudevents' } });
    await host.webhooks.resend(data[0]!.id);
    expect(host.receiver.requests.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'application/cloudevents+json',
    ]);
  });

  it('refuses a format that there is not', async () => {
    const refused = given.host.subscribe({ preferences: { format: 'xml' as DeliveryFormat } });
    await expect(refused).rejects.toThrow('format: expected one of full, thin, cloudevents, cloudevents-binary');
  });
});
