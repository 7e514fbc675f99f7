import { WebhooksModule } from 'nestjs-webhooks';
import {
  defineContract,
  get,
  namedTopics,
  packcloud,
  pathParameter,
  post,
  standard,
  waits,
} from 'nestjs-webhooks/contracts';
import { KeyGuard } from './contracts-host';

const guards = [KeyGuard];

describe('A contract', () => {
  it.each([
    ['without a name', { name: 'Pack Cloud' }, 'expected its name to be in kebab-case'],
    ['with a slash before its path', { path: '/hooks' }, 'expected its path to be such as'],
    ['whose scope reads what its path has not', { scope: pathParameter('org') }, 'expected ":org" in its path'],
    ['with a list and no format for it', { operations: { list: get() } }, 'expected a list format'],
    [
      'without a field for the URL',
      { operations: { create: post() } },
      'expected a field that becomes its "url" (url(), or one of your own with property: "url")',
    ],
    ['with one parameter twice', { path: 'a/:id', operations: { read: get(':id') } }, 'expected another parameter'],
  ])('%s is refused when it is defined', (_, change, message) => {
    const { description } = packcloud();
    const minimal = {
      ...description,
      name: 'mine',
      path: 'mine',
      operations: {},
      fields: {},
      scope: undefined,
      list: undefined,
    };
    expect(() => defineContract({ ...minimal, ...change })).toThrow(message);
  });

  it('maps names that it has, to topics, each to its own', () => {
    const names = ['a', 'b'] as const;
    expect(() => namedTopics(names, { c: 'x' } as never)).toThrow('one of a, b, got "c"');
    expect(() => namedTopics(names, { a: 'not a topic' })).toThrow('got "not a topic"');
    expect(() => namedTopics(names, { a: 'b' })).toThrow('the same for b');
    expect(namedTopics(names, { a: ['x.*', 'y'] }).nameOf('x.created', [])).toBe('a');
  });

  it('waits exactly as long as it says', () => {
    expect([0, 1, 2, 3].map((failed) => waits('10s', '100s').waitMs(failed, () => 0.99))).toEqual([
      0,
      10_000,
      100_000,
      undefined,
    ]);
  });
});

describe('A host', () => {
  it.each([
    ['the same contract twice', [packcloud(), packcloud({ path: 'v2' })], 'a name of its own for each'],
    [
      'two contracts in one place',
      [standard(), defineContract({ ...packcloud().description, path: 'webhooks/subscriptions', scope: undefined })],
      'a path of its own for each',
    ],
    ['no contracts', [], 'at least one contract'],
    ['something that is no contract', [packcloud as never], 'a list such as [standard(), packcloud()]'],
  ])('that serves %s is refused at once', (_, contracts, message) => {
    expect(() => WebhooksModule.forRoot({ guards, contracts })).toThrow(message);
  });

  it('has to guard every contract, together or each', () => {
    expect(() => WebhooksModule.forRoot({ contracts: [packcloud({ guards }), standard()] })).toThrow(
      'contract "standard"',
    );
    expect(() => WebhooksModule.forRoot({ contracts: [packcloud({ guards })] })).not.toThrow();
  });
});
