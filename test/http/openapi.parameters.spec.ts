import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DELIVERY_STATES } from '../../lib/deliveries/delivery';
import { describeManagement } from './management-host';

const METHODS = ['get', 'post', 'patch', 'delete'] as const;

describe('What a request is made of, in the OpenAPI document', () => {
  describeManagement((host) => {
    let document: OpenAPIObject;
    beforeAll(() => {
      document = SwaggerModule.createDocument(host().app, new DocumentBuilder().build());
    });

    const routes = () =>
      Object.entries(document.paths).flatMap(([path, item]) =>
        METHODS.flatMap((method) => (item[method] ? [{ route: `${method} ${path}`, ...item[method] }] : [])),
      );

    it('has the id of each path that has one', () => {
      const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
      const withId = routes().filter(({ route }) => route.includes('{id}'));
      expect(withId).toHaveLength(13);
      for (const { parameters } of withId) expect(parameters).toContainEqual(id);
    });

    it('has a body where one is taken and nowhere else', () => {
      const bodies = routes().filter(({ requestBody }) => requestBody);
      expect(bodies.map(({ route, requestBody }) => [route, requestBody])).toEqual([
        ['post /webhooks/subscriptions', bodyOf('NewWebhookSubscription')],
        ['patch /webhooks/subscriptions/{id}', bodyOf('WebhookSubscriptionChange')],
        ['post /webhooks/subscriptions/{id}/rotate-secret', bodyOf('WebhookSubscriptionRotation')],
        ['post /webhooks/subscriptions/{id}/test', bodyOf('WebhookTestRequest')],
        ['post /webhooks/subscriptions/{id}/replays', bodyOf('NewWebhookReplay')],
      ]);
    });

    it('has the states that deliveries can be asked for', () => {
      expect(document.paths['/webhooks/deliveries']!.get!.parameters).toContainEqual({
        name: 'state',
        in: 'query',
        required: false,
        description: 'Only deliveries that stand here.',
        schema: { type: 'string', enum: [...DELIVERY_STATES] },
      });
    });
  });
});

function bodyOf(schema: string): object {
  return { required: true, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } };
}
